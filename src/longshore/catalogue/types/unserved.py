"""Types of the wire contract that are known and not served."""

from longshore.catalogue.declarations import (
    ResourceType,
)
from longshore.catalogue.fields import (
    NOTHING,
    array,
    boolean,
    circuit,
    common,
    datetime,
    integer,
    mapping,
    number,
    string,
)
from longshore.catalogue.links import (
    event_stores,
    events,
    found_one,
    outside_calls,
    switching,
    to_many,
    unsupported,
)

WEBHOOKS = ResourceType(
    name="webhooks",
    singular="webhook",
    attributes=(
        string("name", default="Webhook {id}", sortable=False),
        string("topic", required=True, sortable=False),
        string("callback_url", required=True, queryable=False),
        array("include_resources"),
        datetime("disabled_at", read_only=True),
        *circuit(),
        string("shared_secret", queryable=False, computed=NOTHING),
        *common(),
    ),
    relationships=(
        to_many("last_event_callbacks", "event_callbacks", virtual=True, empty=True),
        event_stores(),
    ),
    triggers=(
        *switching(),
        *outside_calls(),
    ),
    routed=False,
)

EVENT_CALLBACKS = ResourceType(
    name="event_callbacks",
    singular="event_callback",
    attributes=(
        string("callback_url", read_only=True, sortable=False),
        string("signature", read_only=True, write_only=True),
        mapping("payload", read_only=True, queryable=False),
        string("response_code", read_only=True),
        string("response_message", read_only=True),
        *common(),
    ),
    relationships=(
        found_one("webhook", "webhooks"),
        event_stores(),
    ),
    routed=False,
    actions=("list", "retrieve"),
)

EXPORTS = ResourceType(
    name="exports",
    singular="export",
    attributes=(
        string("resource_type", required=True, updatable=False),
        string("format", default="json", enum=("json", "csv"), updatable=False),
        string(
            "status",
            default="pending",
            enum=("pending", "in_progress", "interrupted", "completed", "failed"),
            read_only=True,
        ),
        array("includes", updatable=False),
        array("fields", updatable=False),
        mapping("filters", updatable=False, queryable=False),
        boolean("dry_data", updatable=False, queryable=False),
        boolean("jwt_filters", updatable=False, queryable=False),
        datetime("started_at", read_only=True),
        datetime("completed_at", read_only=True),
        datetime("estimated_completion_at", read_only=True, queryable=False),
        datetime("interrupted_at", read_only=True),
        integer("records_count", read_only=True),
        integer("processed_count", read_only=True),
        number("progress", read_only=True, queryable=False),
        string("attachment_url", read_only=True),
        mapping("errors_log", read_only=True),
        *common(),
    ),
    relationships=(
        events(),
        event_stores(),
    ),
    triggers=(
        unsupported("_start"),
        unsupported("_interrupt"),
    ),
    routed=False,
)

CLEANUPS = ResourceType(
    name="cleanups",
    singular="cleanup",
    attributes=(
        string(
            "resource_type",
            required=True,
            enum=(
                "bundles",
                "gift_cards",
                "prices",
                "promotions",
                "sku_lists",
                "sku_options",
                "skus",
                "stock_items",
            ),
            updatable=False,
        ),
        string(
            "status",
            default="pending",
            enum=("pending", "in_progress", "interrupted", "completed"),
            read_only=True,
        ),
        datetime("started_at", read_only=True),
        datetime("completed_at", read_only=True),
        datetime("interrupted_at", read_only=True),
        mapping("filters", updatable=False, queryable=False),
        integer("records_count", read_only=True),
        integer("errors_count", read_only=True),
        integer("processed_count", read_only=True),
        mapping("errors_log", read_only=True),
        *common(),
    ),
    relationships=(
        events(),
        event_stores(),
    ),
    triggers=(unsupported("_interrupt"),),
    routed=False,
)
