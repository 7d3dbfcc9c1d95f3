"""What the rules of types need to have loaded: columns, keys and children of other tables.

What a rule does is the row's (`row.rules`); each name stands in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNeeds:
    """What one rule looks at."""

    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # table -> columns
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (table, parts) looked up
    children: tuple[tuple[str, str], ...] = ()  # (table, column of the parent) looked up
    # Fields whose text is looked up as a key of one part: field -> (table, part).
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_PRICES = {
    "markets": ("price_list_id",),
    "prices": ("amount_cents", "compare_at_amount_cents"),
}
_PRICE_KEY = (("prices", ("price_list", "sku")),)

RULE_NEEDS: Mapping[str, RuleNeeds] = {
    "line_item_item": RuleNeeds(
        reads={
            "line_items": ("item_id", "item_type", "sku_code", "bundle_code", "name"),
            "skus": ("code", "name"),
            "bundles": ("code", "name"),
        },
        keys=(("skus", ("code",)), ("bundles", ("code",))),
        texts={"sku_code": ("skus", "code"), "bundle_code": ("bundles", "code")},
    ),
    "line_item_price": RuleNeeds(
        reads={
            "line_items": ("unit_amount_cents", "quantity", "item_id", "item_type", "order_id"),
            "orders": ("market_id",),
            **_PRICES,
        },
        keys=_PRICE_KEY,
    ),
    "bundle_price_amount": RuleNeeds(
        reads={
            "bundles": ("price_amount_cents", "market_id", "sku_list_id"),
            "sku_list_items": ("sku_id", "quantity"),
            **_PRICES,
        },
        keys=_PRICE_KEY,
        children=(("sku_list_items", "sku_list_id"),),
    ),
    "bundle_compare_at_amount": RuleNeeds(
        reads={
            "bundles": ("compare_at_amount_cents", "market_id", "sku_list_id"),
            "sku_list_items": ("sku_id", "quantity"),
            **_PRICES,
        },
        keys=_PRICE_KEY,
        children=(("sku_list_items", "sku_list_id"),),
    ),
    "balance_change": RuleNeeds(
        reads={"gift_cards": ("balance_cents", "balance_max_cents")},
    ),
}
