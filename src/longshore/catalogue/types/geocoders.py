"""Services that find the place of an address."""

from longshore.catalogue.declarations import (
    Attribute,
    ResourceType,
)
from longshore.catalogue.fields import (
    common,
    concrete_type,
    string,
    type_of,
)
from longshore.catalogue.links import (
    attachments,
    by_name,
    event_stores,
    to_many,
)

_CONCRETE = (
    "google_geocoders",
    "bing_geocoders",
)

_RELATIONSHIPS = (
    to_many("markets", filterable=False, inverse="geocoder"),
    to_many("addresses", filterable=False, inverse="geocoder"),
    attachments(),
    event_stores(),
)


def _geocoder(name: str, *attributes: Attribute) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="geocoders",
        attributes=(
            concrete_type(name),
            string("name", required=True),
            *attributes,
            *common(),
        ),
        relationships=(*_RELATIONSHIPS,),
        keys=(by_name("type"),),
    )


GOOGLE_GEOCODERS = _geocoder(
    "google_geocoders",
    string("api_key", required=True, write_only=True, confidential=True),
)

BING_GEOCODERS = _geocoder(
    "bing_geocoders",
    string("key", required=True, write_only=True, confidential=True),
)

GEOCODERS = ResourceType(
    name="geocoders",
    singular="geocoder",
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        string("name", required=True),
        *common(),
    ),
    relationships=(*_RELATIONSHIPS,),
    keys=(by_name("type"),),
    actions=("list", "retrieve"),
)
