"""What happened and what changed; the journal keeps it."""

from longshore.catalogue.declarations import (
    ResourceType,
    Trigger,
)
from longshore.catalogue.fields import (
    common,
    mapping,
    string,
)
from longshore.catalogue.links import (
    event_stores,
    to_many,
)

EVENTS = ResourceType(
    name="events",
    singular="event",
    attributes=(
        string("name", read_only=True),
        *common(),
    ),
    relationships=(
        to_many("webhooks", virtual=True, empty=True),
        to_many("last_event_callbacks", "event_callbacks", virtual=True, empty=True),
        event_stores(),
    ),
    # It would tell the webhooks that listen.
    triggers=(Trigger(name="_trigger", creatable=False),),
    kept_by="journal",
    actions=("list", "retrieve", "update"),
)

EVENT_STORES = ResourceType(
    name="event_stores",
    singular="event_store",
    attributes=(
        string("resource_type", read_only=True, queryable=False),
        string("resource_id", read_only=True, queryable=False),
        string("event", enum=("create", "update"), read_only=True, queryable=False),
        string("ip_address", read_only=True, write_only=True),
        string("user_agent", read_only=True, write_only=True),
        string("uuid", read_only=True, write_only=True),
        mapping("payload", read_only=True, queryable=False),
        mapping("who", read_only=True, queryable=False),
        *common(),
    ),
    kept_by="journal",
    actions=("retrieve",),
)
