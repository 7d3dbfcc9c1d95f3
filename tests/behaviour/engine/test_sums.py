"""What an order adds up to: after each chunk, whatever moved or changed its lines."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

CHUNKS = [1, 2, 2000]


def line(amount: int = 100, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": "x", "unit_amount_cents": amount, "quantity": quantity, **more}


def sums(shop: Organization) -> list[tuple[Any, ...]]:
    names = ("subtotal_amount_cents", "skus_count", "total_amount_cents")
    return shop.values("orders", *names)


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_order_adds_up_its_lines(shop: Organization, chunk_rows: int) -> None:
    market = shop.some("markets")
    rows = [
        {"market_id": market, "line_items": [line(100, 2, item_type="skus"), line(50, 3)]},
        {"market_id": market},
        {"market_id": market, "line_items": [line(100, -1, item_type="skus")]},
    ]
    assert shop.in_chunks(chunk_rows).load("orders", rows).counts == (3, 0, 0, 0)
    assert sums(shop) == [(350, 2, 350), (0, 0, 0), (-100, -1, -100)]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_lines_that_come_alone_are_added_to_their_orders(
    shop: Organization, chunk_rows: int
) -> None:
    first, second = shop.have("orders", number="1"), shop.have("orders", number="2")
    rows = [line(10, 1, order_id=order, item_type="skus") for order in (first, second, first)]
    shop.in_chunks(chunk_rows).load("line_items", rows)
    assert sums(shop) == [(20, 2, 20), (10, 1, 10)]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_changed_lines_change_the_sums(shop: Organization, chunk_rows: int) -> None:
    order = shop.some("orders")
    rows = [line(10, 1, order_id=order, reference=str(number)) for number in range(3)]
    shop.load("line_items", rows)
    shop = shop.in_chunks(chunk_rows)
    changed = [
        {"order_id": order, "reference": "0", "quantity": 5},
        {"order_id": order, "reference": "1", "unit_amount_cents": 100},
        {"order_id": order, "reference": "2", "name": "same price"},
    ]
    assert shop.load("line_items", changed).counts == (0, 3, 0, 0)
    assert sums(shop) == [(160, 0, 160)]


def test_line_of_another_kind_leaves_the_count_of_skus(shop: Organization) -> None:
    shop.have("skus", code="A")
    order = shop.some("orders")
    rows = [
        line(1, 2, order_id=order, sku_code="A"),
        line(1, 3, order_id=order, item_type="gift_cards"),
        line(1, 5, order_id=order),
    ]
    shop.load("line_items", rows)
    assert sums(shop) == [(10, 2, 10)]


def test_failed_rows_add_nothing(shop: Organization) -> None:
    row = {"number": "N", "market_id": shop.some("markets"), "line_items": [line(100)]}
    shop.load("orders", [row])
    more = [{**row, "line_items": [line(999), line(1, 0)]}]
    assert list(shop.load("orders", more).errors) == [1]
    assert sums(shop) == [(100, 0, 100)]


def test_sums_are_never_journaled_nor_counted_as_a_change(shop: Organization) -> None:
    order = shop.some("orders")
    outcome = shop.load("line_items", [line(order_id=order)])
    assert (outcome.counts, outcome.entries) == ((1, 0, 0, 0), [])
    assert shop.history(order) == []


def test_destroyed_line_is_taken_off(shop: Organization) -> None:
    order = shop.some("orders")
    shop.load("line_items", [line(10, order_id=order), line(5, order_id=order)])
    first, _ = shop.values("line_items", "id")
    done = shop.writer.delete(shop.environment, "line_items", shop.inside(first), creator=1)
    assert done.is_done
    assert sums(shop) == [(5, 0, 5)]


def test_record_that_is_written_alone_is_added_too(shop: Organization) -> None:
    order = shop.some("orders")
    written = shop.have("line_items", order_id=order, unit_amount_cents=7, quantity=2)
    assert sums(shop) == [(14, 2, 14)]
    row = {"quantity": 1}
    shop.writer.update(shop.environment, "line_items", shop.inside(written), row, creator=1)
    assert sums(shop) == [(7, 1, 7)]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_row_whose_sum_leaves_64_bits_fails_alone(shop: Organization, chunk_rows: int) -> None:
    """Amounts that fit one by one may not fit together."""
    half, market = 2**62, shop.some("markets")
    rows = [
        {"number": "1", "market_id": market, "line_items": [line(half)]},
        {"number": "2", "market_id": market, "line_items": [line(half), line(half)]},
        {"number": "1", "line_items": [line(half, reference="r")]},
        {"number": "3", "market_id": market, "line_items": [line(1)]},
    ]
    outcome = shop.in_chunks(chunk_rows).load("orders", rows)
    assert outcome.counts == (2, 0, 0, 2)
    assert [list(errors) for errors in outcome.errors.values()] == [["base"], ["base"]]
    assert sums(shop) == [(half, 0, half), (1, 0, 1)]
