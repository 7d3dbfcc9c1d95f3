"""Which import waits for which, and how long."""

from collections.abc import Callable

import pytest

from longshore.database import Database, Locks, Transaction
from longshore.identifiers import ImportId
from longshore.imports import (
    KIND,
    Import,
    blockers,
    complete_import,
    create_import,
    delete_import,
    interrupt_import,
    read_import,
    supersede_older,
    unfinished_imports,
)
from longshore.runs import RunWaits, release_run, unblocked_runs, waiting_runs
from longshore.settings import Settings
from tests.behaviour.imports.factory import claim, go_to, new_import, pending, running, stored
from tests.claiming import claim_import


def of(*tables: str) -> frozenset[str]:
    return frozenset(tables)


def waits_for(database: Database, import_: Import) -> list[int]:
    with database.read() as tx:
        return [older.id for older in blockers(tx, import_.id)]


def assert_waits(database: Database, import_: Import, *older: Import) -> None:
    """It waits for these: no claim, no choice and no sweep takes it."""
    assert waits_for(database, import_) == [each.id for each in older]
    with database.read() as tx:
        unblocked = [each.id for each in unblocked_runs(tx, kinds={KIND})]
        waiting = [each.id for each in waiting_runs(tx, silent_before=tx.now() + 1, kinds={KIND})]
    assert (import_.id in unblocked) == (import_.id in waiting) == (not older)
    if older:
        with pytest.raises(RunWaits, match="it waits for the import"), database.write() as tx:
            claim_import(tx, import_.id)
        assert stored(database, import_) == import_


@pytest.mark.parametrize("state", ["pending", "running", "given back", "resting", "failing"])
def test_an_import_waits_for_an_older_one_that_has_not_ended(
    database: Database, state: str
) -> None:
    older = pending(database) if state == "pending" else running(database)
    if state == "failing":
        with database.write() as tx:
            release_run(tx, older.id, older.run.fence, is_counted=True)
    elif state in ("given back", "resting"):
        with database.write() as tx:
            rests_until = tx.now() + 60_000 if state == "resting" else None
            release_run(tx, older.id, older.run.fence, rests_until=rests_until)
    newer = pending(database)
    assert_waits(database, newer, older)
    assert waits_for(database, older) == []


def complete(tx: Transaction, import_id: ImportId) -> None:
    complete_import(tx, read_import(tx, import_id).run)


@pytest.mark.parametrize("end", [complete, interrupt_import, delete_import])
def test_it_waits_no_more_when_the_older_one_has_ended(
    database: Database, end: Callable[[Transaction, ImportId], object]
) -> None:
    older, newer = pending(database), pending(database)
    newest = pending(database)
    claim(database, older)
    go_to(database, stored(database, older), 10)
    assert_waits(database, newest, older, newer)
    with database.write() as tx:
        end(tx, older.id)
    assert_waits(database, newer)
    assert_waits(database, newest, newer)
    claim(database, newer)


def test_one_that_waited_starts_after_the_end_of_the_other(
    database: Database, settings: Settings
) -> None:
    if not settings.database_url:
        pytest.skip("an embedded database has one writer at a time")
    older, newer = running(database), pending(database)
    go_to(database, older, 10)
    with database.write(Locks(scope=1)) as claiming:
        began = claiming.now()
        ended = began
        while ended <= began:  # this transaction is older than the end that it is about to see
            with database.read() as tx:
                ended = tx.now()
        with database.write(Locks(scope=2)) as tx:
            complete(tx, older.id)
        claimed = claim_import(claiming, newer.id)
    assert claimed is not None
    completed_at = stored(database, older).completed_at
    assert completed_at is not None
    assert claimed.started_at is not None
    assert began < completed_at <= claimed.started_at


@pytest.mark.parametrize("end", [interrupt_import, delete_import])
def test_one_that_waits_can_be_ended_and_keeps_nobody_waiting(
    database: Database, end: Callable[[Transaction, ImportId], object]
) -> None:
    older, between, newest = (pending(database) for _ in range(3))
    with database.write() as tx:
        end(tx, between.id)
    assert waits_for(database, between) == [older.id]
    assert_waits(database, newest, older)


def test_imports_of_other_tables_and_environments_never_wait(database: Database) -> None:
    pending(database, tables=of("skus"))
    assert_waits(database, pending(database, tables=of("prices")))
    assert_waits(database, pending(database, environment=2, tables=of("skus")))


def test_one_table_in_common_is_enough(database: Database) -> None:
    orders = pending(database, tables=of("orders", "line_items"))
    prices = pending(database, tables=of("prices"))
    lines = pending(database, tables=of("line_items"))
    both = pending(database, tables=of("prices", "line_items", "skus"))
    assert_waits(database, lines, orders)
    assert_waits(database, both, orders, prices, lines)
    assert_waits(database, pending(database, tables=of("stock_items")))


def test_the_order_is_that_of_acceptance_whatever_the_clock_says(database: Database) -> None:
    older, newer = pending(database), pending(database)
    with database.write() as tx:
        tx.execute("UPDATE imports SET created_at = created_at + 9999 WHERE id = ?", (older.id,))
    assert (stored(database, older).run.place, stored(database, newer).run.place) == (1, 2)
    assert waits_for(database, newer) == [older.id]
    assert waits_for(database, older) == []


def test_each_environment_counts_its_places_and_gives_none_twice(database: Database) -> None:
    first = pending(database)
    with database.write() as tx:
        delete_import(tx, first.id)
    assert pending(database).run.place == 2
    assert pending(database, environment=2).run.place == 1
    assert pending(database).run.place == 3


def forget_order(database: Database, *imports: Import) -> None:
    """What an older release leaves that knows neither places nor tables."""
    with database.write() as tx:
        for import_ in imports:
            tx.execute("UPDATE imports SET place = NULL WHERE id = ?", (import_.id,))
            tx.execute("DELETE FROM run_tables WHERE run_id = ?", (import_.id,))


def test_imports_that_an_older_release_creates_come_last_and_get_a_place(
    database: Database,
) -> None:
    placed = pending(database, tables=of("skus"))
    older, newer = (pending(database) for _ in range(2))
    forget_order(database, older, newer)
    assert waits_for(database, older) == [placed.id]
    assert waits_for(database, newer) == [placed.id, older.id]
    assert waits_for(database, placed) == []
    with database.read() as tx:
        assert [each.id for each in unfinished_imports(tx)] == [placed.id, older.id, newer.id]
    last = pending(database, tables=of("prices"))
    assert [stored(database, each).run.place for each in (older, newer, last)] == [2, 3, 4]
    assert waits_for(database, last) == [older.id, newer.id]


def test_superseding_interrupts_exactly_what_would_be_waited_for(database: Database) -> None:
    running_, prices, waiting = (
        running(database),
        pending(database, tables=of("prices")),
        pending(database),
    )
    go_to(database, running_, 4)
    with database.write() as tx:
        newest = create_import(tx, new_import(), unfinished_max=10)
        superseded = supersede_older(tx, newest.id)
        name = tx.public_ids.encode(newest.id)
    assert [(each.id, str(each.status), each.consumed_count) for each in superseded] == [
        (running_.id, "interrupted", 4),
        (waiting.id, "interrupted", 0),
    ]
    for each in superseded:
        assert each.interruption_reason == f"the newer import {name} superseded it"
    assert stored(database, prices).status == "pending"
    assert_waits(database, newest)
