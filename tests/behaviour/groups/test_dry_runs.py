"""A dry run of a group tells what its members would do, one after the other, and writes nothing."""

import dataclasses
from collections.abc import Sequence

import pytest

from longshore.engine import DryRun
from longshore.errors import RequestRefused
from longshore.imports import SourceRepeated, StopRules
from longshore.operations import GroupRequest, GroupSource
from longshore.readers import Format
from tests.behaviour.engine.organization import Organization, by_row
from tests.behaviour.groups.grouping import Members, group_source, load

CATEGORIES = "name\nFruit\n"
SKUS = "code,name,shipping_category.name\nA,Apple,Fruit\nB,,Fruit\nC,Cherry,Meat\n"
PRICES = "sku_code,price_list.name,amount_cents\nA,EU,100\nB,EU,200\nD,EU,10\nA,EU,120\n"
GROUP: Members = {
    "shipping_categories": CATEGORIES,
    "price_lists": [{"name": "EU", "currency_code": "EUR"}],
    "skus": SKUS,
    "prices": PRICES,
}


def tried(shop: Organization, source: GroupSource, request: GroupRequest) -> list[DryRun]:
    with shop.longshore.group_trials.trial(shop.environment, source, request) as trials:
        return [each.result for each in trials]


def counts(found: Sequence[DryRun]) -> list[tuple[int, int, int, int]]:
    return [(each.created, each.updated, each.unchanged, each.failed) for each in found]


def test_dry_run_tells_what_the_group_then_does(shop: Organization) -> None:
    shop.have("skus", code="D")
    request = GroupRequest(skip_errors=True)
    types = [*GROUP, "tags", "imports"]
    before = {name: shop.all(name) for name in types if name != "imports"}
    found = tried(shop, group_source(GROUP), request)
    assert {name: shop.all(name) for name in before} == before
    with shop.longshore.database.read() as tx:
        assert not tx.fetch(
            "SELECT 1 FROM import_groups WHERE environment = ?", (shop.environment.number,)
        )
    group = load(shop, GROUP, skip_errors=True)
    done = [shop.told(each) for each in group.members]
    assert (
        counts(found)
        == [each.counts for each in done]
        == [
            (1, 0, 0, 0),
            (1, 0, 0, 0),
            (1, 0, 0, 2),
            (2, 1, 0, 1),
        ]
    )
    assert [by_row(each.errors) for each in found] == [each.errors for each in done]
    # a second time
    found = tried(shop, group_source(GROUP), request)
    group = load(shop, GROUP, skip_errors=True)
    assert counts(found) == [shop.told(each).counts for each in group.members]


def test_trials_of_members_give_what_a_trial_of_one_import_gives(shop: Organization) -> None:
    with shop.longshore.group_trials.trial(
        shop.environment, group_source(GROUP), GroupRequest(skip_errors=True)
    ) as trials:
        assert [each.resource_type for each in trials] == list(GROUP)
        assert [each.layout.format for each in trials] == [
            Format.CSV,
            Format.JSON,
            Format.CSV,
            Format.CSV,
        ]
        skus = trials[2]
        assert [each.attribute for each in skus.errors()] == ["name", "shipping_category"]
        assert [each.count for each in skus.digest().groups] == [1, 1]
        assert [each.number for each in skus.failed_rows()] == [2, 3]


def test_progress_is_told_of_all_members_at_once(shop: Organization) -> None:
    heard: list[list[int]] = []
    read: list[int] = []
    with shop.in_chunks(2).longshore.group_trials.trial(
        shop.environment,
        group_source({"tags": "name\nA\nB\nC\n", "customer_groups": "name\nG\n"}),
        GroupRequest(),
        on_read=lambda count, _total: read.append(count),
        on_progress=lambda found: heard.append([each.consumed for each in found]),
    ):
        pass
    assert heard == [[2, 0], [3, 0], [3, 1]]
    assert read


def test_dry_run_of_the_group_stops_where_the_group_would(shop: Organization) -> None:
    request = GroupRequest(skip_errors=True, stop_rules=StopRules(after=2))
    found = tried(shop, group_source(GROUP), request)
    assert [(each.consumed, each.interrupted) for each in found] == [
        (1, False),
        (1, False),
        (3, True),
        (0, True),
    ]


def test_flag_of_the_organization_lets_the_group_go_on(shop: Organization) -> None:
    found = tried(shop, group_source(GROUP), GroupRequest())
    assert [each.interrupted for each in found] == [False, False, True, True]
    shop.with_flags(imports_skip_errors=True)
    found = tried(shop, group_source(GROUP), GroupRequest())
    assert not any(each.interrupted for each in found)


def test_dry_run_of_what_is_to_be_imported_once_is_refused_as_the_import(
    shop: Organization,
) -> None:
    two: Members = {"customer_groups": [{"name": "G"}], "tags": [{"name": "T"}]}
    load(shop, two)
    with pytest.raises(SourceRepeated):
        tried(shop, group_source(two), GroupRequest(once=True))
    assert len(tried(shop, group_source(two), GroupRequest())) == 2
    other = {**two, "tags": [{"name": "U"}]}
    assert len(tried(shop, group_source(other), GroupRequest(once=True))) == 2
    known = dataclasses.replace(group_source(two), digest="what its maker knows it by")
    assert len(tried(shop, known, GroupRequest(once=True))) == 2


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, r"shop\.json has no rows of any type"),
        ({"tags": "name\nT\n", "skus": ""}, "empty"),
        ({"imports": "a\n1\n"}, "imports"),
        ({"tags": "name\nT\n", "skus": "colour,size\nred,1\n"}, "colour"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    shop: Organization, members: Members, expected: str
) -> None:
    with pytest.raises(RequestRefused, match=expected):
        tried(shop, group_source(members), GroupRequest())
