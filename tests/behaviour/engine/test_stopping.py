"""An import stopped, resumed, or deprived of its source: what is committed counts, and no more."""

import json
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from longshore.database import DatabaseAway, DatabaseBusy, StorageFull
from longshore.errors import LongshoreError, RequestRefused
from longshore.imports import Import, read_import
from longshore.operations import Asker
from longshore.runs import release_run
from tests.behaviour.engine.organization import Organization, Outcome
from tests.claiming import claim_import

ROWS = [
    {"code": f"S{number}", "name": None if number in (3, 6) else "x", "do_not_ship": True}
    for number in range(1, 11)
]


def submitted(shop: Organization, rows: Any = ROWS, **request: Any) -> Import:
    return shop.submit("skus", json.dumps(rows).encode(), **request)


def count(shop: Organization) -> int:
    return len(shop.all("skus"))


def agrees(shop: Organization, outcome: Outcome) -> bool:
    """Whether the counts are those of what is stored."""
    created, _, _, failed = outcome.counts
    consumed = outcome.import_.consumed_count
    expected = [row for row in ROWS[:consumed] if row["name"] is not None]
    return (created, failed) == (len(expected), consumed - len(expected)) and shop.values(
        "skus", "code"
    ) == [row["code"] for row in expected]


# Interrupted by a user


def test_interruption_before_a_chunk_takes_the_lock_voids_the_chunk(shop: Organization) -> None:
    """Whoever interrupts has a final answer: what is committed after it is nothing."""
    started = []

    def interrupt(reached: str) -> None:
        if reached == "started":
            started.append(reached)
            if len(started) == 3:
                shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)

    import_ = submitted(shop)
    outcome = shop.working(on_point=interrupt, chunk_rows=2, chunk_rows_first=2).run(import_)
    assert (outcome.status, outcome.import_.consumed_count) == ("interrupted", 4)
    assert agrees(shop, outcome)
    assert outcome.import_.interruption_reason is None
    assert outcome.import_.interrupted_at is not None
    assert outcome.import_.completed_at is None


def test_interruption_while_a_chunk_is_written_waits_for_it_and_stops_the_next(
    shop: Organization,
) -> None:
    answers: list[Import] = []

    def interrupt() -> None:
        asker = Asker(environment=shop.environment)
        answers.append(shop.longshore.imports.interrupt(asker, import_.id))

    somebody = Thread(target=interrupt)

    def meanwhile(reached: str) -> None:
        if reached == "applied" and not somebody.ident:
            somebody.start()
        elif reached == "committed":
            somebody.join()

    import_ = submitted(shop)
    outcome = shop.working(on_point=meanwhile, chunk_rows=2, chunk_rows_first=2).run(import_)
    (answer,) = answers
    assert answer.status == "interrupted"
    # Where there is one writer at a time, the answer waits for the chunk; elsewhere it waits only
    # for a chunk that has written its checkpoint already, and any other is rolled back.
    assert answer.consumed_count in ((2,) if shop.longshore.database.is_embedded else (0, 2))
    assert outcome.import_ == answer
    assert agrees(shop, outcome)


def test_interrupted_import_stays_as_it_is(shop: Organization) -> None:
    import_ = submitted(shop)
    shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)
    outcome = shop.run(import_)
    assert (outcome.status, outcome.counts) == ("interrupted", (0, 0, 0, 0))
    assert outcome.import_.started_at is None
    assert count(shop) == 0
    with pytest.raises(RequestRefused, match="is interrupted already"):
        shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)


def test_finished_import_cannot_be_interrupted_nor_run_again(shop: Organization) -> None:
    import_ = submitted(shop)
    done = shop.run(import_)
    with pytest.raises(RequestRefused, match="is completed already"):
        shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)
    assert shop.run(import_).import_ == done.import_


def test_deleted_import_stops_at_its_last_chunk(shop: Organization) -> None:
    def delete(reached: str) -> None:
        if reached == "committed":
            shop.longshore.imports.delete(Asker(environment=shop.environment), import_.id)

    import_ = submitted(shop)
    outcome = shop.working(on_point=delete, chunk_rows=2, chunk_rows_first=2).run(import_)
    assert (outcome.status, outcome.import_.consumed_count) == ("interrupted", 2)
    with pytest.raises(RequestRefused, match="there is no"):
        shop.longshore.imports.find(shop.environment, shop.longshore.public_ids.encode(import_.id))
    assert count(shop) == 2


def test_import_that_another_one_took_over_writes_nothing_more(shop: Organization) -> None:
    def take_over(reached: str) -> None:
        if reached == "committed" and not taken:
            with shop.longshore.database.write() as tx:
                taken.append(claim_import(tx, import_.id))

    taken: list[object] = []
    import_ = submitted(shop)
    outcome = shop.working(on_point=take_over, chunk_rows=2, chunk_rows_first=2).run(import_)
    assert (outcome.status, outcome.import_.consumed_count) == ("in_progress", 2)
    with shop.longshore.database.write() as tx:
        assert release_run(tx, import_.id, outcome.import_.run.fence)
    finished = shop.run(import_)
    assert finished.status == "completed"
    assert agrees(shop, finished)


# Asked to stop, and gone on


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 7])
def test_import_that_stops_after_each_chunk_ends_like_one_that_never_did(
    shop: Organization, elsewhere: Organization, chunk_rows: int
) -> None:
    whole = elsewhere.load("skus", ROWS)
    import_ = submitted(shop)
    runs = 0
    status = "pending"
    while status != "completed":
        outcome = shop.in_chunks(chunk_rows).run(import_, should_stop=lambda: True)
        status = outcome.status
        assert agrees(shop, outcome)
        runs += 1
    assert runs == -(-len(ROWS) // chunk_rows)
    assert outcome.counts == whole.counts
    assert outcome.errors == whole.errors
    assert (outcome.import_.run.attempts, outcome.import_.started_at) != (runs, None)


def test_stop_that_was_asked_for_is_no_failed_attempt(shop: Organization) -> None:
    import_ = submitted(shop)
    for _ in range(4):
        outcome = shop.in_chunks(1).run(import_, should_stop=lambda: True)
        assert outcome.status == "in_progress"
        assert outcome.import_.run.attempts == 0


def test_import_goes_on_with_other_settings(shop: Organization) -> None:
    import_ = submitted(shop)
    shop.in_chunks(3).run(import_, should_stop=lambda: True)
    outcome = shop.run(import_)
    assert agrees(shop, outcome)
    assert outcome.import_.consumed_count == 10


def test_threshold_counts_the_errors_of_earlier_runs(shop: Organization) -> None:
    import_ = submitted(shop, skip_errors=False)
    shop.in_chunks(3).run(import_, should_stop=lambda: True)
    outcome = shop.run(import_)
    assert (outcome.status, outcome.import_.consumed_count) == ("interrupted", 6)


def test_progress_is_told_after_each_chunk_and_adds_up(shop: Organization) -> None:
    heard: list[Import] = []
    import_ = submitted(shop)
    shop.in_chunks(4).run(import_, on_progress=heard.append)
    assert [each.consumed_count for each in heard] == [4, 8, 10]
    assert [str(each.status) for each in heard] == ["in_progress", "in_progress", "completed"]


# What fails on the way


class Failing:
    """Raises an error each time that a runner passes a point, so many times."""

    def __init__(self, error: Exception, *, times: int, point: str = "flushed") -> None:
        self.left = times
        self._error = error
        self._point = point

    def __call__(self, reached: str) -> None:
        if reached == self._point and self.left:
            self.left -= 1
            raise self._error


def test_chunk_is_repeated_when_the_database_was_busy(shop: Organization) -> None:
    failing = Failing(DatabaseBusy("somebody else writes"), times=2)
    outcome = shop.working(failing, chunk_rows=4, chunk_rows_first=4).run(submitted(shop))
    assert failing.left == 0
    assert outcome.status == "completed"
    assert agrees(shop, outcome)


@pytest.mark.parametrize("point", ["started", "loaded", "applied", "flushed", "checkpointed"])
def test_full_disk_gives_the_import_back_as_it_was_committed(
    shop: Organization, point: str
) -> None:
    """That is not the import's fault: it goes on when there is space, however often it happens."""
    import_ = submitted(shop)
    for _ in range(4):
        failing = Failing(StorageFull("no space left"), times=1, point=point)
        with pytest.raises(StorageFull):
            shop.working(failing).run(import_)
    with shop.longshore.database.read() as tx:
        given_back = read_import(tx, import_.id)
    assert (given_back.status, given_back.consumed_count, given_back.run.attempts) == (
        "in_progress",
        0,
        0,
    )
    outcome = shop.run(import_)
    assert outcome.status == "completed"
    assert agrees(shop, outcome)


def test_import_whose_runners_die_again_and_again_is_interrupted(shop: Organization) -> None:
    import_ = submitted(shop)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            shop.working(Failing(ZeroDivisionError(), times=1)).run(import_)
    outcome = shop.run(import_)
    assert (outcome.status, outcome.counts) == ("interrupted", (0, 0, 0, 0))
    reason = outcome.import_.interruption_reason
    assert reason is not None
    assert outcome.errors_log == {"unknown": {"base": [reason]}}


def test_runner_that_commits_a_chunk_before_it_dies_is_forgiven(shop: Organization) -> None:
    import_ = submitted(shop)

    def die_in_the_second_chunk() -> Callable[[str], None]:
        flushed: list[str] = []

        def reached(point: str) -> None:
            if point == "flushed":
                flushed.append(point)
                if len(flushed) == 2:
                    raise ZeroDivisionError

        return reached

    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            shop.working(die_in_the_second_chunk(), chunk_rows=2, chunk_rows_first=2).run(import_)
    outcome = shop.run(import_)
    assert outcome.status == "completed"
    assert agrees(shop, outcome)


# Chunks that end early


@pytest.mark.parametrize(
    "limits",
    [
        {"chunk_records": 1},
        {"chunk_records": 3},
        {"chunk_bytes": 1},
        {"chunk_bytes": 200},
        {"chunk_rows_first": 1},
        {"chunk_milliseconds": 1},
    ],
)
def test_result_does_not_depend_on_where_chunks_end(
    shop: Organization, limits: dict[str, int]
) -> None:
    outcome = shop.working(**limits).run(submitted(shop))
    assert outcome.status == "completed"
    assert agrees(shop, outcome)


@pytest.mark.parametrize(("chunk_records", "chunks"), [(1, 6), (4, 6), (8, 3), (20_000, 1)])
def test_chunk_ends_when_its_rows_hold_many_records(
    shop: Organization, chunk_records: int, chunks: int
) -> None:
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1}
    row = {"market_id": shop.some("markets"), "line_items": [line] * 3}
    passed: list[str] = []
    heard = shop.working(passed.append, chunk_records=chunk_records)
    assert heard.load("orders", [row] * 6).counts == (6, 0, 0, 0)
    assert passed.count("committed") == chunks


def test_chunk_ends_when_its_rows_are_long(shop: Organization) -> None:
    rows = [{"name": f"t{number}", "reference": "x" * 1000} for number in range(8)]
    passed: list[str] = []
    shop.working(passed.append, chunk_bytes=3000).load("tags", rows)
    assert passed.count("committed") > 3


# The source


def test_import_whose_attachment_is_gone_is_interrupted_and_says_why(shop: Organization) -> None:
    import_ = submitted(shop)
    shop.longshore.attachments.delete(import_.attachment_name)
    outcome = shop.run(import_)
    assert outcome.status == "interrupted"
    assert outcome.import_.interruption_reason is not None
    assert outcome.errors_log == {"unknown": {"base": [outcome.import_.interruption_reason]}}
    assert outcome.counts == (0, 0, 0, 0)


def test_import_whose_attachment_goes_away_on_the_way_keeps_what_is_committed(
    shop: Organization,
) -> None:
    import_ = submitted(shop)
    shop.in_chunks(4).run(import_, should_stop=lambda: True)
    shop.longshore.attachments.delete(import_.attachment_name)
    outcome = shop.run(import_)
    assert (outcome.status, outcome.import_.consumed_count) == ("interrupted", 4)
    assert agrees(shop, outcome)
    assert outcome.errors_log["unknown"] == {"base": [outcome.import_.interruption_reason]}


def test_empty_source_is_refused(shop: Organization) -> None:
    for rows in (b"[]", b""):
        with pytest.raises(RequestRefused):
            shop.submit("skus", rows)
    assert waiting_in(shop) == []


def test_imports_wait_in_the_order_in_which_they_came(shop: Organization) -> None:
    waiting = [submitted(shop), submitted(shop)]
    assert waiting_in(shop) == waiting
    for each in waiting:
        shop.run(each)
    assert waiting_in(shop) == []


def waiting_in(shop: Organization) -> list[Import]:
    """The unfinished imports of this organization."""
    number = shop.environment.number
    return [each for each in shop.longshore.imports.open() if each.environment == number]


@pytest.mark.parametrize("is_noticed", [True, False], ids=["noticed", "unnoticed"])
def test_chunks_that_the_database_has_lost_are_gone_through_again(
    shop: Organization, is_noticed: bool
) -> None:
    """As after the promotion of a standby that was behind: the import is where it was before, and
    its runner believes that it was further. It gives up, and the next one goes on from there.
    """
    rows = [{"code": f"S{number}", "name": "x", "do_not_ship": True} for number in range(1, 11)]
    import_ = submitted(shop, rows)
    heard: list[Import] = []
    started: list[str] = []

    def lose_a_chunk(reached: str) -> None:
        if reached != "started":
            return
        started.append(reached)
        if len(started) == 3:
            go_back(shop, heard[0], heard[1])
            if is_noticed:
                raise DatabaseAway("the database is away")

    runner = shop.working(on_point=lose_a_chunk, chunk_rows=2, chunk_rows_first=2)
    with pytest.raises(LongshoreError):
        runner.run(import_, on_progress=heard.append)
    outcome = shop.in_chunks(2).run(import_)
    assert outcome.status == "completed"
    assert outcome.counts == (10, 0, 0, 0)
    assert outcome.errors == {}
    assert shop.values("skus", "code") == [row["code"] for row in rows]


def go_back(shop: Organization, before: Import, after: Import) -> None:
    """Forget a chunk of the import whose rows have all created SKUs."""
    assert before.checkpoint is not None
    made = after.consumed_count - before.consumed_count
    with shop.longshore.database.write() as tx:
        tx.execute(
            "UPDATE imports SET checkpoint_row = ?, checkpoint_line = ?, checkpoint_offset = ?,"
            " processed_count = ?, created_count = ? WHERE id = ?",
            (
                before.checkpoint.row,
                before.checkpoint.line,
                before.checkpoint.offset,
                before.processed_count,
                before.created_count,
                before.id,
            ),
        )
        tx.execute(
            "DELETE FROM import_ledger WHERE import_id = ? AND first_row > ?",
            (before.id, before.consumed_count),
        )
        found = tx.fetch("SELECT id FROM skus ORDER BY id DESC")[:made]
        for (id_,) in found:
            tx.execute("DELETE FROM skus WHERE id = ?", (id_,))
            tx.execute(
                "DELETE FROM creations WHERE import_id = ? AND last_id = ?", (before.id, id_)
            )
