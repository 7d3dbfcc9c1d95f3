"""What is taken off a price, and when: promotions of every kind."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Attribute,
    Constant,
    Count,
    Relationship,
    ResourceType,
    Trigger,
)
from longshore.catalogue.fields import (
    NOTHING,
    ZERO,
    array,
    boolean,
    circuit,
    common,
    concrete_type,
    currency_of_market,
    datetime,
    integer,
    mapping,
    money,
    period,
    shared_secret,
    string,
    type_of,
)
from longshore.catalogue.links import (
    attachments,
    by_name,
    event_stores,
    events,
    found_one,
    outside_calls,
    switching,
    tagging,
    tags,
    to_many,
    to_one,
)

_CONCRETE = (
    "percentage_discount_promotions",
    "free_shipping_promotions",
    "buy_x_pay_y_promotions",
    "free_gift_promotions",
    "fixed_price_promotions",
    "external_promotions",
    "fixed_amount_promotions",
    "flex_promotions",
)

_ATTRIBUTES = (
    string("name", required=True),
    currency_of_market(),
    boolean("exclusive"),
    integer("priority"),
    datetime("starts_at", required=True),
    datetime("expires_at", required=True),
    integer("total_usage_limit", minimum=0),
    integer("total_usage_count", computed=ZERO),
    boolean("total_usage_reached", computed=Constant(value=False)),
    *period("inactive"),
    integer("weight", queryable=False, computed=NOTHING),
    integer("coupons_count", queryable=False, computed=Count(relationship="coupons")),
    datetime("disabled_at", read_only=True),
)


def _rule(name: str) -> Relationship:
    """The rule of one kind that a promotion has; naming another promotion's moves it here."""
    return found_one(name, f"{name}s", inverse="promotion", moves=True)


_RELATIONSHIPS = (
    to_one("market", "markets"),
    to_many("promotion_rules", polymorphic=True, inverse="promotion"),
    _rule("order_amount_promotion_rule"),
    _rule("sku_list_promotion_rule"),
    _rule("coupon_codes_promotion_rule"),
    _rule("custom_promotion_rule"),
    to_many("coupons", path=("coupon_codes_promotion_rule", "coupons")),
    attachments(),
    events(),
    tags(),
    event_stores(),
)

_SKUS = to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku"))

_TRIGGERS = (
    *switching(),
    *tagging(),
)

_SCOPES = (
    "active",
    "expired",
    "with_status",
    "sku_code_eq",
    "sku_code_matches",
    "sku_code_start",
    "sku_code_end",
    "sku_code_in",
)


def _promotion(
    name: str,
    *attributes: Attribute,
    needs_sku_list: bool = False,
    relationships: Iterable[Relationship] = (),
    triggers: Iterable[Trigger] = (),
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="promotions",
        attributes=(concrete_type(name), *_ATTRIBUTES, *attributes, *common()),
        relationships=(
            to_one("sku_list", "sku_lists", required=needs_sku_list),
            *_RELATIONSHIPS,
            *relationships,
        ),
        triggers=(*_TRIGGERS, *triggers),
        keys=(by_name("type"),),
        nested=("tags",),
        filter_scopes=_SCOPES,
    )


PERCENTAGE_DISCOUNT_PROMOTIONS = _promotion(
    "percentage_discount_promotions",
    integer("percentage", required=True, queryable=False, minimum=1, maximum=100),
    relationships=(_SKUS,),
)

FREE_SHIPPING_PROMOTIONS = _promotion(
    "free_shipping_promotions",
)

BUY_X_PAY_Y_PROMOTIONS = _promotion(
    "buy_x_pay_y_promotions",
    integer("x", required=True),
    integer("y", required=True),
    boolean("cheapest_free", default=False, queryable=False),
    needs_sku_list=True,
    relationships=(_SKUS,),
)

FREE_GIFT_PROMOTIONS = _promotion(
    "free_gift_promotions",
    integer("max_quantity", default=1, queryable=False),
    needs_sku_list=True,
    relationships=(_SKUS,),
)

FIXED_PRICE_PROMOTIONS = _promotion(
    "fixed_price_promotions",
    *money("fixed_amount", required=True, queryable=False, minimum=0),
    needs_sku_list=True,
    relationships=(_SKUS,),
)

EXTERNAL_PROMOTIONS = _promotion(
    "external_promotions",
    string("promotion_url", required=True, queryable=False),
    *circuit(),
    shared_secret(),
    array("external_includes"),
    relationships=(_SKUS,),
    triggers=tuple(outside_calls()),
)

FIXED_AMOUNT_PROMOTIONS = _promotion(
    "fixed_amount_promotions",
    *money("fixed_amount", required=True, queryable=False, minimum=0),
    relationships=(_SKUS,),
)

FLEX_PROMOTIONS = ResourceType(
    name="flex_promotions",
    singular="flex_promotion",
    base="promotions",
    attributes=(
        concrete_type("flex_promotions"),
        string("name", required=True),
        boolean("exclusive"),
        integer("priority"),
        datetime("starts_at", required=True),
        datetime("expires_at", required=True),
        integer("total_usage_limit", minimum=0),
        integer("total_usage_count", computed=ZERO),
        *period("inactive"),
        mapping(
            "rules",
            required=True,
            only_on=("retrieve", "create", "update"),
        ),
        mapping("rule_outcomes", queryable=False, only_on=("retrieve",), computed=NOTHING),
        datetime("disabled_at", read_only=True),
        mapping("resource_payload", queryable=False, only_on=("retrieve",), computed=NOTHING),
        *common(),
    ),
    relationships=(
        _rule("coupon_codes_promotion_rule"),
        to_many("coupons", path=("coupon_codes_promotion_rule", "coupons")),
        attachments(),
        events(),
        tags(),
        event_stores(),
    ),
    triggers=(
        *switching(),
        *tagging(),
    ),
    filter_scopes=("active", "expired", "with_status"),
    keys=(by_name("type"),),
    nested=("tags",),
)

PROMOTIONS = ResourceType(
    name="promotions",
    singular="promotion",
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        *_ATTRIBUTES,
        *common(),
    ),
    relationships=(
        to_one("sku_list", "sku_lists"),
        *_RELATIONSHIPS,
    ),
    triggers=_TRIGGERS,
    keys=(by_name("type"),),
    nested=("tags",),
    filter_scopes=_SCOPES,
    actions=("list", "retrieve"),
)
