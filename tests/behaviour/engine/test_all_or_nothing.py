"""An import that is all or nothing writes all of its rows, or leaves nothing of them behind."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from longshore.imports import Stage, count_ledger, ledger_rows
from longshore.operations import Asker
from longshore.undos import kept_of
from tests.behaviour.engine.organization import SOMEBODY, Organization, Outcome
from tests.behaviour.engine.test_refused_rows import forbidden_codes
from tests.behaviour.engine.undoing import state

ROWS = 1500  # two ranges
STORED = 1200  # records that are there before
_OWNERS = {"taggings": "record_id", "entries": "record_id", "creations": "import_id"}
_TABLES = ("skus", "tags", "taggings", "entries", "creations")


class Died(BaseException):
    """What ends a process at a named moment."""


class Moments:
    """Hears the names of moments, and does something at some of them, once."""

    def __init__(self, moments: Mapping[tuple[str, int], Callable[[], object]]) -> None:
        self.moments = dict(moments)
        self.passed: Counter[str] = Counter()

    def __call__(self, point: str) -> None:
        self.passed[point] += 1
        if do := self.moments.get((point, self.passed[point])):
            do()


def die() -> None:
    raise Died


def skus(numbers: range, **fields: object) -> list[dict[str, Any]]:
    return [
        {"code": f"A{number}", "name": "new", "do_not_ship": True, **fields} for number in numbers
    ]


def ask(shop: Organization, rows: list[dict[str, Any]], **request: Any) -> Any:
    given = {"all_or_nothing": True, "skip_errors": False, **request}
    return shop.submit("skus", json.dumps(rows).encode(), **given)


def run(shop: Organization, import_: Any, moments: Moments | None = None) -> Outcome:
    """Run an import to its end, by one process after the other where they die."""
    while True:
        process = shop.working(moments or Moments({}))
        try:
            return process.run(import_)
        except Died:
            continue


def change(shop: Organization, code: str, **fields: object) -> None:
    """Somebody else changes a record."""
    (record,) = (each for each in shop.all("skus") if each["code"] == code)
    id_ = shop.inside(record["id"])
    done = shop.writer.update(shop.environment, "skus", id_, fields, creator=SOMEBODY)
    assert done.record_id is not None, done.findings


def interrupt(shop: Organization, import_: Any) -> None:
    shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)


def sizes(shop: Organization) -> Mapping[str, object]:
    """How many rows the tables of records and of the journal have in the environment."""
    number = shop.environment.number
    with shop.longshore.database.read() as tx:
        return {
            table: tx.fetch(
                f"SELECT count(*) FROM {table} WHERE {_OWNERS.get(table, 'id')} >> 40 = ?",
                (number,),
            )
            for table in _TABLES
        }


def names(shop: Organization) -> Mapping[str, object]:
    return {
        code: (name, weight)
        for code, name, weight in shop.values("skus", *["code", "name", "weight"])
    }


# Judged


def test_one_failed_row_keeps_all_others_out_and_is_told(shop: Organization) -> None:
    shop.load("skus", skus(range(300), name="old"))
    before = sizes(shop)
    rows = skus(range(ROWS), tags=[{"name": "new"}])
    rows[700] |= {"name": None}
    rows[1400] |= {"weight": "heavy"}
    ended = run(shop, ask(shop, rows))
    assert (ended.status, ended.counts) == ("interrupted", (0, 0, 0, 2))
    assert ended.import_.interruption_reason == "nothing was written: 2 rows failed"
    assert (ended.import_.stage, ended.import_.skipped_count) == (Stage.JUDGING, ROWS - 2)
    assert set(ended.errors) == {701, 1401}
    assert sizes(shop) == before
    with shop.longshore.database.read() as tx:
        told = list(ledger_rows(tx, ended.import_.id))
    assert [row.own_number for row in told if row.outcome.word == "failed"] == [701, 1401]
    found = [row.record_id > 0 for row in told if row.outcome.word == "skipped"]
    assert found.count(True) == 300


def test_counts_grow_while_rows_are_judged(shop: Organization) -> None:
    seen: list[tuple[int, int]] = []
    rows = skus(range(ROWS))
    rows[10] |= {"name": None}
    shop.run(
        ask(shop, rows),
        on_progress=lambda at: seen.append((at.skipped_count, at.errors_count)),
    )
    assert seen == [(999, 1), (1499, 1)]


def test_a_stop_rule_ends_the_judging(shop: Organization) -> None:
    rows = skus(range(ROWS))
    rows[10] |= {"name": None}
    rows[11] |= {"name": None}
    ended = shop.load("skus", rows, all_or_nothing=True, skip_errors=False, stop_rules=_after_one())
    assert (ended.status, ended.counts) == ("interrupted", (0, 0, 0, 1))
    assert ended.import_.stopped_by is not None
    assert (ended.import_.stopped_by.row, ended.import_.consumed_count) == (11, 11)


def _after_one() -> Any:
    from longshore.imports import StopRules

    return StopRules(after=1)


def test_what_no_row_keeps_out_is_written_as_by_a_plain_import(
    shop: Organization, elsewhere: Organization
) -> None:
    """With tags made on the way, and rows for what is there and for what earlier rows made."""
    rows = [
        *skus(range(1000), tags=[{"name": "new"}]),
        *skus(range(100), name="again"),
        *skus(range(2000, 2300)),
    ]
    outcomes = []
    for each in (shop, elsewhere):
        each.load("skus", skus(range(700), name="old"))
        outcomes.append(run(each, ask(each, rows, all_or_nothing=each is shop)))
    ours, plain = outcomes
    assert (ours.status, ours.counts) == ("completed", plain.counts)
    assert ours.import_.stage is Stage.WRITING
    assert [row for row, _ in ours.changes] == [row for row, _ in plain.changes]
    told = [[notice.to_dict() for notice in each.import_.notices] for each in outcomes]
    assert told[0] == told[1]
    fields = ("code", "name", "tags")
    assert shop.values("skus", *fields) == elsewhere.values("skus", *fields)
    with shop.longshore.database.read() as tx:
        assert count_ledger(tx, ours.import_.id) == count_ledger(tx, plain.import_.id)
        assert not tx.fetch("SELECT 1 FROM import_pins WHERE import_id = ?", (ours.import_.id,))


# Interrupted


def test_an_interrupt_while_rows_are_judged_ends_it_with_nothing_written(
    shop: Organization,
) -> None:
    before = sizes(shop)
    import_ = ask(shop, skus(range(ROWS)))
    ended = run(shop, import_, Moments({("judged", 1): lambda: interrupt(shop, import_)}))
    assert (ended.status, ended.import_.stage) == ("interrupted", Stage.JUDGING)
    assert sizes(shop) == before


@pytest.mark.parametrize(("point", "passing"), [("started", 2), ("flushed", 2), ("committed", 1)])
def test_an_interrupt_while_rows_are_written_has_them_taken_back(
    shop: Organization, point: str, passing: int
) -> None:
    """Also where the interrupt comes into the middle of a range, which is not written then."""
    if point == "flushed" and shop.longshore.database.is_embedded:
        pytest.skip("whoever interrupts waits for the one writer")
    shop.load("skus", skus(range(STORED), name="old"))
    before = state(shop, "skus")
    import_ = ask(shop, skus(range(ROWS)))
    ended = run(shop, import_, Moments({(point, passing): lambda: interrupt(shop, import_)}))
    assert (ended.status, ended.counts) == ("interrupted", (0, 0, 0, 0))
    assert ended.import_.stage is Stage.GOING_BACK
    assert ended.import_.skipped_count == ended.import_.consumed_count == 1000
    assert ended.import_.interruption_reason == "it was stopped; 1,000 rows were taken back"
    assert state(shop, "skus") == before


# Moved


def moving(shop: Organization) -> tuple[Any, dict[tuple[str, int], Callable[[], object]]]:
    """An import during which somebody changes a record of a row that is written, and one of a row
    that is not."""
    shop.load("skus", skus(range(STORED), name="old", weight=1, unit_of_weight="gr"))

    def move() -> None:
        change(shop, "A5", name="by hand")
        change(shop, "A1100", name="by hand")

    return ask(shop, skus(range(ROWS), weight=2)), {("committed", 1): move}


def check_moved(shop: Organization, before: Mapping[str, object], ended: Outcome) -> None:
    """Nothing differs from before but the fields that somebody has changed."""
    assert (ended.status, ended.import_.stage) == ("interrupted", Stage.GOING_BACK)
    expected = {**before, "A5": ("by hand", 1), "A1100": ("by hand", 1)}
    assert names(shop) == expected
    with shop.longshore.database.read() as tx:
        (kept,) = kept_of(tx, ended.import_.id)
        counts = count_ledger(tx, ended.import_.id)
    assert (list(kept.fields), kept.reason, kept.row_number) == (["name"], "changed_since", 6)
    assert ended.counts == (0, 1, 0, 0)
    assert ended.import_.skipped_count == 999
    assert {outcome.word: count for outcome, count in counts.items() if count} == {
        "updated": 1,
        "skipped": 999,
    }
    reason = ended.import_.interruption_reason or ""
    assert "row 1,101" in reason, reason
    assert reason.endswith("; 999 rows were taken back; 1 field stays as somebody else has left it")


def test_what_was_moved_in_the_middle_is_all_that_differs_from_before(shop: Organization) -> None:
    import_, moments = moving(shop)
    before = names(shop)
    check_moved(shop, before, run(shop, import_, Moments(moments)))


def test_what_has_moved_before_the_first_row_is_written_is_told_and_nothing_is(
    shop: Organization,
) -> None:
    """Also rows of later ranges: the whole is compared once more where somebody has written."""
    shop.load("skus", skus(range(STORED), name="old"))
    import_ = ask(shop, skus(range(ROWS)))
    before = sizes(shop)["skus"]
    moments = Moments({("judged", 2): lambda: change(shop, "A1100", name="by hand")})
    ended = run(shop, import_, moments)
    assert (ended.status, ended.import_.stage) == ("interrupted", Stage.WRITING)
    assert (ended.counts, ended.import_.consumed_count) == ((0, 0, 0, 0), 0)
    assert ended.import_.interruption_reason == (
        "row 1,101 (line 1) is not as it was judged: its record has changed; nothing was written"
    )
    moved = ended.import_.moved
    assert moved is not None
    assert [row.row for row in moved.rows] == [1101]
    assert sizes(shop)["skus"] == before
    assert moments.passed["flushed"] == 0


@pytest.mark.parametrize(
    ("point", "passing"),
    [
        ("judging", 2),
        ("judged", 1),
        ("judged", 2),
        ("started", 1),
        ("flushed", 1),
        ("checkpointed", 1),
        ("committed", 2),
        ("going back", 1),
        ("taken back", 1),
        ("gone back", 1),
        ("going back", 2),
    ],
)
def test_whoever_goes_on_after_a_death_ends_as_if_there_had_been_none(
    shop: Organization, point: str, passing: int
) -> None:
    import_, moments = moving(shop)
    before = names(shop)
    ended = run(shop, import_, Moments(moments | {(point, passing): die}))
    check_moved(shop, before, ended)


# What cannot be gone on with


def damage(shop: Organization, import_: Any) -> None:
    path = shop.longshore.attachments.path(import_.attachment_name)
    path.write_bytes(path.read_bytes()[:200])


def remove(shop: Organization, import_: Any) -> None:
    shop.longshore.attachments.delete(import_.attachment_name)


@pytest.mark.parametrize("lose", [damage, remove])
def test_a_source_that_is_lost_while_rows_are_written_has_them_taken_back(
    shop: Organization, lose: Callable[[Organization, Any], object]
) -> None:
    before = sizes(shop)["skus"]
    import_ = ask(shop, skus(range(ROWS)))

    def lose_and_die() -> None:
        lose(shop, import_)
        die()

    ended = run(shop, import_, Moments({("committed", 1): lose_and_die}))
    assert (ended.status, ended.import_.stage) == ("interrupted", Stage.GOING_BACK)
    assert (ended.import_.interruption_reason or "").endswith("; 1,000 rows were taken back")
    assert sizes(shop)["skus"] == before


def test_a_row_that_the_database_refuses_is_named_and_nothing_stays(shop: Organization) -> None:
    before = sizes(shop)["skus"]
    rows = skus(range(ROWS))
    rows[1299] |= {"code": "REFUSED-1"}
    with forbidden_codes(shop):
        ended = run(shop, ask(shop, rows))
    assert (ended.status, ended.import_.stage) == ("interrupted", Stage.GOING_BACK)
    reason = ended.import_.interruption_reason or ""
    assert reason.startswith("row 1,300 (line 1) is not as it was judged: the database refuses it")
    assert reason.endswith("; 1,000 rows were taken back")
    assert sizes(shop)["skus"] == before


def test_a_source_that_is_lost_before_anything_is_written_ends_it(shop: Organization) -> None:
    import_ = ask(shop, skus(range(ROWS)))
    remove(shop, import_)
    ended = run(shop, import_)
    assert (ended.status, ended.import_.stage) == ("interrupted", Stage.JUDGING)
    assert (ended.import_.interruption_reason or "").endswith("; nothing was written")


@pytest.mark.parametrize(
    ("point", "stage", "expected"),
    # The first of those that write has committed a range.
    [("judging", "judging", 3), ("flushed", "going_back", 4)],
)
def test_processes_that_die_again_and_again_leave_nothing_behind(
    shop: Organization, point: str, stage: str, expected: int
) -> None:
    """The second range kills them: those that write it have it go back, for which they live."""
    before = sizes(shop)["skus"]
    import_ = ask(shop, skus(range(ROWS)))
    deaths = 0

    def kill() -> None:
        nonlocal deaths
        deaths += 1
        raise RuntimeError("a bug")

    while True:
        first = 2 if deaths == 0 or point == "judging" else 1
        process = shop.working(Moments({(point, first): kill}))
        try:
            ended = process.run(import_)
        except RuntimeError:
            continue
        break
    assert deaths == expected
    assert (ended.status, ended.import_.stage) == ("interrupted", stage)
    assert "runners in a row" in (ended.import_.interruption_reason or "")
    assert sizes(shop)["skus"] == before
