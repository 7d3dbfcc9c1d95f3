"""Behaviour special to a type: small named functions that declarations refer to.

A rule runs while a row is applied, after its fields have been assigned and before the record is
validated. It reads and sets values of that record, may look at others, and reports findings. What
it looks at stands in `plan.rule_needs`, so that it is loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from longshore.engine.row.rule_context import RuleContext
from longshore.engine.values.converters import BLANK, INTEGER_MAX, MUST_EXIST
from longshore.error_codes import ErrorCode, message


def _line_item_item(row: RuleContext) -> None:
    """A line item's code names its item; without that, name and price must say what it is."""
    for code, table, type_ in (("sku_code", "skus", "skus"), ("bundle_code", "bundles", "bundles")):
        if not row.names(code) or row.names_target("item"):
            continue
        text = row.get(code)
        if text is None or not text.strip():
            continue
        if not row.is_new and row.get("item_id") is not None and not row.changes(code):
            continue
        items = row.holders(table, ("code",), code)
        item = _first(items)
        if item is not None:
            row.set("item_id", item.id)
            row.set("item_type", type_)
            if row.get("name") is None:
                row.set("name", row.value_of(item, "name"))
        elif row.get("name") is None or row.get("unit_amount_cents") is None:
            row.error(code.removesuffix("_code"), MUST_EXIST, text)
        else:
            row.set("item_id", None)
            if row.get("item_type") is None:
                row.set("item_type", type_)
    if row.is_new and row.get("item_id") is not None and row.get("sku_code") is None:
        sku = row.find("skus", row.get("item_id")) if row.get("item_type") == "skus" else None
        if sku is not None:
            row.set("sku_code", row.value_of(sku, "code"))
            if row.get("name") is None:
                row.set("name", row.value_of(sku, "name"))


def _line_item_price(row: RuleContext) -> None:
    """A line item without an amount takes the price of its SKU in the market's price list."""
    if row.failed("unit_amount_cents"):
        return
    if row.get("unit_amount_cents") is None and row.get("item_type") == "skus":
        item, order = row.get("item_id"), row.get("order_id")
        if item is not None and order is not None:
            price_list = _price_list_of(row, row.find("orders", order))
            price = _price_of(row, item, price_list)
            if price is not None:
                row.set("unit_amount_cents", row.value_of(price, "amount_cents"))
    amount, quantity = row.get("unit_amount_cents"), row.get("quantity")
    if amount is None:
        if not row.failed("sku") and not row.failed("bundle"):
            row.error("unit_amount_cents", BLANK, None)
    elif quantity is not None and abs(amount * quantity) > INTEGER_MAX:
        limit = INTEGER_MAX // max(abs(amount), 1)
        row.error("quantity", message(ErrorCode.TOO_LARGE, limit), quantity)


def _bundle_amount(target: str, source: str) -> Callable[[RuleContext], None]:
    def run(row: RuleContext) -> None:
        """A bundle's amount is the sum over its SKU list of quantity times price."""
        market, sku_list = row.get("market_id"), row.get("sku_list_id")
        if market is None or sku_list is None:
            return
        found = row.find("markets", market)
        price_list = row.value_of(found, "price_list_id") if found is not None else None
        total = 0
        for item in row.children("sku_list_items", "sku_list_id", sku_list):
            price = _price_of(row, row.value_of(item, "sku_id"), price_list)
            amount = row.value_of(price, source) if price is not None else None
            if amount is None and price is not None:
                amount = row.value_of(price, "amount_cents")
            if amount is None:
                return
            total += amount * (row.value_of(item, "quantity") or 0)
        row.set(target, min(total, INTEGER_MAX))

    return run


def _balance_change(row: RuleContext) -> None:
    """`_balance_change_cents` adds to a gift card's balance, which stays within its bounds."""
    change = row.trigger_value
    balance = row.get("balance_cents")
    if not isinstance(change, int) or balance is None:
        return
    changed = balance + change
    most = row.get("balance_max_cents")
    if changed < 0:
        row.error("balance_cents", message(ErrorCode.TOO_SMALL, 0), changed)
    elif most is not None and changed > most:
        row.error("balance_cents", message(ErrorCode.TOO_LARGE, most), changed)
    elif changed > INTEGER_MAX:
        row.error("balance_cents", message(ErrorCode.TOO_LARGE, INTEGER_MAX), changed)
    else:
        row.set("balance_cents", changed)


def _price_list_of(row: RuleContext, order: Any) -> int | None:
    market = row.value_of(order, "market_id") if order is not None else None
    found = row.find("markets", market) if market is not None else None
    return row.value_of(found, "price_list_id") if found is not None else None


def _price_of(row: RuleContext, sku: int | None, price_list: int | None) -> Any:
    if sku is None or price_list is None:
        return None
    return row.holder_of_ids("prices", {"sku": sku, "price_list": price_list})


def _first(holders: Any) -> Any:
    if isinstance(holders, Sequence):
        return holders[0] if holders else None
    return holders


# By the names that declarations call them by; `plan.rule_needs` says what each looks at.
RULES: Mapping[str, Callable[[RuleContext], None]] = {
    "line_item_item": _line_item_item,
    "line_item_price": _line_item_price,
    "bundle_price_amount": _bundle_amount("price_amount_cents", "amount_cents"),
    "bundle_compare_at_amount": _bundle_amount(
        "compare_at_amount_cents", "compare_at_amount_cents"
    ),
    "balance_change": _balance_change,
}
