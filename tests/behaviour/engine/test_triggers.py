"""Write-only attributes that make something happen when they are true."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization


def load_order(shop: Organization, **fields: Any) -> Any:
    return shop.load("orders", [{"number": "N", "market_id": shop.some("markets"), **fields}])


@pytest.mark.parametrize(
    ("trigger", "status", "stamp"),
    [
        ("_pending", "pending", None),
        ("_place", "placed", "placed_at"),
        ("_approve", "approved", "approved_at"),
        ("_cancel", "cancelled", "cancelled_at"),
        ("_archive", "draft", "archived_at"),
    ],
)
def test_trigger_moves_a_new_order_and_one_that_is_there(
    shop: Organization, trigger: str, status: str, stamp: str | None
) -> None:
    assert load_order(shop, **{trigger: True}).counts == (1, 0, 0, 0)
    order = shop.one("orders")
    assert order["status"] == status
    stamps = ("placed_at", "approved_at", "cancelled_at", "archived_at")
    assert [name for name in stamps if order[name]] == ([stamp] if stamp else [])
    other = {"number": "M", "market_id": shop.some("markets")}
    shop.load("orders", [other])
    assert shop.load("orders", [{"number": "M", trigger: 1}]).counts == (0, 1, 0, 0)
    assert shop.values("orders", "status")[1] == status


@pytest.mark.parametrize("value", [True, 1, "1", "true", "YES", "on"])
def test_true_values_fire(shop: Organization, value: object) -> None:
    load_order(shop, _place=value)
    assert shop.one("orders")["status"] == "placed"


@pytest.mark.parametrize("value", [False, 0, "0", "false", "no", "", None])
def test_false_values_do_nothing(shop: Organization, value: object) -> None:
    load_order(shop, _place=value, _archive=value, _refund=value)
    order = shop.one("orders")
    assert (order["status"], order["archived_at"]) == ("draft", None)


@pytest.mark.parametrize("value", ["perhaps", 2, []])
def test_value_that_is_neither_is_an_error(shop: Organization, value: object) -> None:
    outcome = load_order(shop, _place=value)
    assert outcome.errors == {1: {"_place": ["is not included in the list"]}}


def test_trigger_that_has_fired_changes_nothing_again(shop: Organization) -> None:
    load_order(shop, _place=True, _archive=True)
    before = shop.one("orders")
    assert load_order(shop, _place=True, _archive=True).counts == (0, 0, 1, 0)
    assert shop.one("orders") == before


@pytest.mark.parametrize("chunk_rows", [1, 2])
def test_triggers_that_lead_back_to_the_same_status_change_nothing(
    shop: Organization, chunk_rows: int
) -> None:
    """Whatever the clock says: rows of one chunk have one time, and so may those of two."""
    load_order(shop, _place=True, _approve=True)
    before = shop.one("orders")
    row = {"number": before["number"], "_place": True, "_approve": True}
    assert shop.in_chunks(chunk_rows).load("orders", [row, row]).counts == (0, 0, 2, 0)
    assert shop.one("orders") == before
    assert load_order(shop, _place=True).counts == (0, 1, 0, 0)
    assert load_order(shop, _place=True, _approve=True).counts == (0, 1, 0, 0)
    assert load_order(shop, _place=True, _cancel=True, _approve=True).counts == (0, 1, 0, 0)
    assert load_order(shop, _place=True, _cancel=True, _approve=True).counts == (0, 0, 1, 0)


def test_status_is_taken_only_together_with_archive(shop: Organization) -> None:
    """How historical orders are loaded."""
    load_order(shop, status="approved", _archive=True)
    assert shop.one("orders")["status"] == "approved"
    for further in ({}, {"_archive": False}, {"_unarchive": False}):
        assert load_order(shop, status="cancelled", **further).counts == (0, 0, 1, 0)
    assert load_order(shop, status="lost", _archive=True).errors == {
        1: {"status": ["is not included in the list"]}
    }


def test_unarchived_order_can_be_archived_again(shop: Organization) -> None:
    load_order(shop, _archive=True)
    load_order(shop, _unarchive=True)
    assert shop.one("orders")["archived_at"] is None
    assert load_order(shop, _archive=True).counts == (0, 1, 0, 0)


@pytest.mark.parametrize(
    "trigger", ["_refund", "_capture", "_fulfill", "_refresh", "_update_taxes"]
)
def test_trigger_for_what_longshore_does_not_do_is_an_error(
    shop: Organization, trigger: str
) -> None:
    outcome = load_order(shop, **{trigger: True})
    assert outcome.errors == {1: {trigger: ["is not supported"]}}
    assert shop.all("orders") == []


def test_triggers_fire_inside_nested_rows(shop: Organization) -> None:
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1}
    outcome = load_order(shop, line_items=[{**line, "_reserve_stock": True}])
    assert outcome.errors == {1: {"line_items._reserve_stock": ["is not supported"]}}
    flagged = {**line, "_external_price": True, "_update_quantity": True}
    assert load_order(shop, line_items=[flagged]).counts == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("trigger", "status"),
    [("_purchase", "inactive"), ("_activate", "active"), ("_deactivate", "inactive")],
)
def test_gift_cards_move(shop: Organization, trigger: str, status: str) -> None:
    shop.have("gift_cards", **{trigger: True})
    assert shop.one("gift_cards")["status"] == status


@pytest.mark.parametrize(
    ("trigger", "status", "stamp"),
    [
        ("_upcoming", "upcoming", None),
        ("_on_hold", "on_hold", "on_hold_at"),
        ("_picking", "picking", "picking_at"),
        ("_in_transit", "in_transit", "in_transit_at"),
        ("_complete", "completed", "completed_at"),
        ("_cancel", "cancelled", "cancelled_at"),
    ],
)
def test_stock_transfers_move(
    shop: Organization, trigger: str, status: str, stamp: str | None
) -> None:
    row = {
        "sku_id": shop.some("skus"),
        "quantity": 1,
        "origin_stock_location_id": shop.some("stock_locations"),
        "destination_stock_location_id": shop.some("stock_locations"),
        trigger: True,
    }
    assert shop.load("stock_transfers", [row]).errors == {}
    transfer = shop.one("stock_transfers")
    assert transfer["status"] == status
    if stamp is not None:
        assert transfer[stamp] is not None


def test_records_are_switched_off_and_on(shop: Organization) -> None:
    promotion = shop.have("free_shipping_promotions", _disable=True)
    assert shop.one("free_shipping_promotions")["disabled_at"] is not None
    row = {"id": promotion, "_enable": True}
    assert shop.load("free_shipping_promotions", [row]).counts == (0, 1, 0, 0)
    assert shop.one("free_shipping_promotions")["disabled_at"] is None
    assert shop.load("free_shipping_promotions", [row]).counts == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("change", "balance", "errors"),
    [
        (500, 1500, {}),
        ("-1000", 0, {}),
        (0, 1000, {}),
        (-1001, 1000, {"balance_cents": ["must be greater than or equal to 0"]}),
        (1001, 1000, {"balance_cents": ["must be less than or equal to 2000"]}),
        ("x", 1000, {"_balance_change_cents": ["is not a number"]}),
    ],
)
def test_balance_changes_within_its_bounds(
    shop: Organization, change: object, balance: int, errors: dict[str, list[str]]
) -> None:
    card = shop.have("gift_cards", balance_cents=1000, balance_max_cents=2000)
    outcome = shop.load("gift_cards", [{"id": card, "_balance_change_cents": change}])
    assert outcome.errors == ({1: errors} if errors else {})
    assert shop.one("gift_cards")["balance_cents"] == balance


def test_balance_changes_row_by_row(shop: Organization) -> None:
    card = shop.have("gift_cards", balance_cents=1000)
    rows = [{"id": card, "_balance_change_cents": change} for change in (-600, -600, 300, -600)]
    for chunk_rows in (1, 4):
        outcome = shop.in_chunks(chunk_rows).load("gift_cards", rows)
        assert list(outcome.errors) == [2]
        shop.load("gift_cards", [{"id": card, "balance_cents": 1000}])


def test_balance_never_leaves_64_bits(shop: Organization) -> None:
    most = 2**63 - 1
    card = shop.have("gift_cards", balance_cents=most)
    outcome = shop.load("gift_cards", [{"id": card, "_balance_change_cents": 1}])
    assert outcome.errors == {1: {"balance_cents": [f"must be less than or equal to {most}"]}}
