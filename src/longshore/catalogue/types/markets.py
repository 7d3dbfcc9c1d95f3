"""Where is sold: merchants, markets and their stores."""

from longshore.catalogue.declarations import (
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    array,
    boolean,
    common,
    datetime,
    derived,
    integer,
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
    switching,
    to_many,
    to_one,
    unsupported,
)

MERCHANTS = ResourceType(
    name="merchants",
    singular="merchant",
    topic=Topic.MARKETS,
    attributes=(
        string("name", required=True),
        *common(),
    ),
    relationships=(
        to_one("address", "addresses", required=True),
        attachments(),
        event_stores(),
    ),
    keys=(by_name(),),
    nested=("address",),
)

MARKETS = ResourceType(
    name="markets",
    singular="market",
    topic=Topic.MARKETS,
    attributes=(
        integer("number", queryable=False, computed=derived("sequence_number", "id")),
        string("name", required=True),
        string("code"),
        string("facebook_pixel_id", queryable=False),
        string("checkout_url", queryable=False),
        string("external_prices_url", queryable=False),
        string("external_order_validation_url", queryable=False),
        boolean("private", queryable=False, computed=derived("is_present", "customer_group")),
        integer("shipping_cost_cutoff", queryable=False),
        datetime("disabled_at", read_only=True),
        shared_secret(),
        array("external_includes"),
        *common(),
    ),
    relationships=(
        to_one("merchant", "merchants", required=True),
        to_one("price_list", "price_lists", required=True),
        found_one("base_price_list", "price_lists", virtual=True, path=("price_list",)),
        to_one("inventory_model", "inventory_models", required=True),
        to_one("subscription_model", "subscription_models"),
        found_one("discount_engine", "discount_engines", empty=True),
        to_one(
            "tax_calculator",
            "avalara_accounts",
            "stripe_tax_accounts",
            "vertex_accounts",
            "taxjar_accounts",
            "manual_tax_calculators",
            "external_tax_calculators",
            polymorphic=True,
        ),
        to_one("customer_group", "customer_groups"),
        to_one("geocoder", "geocoders"),
        to_one("default_shipping_method", "shipping_methods", deferred=True),
        to_one("default_payment_method", "payment_methods", deferred=True),
        to_many("stores", inverse="market"),
        to_many("price_list_schedulers", inverse="market"),
        to_many("order_validation_rules", empty=True, polymorphic=True),
        attachments(),
        event_stores(),
    ),
    triggers=(
        *switching(),
        unsupported("_regenerate_shared_secret"),
    ),
    keys=by_code_or_name(),
)

STORES = ResourceType(
    name="stores",
    singular="store",
    topic=Topic.MARKETS,
    attributes=(
        string("name", required=True),
        string("code"),
        *common(),
    ),
    relationships=(
        to_one("market", "markets", required=True),
        to_one("merchant", "merchants"),
        to_one("stock_location", "stock_locations"),
        to_many("orders", filterable=False, inverse="store"),
        to_many("payment_methods", filterable=False, inverse="store"),
        events(),
        event_stores(),
    ),
    keys=by_code_or_name(),
    parent="market",
)

SUBSCRIPTION_MODELS = ResourceType(
    name="subscription_models",
    singular="subscription_model",
    attributes=(
        string("name", required=True),
        string("strategy", default="by_frequency", enum=("by_frequency", "by_line_items")),
        array("frequencies", required=True),
        boolean("auto_activate", default=True, sortable=False),
        boolean("auto_cancel", default=False, sortable=False),
        *common(),
    ),
    relationships=(
        to_many("markets", filterable=False, inverse="subscription_model"),
        to_many("order_subscriptions", empty=True, filterable=False),
        attachments(),
        event_stores(),
    ),
    keys=(by_name(),),
)
