"""What can be asked of groups: found, listed, stopped, deleted; how long their source is kept."""

import dataclasses
import io
from collections.abc import Mapping

import pytest

from longshore.errors import RequestRefused
from longshore.imports import ImportFinished, ImportGroup, Status, attachment_names, get_import
from longshore.operations import Asker, GroupRequest, NoSuchGroup
from longshore.readers import Format
from longshore.sources import Source, StoredAttachment
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Rows, group_source, load, run, statuses, submit

MOMENT = 1e-9  # days; less than a millisecond
TWO: Mapping[str, Rows | str] = {"tags": [{"name": "T"}], "customer_groups": [{"name": "G"}]}


def asker(shop: Organization) -> Asker:
    return Asker(environment=shop.environment)


def stored(shop: Organization) -> StoredAttachment:
    """The file of which members were made."""
    source = Source.from_stream(io.BytesIO(b"a,b\n1,2\n"), name="all.csv", format=Format.CSV)
    return shop.longshore.attachments.write(source, is_ahead=True)


def with_file(
    shop: Organization, members: Mapping[str, Rows | str], *, is_plan: bool = False
) -> tuple[ImportGroup, str]:
    """A group that waits, and the name of its file."""
    file = stored(shop)
    source = dataclasses.replace(group_source(members), original=file)
    group = shop.longshore.group_submissions.submit(
        shop.environment, source, GroupRequest(), is_plan=is_plan
    )
    return group, file.name


def test_groups_are_found_by_their_id_in_their_environment(shop: Organization) -> None:
    group = submit(shop, TWO)
    assert shop.longshore.import_groups.get(asker(shop), group.id) == group
    for other in (shop.in_mode("live").environment, shop.environment):
        with pytest.raises(NoSuchGroup, match="there is no import group"):
            shop.longshore.import_groups.find(other, "nothing")
    with pytest.raises(NoSuchGroup):
        shop.longshore.import_groups.get(asker(shop.in_mode("live")), group.id)
    with pytest.raises(NoSuchGroup):
        shop.longshore.import_groups.find(
            shop.environment, shop.longshore.public_ids.encode(group.members[0].id)
        )


def test_groups_are_listed_newest_first_apart_from_those_of_plans(shop: Organization) -> None:
    first, second, third = (submit(shop, TWO) for _ in range(3))
    plans, _ = with_file(shop, TWO, is_plan=True)
    groups = shop.longshore.import_groups
    page = groups.page(asker(shop), offset=1, limit=5)
    assert ([each.id for each in page.groups], page.count) == ([second.id, first.id], 3)
    newest = groups.page(asker(shop), offset=0, limit=1)
    assert [each.id for each in newest.groups] == [third.id]
    assert groups.page(asker(shop), offset=0, limit=5, are_plans=True).groups == [plans]
    assert {each.is_plan for each in plans.members} == {True}


def test_interrupted_group_keeps_what_its_members_have_done(shop: Organization) -> None:
    small = shop.in_chunks(1)
    rows = [{"name": f"T{index}"} for index in range(5)]
    group = submit(small, {"tags": rows, **{"customer_groups": TWO["customer_groups"]}})
    groups = small.longshore.import_groups
    ended = run(small, group, on_progress=lambda _: groups.interrupt(asker(shop), group.id))
    assert statuses(ended) == ["interrupted", "interrupted"]
    assert [each.created_count for each in ended.members] == [1, 0]
    with pytest.raises(ImportFinished, match=r"import group .* is interrupted already"):
        groups.interrupt(asker(shop), group.id)
    assert submit(shop, TWO).status is Status.PENDING


def test_stopped_group_is_gone_on_with_where_it_was(shop: Organization) -> None:
    small = shop.in_chunks(1)
    rows = [{"name": f"T{index}"} for index in range(3)]
    group = submit(small, {"tags": rows, "customer_groups": rows})
    done: list[int] = []
    for _ in range(6):
        committed: list[int] = []
        group = run(
            small,
            group,
            on_progress=lambda member, committed=committed: committed.append(member.id),
            should_stop=lambda committed=committed: bool(committed),
        )
        done.append(group.total("consumed_count"))
    assert done == list(range(1, 7))
    assert statuses(group) == ["completed", "completed"]


def test_deleted_group_takes_its_members_along_and_leaves_their_records(
    shop: Organization,
) -> None:
    group = load(shop, TWO)
    waiting = submit(shop, TWO)
    for each in (group, waiting):
        shop.longshore.import_groups.delete(asker(shop), each.id)
        with pytest.raises(NoSuchGroup):
            shop.longshore.import_groups.get(asker(shop), each.id)
        with shop.longshore.database.read() as tx:
            for member in each.members:
                assert get_import(tx, shop.environment.number, member.id) is None
    assert statuses(shop.longshore.import_groups.read(waiting.id)) == ["interrupted"] * 2
    assert shop.values("tags", "name") == ["t"]
    assert shop.longshore.import_groups.page(asker(shop), offset=0, limit=5).groups == []


def test_deleted_group_of_plans_is_gone(shop: Organization) -> None:
    plans, _ = with_file(shop, TWO, is_plan=True)
    shop.longshore.import_groups.delete(asker(shop), plans.id)
    with pytest.raises(NoSuchGroup):
        shop.longshore.import_groups.get(asker(shop), plans.id)


def test_members_say_of_which_group_they_are(shop: Organization) -> None:
    group = submit(shop, TWO)
    shown = shop.longshore.imports.resource(asker(shop), group.members[0])
    assert shown.meta["group_id"] == shop.longshore.public_ids.encode(group.id)
    alone = shop.submit("tags", b'[{"name": "U"}]')
    assert shop.longshore.imports.resource(asker(shop), alone).meta["group_id"] is None


def test_file_of_a_group_is_kept_as_long_as_the_sources_of_its_members(
    shop: Organization,
) -> None:
    shop = shop.working(attachment_retention_days=MOMENT)
    attachments, cleanup = shop.longshore.attachments, shop.longshore.cleanup
    group, name = with_file(shop, TWO)
    shop.longshore.import_runs.run(group.members[0].id)
    cleanup.tidy()
    assert attachments.exists(name)
    run(shop, group)
    cleanup.tidy()
    assert not attachments.exists(name)
    read = shop.longshore.import_groups.read(group.id)
    assert read.attachment_expired_at is not None
    assert all(each.attachment_expired_at for each in read.members)


def test_file_of_a_group_is_no_leftover(shop: Organization) -> None:
    group, name = with_file(shop, TWO)
    run(shop, group)
    with shop.longshore.database.read() as tx:
        assert name in attachment_names(tx, environment=shop.environment.number)


def test_file_in_which_secrets_may_stand_is_removed_soon(shop: Organization) -> None:
    shop = shop.working(secret_attachment_hours=MOMENT)
    attachments = shop.longshore.attachments
    harmless, kept = with_file(shop, TWO)
    secret, gone = with_file(shop, {"customers": [{"email": "a@example.com"}], **TWO})
    shop.longshore.cleanup.expire_secrets()
    assert attachments.exists(gone)
    run(shop, harmless)
    run(shop, secret)
    shop.longshore.cleanup.expire_secrets()
    assert (attachments.exists(kept), attachments.exists(gone)) == (True, False)


def test_file_of_a_group_of_plans_goes_with_the_plans(shop: Organization) -> None:
    plans, name = with_file(shop, TWO, is_plan=True)
    shop.longshore.cleanup.tidy()
    assert shop.longshore.attachments.exists(name)
    shop.longshore.import_groups.delete(asker(shop), plans.id)
    shop.longshore.cleanup.tidy()
    assert not shop.longshore.attachments.exists(name)


def test_file_is_removed_where_the_group_is_refused(shop: Organization) -> None:
    file = stored(shop)
    source = dataclasses.replace(group_source({**TWO, "skus": ""}), original=file)
    with pytest.raises(RequestRefused, match="empty"):
        shop.longshore.group_submissions.submit(shop.environment, source, GroupRequest())
    assert not shop.longshore.attachments.exists(file.name)
