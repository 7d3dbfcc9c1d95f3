"""Groups as they are created: all members at once, in their order, or none."""

import dataclasses

import pytest

from longshore.errors import RequestRefused
from longshore.imports import (
    GroupForm,
    SourceRepeated,
    Status,
    TooManyUnfinished,
    list_groups,
    list_imports,
)
from longshore.operations import GroupRequest, GroupSource
from longshore.sources import TooManyRows
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import (
    Members,
    group_source,
    load,
    member,
    run,
    statuses,
    submit,
)

SKUS = "code,name,shipping_category.name\nA,Apple,Fruit\nB,Pear,Fruit\n"
PRICES = "sku_code,price_list.name,amount_cents\nA,EU,100\nB,EU,200\nA,US,120\n"


@pytest.fixture
def ready(shop: Organization) -> Organization:
    """A shop with what the group does not create."""
    shop.have("shipping_categories", name="Fruit")
    shop.have("price_lists", name="EU")
    shop.have("price_lists", name="US", code="us")
    return shop


def test_members_run_to_their_ends_and_find_what_those_before_them_created(
    ready: Organization,
) -> None:
    group = submit(ready, {"skus": SKUS, "prices": PRICES})
    assert (group.form, group.source_name, group.status) == (
        GroupForm.DOCUMENT,
        "shop.json",
        Status.PENDING,
    )
    assert [each.resource_type for each in group.members] == ["skus", "prices"]
    first, second = (each.run.place for each in group.members)
    assert first is not None
    assert second == first + 1
    ended = run(ready, group)
    assert ended.status is Status.COMPLETED
    assert [each.created_count for each in ended.members] == [2, 3]
    assert sorted(ready.values("prices", "sku_code", "amount_cents")) == [
        ("A", 100),
        ("A", 120),
        ("B", 200),
    ]


def test_groups_and_their_members_say_of_each_other(ready: Organization) -> None:
    group = load(ready, {"skus": SKUS, "prices": PRICES}, reference="r", metadata={"a": 1})
    assert [(each.group_id, each.group_position) for each in group.members] == [
        (group.id, 0),
        (group.id, 1),
    ]
    assert {(each.reference, each.metadata["a"]) for each in group.members} == {("r", 1)}
    found = ready.longshore.import_groups.find(
        ready.environment, ready.longshore.public_ids.encode(group.id)
    )
    assert found == group


def test_member_waits_for_those_before_it_though_they_write_no_table_in_common(
    shop: Organization,
) -> None:
    group = submit(shop, {"customer_groups": [{"name": "G"}], "tags": [{"name": "T"}]})
    with pytest.raises(RequestRefused, match="it waits for the import"):
        shop.longshore.import_runs.run(group.members[1].id)
    alone = shop.submit("tags", b'[{"name": "U"}]')
    assert statuses(run(shop, group)) == ["completed", "completed"]
    assert shop.run(alone).status == "completed"


def test_group_is_one_unfinished_import(shop: Organization) -> None:
    few = shop.working(imports_unfinished_max=2)
    two = {"customer_groups": [{"name": "G"}], "tags": [{"name": "T"}]}
    submit(few, two)
    submit(few, two)
    with pytest.raises(TooManyUnfinished, match="2 imports are pending"):
        submit(few, two)
    with pytest.raises(TooManyUnfinished, match="2 imports are pending"):
        few.submit("tags", b'[{"name": "U"}]')


def test_nothing_is_kept_where_a_member_cannot_be_read(shop: Organization) -> None:
    folder = shop.longshore.settings.data / "attachments"
    before = sorted(folder.glob("*"))
    with pytest.raises(RequestRefused, match="empty"):
        submit(shop, {"tags": "name\nT\n", "customer_groups": [{"name": "G"}], "skus": ""})
    assert sorted(folder.glob("*")) == before
    with shop.longshore.database.read() as tx:
        assert list_imports(tx, shop.environment.number) == []
        assert list_groups(tx, shop.environment.number) == []


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"tags": "name\nT\n", "skus": ""}, "skus.csv (skus): "),
        ({"tags": "name\nT\n", "skus": "hue\nred\n"}, "skus.csv (skus): "),
        ({"skus": [{"code": "A"}], "tags": '"name\nT'}, "tags.csv (tags): line 1"),
    ],
)
def test_refusal_names_the_member_that_cannot_be_read(
    shop: Organization, members: Members, place: str
) -> None:
    """So does that of a dry run, in the same words."""
    with pytest.raises(RequestRefused) as refused:
        submit(shop, members)
    assert refused.value.message.startswith(place)
    assert str(refused.value) == refused.value.message
    trials = shop.longshore.group_trials
    with (
        pytest.raises(RequestRefused) as tried,
        trials.trial(shop.environment, group_source(members), GroupRequest()),
    ):
        pass
    assert tried.value.message == refused.value.message


def test_group_without_members_is_refused(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match=r"shop\.json has no rows of any type"):
        submit(shop, {})


def test_rows_of_all_members_are_limited_together(shop: Organization) -> None:
    source = group_source({"tags": "name\nT\nU\n", "customer_groups": "name\nG\nH\n"})
    with pytest.raises(TooManyRows, match=r"shop\.json has more than 3 rows in all"):
        shop.longshore.group_submissions.submit(
            shop.environment, source, GroupRequest(), rows_max=3
        )


def test_same_group_is_imported_once_where_that_is_asked_for(shop: Organization) -> None:
    two = {"customer_groups": [{"name": "G"}], "tags": [{"name": "T"}]}
    first = load(shop, two)
    public_id = shop.longshore.public_ids.encode(first.id)
    with pytest.raises(SourceRepeated, match=f"by the import group {public_id}"):
        submit(shop, two, once=True)
    other = submit(shop, two | {"tags": [{"name": "U"}]}, once=True)
    assert len(other.members) == 2
    known = dataclasses.replace(group_source(two), digest="what its maker knows it by")
    again = shop.longshore.group_submissions.submit(
        shop.environment, known, GroupRequest(once=True)
    )
    assert statuses(again) == ["pending", "pending"]


def test_type_whose_rows_cannot_be_imported_is_refused(shop: Organization) -> None:
    source = GroupSource(
        form=GroupForm.DOCUMENT, name="shop.json", members=[member("imports", "a\n1\n")]
    )
    with pytest.raises(RequestRefused, match="imports"):
        shop.longshore.group_submissions.submit(shop.environment, source, GroupRequest())
