"""When failed rows stop a group: judged over the rows of all members, and a member that is stopped
takes those behind it along."""

from decimal import Decimal
from typing import Any

import pytest

from longshore.error_codes import ErrorCode
from longshore.imports import (
    GROUP_THRESHOLD,
    ImportGroup,
    Status,
    StoppedBy,
    StopRule,
    StopRules,
)
from longshore.operations import Asker, GroupRequest
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Rows, group_source, load, run, statuses, submit


def tags(pattern: str) -> Rows:
    """Rows of tags: `.` is one that succeeds, `x` one that fails."""
    return [{"name": f"T{index}" if each == "." else ""} for index, each in enumerate(pattern)]


def groups(pattern: str) -> Rows:
    """The same of customer groups."""
    return [{"name": f"G{index}" if each == "." else ""} for index, each in enumerate(pattern)]


def three(first: str, second: str, third: str) -> dict[str, Rows]:
    """The rows of three members that write no table in common."""
    lists = [{"name": f"L{i}" if each == "." else ""} for i, each in enumerate(third)]
    return {"tags": tags(first), "customer_groups": groups(second), "shipping_categories": lists}


def consumed(group: ImportGroup) -> list[int]:
    """How many rows of each member were gone through."""
    return [each.consumed_count for each in group.members]


def reasons(shop: Organization, group: ImportGroup) -> list[Any]:
    """What the log of errors of each member says of the member as a whole."""
    told = [shop.told(each).errors_log.get("unknown", {}).get("base") for each in group.members]
    return [each and each[0] for each in told]


def behind(shop: Organization, group: ImportGroup, position: int) -> str:
    """The reason of those that a member takes along."""
    stopped = group.members[position]
    public_id = shop.longshore.public_ids.encode(stopped.id)
    return (
        f"the import {public_id} of {stopped.resource_type}, before it in its group, was "
        "interrupted"
    )


def test_member_by_itself_never_trips_the_threshold(shop: Organization) -> None:
    group = load(shop, three("x" * 2 + "." * 2, "." * 10, "." * 10))
    assert statuses(group) == ["completed"] * 3
    assert [each.errors_count for each in group.members] == [2, 0, 0]


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_threshold_is_judged_over_the_rows_of_the_group(
    shop: Organization, chunk_rows: int
) -> None:
    shop = shop.in_chunks(chunk_rows)
    # Of 30 rows the fourth that fails is more than 10 %.
    group = load(shop, three("xx........", "...xx.....", ".........."))
    assert statuses(group) == ["completed", "interrupted", "interrupted"]
    assert consumed(group) == [10, 5, 0]
    assert group.status is Status.INTERRUPTED
    assert reasons(shop, group) == [None, GROUP_THRESHOLD, behind(shop, group, 1)]
    assert group.members[2].started_at is None


def test_threshold_is_reached_exactly_where_it_is_exceeded(shop: Organization) -> None:
    assert (
        statuses(load(shop, three("xx........", "...x......", ".........."))) == ["completed"] * 3
    )


def test_skip_errors_goes_on_whatever_fails(shop: Organization) -> None:
    group = load(shop, three("xxx", "xxx", "xx."), skip_errors=True)
    assert statuses(group) == ["completed"] * 3
    assert consumed(group) == [3, 3, 3]


@pytest.mark.parametrize(
    ("chunk_rows", "rules", "pattern", "where", "by"),
    [
        pytest.param(
            100,
            StopRules(after=3),
            (".x.x", "..x.", "...."),
            (4, 3, 0),
            StoppedBy(rule=StopRule.AFTER, value=3, row=3),
            id="after",
        ),
        pytest.param(
            1,
            StopRules(at=Decimal(25)),
            (".x..", "x...", "x.xx"),
            (4, 4, 1),
            StoppedBy(rule=StopRule.AT, value=Decimal(25), row=1),
            id="at",
        ),
        pytest.param(
            100,
            StopRules(consecutive=3),
            ("x.xx", "x...", "...."),
            (4, 1, 0),
            StoppedBy(rule=StopRule.CONSECUTIVE, value=3, row=1),
            id="a series that goes on",
        ),
        pytest.param(
            1,
            StopRules(consecutive=4),
            ("...x", "xx", "x..."),
            (4, 2, 1),
            StoppedBy(rule=StopRule.CONSECUTIVE, value=4, row=1),
            id="a series over a whole member",
        ),
        pytest.param(
            2,
            StopRules(consecutive=3),
            ("x.xx", ".xx.", "xx.."),
            (4, 4, 4),
            None,
            id="series that end",
        ),
        pytest.param(
            2,
            StopRules(on=(ErrorCode.BLANK,)),
            ("....", ".x..", "...."),
            (4, 2, 0),
            StoppedBy(rule=StopRule.ON, value=ErrorCode.BLANK, row=2),
            id="on",
        ),
    ],
)
def test_stop_rules_are_judged_over_the_rows_of_the_group(
    shop: Organization,
    chunk_rows: int,
    rules: StopRules,
    pattern: tuple[str, str, str],
    where: tuple[int, int, int],
    by: StoppedBy | None,
) -> None:
    shop = shop.in_chunks(chunk_rows)
    group = load(shop, three(*pattern), skip_errors=True, stop_rules=rules)
    assert consumed(group) == list(where)
    assert [each.stopped_by for each in group.members if each.stopped_by] == ([by] if by else [])


def test_members_behind_an_interrupted_one_are_interrupted_with_the_reason(
    shop: Organization,
) -> None:
    group = submit(shop, three("..", "..", ".."))
    shop.longshore.imports.interrupt(Asker(environment=shop.environment), group.members[1].id)
    ended = run(shop, group)
    assert statuses(ended) == ["completed", "interrupted", "interrupted"]
    assert reasons(shop, ended) == [None, None, behind(shop, ended, 1)]


def test_members_behind_a_deleted_one_are_interrupted(shop: Organization) -> None:
    group = submit(shop, three("..", "..", ".."))
    shop.longshore.imports.delete(Asker(environment=shop.environment), group.members[0].id)
    ended = run(shop, group)
    assert statuses(ended) == ["interrupted"] * 3
    assert reasons(shop, ended)[1:] == [behind(shop, ended, 0)] * 2


def test_member_that_cannot_start_takes_those_behind_it_along(shop: Organization) -> None:
    group = submit(shop, three("..", "..", ".."))
    shop.longshore.attachments.delete(group.members[1].attachment_name)
    ended = run(shop, group)
    assert statuses(ended) == ["completed", "interrupted", "interrupted"]
    _, second, third = reasons(shop, ended)
    assert "attachment" in second
    assert third == behind(shop, ended, 1)
    assert [each.created_count for each in ended.members] == [2, 0, 0]
    # Nobody waits for them.
    assert shop.load("shipping_categories", [{"name": "S"}]).status == "completed"


def test_member_whose_runners_die_takes_those_behind_it_along(shop: Organization) -> None:
    group = submit(shop, three("..", "..", ".."))
    with shop.longshore.database.write() as tx:
        tx.execute("UPDATE runs SET attempts = 1000 WHERE id = ?", (group.members[0].id,))
    ended = run(shop, group)
    assert statuses(ended) == ["interrupted"] * 3
    assert "runners in a row" in reasons(shop, ended)[0]


def test_newer_import_that_supersedes_a_member_ends_the_group(shop: Organization) -> None:
    group = submit(shop, three("..", "..", ".."))
    told: list[int] = []
    newer = submit(shop, {"customer_groups": groups("..")})
    shop.longshore.group_submissions.submit(
        shop.environment,
        group_source({"customer_groups": groups("."), "tags": tags(".")}),
        GroupRequest(),
        on_superseded=lambda older: told.append(older.id),
    )
    ended = shop.longshore.import_groups.read(group.id)
    assert statuses(ended) == ["interrupted"] * 3
    assert told == [group.members[1].id, newer.members[0].id, group.members[0].id]
