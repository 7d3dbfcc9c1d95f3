"""From pending to completed or interrupted, and nothing else."""

import pytest

from longshore.errors import RequestRefused
from longshore.imports import (
    Status,
    checkpoint,
    complete_import,
    delete_import,
    get_import,
    interrupt_claimed,
    interrupt_import,
)
from longshore.journal import events_of
from longshore.notices import Notice, NoticeCode
from longshore.readers import Position
from longshore.runs import ClaimLost, beat, beat_reserved, release_run, reserve_run
from tests.behaviour.imports.factory import LAYOUT, claim, go_to, pending, running, stored
from tests.claiming import claim_import


def events(database, import_):
    with database.read() as tx:
        return [event.name.removeprefix("imports.") for event in events_of(tx, import_.id)]


def completed(database, **values):
    import_ = running(database, **values)
    go_to(database, import_, 10)
    with database.write() as tx:
        complete_import(tx, import_.run)
    return import_


def interrupted(database, **values):
    import_ = pending(database, **values)
    with database.write() as tx:
        return interrupt_import(tx, import_.id)


def test_a_created_import_waits_and_holds_what_was_asked_for(database):
    import_ = pending(
        database,
        environment=3,
        parent_id=(3 << 40) + 9,
        skip_errors=True,
        reference="r",
        reference_origin="o",
        metadata={"why": "Ü", "n": [1, None]},
        source_name="skus.csv",
        column_map={"StockCode": "code"},
        ignored_columns=("colour", "size"),
    )
    assert import_.status is Status.PENDING
    assert not import_.is_finished
    assert import_.id >> 40 == import_.environment == 3
    assert (import_.started_at, import_.completed_at, import_.interrupted_at) == (None, None, None)
    assert (import_.consumed_count, import_.run.fence, import_.run.attempts) == (0, 0, 0)
    assert import_.checkpoint is None
    assert import_.parent_id == (3 << 40) + 9
    assert import_.skip_errors is True
    assert (import_.reference, import_.reference_origin) == ("r", "o")
    assert import_.metadata == {"why": "Ü", "n": [1, None]}
    assert import_.layout == LAYOUT
    assert import_.column_map == {"StockCode": "code"}
    assert import_.ignored_columns == ("colour", "size")
    assert stored(database, import_) == import_
    assert events(database, import_) == ["create"]


def test_an_import_keeps_what_is_worth_knowing_of_it_as_a_whole(database):
    notice = Notice(
        code=NoticeCode.ENCODING_GUESSED,
        message="read as \ud83d",  # half a character, as a source may hold it
        hint="save it as UTF-8",
        count=2,
        first=({"row": 7, "text": "\0"}, {"row": 9, "text": "\ud83d"}),
    )
    import_ = pending(database, notices=(notice,))
    assert import_.notices == (notice,)
    assert stored(database, import_) == import_


def test_a_notice_of_a_later_release_is_kept_as_it_is(database):
    notice = Notice(code="of_tomorrow", message="what nobody knows yet")
    import_ = pending(database, notices=(notice,))
    assert stored(database, import_).notices == (notice,)
    assert notice.to_dict()["code"] == "of_tomorrow"


def test_a_claim_starts_an_import_and_a_later_one_goes_on_with_it(database):
    waiting = pending(database)
    first = claim(database, waiting)
    assert first.status is Status.IN_PROGRESS
    assert first.started_at is not None
    second = claim(database, waiting)
    assert second.started_at == first.started_at
    assert waiting.run.fence < first.run.fence < second.run.fence
    assert (first.run.attempts, second.run.attempts) == (1, 2)
    assert events(database, waiting) == ["create", "start"]


def test_rows_gone_through_to_the_end_complete_an_import(database):
    import_ = running(database)
    go_to(database, import_, 10, errors=2, created=5, updated=1)
    with database.write() as tx:
        complete_import(tx, import_.run)
    end = stored(database, import_)
    assert (end.status, end.is_finished) == (Status.COMPLETED, True)
    assert end.completed_at is not None
    assert end.interrupted_at is None
    assert (end.processed_count, end.errors_count, end.inputs_size) == (8, 2, 10)
    assert events(database, import_) == ["create", "start", "complete"]


def test_an_import_with_rows_left_cannot_be_completed(database):
    import_ = running(database)
    go_to(database, import_, 9)
    with pytest.raises(Exception, match="whole"):
        end_with(database, complete_import, import_)
    assert stored(database, import_).status is Status.IN_PROGRESS


def end_with(database, end, import_, **arguments):
    with database.write() as tx:
        end(tx, import_.run, **arguments)


def release(tx, run):
    release_run(tx, run.id, run.fence)


def test_too_many_failed_rows_interrupt_an_import_without_another_reason(database):
    import_ = running(database)
    go_to(database, import_, 3, errors=2)
    end_with(database, interrupt_claimed, import_)
    end = stored(database, import_)
    assert end.status is Status.INTERRUPTED
    assert end.interrupted_at is not None
    assert end.completed_at is None
    assert end.interruption_reason is None
    assert end.consumed_count == 3
    assert events(database, import_) == ["create", "start", "interrupt"]


@pytest.mark.parametrize("make", [pending, running])
def test_an_unfinished_import_can_be_interrupted_by_anybody(database, make):
    import_ = make(database)
    with database.write() as tx:
        end = interrupt_import(tx, import_.id, reason="the attachment is gone")
    assert end.status is Status.INTERRUPTED
    assert end.interruption_reason == "the attachment is gone"
    assert end.run.fence > import_.run.fence
    assert (end.started_at is None) == (import_.started_at is None)
    assert events(database, import_)[-1] == "interrupt"


@pytest.mark.parametrize(
    ("make", "status"), [(completed, "completed"), (interrupted, "interrupted")]
)
def test_a_finished_import_cannot_be_interrupted_and_keeps_its_times(database, make, status):
    before = stored(database, make(database))
    public_id = database.public_ids.encode(before.id)
    with (
        pytest.raises(RequestRefused, match=f"{public_id} is {status} already"),
        database.write() as tx,
    ):
        interrupt_import(tx, before.id)
    assert stored(database, before) == before


@pytest.mark.parametrize("make", [completed, interrupted])
def test_a_finished_import_is_not_claimed(database, make):
    before = stored(database, make(database))
    with database.write() as tx:
        assert claim_import(tx, before.id) is None
    assert stored(database, before) == before


def test_whoever_lost_the_claim_writes_nothing(database):
    """Stopped, deleted or taken over: the runner learns of it by its own next write."""

    def taken_over(tx, import_id):
        claim_import(tx, import_id)

    for lose in (taken_over, interrupt_import, delete_import):
        import_ = running(database, tables=frozenset({lose.__name__}))
        with database.write() as tx:
            lose(tx, import_.id)
        before = stored(database, import_)
        with pytest.raises(ClaimLost):
            go_to(database, import_, 5)
        for end in (complete_import, interrupt_claimed):
            with pytest.raises(ClaimLost):
                end_with(database, end, import_)
        end_with(database, release, import_)
        assert stored(database, before) == before


def test_a_runner_that_ended_its_import_has_no_claim_any_more(database):
    import_ = completed(database)
    with pytest.raises(ClaimLost):
        end_with(database, interrupt_claimed, import_)


def test_runners_that_die_again_and_again_without_a_chunk_interrupt_the_import(database):
    import_ = pending(database)
    for _ in range(3):
        claim(database, import_, attempts_max=3)
    with database.write() as tx:
        assert claim_import(tx, import_.id, attempts_max=3) is None
    end = stored(database, import_)
    assert end.status is Status.INTERRUPTED
    assert end.interruption_reason == "3 runners in a row stopped without an answer"
    assert events(database, import_) == ["create", "start", "interrupt"]


def test_a_committed_chunk_forgives_the_attempts_before_it(database):
    import_ = running(database)
    for row in range(1, 6):
        go_to(database, import_, row)
        assert stored(database, import_).run.attempts == 0
        import_ = claim(database, import_, attempts_max=1)


def test_a_stop_that_was_asked_for_is_no_attempt(database):
    import_ = pending(database)
    for _ in range(5):
        claimed = claim(database, import_, attempts_max=1)
        end_with(database, release, claimed)
        assert stored(database, import_).run.attempts == 0
        assert stored(database, import_).status is Status.IN_PROGRESS


@pytest.mark.parametrize("make", [pending, running, completed, interrupted])
def test_a_deleted_import_is_hidden_and_runs_no_more(database, make):
    import_ = make(database)
    with database.write() as tx:
        delete_import(tx, import_.id)
        delete_import(tx, import_.id)
    with database.read() as tx:
        assert get_import(tx, import_.environment, import_.id) is None
    end = stored(database, import_)
    assert end.deleted_at is not None
    assert end.is_finished
    with database.write() as tx:
        assert claim_import(tx, import_.id) is None
    names = events(database, import_)
    assert names[-1] == "destroy"
    assert names.count("destroy") == 1
    assert ("interrupt" in names) == (make is not completed)


def test_a_checkpoint_adds_to_the_counts_and_remembers_where_it_is(database):
    import_ = running(database)
    go_to(database, import_, 4, errors=1, created=2, updated=1, warnings=3)
    go_to(database, import_, 6, created=1, warnings=1)
    now = stored(database, import_)
    assert (now.created_count, now.updated_count, now.unchanged_count) == (3, 1, 1)
    assert (now.processed_count, now.errors_count, now.warnings_count) == (5, 1, 4)
    assert now.consumed_count == 6
    assert now.checkpoint == Position(6, 7, 60)
    assert now.run.heartbeat_at is not None


def test_counts_that_do_not_meet_the_checkpoint_are_a_bug_that_is_not_stored(database):
    import_ = running(database)
    with pytest.raises(Exception, match="ck_imports_checkpoint"):
        go_wrong(database, import_, row=4, created=3)
    with pytest.raises(Exception, match="ck_imports"):
        go_wrong(database, import_, row=11, created=11)
    assert stored(database, import_) == import_


def go_wrong(database, import_, *, row, created):
    with database.write() as tx:
        checkpoint(
            tx,
            import_.run,
            last=Position(row, row, row),
            errors=0,
            warnings=0,
            created=created,
            updated=0,
            unchanged=0,
        )


@pytest.mark.parametrize("is_counted", [False, True])
def test_a_beat_that_is_under_way_when_an_import_is_given_back_comes_too_late(database, is_counted):
    import_ = running(database)
    with database.write() as tx:
        assert release_run(tx, import_.id, import_.run.fence, is_counted=is_counted)
        beat(tx, import_.id, import_.run.fence)
        beat_reserved(tx, import_.id, runner="one")
    given_back = stored(database, import_)
    assert (given_back.run.heartbeat_at, given_back.run.runner) == (None, None)
    assert claim(database, import_).run.fence > given_back.run.fence > import_.run.fence


def test_a_beat_for_what_was_reserved_leaves_an_import_that_has_ended(database):
    import_ = pending(database)
    with database.write() as tx:
        reserve_run(tx, import_.id, runner="one")
        interrupt_import(tx, import_.id)
        tx.execute("UPDATE runs SET heartbeat_at = 1 WHERE id = ?", (import_.id,))
        beat_reserved(tx, import_.id, runner="one")
    assert stored(database, import_).run.heartbeat_at == 1
