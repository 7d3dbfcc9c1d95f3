"""Where goods lie, how many, and how they move."""

from longshore.catalogue.declarations import (
    Key,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    NOTHING,
    boolean,
    code_of,
    common,
    datetime,
    derived,
    integer,
    later,
    string,
)
from longshore.catalogue.links import (
    attachments,
    becomes,
    by_code_or_name,
    by_name,
    by_reference,
    event_stores,
    events,
    found_one,
    to_many,
    to_one,
    unsupported,
)

STOCK_LOCATIONS = ResourceType(
    name="stock_locations",
    singular="stock_location",
    topic=Topic.STOCK,
    about="warehouses and shops",
    common_rank=6,
    attributes=(
        integer("number", queryable=False, computed=derived("sequence_number", "id")),
        string("name", required=True),
        string("code"),
        string("label_format", default="PDF", enum=("PDF", "ZPL", "EPL2", "PNG")),
        boolean("suppress_etd"),
        *common(),
    ),
    relationships=(
        to_one("address", "addresses", required=True),
        to_many("inventory_stock_locations", inverse="stock_location"),
        to_many("inventory_return_locations", inverse="stock_location"),
        to_many("stock_items", inverse="stock_location"),
        to_many("stock_transfers", inverse="origin_stock_location"),
        to_many("stores", inverse="stock_location"),
        attachments(),
        event_stores(),
    ),
    keys=by_code_or_name(),
    nested=("address",),
    importable=True,
)

INVENTORY_MODELS = ResourceType(
    name="inventory_models",
    singular="inventory_model",
    topic=Topic.STOCK,
    attributes=(
        string("name", required=True),
        string(
            "strategy",
            default="no_split",
            enum=(
                "no_split",
                "split_shipments",
                "ship_from_primary",
                "ship_from_first_available_or_primary",
            ),
        ),
        integer("stock_locations_cutoff", default=2),
        integer("stock_reservation_cutoff", default=3600),
        boolean("put_stock_transfers_on_hold", default=False, queryable=False),
        boolean("manual_stock_decrement", default=False, queryable=False),
        *common(),
    ),
    relationships=(
        to_many("inventory_stock_locations", inverse="inventory_model"),
        to_many("inventory_return_locations", inverse="inventory_model"),
        attachments(),
        event_stores(),
    ),
    keys=(by_name(),),
)

INVENTORY_STOCK_LOCATIONS = ResourceType(
    name="inventory_stock_locations",
    singular="inventory_stock_location",
    topic=Topic.STOCK,
    attributes=(
        integer("priority", required=True),
        boolean("on_hold"),
        *common(),
    ),
    relationships=(
        to_one("stock_location", "stock_locations", required=True),
        to_one("inventory_model", "inventory_models", required=True),
        event_stores(),
    ),
    keys=(Key(parts=("inventory_model", "stock_location")),),
    parent="inventory_model",
)

INVENTORY_RETURN_LOCATIONS = ResourceType(
    name="inventory_return_locations",
    singular="inventory_return_location",
    topic=Topic.STOCK,
    attributes=(
        integer("priority", required=True),
        *common(),
    ),
    relationships=(
        to_one("stock_location", "stock_locations", required=True),
        to_one("inventory_model", "inventory_models", required=True),
        event_stores(),
    ),
    keys=(Key(parts=("inventory_model", "stock_location")),),
    parent="inventory_model",
)

STOCK_ITEMS = ResourceType(
    name="stock_items",
    singular="stock_item",
    topic=Topic.STOCK,
    about="how many pieces of an SKU a stock location has",
    common_rank=3,
    attributes=(
        code_of("sku_code", "sku", "skus"),
        integer("quantity", required=True, minimum=0),
        *common(),
    ),
    relationships=(
        to_one("stock_location", "stock_locations", required=True),
        to_one("sku", "skus", required="sku_code == null"),
        found_one("reserved_stock", "reserved_stocks", inverse="stock_item"),
        to_many("stock_reservations", inverse="stock_item"),
        attachments(),
        event_stores(),
    ),
    triggers=(unsupported("_validate"),),
    keys=(Key(parts=("stock_location", "sku")),),
    parent="stock_location",
    importable=True,
)

STOCK_TRANSFERS = ResourceType(
    name="stock_transfers",
    singular="stock_transfer",
    topic=Topic.STOCK,
    about="pieces moved between stock locations",
    attributes=(
        string("number", generated="stock_transfer_number"),
        code_of("sku_code", "sku", "skus"),
        string(
            "status",
            default="draft",
            enum=(
                "draft",
                "upcoming",
                "on_hold",
                "picking",
                "in_transit",
                "completed",
                "cancelled",
            ),
            read_only=True,
        ),
        integer("quantity", required=True, above=0),
        datetime("on_hold_at", read_only=True),
        datetime("picking_at", read_only=True),
        datetime("in_transit_at", read_only=True),
        datetime("completed_at", read_only=True),
        datetime("cancelled_at", read_only=True),
        # No client sees it, but they ask for the transfers that are not archived.
        datetime("archived_at", fetchable=False, sortable=False, computed=NOTHING),
        *common(),
    ),
    relationships=(
        to_one("sku", "skus", required="sku_code == null"),
        to_one("origin_stock_location", "stock_locations", required=True),
        to_one("destination_stock_location", "stock_locations", required=True),
        found_one("shipment", "shipments", empty=True),
        to_one("line_item", "line_items"),
        found_one("stock_reservation", "stock_reservations", empty=True),
        attachments(),
        events(),
        event_stores(),
    ),
    triggers=(
        becomes("_upcoming", "upcoming"),
        becomes("_on_hold", "on_hold", "on_hold_at"),
        becomes("_picking", "picking", "picking_at"),
        becomes("_in_transit", "in_transit", "in_transit_at"),
        becomes("_complete", "completed", "completed_at"),
        becomes("_cancel", "cancelled", "cancelled_at"),
    ),
    keys=(Key(parts=("number",)),),
    importable=True,
)

RESERVED_STOCKS = ResourceType(
    name="reserved_stocks",
    singular="reserved_stock",
    topic=Topic.STOCK,
    attributes=(
        integer("quantity", read_only=True),
        *common(),
    ),
    relationships=(
        to_one("stock_item", "stock_items", creatable=False, updatable=False),
        found_one("sku", "skus", path=("stock_item", "sku")),
        to_many("stock_reservations", filterable=False, path=("stock_item", "stock_reservations")),
        event_stores(),
    ),
    actions=("list", "retrieve"),
)

STOCK_RESERVATIONS = ResourceType(
    name="stock_reservations",
    singular="stock_reservation",
    topic=Topic.STOCK,
    attributes=(
        string("status", default="draft", enum=("draft", "pending"), read_only=True),
        integer("quantity", required=True),
        # As the inventory models have it that say nothing else.
        datetime("expires_at", computed=later("created_at", hours=1)),
        *common(),
    ),
    relationships=(
        found_one("line_item", "line_items", empty=True),
        found_one("order", "orders", empty=True),
        found_one("stock_line_item", "stock_line_items", empty=True),
        found_one("stock_transfer", "stock_transfers", empty=True),
        to_one("stock_item", "stock_items", required=True, updatable=False),
        found_one("reserved_stock", "reserved_stocks", path=("stock_item", "reserved_stock")),
        found_one("sku", "skus", path=("stock_item", "sku")),
        event_stores(),
    ),
    triggers=(becomes("_pending", "pending"),),
    parent="stock_item",
    keys=(by_reference("stock_item"),),
)
