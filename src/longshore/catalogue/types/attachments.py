"""Files and links that belong to records."""

from longshore.catalogue.declarations import (
    Constant,
    ResourceType,
)
from longshore.catalogue.fields import (
    common,
    datetime,
    derived,
    later,
    mapping,
    period,
    spellings_of,
    string,
    through,
)
from longshore.catalogue.links import (
    by_name,
    event_stores,
    events,
    switching,
    to_one,
)

ATTACHMENTS = ResourceType(
    name="attachments",
    singular="attachment",
    attributes=(
        string("name", required=True),
        string("description", sortable=False),
        string("url", queryable=False),
        *common(),
    ),
    relationships=(
        to_one(
            "attachable",
            "geocoders",
            "price_lists",
            "payment_methods",
            "markets",
            "customer_groups",
            "promotions",
            "orders",
            "transactions",
            "tax_calculators",
            "tax_categories",
            "skus",
            "shipping_categories",
            "order_validation_rules",
            "bundles",
            "sku_lists",
            "stock_items",
            "stock_locations",
            "returns",
            "carrier_accounts",
            "coupon_recipients",
            "customers",
            "delivery_lead_times",
            "shipping_methods",
            "shipments",
            "discount_engines",
            "parcels",
            "gift_card_recipients",
            "gift_cards",
            "inventory_models",
            "stock_transfers",
            "sku_options",
            "merchants",
            "subscription_models",
            "payment_options",
            "packages",
            "prices",
            "price_tiers",
            "shipping_method_tiers",
            "shipping_zones",
            required=True,
            filterable=False,
            polymorphic=True,
        ),
        event_stores(),
    ),
    keys=(by_name("attachable"),),
)

_ITEM_TYPES = (
    "orders",
    "skus",
    "sku_lists",
)

LINKS = ResourceType(
    name="links",
    singular="link",
    attributes=(
        string("name", required=True),
        string("client_id", required=True, sortable=False),
        string("scope", required=True, sortable=False),
        # As documented of the wire: in force for a month from the time of creation.
        datetime("starts_at", fallback=through("created_at")),
        datetime("expires_at", fallback=later("starts_at", days=30)),
        *period(),
        string("domain", queryable=False, fallback=Constant(value="commercelayer.link")),
        string("url", queryable=False, computed=derived("link_url", "domain", "secret")),
        string("item_type", enum=_ITEM_TYPES, updatable=False, spellings=spellings_of(_ITEM_TYPES)),
        mapping("params"),
        datetime("disabled_at", read_only=True),
        *common(),
    ),
    relationships=(
        to_one(
            "item",
            *_ITEM_TYPES,
            required=True,
            filterable=False,
            polymorphic=True,
            type_attribute="item_type",
        ),
        events(),
        event_stores(),
    ),
    triggers=tuple(switching()),
    keys=(by_name("item"),),
)
