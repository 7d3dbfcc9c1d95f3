"""From judging to writing or going back: what is stored of an import that is all or nothing."""

import pytest

from longshore.imports import (
    ImportFinished,
    ImportGoesBack,
    ImportWritten,
    LedgerColumns,
    LedgerEntry,
    RowOutcome,
    Stage,
    Status,
    append_to_ledger,
    begin_writing,
    complete_import,
    count_ledger,
    delete_import,
    go_back,
    interrupt_claimed,
    interrupt_import,
    ledger_rows,
    note_taken_back,
    supersede_older,
)
from longshore.runs import ClaimLost
from tests.behaviour.imports.factory import claim, go_to, judge_to, pending, running, stored

BLANK = bytes([RowOutcome.SKIPPED])


def writing(database, row=4, **values):
    """An import that has written rows up to this one."""
    import_ = running(database, all_or_nothing=True, **values)
    with database.write() as tx:
        import_ = begin_writing(tx, import_.run)
    if row:
        go_to(database, import_, row, created=row)
    return import_


def going_back(database, why=None, **values):
    import_ = writing(database, **values)
    with database.write() as tx:
        assert go_back(tx, import_.id, why, import_.run)
    return import_


def interrupt(database, import_):
    with database.write() as tx:
        return interrupt_import(tx, import_.id)


def test_an_import_is_judged_first_and_one_that_is_not_all_or_nothing_has_no_stage(database):
    waiting = pending(database, all_or_nothing=True)
    assert (waiting.all_or_nothing, waiting.stage) == (True, None)
    assert claim(database, waiting).stage is Stage.JUDGING
    assert running(database, environment=2).stage is None


def test_whoever_takes_over_judges_from_the_first_row_and_the_attempt_counts(database):
    import_ = running(database, all_or_nothing=True)
    judge_to(database, import_, 4, errors=1)
    with database.write() as tx:
        entry = LedgerEntry.of(1, LedgerColumns(outcomes=BLANK, records=[0], lines=[2]))
        append_to_ledger(tx, import_.id, entry)
    again = claim(database, import_)
    assert (again.consumed_count, again.errors_count, again.checkpoint) == (0, 0, None)
    assert (again.stage, again.run.attempts) == (Stage.JUDGING, 2)
    with database.read() as tx:
        assert not any(count_ledger(tx, import_.id).values())


def test_writing_begins_with_the_first_row_and_is_gone_on_with_where_it_stands(database):
    import_ = running(database, all_or_nothing=True)
    judge_to(database, import_, 10)
    with database.write() as tx:
        begun = begin_writing(tx, import_.run)
    assert (begun.stage, begun.consumed_count, begun.checkpoint) == (Stage.WRITING, 0, None)
    go_to(database, begun, 4, created=4)
    taken = claim(database, import_)
    assert (taken.stage, taken.consumed_count, taken.run.attempts) == (Stage.WRITING, 4, 1)
    go_to(database, taken, 10, created=6)
    with database.write() as tx:
        complete_import(tx, taken.run)
    assert stored(database, taken).status is Status.COMPLETED


def test_nothing_is_written_of_what_has_failed(database):
    import_ = running(database, all_or_nothing=True)
    judge_to(database, import_, 10, errors=1)
    with pytest.raises(ClaimLost), database.write() as tx:
        begin_writing(tx, import_.run)


def test_a_runner_that_has_lost_its_claim_begins_nothing(database):
    import_ = running(database, all_or_nothing=True)
    claim(database, import_)
    with pytest.raises(ClaimLost), database.write() as tx:
        begin_writing(tx, import_.run)
    written = writing(database, environment=2)
    claim(database, written)
    with database.write() as tx:
        assert not go_back(tx, written.id, "moved", written.run)


@pytest.mark.parametrize("row", [None, 0])
def test_an_interrupt_before_anything_is_written_ends_it_at_once(database, row):
    import_ = running(database, all_or_nothing=True) if row is None else writing(database, row=row)
    if row is None:
        judge_to(database, import_, 4)
    assert interrupt(database, import_).status is Status.INTERRUPTED
    with pytest.raises(ClaimLost):
        go_to(database, import_, 10)
    assert stored(database, import_).taken_back_row is None


def test_an_interrupt_of_what_is_written_has_it_go_back_and_writes_nothing_more(database):
    import_ = writing(database)
    asked = interrupt(database, import_)
    assert (asked.status, asked.stage) == (Status.IN_PROGRESS, Stage.GOING_BACK)
    assert asked.run.fence == import_.run.fence
    with pytest.raises(ImportGoesBack):
        go_to(database, import_, 10, created=6)
    assert stored(database, import_).consumed_count == 4
    assert interrupt(database, import_) == asked
    assert claim(database, import_).stage is Stage.GOING_BACK


def chunk(first, records, *outcomes):
    lines = [first + 1 + index for index in range(3)]
    return LedgerEntry.of(
        first, LedgerColumns(outcomes=bytes(outcomes), records=records, lines=lines)
    )


def test_chunks_are_taken_back_from_the_last_one_and_counts_follow(database):
    import_ = writing(database, row=0)
    made = (RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED)
    before = [chunk(first, [first + 100, 7, 8], *made) for first in (1, 4)]
    for each in before:
        with database.write() as tx:
            append_to_ledger(tx, import_.id, each)
        go_to(database, import_, each.first_row + 2, created=1, updated=1)
    with database.write() as tx:
        go_back(tx, import_.id, "the store has moved")
    skipped, updated = RowOutcome.SKIPPED, RowOutcome.UPDATED
    after = [
        chunk(1, [0, 7, 8], skipped, skipped, skipped),
        chunk(4, [0, 7, 8], skipped, updated, skipped),  # somebody else has changed it
    ]
    for was, left in ((before[1], after[1]), (before[0], after[0])):
        with database.write() as tx:
            written = note_taken_back(tx, import_.run, was, left)
        assert written.taken_back_row == was.first_row
    assert (written.created_count, written.updated_count, written.unchanged_count) == (0, 1, 0)
    assert (written.skipped_count, written.consumed_count) == (5, 6)
    with database.read() as tx:
        counts = count_ledger(tx, import_.id)
        assert (counts[RowOutcome.SKIPPED], counts[RowOutcome.UPDATED]) == (5, 1)
        outcomes = [row.outcome for row in ledger_rows(tx, import_.id)]
    assert outcomes == [skipped] * 4 + [updated, skipped]
    with pytest.raises(ClaimLost), database.write() as tx:
        note_taken_back(tx, import_.run, before[0], after[0])  # twice


def test_what_has_gone_back_is_interrupted_and_nothing_follows(database):
    import_ = going_back(database, "the store has moved")
    with database.write() as tx:
        interrupt_claimed(tx, import_.run, reason="the store has moved; 4 rows were taken back")
    end = stored(database, import_)
    assert (end.status, end.stage) == (Status.INTERRUPTED, Stage.GOING_BACK)
    with pytest.raises(ImportFinished):
        interrupt(database, import_)


def test_runners_that_die_while_it_is_written_have_it_go_back_and_then_count_anew(database):
    import_ = writing(database)
    for _ in range(3):
        taken = claim(database, import_, attempts_max=3)
    back = claim(database, import_, attempts_max=3)
    assert (back.stage, back.run.attempts) == (Stage.GOING_BACK, 1)
    assert back.interruption_reason == "3 runners in a row stopped without an answer"
    assert taken.run.fence < back.run.fence


def test_runners_that_die_while_it_goes_back_end_it_where_it_is(database):
    import_ = going_back(database, "the store has moved")
    for _ in range(3):
        claim(database, import_, attempts_max=3)
    with pytest.raises(AssertionError):
        claim(database, import_, attempts_max=3)
    end = stored(database, import_)
    assert end.status is Status.INTERRUPTED
    assert end.interruption_reason == (
        "the store has moved; going back: 3 runners in a row stopped without an answer"
    )


@pytest.mark.parametrize("row", [None, 0])
def test_runners_that_die_before_anything_is_written_end_it(database, row):
    import_ = running(database, all_or_nothing=True) if row is None else writing(database, row=row)
    for _ in range(3):
        claim(database, import_)
    with pytest.raises(AssertionError):
        claim(database, import_, attempts_max=3)
    assert stored(database, import_).status is Status.INTERRUPTED


def test_a_newer_import_has_an_older_one_go_back_and_waits_for_it(database):
    older = writing(database)
    newer = pending(database)
    with database.write() as tx:
        (superseded,) = supersede_older(tx, newer.id)
    assert (superseded.id, superseded.stage) == (older.id, Stage.GOING_BACK)
    assert not superseded.is_finished
    assert "superseded" in (superseded.interruption_reason or "")


def test_what_is_written_cannot_be_deleted_before_it_is_taken_back(database):
    for import_ in (writing(database), going_back(database, environment=2)):
        with pytest.raises(ImportWritten), database.write() as tx:
            delete_import(tx, import_.id)
        assert stored(database, import_).deleted_at is None
        assert not stored(database, import_).is_finished
    judged = running(database, environment=3, all_or_nothing=True)
    judge_to(database, judged, 4)
    with database.write() as tx:
        delete_import(tx, judged.id)
    assert stored(database, judged).status is Status.INTERRUPTED
