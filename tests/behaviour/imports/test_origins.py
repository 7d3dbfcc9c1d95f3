"""Where the rows of a retry stand in the first source, and which rows of a family still fail."""

import random

import pytest

from longshore.database import Database
from longshore.identifiers import ImportId
from longshore.imports import (
    OWN_ROWS,
    NewError,
    delete_import,
    has_grown,
    interrupt_import,
    log_errors,
    read_family,
    read_import,
    read_origins,
    still_failing,
    write_origins,
)
from tests.behaviour.imports.factory import pending


def retry_of(database: Database, first: ImportId, numbers: list[int]) -> ImportId:
    """A retry of these rows, each of which stands on the line of twice its number."""
    retry = pending(database, inputs_size=len(numbers), retry_of=first)
    with database.write() as tx:
        write_origins(tx, retry.id, numbers, [2 * number for number in numbers])
    return retry.id


def fail(database: Database, import_id: ImportId, *rows: int, reached: int) -> None:
    """Let rows of an import fail, of those that it has reached, and stop it there."""
    with database.write() as tx:
        log_errors(tx, import_id, [NewError(row, 0, row, None, "name", "x", None) for row in rows])
        tx.execute(
            "UPDATE imports SET errors_count = ?, processed_count = ?, created_count = ?,"
            " checkpoint_row = ? WHERE id = ?",
            (len(rows), reached - len(rows), reached - len(rows), reached, import_id),
        )
        interrupt_import(tx, import_id)


def test_rows_of_an_import_that_is_no_retry_are_their_own(database: Database) -> None:
    first = pending(database)
    with database.read() as tx:
        origins = read_origins(tx, first.id)
    assert origins is OWN_ROWS
    assert not origins
    assert origins.place(7, 9) == (7, 9)
    assert origins.row_from(7) == 7


@pytest.mark.parametrize("count", [1, 2, 4095, 4096, 4097, 9000])
def test_origins_are_found_in_both_directions(database: Database, count: int) -> None:
    chance = random.Random(count)
    numbers = sorted(chance.sample(range(1, 20 * count), count))
    retry = retry_of(database, pending(database).id, numbers)
    with database.read() as tx:
        origins = read_origins(tx, retry)
    assert origins
    assert list(origins.numbers()) == numbers
    shuffled = chance.sample(range(count), min(count, 50))
    for index in [0, count - 1, *shuffled]:
        number = numbers[index]
        assert origins.place(index + 1, 99) == (number, 2 * number)
        assert origins.row_from(number) == index + 1
        behind = next((each for each in range(count) if numbers[each] > number), count)
        assert origins.row_from(number + 1) == behind + 1
    assert origins.row_from(0) == 1


def test_a_family_is_that_of_the_first_import(database: Database) -> None:
    first, other = pending(database), pending(database)
    one, two = (retry_of(database, first.id, [1]) for _ in range(2))
    retry_of(database, other.id, [1])
    with database.write() as tx:
        delete_import(tx, one)
    with database.read() as tx:
        for id_ in (first.id, one, two):
            family = read_family(tx, read_import(tx, id_))
            assert [each.id for each in family.members] == [first.id, one, two]
        assert family.unfinished is not None
        assert family.unfinished.id == first.id
        assert family.latest.id == two
    with database.write() as tx:
        assert not has_grown(tx, family)
    retry_of(database, first.id, [2])
    with database.write() as tx:
        assert has_grown(tx, family)


def test_rows_that_no_retry_has_mended_still_fail(database: Database) -> None:
    first = pending(database, inputs_size=10)
    fail(database, first.id, 2, 4, 6, 8, reached=9)
    one = retry_of(database, first.id, [2, 4, 6, 8])
    fail(database, one, 2, 4, reached=4)  # rows 4 and 8 of the first
    two = retry_of(database, first.id, [4, 8])
    fail(database, two, reached=1)  # row 8 was not reached
    with database.read() as tx:
        found = []
        for members in (1, 2, 3):
            family = read_family(tx, read_import(tx, first.id))
            kept = type(family)(first=family.first, retries=family.retries[: members - 1])
            failing = still_failing(tx, kept)
            found.append({row: failing.member_of(row) for row in range(12) if row in failing})
            assert failing.count == len(found[-1])
    assert found == [{2: 0, 4: 0, 6: 0, 8: 0}, {4: 1, 8: 1}, {8: 2}]
