"""A group of plans is applied as long as nobody has written what it has read: then a group of
imports does what the plans say."""

import io

import pytest

from longshore.errors import RequestRefused
from longshore.imports import ImportGroup, Status, interrupt_import
from longshore.operations import GroupRequest, PlanNotApplicable
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Members, group_source, load, run, statuses
from tests.behaviour.groups.test_plans import COUNTS, GROUP, planned

SMALL: Members = {"customer_groups": "name\nG\n", "tags": "name\nT\n"}


@pytest.fixture
def ready(shop: Organization) -> Organization:
    shop.have("skus", code="OLD")
    shop.have("skus", code="D")
    return shop


def applied(shop: Organization, plan: ImportGroup) -> ImportGroup:
    return shop.longshore.group_applier.apply(shop.environment, plan)


def refusal(shop: Organization, plan: ImportGroup) -> str:
    with pytest.raises(PlanNotApplicable) as refused:
        applied(shop, plan)
    found = shop.longshore.group_applier.refusal(plan)
    assert found is not None
    assert found.message == refused.value.message
    return found.message


def test_applied_group_does_what_the_plans_say(ready: Organization) -> None:
    plan = run(ready, planned(ready, reference="r"))
    assert ready.longshore.group_applier.refusal(plan) is None
    group = applied(ready, plan)
    assert (group.is_plan, group.plan_id, group.reference) == (False, plan.id, "r")
    assert [each.plan_id for each in group.members] == [each.id for each in plan.members]
    ended = run(ready, group)
    assert statuses(ended) == ["completed"] * 4
    assert [ready.told(each).counts for each in ended.members] == COUNTS
    assert [ready.told(each).errors for each in ended.members] == [
        ready.told(each).errors for each in plan.members
    ]
    public_id = ready.longshore.public_ids.encode(group.id)
    assert ready.longshore.group_applier.applied_by(plan) == public_id


def test_group_is_applied_once(shop: Organization) -> None:
    plan = run(shop, planned(shop, SMALL))
    group = applied(shop, plan)
    public_id = shop.longshore.public_ids.encode(group.id)
    assert f"is being applied, by the group {public_id}" in refusal(shop, plan)
    run(shop, group)
    assert "is applied already" in refusal(shop, plan)


def test_group_whose_tables_were_written_since_is_refused(ready: Organization) -> None:
    plan = run(ready, planned(ready))
    ready.have("tags", name="no-member-reads-tags")
    assert ready.longshore.group_applier.refusal(plan) is None
    ready.load("skus", [{"code": "OLD", "name": "y"}])
    assert "since it was made, skus have been written" in refusal(ready, plan)


def test_group_is_refused_where_its_own_sources_were_imported_meanwhile(
    ready: Organization,
) -> None:
    plan = run(ready, planned(ready))
    load(ready, GROUP, skip_errors=True)
    assert "price_lists, prices, shipping_categories, skus have been written" in refusal(
        ready, plan
    )


def test_tables_that_are_written_before_the_first_member_begins_stop_the_group(
    ready: Organization,
) -> None:
    plan = run(ready, planned(ready))
    older = ready.submit("skus", b'[{"code": "OLD", "name": "y"}]')
    group = applied(ready, plan)  # waits for the older import
    ready.run(older)
    first = ready.longshore.import_runs.run(group.members[0].id)
    assert first.status is Status.INTERRUPTED
    assert first.moved is not None
    assert "skus have been written" in first.moved.message
    ended = ready.longshore.import_groups.read(group.id)
    assert statuses(ended) == ["interrupted"] * 4
    assert not ready.all("shipping_categories", ("name_eq", "Fruit"))
    # it has changed nothing; the store is what stands in its way
    assert "skus have been written" in refusal(ready, plan)


def test_members_are_not_held_against_what_the_group_itself_writes(ready: Organization) -> None:
    group = applied(ready, run(ready, planned(ready)))
    for member in group.members:
        ready.in_chunks(1).longshore.import_runs.run(member.id)
    assert statuses(ready.longshore.import_groups.read(group.id)) == ["completed"] * 4


def test_group_that_was_stopped_before_it_changed_anything_can_be_applied_again(
    shop: Organization,
) -> None:
    plan = run(shop, planned(shop, SMALL))
    group = applied(shop, plan)
    with shop.longshore.database.write() as tx:
        interrupt_import(tx, group.members[0].id, application_id=None)
    again = run(shop, applied(shop, plan))
    assert statuses(again) == ["completed", "completed"]


def test_group_whose_flags_have_changed_is_refused(shop: Organization) -> None:
    plan = run(shop, planned(shop, SMALL))
    shop.with_flags(imports_skip_errors=True)
    assert "what decides about all rows has changed" in refusal(shop, plan)


def test_group_that_is_not_planned_to_its_end_is_refused(shop: Organization) -> None:
    plan = planned(shop, SMALL)
    assert "is pending: 0 of 2 rows are planned" in refusal(shop, plan)
    shop.longshore.import_runs.run(plan.members[0].id)
    plan = shop.longshore.import_groups.read(plan.id)
    assert "is in_progress: 1 of 2 rows are planned" in refusal(shop, plan)


def test_group_that_was_interrupted_is_refused(ready: Organization) -> None:
    plan = run(ready, planned(ready, skip_errors=False))
    assert "was interrupted before its last row" in refusal(ready, plan)


def test_group_that_has_expired_is_refused(shop: Organization) -> None:
    plan = run(shop, planned(shop, SMALL))
    with shop.longshore.database.write() as tx:
        tx.execute("UPDATE imports SET expires_at = 0 WHERE group_id = ?", (plan.id,))
    assert "has expired" in refusal(shop, shop.longshore.import_groups.read(plan.id))


def test_group_of_imports_and_a_member_alone_are_not_applied(shop: Organization) -> None:
    assert "is a group of imports, and no plan" in refusal(shop, load(shop, SMALL))
    plan = run(shop, planned(shop, SMALL))
    with pytest.raises(RequestRefused, match="belongs to the group"):
        shop.longshore.plan_applier.apply(shop.environment, plan.members[0])


def test_sources_of_plans_and_of_what_applies_them_are_kept_as_long_as_one_needs_them(
    shop: Organization,
) -> None:
    plan = run(shop, planned(shop, SMALL))
    group = applied(shop, plan)
    names = [each.attachment_name for each in group.members]
    assert names == [each.attachment_name for each in plan.members]
    with shop.longshore.database.write() as tx:
        tx.execute("UPDATE imports SET expires_at = 0 WHERE group_id = ?", (plan.id,))
    shop.longshore.cleanup.expire_plans()
    assert gone(shop, plan) == [False, False]  # it is being applied
    run(shop, group)
    shop.longshore.cleanup.expire_plans()
    assert gone(shop, plan) == [True, True]
    assert gone(shop, group) == [False, False]
    folder = shop.longshore.settings.data / "attachments"
    assert {each.name for each in folder.iterdir()} >= set(names)


def gone(shop: Organization, group: ImportGroup) -> list[bool]:
    """Of which members the source is said to be removed."""
    members = shop.longshore.import_groups.read(group.id).members
    return [each.attachment_expired_at is not None for each in members]


def test_file_of_a_group_is_kept_as_long_as_its_plan_or_what_applies_it_needs_it(
    shop: Organization,
) -> None:
    attachments = shop.longshore.attachments
    original = attachments.write(Source.from_stream(io.BytesIO(b"a,b\n1,2\n")))
    source = group_source(SMALL, original=original)
    submissions = shop.longshore.group_submissions
    plan = run(shop, submissions.submit(shop.environment, source, GroupRequest(), is_plan=True))
    group = run(shop, applied(shop, plan))
    assert group.attachment_name == plan.attachment_name == original.name
    folder = shop.longshore.settings.data / "attachments"
    for each, is_kept in ((plan, True), (group, False)):
        with shop.longshore.database.write() as tx:
            tx.execute("UPDATE import_groups SET expires_at = 0 WHERE id = ?", (each.id,))
        shop.longshore.cleanup.expire_attachments()
        now = shop.longshore.import_groups.read(each.id)
        assert now.attachment_expired_at is not None
        assert (original.name in {file.name for file in folder.iterdir()}) is is_kept
