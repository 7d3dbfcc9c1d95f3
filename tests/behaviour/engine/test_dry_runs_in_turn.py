"""Dry runs of several sources in turn: what one would make is there for those behind it, in
whatever columns they ask for, and when they would stop is judged over all of their rows."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from longshore.engine import DryRun, run_dry
from longshore.imports import StopRules
from tests.behaviour.engine.judging import source_of
from tests.behaviour.engine.organization import Errors, Organization, by_row
from tests.behaviour.engine.test_dry_run import line, sku

Row = dict[str, Any]
Sources = Sequence[tuple[str, Sequence[Row]]]
CHUNKS = [1, 2000]

_NO_RULES = StopRules()


def dry_runs(
    shop: Organization,
    sources: Sources,
    *,
    skip_errors: bool = True,
    stop_rules: StopRules = _NO_RULES,
) -> list[DryRun]:
    longshore = shop.longshore
    return run_dry(
        longshore.database,
        longshore.settings,
        [source_of(shop, type_, rows) for type_, rows in sources],
        skip_errors=skip_errors,
        stop_rules=stop_rules,
    )


def plant(shop: Organization) -> None:
    shop.load("skus", [sku("A", weight=1, unit_of_weight="gr"), sku("B", tags=[{"name": "red"}])])
    shop.load("price_lists", [{"name": "US", "currency_code": "USD"}])
    shop.load("customers", [{"email": "known@x.com"}])


def price(code: str, cents: int = 1, price_list: str = "EU") -> Row:
    return {"price_list": {"name": price_list}, "sku_code": code, "amount_cents": cents}


def shop_of_prices(_shop: Organization) -> Sources:
    return [
        ("price_lists", [{"name": "EU", "currency_code": "EUR"}, {"currency_code": "EUR"}]),
        ("skus", [sku("X"), sku("Y", name=None), sku("A", name="y")]),
        ("prices", [*map(price, "XYABX"), price("X", 2), price("X", 2, "US"), price("X", 2, "??")]),
        ("prices", [price("X", 3), {**price("A", -1)}]),
    ]


def renamed(shop: Organization) -> Sources:
    """Stored records change a field, and those behind ask for others, or by another key."""
    known = dict(shop.values("skus", "code", "id"))
    return [
        ("skus", [{"id": known["A"], "code": "C"}, {"id": known["B"], "name": "y"}]),
        # "A" is nobody's name any more; the weight of "C" is one that only the store has.
        (
            "skus",
            [
                sku("A", name="z"),
                {"code": "C", "weight": 1, "unit_of_weight": "gr"},
                {"code": "C", "weight": 2},
                {"code": "B", "weight": 2},
            ],
        ),
        ("skus", [{"id": known["A"], "unit_of_weight": "oz"}, {"code": "B", "name": "y"}]),
        ("skus", [{"code": "C", "weight": 2, "unit_of_weight": "oz", "name": "x"}]),
        ("prices", [price(code, price_list="US") for code in ("A", "B", "C")]),
    ]


def created(_shop: Organization) -> Sources:
    """Records are made without columns that those behind ask for."""
    return [
        ("skus", [{"code": code, "name": code} for code in "XYZ"]),
        ("skus", [{"code": "X", "do_not_ship": False}, {"code": "Y", "do_not_ship": True}]),
        ("skus", [{"code": "Z", "weight": 1}, {"code": "Y", "weight": 1, "unit_of_weight": "gr"}]),
        ("skus", [sku("Z"), sku("Z", weight=0, unit_of_weight="lb"), {"code": "Z", "weight": 0}]),
        ("stock_locations", [{"name": "Milan", "address": {"line_1": "x"}}]),
    ]


def tagged(_shop: Organization) -> Sources:
    return [
        ("tags", [{"name": "new"}, {"name": "red"}]),
        ("skus", [sku("B", _add_tags="new"), sku("X", tags=[{"name": "new"}])]),
        ("skus", [{"code": "B", "name": "y"}, sku("X", _add_tags="more,new")]),
        ("skus", [sku("B", tags=[{"name": "red"}, {"name": "new"}]), sku("X", _remove_tags="new")]),
        ("skus", [sku("X", tags=[{"name": "more"}]), {"code": "B", "_remove_tags": "red"}]),
    ]


def ordered(shop: Organization) -> Sources:
    market = shop.some("markets")
    return [
        ("customers", [{"email": "new@x.com"}, {"email": "KNOWN@x.com", "reference": "r"}]),
        (
            "orders",
            [
                {"number": "1", "market_id": market, "customer_email": "new@x.com"},
                {"number": "2", "market_id": market, "line_items": [line()]},
            ],
        ),
        ("line_items", [line(order={"number": "1"}), line(order={"number": "3"})]),
        (
            "orders",
            [
                {"number": "1", "line_items": [line(), line("y")], "_place": True},
                {"number": "2", "customer_email": "known@x.com", "line_items": [line()]},
            ],
        ),
        ("customers", [{"email": "new@x.com", "reference": "r"}, {"email": "new@x.com"}]),
    ]


SOURCES: dict[str, Callable[[Organization], Sources]] = {
    "prices": shop_of_prices,
    "renamed": renamed,
    "created": created,
    "tagged": tagged,
    "ordered": ordered,
}


@pytest.mark.parametrize("chunk_rows", CHUNKS)
@pytest.mark.parametrize("name", SOURCES)
def test_dry_runs_in_turn_tell_what_the_imports_then_do(
    shop: Organization, name: str, chunk_rows: int
) -> None:
    plant(shop)
    sources = SOURCES[name](shop)
    shop = shop.in_chunks(chunk_rows)
    foreseen = [told(each) for each in dry_runs(shop, sources)]
    assert foreseen == [imported(shop, type_, rows) for type_, rows in sources]
    # what is foreseen of the same rows again is what then happens, too
    foreseen = [told(each) for each in dry_runs(shop, sources)]
    assert foreseen == [imported(shop, type_, rows) for type_, rows in sources]


def told(dry_run: DryRun) -> tuple[object, Errors]:
    counts = (dry_run.created, dry_run.updated, dry_run.unchanged, dry_run.failed)
    return counts, by_row(dry_run.errors)


def imported(shop: Organization, resource_type: str, rows: Sequence[Row]) -> tuple[object, Errors]:
    outcome = shop.load(resource_type, rows)
    return outcome.counts, outcome.errors


def test_prices_find_the_skus_that_a_source_before_would_make(shop: Organization) -> None:
    plant(shop)
    before = {name: shop.all(name) for name in ("skus", "price_lists", "prices")}
    _, skus, prices, _ = dry_runs(shop, shop_of_prices(shop))
    assert (skus.created, skus.updated, skus.failed) == (1, 1, 1)
    assert by_row(prices.errors) == {
        2: {"sku": ["must exist"]},  # its row has failed
        8: {"price_list": ["must exist"]},
    }
    assert {name: shop.all(name) for name in before} == before


def bad(*codes: str) -> list[Row]:
    return [sku(code, name=None) for code in codes]


def good(*codes: str) -> list[Row]:
    return [sku(code) for code in codes]


def outcomes(found: Sequence[DryRun]) -> list[tuple[int, int, bool]]:
    return [(each.consumed, each.failed, each.interrupted) for each in found]


def test_a_tenth_is_a_tenth_of_all_rows(shop: Organization) -> None:
    many = good(*(f"S{number}" for number in range(17)))
    sources = [("skus", bad("A", "B")), ("skus", many), ("skus", bad("C"))]
    assert outcomes(dry_runs(shop, sources, skip_errors=False)) == [
        (2, 2, False),
        (17, 0, False),
        (1, 1, True),
    ]


def test_sources_behind_one_that_stops_are_not_gone_through(shop: Organization) -> None:
    sources = [("skus", good("A")), ("skus", [*bad("B"), *good("C")]), ("tags", [{"name": "x"}])]
    found = dry_runs(shop, sources, stop_rules=StopRules(after=1))
    assert outcomes(found) == [(1, 0, False), (1, 1, True), (0, 0, True)]
    stopped = found[1].stopped_by
    assert stopped is not None
    assert stopped.row == 1
    assert found[2].stopped_by is None


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([bad("A", "B"), bad("C")], [(2, 2, False), (1, 1, True)]),
        ([bad("A"), bad("B"), bad("C", "D")], [(1, 1, False), (1, 1, False), (1, 1, True)]),
        ([[*bad("A", "B"), *good("C")], bad("D", "E")], [(3, 2, False), (2, 2, False)]),
        ([bad("A", "B"), [*good("C"), *bad("D", "E")]], [(2, 2, False), (3, 2, False)]),
    ],
)
def test_series_goes_on_from_source_to_source(
    shop: Organization, sources: list[list[Row]], expected: list[tuple[int, int, bool]]
) -> None:
    found = dry_runs(
        shop, [("skus", rows) for rows in sources], stop_rules=StopRules(consecutive=3)
    )
    assert outcomes(found) == expected


def test_rule_counts_the_failed_rows_of_all_sources(shop: Organization) -> None:
    sources = [("skus", [*bad("A"), *good("B")]), ("skus", [*good("C"), *bad("D"), *good("E")])]
    found = dry_runs(shop, sources, stop_rules=StopRules(at=Decimal(30)))
    assert outcomes(found) == [(2, 1, False), (2, 1, True)]
