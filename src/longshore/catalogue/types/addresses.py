"""Addresses."""

from longshore.catalogue.declarations import (
    Constant,
    Form,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    NOTHING,
    boolean,
    common,
    derived,
    number,
    string,
)
from longshore.catalogue.links import (
    event_stores,
    events,
    tagging,
    tags,
    to_one,
)

# Inputs of the name and of the full address, in the order of their derivations.
NAME_PARTS = ("business", "first_name", "last_name", "company")
ADDRESS_PARTS = ("line_1", "line_2", "zip_code", "city", "state_code", "country_code", "phone")

ADDRESSES = ResourceType(
    name="addresses",
    singular="address",
    topic=Topic.CUSTOMERS,
    about="where something is sent or billed to",
    attributes=(
        boolean("business", default=False, sortable=False),
        string("first_name", required="business != true", sortable=False),
        string("last_name", required="business != true", sortable=False),
        string("company", required="business == true", sortable=False),
        string(
            "full_name", queryable=False, computed=derived("full_name", "first_name", "last_name")
        ),
        string("line_1", required=True, sortable=False),
        string("line_2", sortable=False),
        string("city", required=True),
        string("zip_code", required="country_uses_zip(country_code)", sortable=False),
        string("state_code"),
        string("country_code", required=True, form=Form.COUNTRY),
        string("phone", required="organization.addresses_phone_required == true", sortable=False),
        string("full_address", queryable=False, computed=derived("full_address", *ADDRESS_PARTS)),
        string(
            "name", queryable=False, computed=derived("address_name", *NAME_PARTS, *ADDRESS_PARTS)
        ),
        string("email", sortable=False, form=Form.EMAIL),
        string("notes", sortable=False),
        number("lat", sortable=False),
        number("lng", sortable=False),
        boolean("is_localized", queryable=False, computed=derived("are_present", "lat", "lng")),
        boolean("is_geocoded", queryable=False, computed=Constant(value=False)),
        string("provider_name", enum=("google", "bing"), queryable=False, computed=NOTHING),
        string("map_url", queryable=False, computed=NOTHING),
        string("static_map_url", queryable=False, computed=NOTHING),
        string("billing_info", sortable=False),
        *common(),
    ),
    relationships=(
        to_one("geocoder", "geocoders", filterable=False),
        events(),
        tags(),
        event_stores(),
    ),
    triggers=tuple(tagging()),
    nested=("tags",),
    importable=True,
)
