"""Groups taken back: their members from the last to the first, as one."""

import pytest

from longshore.imports import ImportGroup
from longshore.operations import Asker, UndoConflict, UndoRefused
from longshore.undos import Undo
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Rows, load, submit

MEMBERS: dict[str, Rows | str] = {
    "shipping_categories": [{"name": "Fruit", "code": "F"}],
    "price_lists": [{"name": "EU", "currency_code": "EUR"}],
    "skus": "code,name,shipping_category.code\nA,a,F\nB,b,F\n",
    "prices": "sku_code,price_list.name,amount_cents\nA,EU,1\nB,EU,2\n",
}
TYPES = (*MEMBERS, "tags")


def state(shop: Organization) -> dict[str, list[dict[str, object]]]:
    return {name: shop.all(name) for name in TYPES}


def counts(shop: Organization) -> list[int]:
    return [len(shop.all(name)) for name in TYPES]


def taken_back(shop: Organization, group: ImportGroup) -> list[Undo]:
    """The undos of a group, each run to its end."""
    undos = shop.longshore.undos
    begun = undos.start_group(Asker(environment=shop.environment), group)
    return [undos.run(each.id) for each in begun]


def test_group_is_taken_back_to_the_empty_store(shop: Organization) -> None:
    group = load(shop, MEMBERS)
    assert counts(shop) == [1, 1, 2, 2, 0]
    tried = shop.longshore.undos.try_group(group)
    assert counts(shop) == [1, 1, 2, 2, 0]
    ended = taken_back(shop, group)
    assert counts(shop) == [0] * 5
    members = {each.id: each.resource_type for each in group.members}
    assert [members[each.import_id] for each in ended if each.import_id] == [*reversed(MEMBERS)]
    assert {each.group_id for each in ended} == {group.id}
    told = [(each.restored_count, each.removed_count, each.kept_count) for each in ended]
    assert told == [(0, 2, 0), (0, 2, 0), (0, 1, 0), (0, 1, 0)]
    foretold = [(t.restored_count, t.removed_count, t.kept_count) for _, t, _ in tried]
    assert foretold == told
    assert list(shop.longshore.undos.of_group(group)) == ended


def test_values_are_what_they_were_before_the_group(shop: Organization) -> None:
    load(shop, MEMBERS)
    before = state(shop)
    prices = "sku_code,price_list.name,amount_cents\nA,EU,7\n"
    skus = "code,name,shipping_category.code\nA,x,F\nC,c,F\n"
    group = load(shop, {"skus": skus, "prices": prices, "tags": [{"name": "T"}]})
    assert state(shop) != before
    assert all(each.status == "completed" for each in taken_back(shop, group))
    after = state(shop)
    for each in (*before.values(), *after.values()):
        for record in each:
            record.pop("updated_at", None)
    assert after == before


def test_what_others_have_changed_since_stays(shop: Organization) -> None:
    group = load(shop, MEMBERS)
    shop.load("skus", [{"code": "A", "name": "by hand"}])
    ended = taken_back(shop, group)
    assert [each.kept_count for each in ended] == [0, 1, 0, 1]
    assert counts(shop) == [1, 0, 1, 0, 0]
    assert len(taken_back(shop, group)) == 2  # what was not taken back wholly


def test_members_without_changes_have_no_undo(shop: Organization) -> None:
    load(shop, MEMBERS)
    again = load(shop, {**MEMBERS, "tags": [{"name": "T"}]})
    (undo,) = taken_back(shop, again)
    assert undo.removed_count == 1
    assert counts(shop) == [1, 1, 2, 2, 0]


def test_undo_of_a_group_is_refused_where_there_is_nothing_to_take_back(
    shop: Organization,
) -> None:
    asker = Asker(environment=shop.environment)
    start = shop.longshore.undos.start_group
    waiting = submit(shop, {"tags": [{"name": "T"}]})
    with pytest.raises(UndoConflict, match="is pending, and only what has ended"):
        start(asker, waiting)
    group = load(shop, {"customer_groups": [{"name": "G"}]})
    unchanged = load(shop, {"customer_groups": [{"name": "G"}]})
    with pytest.raises(UndoRefused, match="has changed nothing"):
        start(asker, unchanged)
    taken_back(shop, group)
    with pytest.raises(UndoRefused, match="is taken back already") as refused:
        start(asker, group)
    assert refused.value.hint is not None


def test_undos_behind_one_that_is_interrupted_are_interrupted(shop: Organization) -> None:
    group = load(shop, MEMBERS)
    asker = Asker(environment=shop.environment)
    undos = shop.longshore.undos
    begun = undos.start_group(asker, group)
    undos.run(begun[0].id)
    undos.interrupt(asker, begun[1].id)
    ended = undos.of_group(group)
    assert [str(each.status) for each in ended] == ["completed", *["interrupted"] * 3]
    name = shop.longshore.public_ids.encode(begun[1].id)
    assert ended[2].interruption_reason == (
        f"the undo {name}, before it in its group, was interrupted"
    )
    assert counts(shop) == [1, 1, 2, 0, 0]
    assert [each.removed_count for each in taken_back(shop, group)] == [2, 1, 1]
    assert counts(shop) == [0] * 5
