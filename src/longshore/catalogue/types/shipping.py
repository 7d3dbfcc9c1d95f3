"""How goods are sent."""

from longshore.catalogue.declarations import (
    Key,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    NOTHING,
    array,
    boolean,
    circuit,
    common,
    currency_of_market,
    datetime,
    days_of,
    integer,
    money,
    number,
    regex,
    shared_secret,
    string,
)
from longshore.catalogue.links import (
    attachments,
    by_code_or_name,
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

SHIPPING_CATEGORIES = ResourceType(
    name="shipping_categories",
    singular="shipping_category",
    topic=Topic.SHIPPING_AND_TAXES,
    about="which SKUs are shipped alike",
    common_rank=7,
    attributes=(
        string("name", required=True),
        string("code"),
        *common(),
    ),
    relationships=(
        to_many("skus", inverse="shipping_category"),
        attachments(),
        event_stores(),
    ),
    keys=by_code_or_name(),
    importable=True,
)

SHIPPING_ZONES = ResourceType(
    name="shipping_zones",
    singular="shipping_zone",
    topic=Topic.SHIPPING_AND_TAXES,
    attributes=(
        string("name", required=True),
        regex("country_code_regex"),
        regex("not_country_code_regex"),
        regex("state_code_regex"),
        regex("not_state_code_regex"),
        regex("zip_code_regex"),
        regex("not_zip_code_regex"),
        *common(),
    ),
    relationships=(
        attachments(),
        event_stores(),
    ),
    keys=(by_name(),),
)

SHIPPING_METHODS = ResourceType(
    name="shipping_methods",
    singular="shipping_method",
    topic=Topic.SHIPPING_AND_TAXES,
    attributes=(
        string("name", required=True),
        string("scheme", default="flat", enum=("flat", "weight_tiered", "external")),
        currency_of_market(required="market == null"),
        string("external_prices_url", required="scheme == 'external'", queryable=False),
        *money("price_amount", required=True, minimum=0),
        *money("free_over_amount", minimum=0),
        boolean("use_subtotal", default=False, queryable=False),
        *money("price_amount_for_shipment", queryable=False, computed=NOTHING),
        number("min_weight", unit="unit_of_weight", queryable=False),
        number("max_weight", unit="unit_of_weight", queryable=False),
        string(
            "unit_of_weight",
            required="min_weight != null or max_weight != null",
            enum=("gr", "oz", "lb"),
            queryable=False,
        ),
        string("tax_code", queryable=False),
        datetime("disabled_at", read_only=True),
        *circuit(),
        shared_secret(),
        array("external_includes"),
        *common(),
    ),
    relationships=(
        to_one("market", "markets"),
        to_one("shipping_zone", "shipping_zones"),
        to_one("shipping_category", "shipping_categories"),
        to_one("stock_location", "stock_locations"),
        found_one(
            "delivery_lead_time_for_shipment", "delivery_lead_times", virtual=True, empty=True
        ),
        to_many("shipping_method_tiers", inverse="shipping_method"),
        to_many("shipping_weight_tiers", virtual=True, inverse="shipping_method"),
        attachments(),
        to_many("notifications", empty=True),
        events(),
        tags(),
        event_stores(),
    ),
    triggers=(
        *switching(),
        *outside_calls(),
        *tagging(),
    ),
    keys=(by_name("market", nullable=("market",)),),
    nested=("tags",),
    plain_filters={"shipment_id": None},
)

DELIVERY_LEAD_TIMES = ResourceType(
    name="delivery_lead_times",
    singular="delivery_lead_time",
    topic=Topic.SHIPPING_AND_TAXES,
    attributes=(
        integer("min_hours", required=True),
        integer("max_hours", required=True),
        days_of("min_days", "min_hours"),
        days_of("max_days", "max_hours"),
        *common(),
    ),
    relationships=(
        to_one("stock_location", "stock_locations", required=True),
        to_one("shipping_method", "shipping_methods", required=True),
        attachments(),
        event_stores(),
    ),
    keys=(Key(parts=("stock_location", "shipping_method"), unique=False),),
)
