"""Imports; their own store keeps them."""

from longshore.catalogue.declarations import ResourceType, Trigger
from longshore.catalogue.fields import (
    array,
    boolean,
    common,
    datetime,
    integer,
    mapping,
    string,
)
from longshore.catalogue.links import (
    event_stores,
    events,
)

IMPORTS = ResourceType(
    name="imports",
    singular="import",
    attributes=(
        string(
            "resource_type",
            required=True,
            enum=(
                "addresses",
                "bundles",
                "coupons",
                "customer_addresses",
                "customer_payment_sources",
                "customer_subscriptions",
                "customers",
                "gift_cards",
                "line_item_options",
                "line_items",
                "orders",
                "price_lists",
                "price_tiers",
                "prices",
                "shipping_categories",
                "sku_list_items",
                "sku_lists",
                "sku_options",
                "skus",
                "stock_items",
                "stock_locations",
                "stock_transfers",
                "tags",
                "tax_categories",
            ),
            updatable=False,
        ),
        string("format", default="json", enum=("json", "csv"), updatable=False),
        string("parent_resource_id", updatable=False),
        string(
            "status",
            default="pending",
            enum=("pending", "in_progress", "interrupted", "completed"),
            read_only=True,
        ),
        datetime("started_at", read_only=True),
        datetime("completed_at", read_only=True),
        datetime("interrupted_at", read_only=True),
        array("inputs", required=True, updatable=False),
        integer("inputs_size", default=0, read_only=True),
        integer("errors_count", default=0, read_only=True),
        integer("warnings_count", default=0, read_only=True),
        integer("destroyed_count", default=0, read_only=True),
        integer("processed_count", default=0, read_only=True),
        mapping("errors_log", default={}, read_only=True),
        mapping("warnings_log", default={}, read_only=True),
        boolean("cleanup_records", default=False, updatable=False, queryable=False),
        boolean("skip_errors", default=False, updatable=False, queryable=False),
        # Not of the wire contract, and only ever sent.
        boolean("once", default=False, updatable=False, queryable=False),
        string("part_of", updatable=False, queryable=False),
        boolean("all_or_nothing", default=False, updatable=False, queryable=False),
        string("attachment_url", read_only=True),
        *common(),
    ),
    relationships=(
        events(),
        event_stores(),
    ),
    # What it does is with the imports, which rows cannot reach.
    triggers=(
        Trigger(name="_interrupt", creatable=False),
        # Not of the wire contract.
        Trigger(name="_undo", creatable=False),
    ),
    kept_by="imports",
)
