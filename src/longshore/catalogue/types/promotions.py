"""Promotions."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Attribute,
    Constant,
    Count,
    Derived,
    Form,
    Relationship,
    ResourceType,
    Through,
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
    datetime,
    integer,
    mapping,
    money,
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


def _promotion(
    name: str,
    *attributes: Attribute,
    relationships: Iterable[Relationship] = (),
    triggers: Iterable[Trigger] = (),
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="promotions",
        attributes=(
            concrete_type(name),
            string("name", required=True),
            string(
                "currency_code",
                fallback=Through(path=("market", "price_list", "currency_code")),
                form=Form.CURRENCY,
            ),
            boolean("exclusive"),
            integer("priority"),
            datetime("starts_at", required=True),
            datetime("expires_at", required=True),
            integer("total_usage_limit", minimum=0),
            integer("total_usage_count", computed=ZERO),
            boolean("total_usage_reached", computed=Constant(value=False)),
            boolean(
                "active",
                queryable=False,
                computed=Derived(
                    function="is_in_period",
                    inputs=(
                        "disabled_at",
                        "starts_at",
                        "expires_at",
                        "now",
                    ),
                ),
            ),
            string(
                "status",
                enum=("disabled", "expired", "pending", "active", "inactive"),
                queryable=False,
                computed=Derived(
                    function="status_of_period",
                    inputs=(
                        "disabled_at",
                        "starts_at",
                        "expires_at",
                        "now",
                    ),
                ),
            ),
            integer("weight", queryable=False, computed=NOTHING),
            integer("coupons_count", queryable=False, computed=Count(relationship="coupons")),
            datetime("disabled_at", read_only=True),
            *attributes,
            *common(),
        ),
        relationships=(
            to_one("market", "markets"),
            to_many("promotion_rules", polymorphic=True, inverse="promotion"),
            found_one(
                "order_amount_promotion_rule", "order_amount_promotion_rules", inverse="promotion"
            ),
            found_one("sku_list_promotion_rule", "sku_list_promotion_rules", inverse="promotion"),
            found_one(
                "coupon_codes_promotion_rule", "coupon_codes_promotion_rules", inverse="promotion"
            ),
            found_one("custom_promotion_rule", "custom_promotion_rules", inverse="promotion"),
            to_one("sku_list", "sku_lists"),
            to_many("coupons", path=("coupon_codes_promotion_rule", "coupons")),
            attachments(),
            events(),
            tags(),
            event_stores(),
            *relationships,
        ),
        triggers=(
            *switching(),
            *tagging(),
            *triggers,
        ),
        keys=(by_name("type"),),
        nested=("tags",),
        filter_scopes=(
            "active",
            "expired",
            "with_status",
            "sku_code_eq",
            "sku_code_matches",
            "sku_code_start",
            "sku_code_end",
            "sku_code_in",
        ),
    )


PERCENTAGE_DISCOUNT_PROMOTIONS = _promotion(
    "percentage_discount_promotions",
    integer("percentage", required=True, queryable=False, minimum=1, maximum=100),
    relationships=(to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),),
)

FREE_SHIPPING_PROMOTIONS = _promotion(
    "free_shipping_promotions",
)

BUY_X_PAY_Y_PROMOTIONS = _promotion(
    "buy_x_pay_y_promotions",
    integer("x", required=True),
    integer("y", required=True),
    boolean("cheapest_free", default=False, queryable=False),
    relationships=(to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),),
)

FREE_GIFT_PROMOTIONS = _promotion(
    "free_gift_promotions",
    integer("max_quantity", default=1, queryable=False),
    relationships=(to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),),
)

FIXED_PRICE_PROMOTIONS = _promotion(
    "fixed_price_promotions",
    *money("fixed_amount", required=True, queryable=False, minimum=0),
    relationships=(to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),),
)

EXTERNAL_PROMOTIONS = _promotion(
    "external_promotions",
    string("promotion_url", required=True, queryable=False),
    *circuit(),
    string("shared_secret", queryable=False, computed=NOTHING),
    array("external_includes"),
    relationships=(to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),),
    triggers=(*outside_calls(),),
)

FIXED_AMOUNT_PROMOTIONS = _promotion(
    "fixed_amount_promotions",
    *money("fixed_amount", required=True, queryable=False, minimum=0),
    relationships=(to_many("skus", virtual=True, path=("sku_list", "sku_list_items", "sku")),),
)

FLEX_PROMOTIONS = _promotion(
    "flex_promotions",
    mapping(
        "rules",
        required=True,
        only_on=(
            "retrieve",
            "create",
            "update",
        ),
    ),
    mapping("rule_outcomes", queryable=False, only_on=("retrieve",), computed=NOTHING),
    mapping("resource_payload", queryable=False, only_on=("retrieve",), computed=NOTHING),
)

PROMOTIONS = ResourceType(
    name="promotions",
    singular="promotion",
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        string("name", required=True),
        string(
            "currency_code",
            fallback=Through(path=("market", "price_list", "currency_code")),
            form=Form.CURRENCY,
        ),
        boolean("exclusive"),
        integer("priority"),
        datetime("starts_at", required=True),
        datetime("expires_at", required=True),
        integer("total_usage_limit", minimum=0),
        integer("total_usage_count", computed=ZERO),
        boolean("total_usage_reached", computed=Constant(value=False)),
        boolean(
            "active",
            queryable=False,
            computed=Derived(
                function="is_in_period",
                inputs=(
                    "disabled_at",
                    "starts_at",
                    "expires_at",
                    "now",
                ),
            ),
        ),
        string(
            "status",
            enum=("disabled", "expired", "pending", "active", "inactive"),
            queryable=False,
            computed=Derived(
                function="status_of_period",
                inputs=(
                    "disabled_at",
                    "starts_at",
                    "expires_at",
                    "now",
                ),
            ),
        ),
        integer("weight", queryable=False, computed=NOTHING),
        integer("coupons_count", queryable=False, computed=Count(relationship="coupons")),
        datetime("disabled_at", read_only=True),
        *common(),
    ),
    relationships=(
        to_one("market", "markets"),
        to_many("promotion_rules", polymorphic=True, inverse="promotion"),
        found_one(
            "order_amount_promotion_rule", "order_amount_promotion_rules", inverse="promotion"
        ),
        found_one("sku_list_promotion_rule", "sku_list_promotion_rules", inverse="promotion"),
        found_one(
            "coupon_codes_promotion_rule", "coupon_codes_promotion_rules", inverse="promotion"
        ),
        found_one("custom_promotion_rule", "custom_promotion_rules", inverse="promotion"),
        to_one("sku_list", "sku_lists"),
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
    keys=(by_name("type"),),
    nested=("tags",),
    filter_scopes=(
        "active",
        "expired",
        "with_status",
        "sku_code_eq",
        "sku_code_matches",
        "sku_code_start",
        "sku_code_end",
        "sku_code_in",
    ),
    actions=("list", "retrieve"),
)
