"""Rows of a retry that overwrite what later rows of the first import have written."""

from typing import Any

import pytest

from longshore.edits import Edits, Replacement
from longshore.imports import Import, Only, delete_import
from longshore.notices import NoticeCode
from tests.behaviour.engine.organization import Organization

HEADER = "code,name,weight,unit_of_weight,do_not_ship"
HEAVY = ("weight", "heavy", "5")
GRAM = ("unit_of_weight", "gram", "gr")

Pairs = list[tuple[list[int], list[int], str]]


def source(*rows: str) -> bytes:
    """Rows of code, name, weight and unit."""
    return "\n".join([HEADER, *(f"{row},true" for row in rows)]).encode()


def load(shop: Organization, *rows: str, **request: Any) -> Import:
    return shop.load_csv("skus", source(*rows).decode(), **request).import_


def made(shop: Organization, import_: Import, *replaced: tuple[str, str, str]) -> Import:
    """A retry that has not begun."""
    edits = Edits(replacements=tuple(Replacement(column=c, old=o, new=n) for c, o, n in replaced))
    return shop.longshore.retries.retry(shop.environment, import_, edits).import_


def retry(shop: Organization, import_: Import, *replaced: tuple[str, str, str]) -> Import:
    return shop.run(made(shop, import_, *replaced)).import_


def overwritten(import_: Import) -> tuple[int, Pairs]:
    """How many rows have overwritten what later ones gave, and the first: rows, lines, key."""
    for notice in import_.notices:
        if notice.code is NoticeCode.LATER_ROWS_OVERWRITTEN:
            assert notice.count is not None
            first: Any = [(each["rows"], each["lines"], each["key"]) for each in notice.first]
            return notice.count, first
    return 0, []


@pytest.mark.parametrize("chunk_rows", [1, 3, 2000])
def test_what_earlier_rows_overwrite_is_told_whatever_the_chunks(
    shop: Organization, chunk_rows: int
) -> None:
    small = shop.in_chunks(chunk_rows)
    first = load(
        small,
        "A,Old,heavy,gr",
        "A,Newer,5,gr",
        "B,Old,heavy,gr",
        "A,Newest,6,gr",
        "C,Early,5,gr",
        "B,New,5,gr",
        "C,Late,heavy,gr",  # it is behind the row that succeeded
        "D,Only,heavy,gr",
        "E,Same,heavy,gr",  # which changes nothing
        "E,Same,5,gr",
    )
    assert overwritten(first) == (0, [])
    ended = retry(small, first, HEAVY)
    assert (ended.created_count, ended.updated_count, ended.unchanged_count) == (1, 3, 1)
    assert overwritten(ended) == (2, [([1, 4], [2, 5], "A"), ([3, 6], [4, 7], "B")])


@pytest.mark.parametrize("chunk_rows", [1, 2000])
def test_what_later_rows_of_other_retries_have_written_is_overwritten_too(
    shop: Organization, chunk_rows: int
) -> None:
    small = shop.in_chunks(chunk_rows)
    first = load(
        small,
        "A,Old,heavy,gram",
        "B,Old,heavy,gram",
        "C,Only,5,gr",
        "A,New,heavy,gr",
        "B,New,5,gr",
    )
    second = retry(small, first, HEAVY)
    # Row 2 has found the record of row 5, and fails still; row 4 is the last one for A.
    assert (second.errors_count, overwritten(second)) == (2, (0, []))
    third = retry(small, second, GRAM)
    assert overwritten(third) == (2, [([1, 4], [2, 5], "A"), ([2, 5], [3, 6], "B")])


@pytest.mark.parametrize("chunk_rows", [1, 4])
def test_a_retry_that_is_given_back_after_each_chunk_counts_each_row_once(
    shop: Organization, chunk_rows: int
) -> None:
    """Each run is by a process of its own that knows what is stored."""
    small = shop.in_chunks(chunk_rows)
    codes = [f"S{number}" for number in range(13)]
    first = load(
        small,
        *(f"{code},Old,heavy,gr" for code in codes),
        *(f"{code},New,5,gr" for code in reversed(codes)),
    )
    ended = made(small, first, HEAVY)
    runs = 0
    while not ended.is_finished:
        ended = small.run(ended, should_stop=lambda: True).import_
        runs += 1
    assert runs > 3
    count, pairs = overwritten(ended)
    assert count == 13
    assert pairs == [([n, 27 - n], [n + 1, 28 - n], f"S{n - 1}") for n in range(1, 11)]
    (notice,) = ended.notices
    assert notice.message == (
        "13 rows name a record that a later row of the first import has written before them: "
        "S0 in rows 1 and 26 (lines 2 and 27), S1 in rows 2 and 25 (lines 3 and 26), "
        "S2 in rows 3 and 24 (lines 4 and 25), and 10 more"
    )


def test_rows_that_are_skipped_overwrite_nothing(shop: Organization) -> None:
    first = load(shop, "A,Old,heavy,gr", "A,New,5,gr", only=Only.CREATE)
    ended = retry(shop, first, HEAVY)
    assert (ended.skipped_count, overwritten(ended)) == (1, (0, []))


def test_a_record_named_by_its_id_is_told_too(shop: Organization) -> None:
    id = shop.have("skus", code="A", name="First")
    text = f"id,code,weight,unit_of_weight\n{id},,heavy,gr\n,A,6,gr\n"
    first = shop.load_csv("skus", text).import_
    ended = retry(shop, first, HEAVY)
    assert [rows for rows, _, _ in overwritten(ended)[1]] == [[1, 2]]


def test_nothing_is_known_of_a_first_import_that_was_deleted(shop: Organization) -> None:
    first = load(shop, "A,Old,heavy,gram", "A,New,5,gr", "B,One,heavy,gr")
    second = retry(shop, first, HEAVY)
    with shop.longshore.database.write() as tx:
        delete_import(tx, first.id)
    assert overwritten(retry(shop, second, GRAM)) == (0, [])
