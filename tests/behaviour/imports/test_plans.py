"""Plans as rows of imports: out of sight of what reads imports, without events, and their end."""

import pytest
from sqlalchemy import select, text

from longshore.errors import RequestRefused
from longshore.imports import (
    Difference,
    LedgerColumns,
    LedgerEntry,
    NewError,
    Status,
    append_differences,
    append_to_ledger,
    attachment_names,
    begin_plan_again,
    blockers,
    count_ledger,
    count_plans,
    create_import,
    delete_plan,
    differences_of_rows,
    ended_imports,
    errors_of,
    expire_plan,
    expired_attachments,
    expired_plans,
    find_same_content,
    get_import,
    get_plan,
    import_fields,
    interrupt_import,
    list_imports,
    list_plans,
    log_errors,
    note_pinned,
    read_change_sizes,
    read_pinned,
    unfinished_imports,
)
from longshore.journal import events_of
from longshore.runs import ClaimLost, open_runs
from tests.behaviour.imports.factory import claim, go_to, new_import, pending, running, stored

SKU = (1 << 40) + 5


def plan(database, environment=1, **values):
    return pending(database, environment, is_plan=True, **values)


def running_plan(database, **values):
    return claim(database, plan(database, **values))


def events(database, import_):
    with database.read() as tx:
        return list(events_of(tx, import_.id))


def move_expiry(database, plan_, milliseconds):
    with database.write() as tx:
        tx.execute(
            "UPDATE imports SET expires_at = expires_at + ? WHERE id = ?",
            (milliseconds, plan_.id),
        )


def with_findings(database):
    """A plan that has gone through a row that fails and one that is updated."""
    plan_ = running_plan(database)
    columns = LedgerColumns(outcomes=bytes([3, 1]), records=[0, SKU], lines=[2, 3])
    error = NewError(
        row_number=1,
        position=0,
        line=2,
        identifier="A",
        attribute="code",
        message="can't be blank",
        value=None,
    )
    with database.write() as tx:
        log_errors(tx, plan_.id, [error])
        append_to_ledger(tx, plan_.id, LedgerEntry.of(1, columns))
        append_differences(
            tx,
            plan_.id,
            1,
            [Difference(2, "skus", "skus", SKU, {"name": ("a", "b")})],
            bytes([0, 1]),
        )
    go_to(database, plan_, 2, errors=1, updated=1)
    return plan_


def found(database, plan_):
    with database.read() as tx:
        return (
            sum(count_ledger(tx, plan_.id).values()),
            len(list(errors_of(tx, plan_.id))),
            len(list(differences_of_rows(tx, plan_.id, [1, 2]))),
        )


def test_whoever_reads_imports_sees_no_plan(database):
    import_, plan_ = pending(database), plan(database)
    with database.read() as tx:
        assert get_import(tx, 1, plan_.id) is None
        assert get_import(tx, 1, plan_.id, with_deleted=True) is None
        assert [each.id for each in list_imports(tx, 1)] == [import_.id]
        assert [each.id for each in unfinished_imports(tx)] == [import_.id]
        assert tx.connection.execute(select(import_fields().c.id)).scalars().all() == [import_.id]
        assert [each.id for each in open_runs(tx)] == [import_.id, plan_.id]


def test_a_plan_is_found_in_its_environment_among_plans(database):
    pending(database)
    one, two = plan(database), plan(database)
    plan(database, environment=2)
    with database.read() as tx:
        assert get_plan(tx, 1, one.id) == one
        assert get_plan(tx, 2, one.id) is None
        assert [each.id for each in list_plans(tx, 1)] == [two.id, one.id]
        assert [each.id for each in list_plans(tx, 1, offset=1, limit=1)] == [one.id]
        assert count_plans(tx, 1) == 2


def test_a_plan_waits_for_nobody_and_nobody_for_it(database):
    running(database)
    plan_ = plan(database)
    later = pending(database)
    with database.read() as tx:
        assert blockers(tx, plan_.id) == []
        assert plan_.id not in {each.id for each in blockers(tx, later.id)}
    assert claim(database, plan_).status is Status.IN_PROGRESS


def test_plans_and_imports_are_limited_apart(database):
    pending(database)
    plan(database)
    with database.write() as tx:
        create_import(tx, new_import(is_plan=True), unfinished_max=2)
    refused = pytest.raises(RequestRefused, match="2 plans are pending or in progress")
    with refused, database.write() as tx:
        create_import(tx, new_import(is_plan=True), unfinished_max=2)
    with database.write() as tx:
        create_import(tx, new_import(), unfinished_max=2)


def test_a_plan_makes_no_source_repeated(database):
    planned = plan(database, source_digest="d")
    with database.read() as tx:
        assert find_same_content(tx, 1, "d") is None
    import_ = pending(database, source_digest="d", once=True)
    assert import_.same_content_as is None
    assert planned.expires_at == planned.created_at + 7 * 24 * 3600 * 1000
    assert import_.expires_at is None


def test_nothing_happens_to_a_plan_that_is_an_event(database):
    plan_ = running_plan(database)
    with database.write() as tx:
        interrupt_import(tx, plan_.id)
    assert stored(database, plan_).status is Status.INTERRUPTED
    refused = pytest.raises(RequestRefused, match=r"the plan .* is interrupted already")
    with refused, database.write() as tx:
        interrupt_import(tx, plan_.id)
    with database.write() as tx:
        delete_plan(tx, plan_.id)
    with database.read() as tx:
        assert get_plan(tx, 1, plan_.id) is None
    assert events(database, plan_) == []


def test_what_was_decided_is_kept_beside_the_plan(database):
    plan_ = plan(database)
    with database.write() as tx:
        assert read_pinned(tx, plan_.id) == ({}, {})
        note_pinned(tx, plan_.id, pinned={"threshold": 10}, table_counters={"skus": 3})
    with database.read() as tx:
        assert read_pinned(tx, plan_.id) == ({"threshold": 10}, {"skus": 3})


def test_a_plan_begins_again_without_anything_that_it_had_found(database):
    plan_ = with_findings(database)
    assert found(database, plan_) == (2, 1, 1)
    with database.write() as tx:
        begin_plan_again(tx, plan_.run, ())
    again = stored(database, plan_)
    assert (again.consumed_count, again.errors_count, again.checkpoint) == (0, 0, None)
    assert found(database, plan_) == (0, 0, 0)


def test_a_plan_begins_again_only_where_it_is_claimed(database):
    plan_ = with_findings(database)
    claim(database, plan_)
    with pytest.raises(ClaimLost), database.write() as tx:
        begin_plan_again(tx, plan_.run, ())
    assert found(database, plan_) == (2, 1, 1)


def test_differences_are_read_by_their_rows(database):
    plan_ = plan(database)

    def of(row):
        return Difference(row, "skus", "skus", SKU, {"name": ("a", f"b{row}")})

    with database.write() as tx:
        for first in (1, 1001, 2001):
            append_differences(tx, plan_.id, first, [of(first), of(first + 7)], bytes(8))
        append_differences(tx, plan_.id, 3001, [], b"")
    with database.read() as tx:
        assert list(differences_of_rows(tx, plan_.id, [8, 1001, 5])) == [of(8), of(1001)]
        assert list(differences_of_rows(tx, plan_.id, [2008])) == [of(2008)]
        assert list(differences_of_rows(tx, plan_.id, [])) == []


def test_a_range_whose_changes_are_confidential_has_sizes_alone(database):
    plan_ = plan(database)
    with database.write() as tx:
        append_differences(tx, plan_.id, 1, [], bytes([0, 1]))
    with database.read() as tx:
        assert list(differences_of_rows(tx, plan_.id, [1, 2])) == []
        assert read_change_sizes(tx, plan_.id).largest(offset=0, limit=9) == [2]


def test_sizes_go_with_differences_that_an_older_release_forgets(database):
    plan_ = with_findings(database)
    with database.write() as tx:
        assert read_change_sizes(tx, plan_.id).count() == 1
        tx.connection.execute(text("DELETE FROM import_differences"))
        assert read_change_sizes(tx, plan_.id).count() == 0


def test_a_plan_expires_with_all_but_its_counts(database):
    import_, plan_ = running(database), with_findings(database)
    younger = plan(database, attachment_name="younger")
    with database.write() as tx:
        assert expired_plans(tx, limit=10) == []
    move_expiry(database, plan_, -8 * 24 * 3600 * 1000)
    with database.write() as tx:
        assert expired_plans(tx, limit=10) == [(plan_.id, "abc")]
        expire_plan(tx, plan_.id)
        assert expired_plans(tx, limit=10) == []
    assert found(database, plan_) == (0, 0, 0)
    expired = stored(database, plan_)
    assert (expired.consumed_count, expired.attachment_expired_at is None) == (2, False)
    assert stored(database, younger).attachment_expired_at is None
    assert stored(database, import_).attachment_expired_at is None


def test_a_deleted_plan_expires_at_once(database):
    plan_ = with_findings(database)
    with database.write() as tx:
        delete_plan(tx, plan_.id)
    assert found(database, plan_) == (0, 0, 0)
    with database.write() as tx:
        assert expired_plans(tx, limit=10) == [(plan_.id, "abc")]


def test_the_attachment_of_a_plan_is_kept_until_then_unless_it_holds_secrets(database):
    plan_ = plan(database, attachment_name="planned")
    with database.write() as tx:
        interrupt_import(tx, plan_.id)
    with database.read() as tx:
        later = tx.now() + 1
        assert attachment_names(tx) == {"planned"}
        assert expired_attachments(tx, ended_before=later) == []
        ended = ended_imports(tx, ["skus"], ended_before=later, after=0, limit=10)
        assert [each.id for each in ended] == [plan_.id]
