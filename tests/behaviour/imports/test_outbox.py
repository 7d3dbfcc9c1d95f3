"""Each event of an import waits in the outbox until it is marked as dispatched."""

import pytest

from longshore.imports import (
    complete_import,
    create_import,
    delete_import,
    interrupt_import,
)
from longshore.journal import events_of, mark_dispatched, undispatched
from tests.behaviour.imports.factory import go_to, new_import, pending, running


def waiting(database, **limit):
    with database.read() as tx:
        return undispatched(tx, **{"limit": 1000, **limit})


def events(database, *imports):
    """The events of imports: numbers and names."""
    with database.read() as tx:
        found = [(each.id, each.name) for import_ in imports for each in events_of(tx, import_.id)]
    return dict(found)


def test_all_five_events_of_imports_wait_to_be_dispatched(database):
    completed, stopped = running(database), pending(database)
    go_to(database, completed, 10, created=10)
    with database.write() as tx:
        complete_import(tx, completed.run)
        interrupt_import(tx, stopped.id)
        delete_import(tx, stopped.id)
    known = events(database, completed, stopped)
    assert [known[number].removeprefix("imports.") for number in waiting(database)] == [
        "create",
        "start",
        "create",
        "complete",
        "interrupt",
        "destroy",
    ]


def test_what_is_marked_waits_no_more_and_the_rest_goes_on_waiting(database):
    imports = [pending(database) for _ in range(4)]
    first, second, third, fourth = events(database, *imports)
    assert waiting(database, limit=3) == [first, second, third]
    with database.write() as tx:
        mark_dispatched(tx, [first, third])
        mark_dispatched(tx, [third, 10**9])
        mark_dispatched(tx, [])
    assert waiting(database) == [second, fourth]
    assert len(events(database, *imports)) == 4


def test_an_event_that_was_not_committed_waits_for_nobody(database):
    def begin():
        with database.write() as tx:
            create_import(tx, new_import(), unfinished_max=10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin()
    assert waiting(database) == []


def test_an_event_that_an_older_release_has_removed_waits_no_more(database):
    import_ = pending(database)
    assert len(waiting(database)) == 1
    with database.write() as tx:
        tx.execute("DELETE FROM events WHERE resource_id = ?", (import_.id,))
    assert waiting(database) == []
