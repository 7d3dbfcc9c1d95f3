"""When a promotion applies."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Attribute,
    Key,
    Relationship,
    ResourceType,
)
from longshore.catalogue.fields import (
    boolean,
    common,
    concrete_type,
    integer,
    mapping,
    money,
    type_of,
)
from longshore.catalogue.links import (
    event_stores,
    to_many,
    to_one,
)

_PROMOTIONS = (
    "percentage_discount_promotions",
    "free_shipping_promotions",
    "buy_x_pay_y_promotions",
    "free_gift_promotions",
    "fixed_price_promotions",
    "external_promotions",
    "fixed_amount_promotions",
    "flex_promotions",
)

_CONCRETE = (
    "order_amount_promotion_rules",
    "sku_list_promotion_rules",
    "coupon_codes_promotion_rules",
    "custom_promotion_rules",
)

_RELATIONSHIPS = (
    to_one("promotion", *_PROMOTIONS, required=True, polymorphic=True),
    event_stores(),
)


def _promotion_rule(
    name: str, *attributes: Attribute, relationships: Iterable[Relationship] = ()
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="promotion_rules",
        attributes=(concrete_type(name), *attributes, *common()),
        relationships=(*_RELATIONSHIPS, *relationships),
        keys=(Key(parts=("promotion", "type")),),
        parent="promotion",
    )


ORDER_AMOUNT_PROMOTION_RULES = _promotion_rule(
    "order_amount_promotion_rules",
    *money("order_amount", currency=("promotion", "currency_code"), queryable=False, minimum=0),
    boolean("use_subtotal", default=False, queryable=False),
)

SKU_LIST_PROMOTION_RULES = _promotion_rule(
    "sku_list_promotion_rules",
    boolean("all_skus", default=False, queryable=False),
    integer("min_quantity", queryable=False),
    relationships=(
        to_one("sku_list", "sku_lists"),
        to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),
    ),
)

COUPON_CODES_PROMOTION_RULES = _promotion_rule(
    "coupon_codes_promotion_rules",
    relationships=(to_many("coupons", inverse="promotion_rule"),),
)

CUSTOM_PROMOTION_RULES = _promotion_rule(
    "custom_promotion_rules",
    mapping("filters", queryable=False),
)

PROMOTION_RULES = ResourceType(
    name="promotion_rules",
    singular="promotion_rule",
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        *common(),
    ),
    relationships=(*_RELATIONSHIPS,),
    keys=(Key(parts=("promotion", "type")),),
    parent="promotion",
    actions=("list", "retrieve"),
)
