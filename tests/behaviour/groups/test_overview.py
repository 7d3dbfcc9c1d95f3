"""The list of imports and groups as people look at it."""

import pytest

from longshore.assembly.operations import make_operations
from longshore.imports import ListedCriteria, ListedSort, ListedStatus, Status
from longshore.operations import Asker, ImportLists
from longshore.undos import Extent
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import load, submit


@pytest.fixture
def lists(shop: Organization) -> ImportLists:
    return make_operations(shop.longshore.parts).import_lists


def test_groups_stand_for_their_members_and_are_found_by_them(
    shop: Organization, lists: ImportLists
) -> None:
    asker = Asker(environment=shop.environment)
    tags = [{"name": f"tag{number}"} for number in range(20)]
    first = load(shop, {"shipping_categories": [{"name": "A"}], "tags": tags})
    load(shop, {"tags": [{"name": "b"}, {}, {}]})
    waiting = submit(shop, {"tags": [{"name": "c"}]})

    def found(**criteria: object) -> list[tuple[Status, int, int]]:
        page = lists.page(asker, ListedCriteria(**criteria), offset=0, limit=9)  # type: ignore[arg-type]
        assert page.count == len(page.lines)
        return [(line.status, line.inputs_size, line.errors_count) for line in page.lines]

    every = [
        (Status.PENDING, 1, 0),
        (Status.INTERRUPTED, 3, 1),
        (Status.COMPLETED, 21, 0),
    ]
    assert [(status, size) for status, size, _ in found()] == [each[:2] for each in every]
    assert found(resource_type="shipping_categories") == [every[2]]
    assert found(resource_type="skus") == []
    assert found(status=ListedStatus.COMPLETED) == [every[2]]
    assert found(status=ListedStatus.WAITING) == [every[0]]
    assert [each[0] for each in found(status=ListedStatus.STOPPED)] == [Status.INTERRUPTED]
    assert [each[0] for each in found(has_failed_rows=True)] == [Status.INTERRUPTED]
    assert len(found(name="SHOP.j")) == 3
    assert found(application_id=1) == []
    for sort in ListedSort:
        assert sorted(found(sort=sort, is_descending=False)) == sorted(found(sort=sort))
    assert [size for _, size, _ in found(sort=ListedSort.ROWS, is_descending=False)] == [1, 3, 21]

    shop.longshore.import_groups.interrupt(asker, waiting.id)  # the undo would wait for it
    undos = shop.longshore.undos
    for undo in undos.start_group(asker, first, to_run=True):
        undos.run(undo.id)
    assert found(status=ListedStatus.UNDONE) == [every[2]]
    undoing = lists.undoing_of_group(first)
    assert undoing.extent is Extent.ALL
    assert undoing.refusal is not None

    (day,) = lists.rows_by_day(asker, 0).values()
    assert day[0] == 22
    assert ("name", "blank", 1) in lists.causes(asker, since=0, limit=3)
    assert lists.choices(asker).types == ["shipping_categories", "tags"]
