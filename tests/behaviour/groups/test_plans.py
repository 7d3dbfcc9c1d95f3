"""Groups of plans: members are judged one after the other, each over what those before it would
leave, whichever process goes through them."""

from typing import Any

import pytest

from longshore.errors import RequestRefused
from longshore.imports import ALL_OUTCOMES, Import, ImportGroup, Status, list_pins
from longshore.operations import GroupRequest
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Members, group_source, load, run, statuses

SKUS = "code,name,shipping_category.name\nA,Apple,Fruit\nB,,Fruit\nC,Cherry,Meat\nOLD,New,Fruit\n"
PRICES = "sku_code,price_list.name,amount_cents\nA,EU,100\nB,EU,200\nD,EU,10\nA,EU,120\n"
GROUP: Members = {
    "shipping_categories": "name\nFruit\n",
    "price_lists": [{"name": "EU", "currency_code": "EUR"}],
    "skus": SKUS,
    "prices": PRICES,
}
COUNTS = [(1, 0, 0, 0), (1, 0, 0, 0), (1, 1, 0, 2), (2, 1, 0, 1)]


@pytest.fixture
def ready(shop: Organization) -> Organization:
    shop.have("skus", code="OLD")
    shop.have("skus", code="D")
    return shop


def planned(shop: Organization, members: Members = GROUP, **request: Any) -> ImportGroup:
    """A group of plans that waits to be gone through."""
    asked = GroupRequest(**{"skip_errors": True, **request})
    return shop.longshore.group_submissions.submit(
        shop.environment, group_source(members), asked, is_plan=True
    )


def told(shop: Organization, group: ImportGroup) -> list[tuple[Any, ...]]:
    """What is known of each member: counts, errors, and what would become of its rows, whatever
    the id of the member is that holds the cause of an error."""
    found = []
    positions = {
        shop.longshore.public_ids.encode(each.id): position
        for position, each in enumerate(group.members)
    }
    for member in group.members:
        outcome = shop.told(member)
        with shop.longshore.import_plans.rows(member, outcomes=ALL_OUTCOMES) as shown:
            rows = list(shown)
        for error in (error for row in rows for error in row["errors"]):
            if error["cause"] is not None:
                error["cause"]["import_id"] = positions[error["cause"]["import_id"]]
        found.append((outcome.counts, outcome.errors, rows))
    return found


def test_plans_of_a_group_find_what_the_members_before_would_make(ready: Organization) -> None:
    before = {name: ready.all(name) for name in GROUP}
    group = run(ready, planned(ready))
    assert group.is_plan
    assert group.status is Status.COMPLETED
    assert [counts for counts, _, _ in told(ready, group)] == COUNTS
    assert {name: ready.all(name) for name in before} == before
    done = load(ready, GROUP, skip_errors=True)
    imported = [ready.told(each) for each in done.members]
    assert [(each.counts, each.errors) for each in imported] == [
        (counts, errors) for counts, errors, _ in told(ready, group)
    ]


def test_records_that_members_before_would_make_are_named_without_ids(ready: Organization) -> None:
    group = run(ready, planned(ready))
    last = told(ready, group)[-1][-1]
    assert [row["outcome"] for row in last] == ["created", "failed", "created", "updated"]
    assert {(row["record"] or {}).get("id") for row in last} == {None}


def test_members_are_planned_in_their_order_and_wait_for_nobody_else(shop: Organization) -> None:
    shop.submit("tags", b'[{"name": "U"}]')  # an import that nobody runs
    group = planned(shop, {"customer_groups": [{"name": "G"}], "tags": [{"name": "T"}]})
    with pytest.raises(RequestRefused, match="waits for"):
        shop.longshore.import_runs.run(group.members[1].id)
    # nor does anybody wait for them
    assert shop.load("customer_groups", [{"name": "H"}]).status == "completed"
    assert statuses(run(shop, group)) == ["completed", "completed"]


def test_another_process_goes_on_with_the_members_that_are_left(ready: Organization) -> None:
    whole = told(ready, run(ready, planned(ready)))
    group = planned(ready)
    for member in group.members:
        process = ready.in_chunks(2)  # has no picture
        process.longshore.import_runs.run(member.id)
    assert told(ready, ready.longshore.import_groups.read(group.id)) == whole


def test_members_are_judged_again_where_the_picture_of_another_group_came_between(
    ready: Organization,
) -> None:
    whole = told(ready, run(ready, planned(ready)))
    one, other = planned(ready), planned(ready)
    for pair in zip(one.members, other.members, strict=True):
        for member in pair:
            ready.longshore.import_runs.run(member.id)
    for group in (one, other):
        assert told(ready, ready.longshore.import_groups.read(group.id)) == whole


def test_member_that_was_left_in_the_middle_begins_again(ready: Organization) -> None:
    many = {
        "tags": "name\n" + "".join(f"T{number}\n" for number in range(1_100)),
        "skus": "code,name,do_not_ship,tags\n"
        + "".join(f"S{number},x,true,T{number}\n" for number in range(1_100)),
    }
    group = planned(ready, many)
    heard: list[int] = []

    def stop_within(wanted: Import) -> bool:
        return bool(heard) and heard[-1] == wanted.id

    first, second = group.members
    ready.longshore.import_runs.run(
        first.id,
        on_progress=lambda plan: heard.append(plan.id),
        should_stop=lambda: stop_within(first),
    )
    assert statuses(ready.longshore.import_groups.read(group.id)) == ["in_progress", "pending"]
    ready.longshore.import_runs.run(first.id)
    ready.longshore.import_runs.run(
        second.id,
        on_progress=lambda plan: heard.append(plan.id),
        should_stop=lambda: stop_within(second),
    )
    assert statuses(ready.longshore.import_groups.read(group.id)) == ["completed", "in_progress"]
    # what stops before the members before it are pictured has done nothing, and begins again
    ready.in_chunks(100).longshore.import_runs.run(second.id, should_stop=lambda: True)
    ended = run(ready, group)
    assert [each.created_count for each in ended.members] == [1_100, 1_100]
    # every tag that the second names is one that the first would make
    assert not any(row["further_records"] for row in told(ready, ended)[1][2])


def test_pins_are_not_kept_of_members(ready: Organization) -> None:
    group = run(ready, planned(ready))
    with ready.longshore.database.read() as tx:
        assert not any(list(list_pins(tx, each.id, limit=10)) for each in group.members)


def test_member_whose_group_would_take_too_much_room_is_interrupted(ready: Organization) -> None:
    few = ready.working(plan_bytes=1)
    many = "name\n" + "".join(f"T{number}\n" for number in range(1_100))
    group = run(few, planned(few, {"tags": many, "customer_groups": "name\nG\n"}))
    assert statuses(group)[0] == "interrupted"
    assert "takes more than 1 bytes" in str(group.members[0].interruption_reason)
    # whoever pictures the members before it once more needs the room for them
    group = planned(ready, {"tags": "name\nT\n", "customer_groups": "name\nG\n"})
    ready.longshore.import_runs.run(group.members[0].id)
    assert few.longshore.import_runs.run(group.members[1].id).status is Status.INTERRUPTED


def test_member_behind_a_source_that_is_gone_is_interrupted(ready: Organization) -> None:
    group = planned(ready, {"tags": "name\nT\n", "customer_groups": "name\nG\n"})
    ready.longshore.import_runs.run(group.members[0].id)
    ready.longshore.attachments.delete(group.members[0].attachment_name)
    elsewhere = ready.in_chunks(2)
    assert elsewhere.longshore.import_runs.run(group.members[1].id).status is Status.INTERRUPTED
