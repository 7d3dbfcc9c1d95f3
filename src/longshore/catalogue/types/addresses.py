"""Addresses."""

from longshore.catalogue.declarations import (
    Constant,
    Derived,
    Form,
    ResourceType,
)
from longshore.catalogue.fields import (
    NOTHING,
    boolean,
    common,
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

ADDRESSES = ResourceType(
    name="addresses",
    singular="address",
    attributes=(
        boolean("business", default=False, sortable=False),
        string("first_name", required="business != true", sortable=False),
        string("last_name", required="business != true", sortable=False),
        string("company", required="business == true", sortable=False),
        string(
            "full_name",
            queryable=False,
            computed=Derived(
                function="full_name",
                inputs=(
                    "first_name",
                    "last_name",
                ),
            ),
        ),
        string("line_1", required=True, sortable=False),
        string("line_2", sortable=False),
        string("city", required=True),
        string("zip_code", required="country_uses_zip(country_code)", sortable=False),
        string("state_code"),
        string("country_code", required=True, form=Form.COUNTRY),
        string("phone", required="organization.addresses_phone_required == true", sortable=False),
        string(
            "full_address",
            queryable=False,
            computed=Derived(
                function="full_address",
                inputs=(
                    "line_1",
                    "line_2",
                    "zip_code",
                    "city",
                    "state_code",
                    "country_code",
                    "phone",
                ),
            ),
        ),
        string(
            "name",
            queryable=False,
            computed=Derived(
                function="address_name",
                inputs=(
                    "business",
                    "first_name",
                    "last_name",
                    "company",
                    "line_1",
                    "line_2",
                    "zip_code",
                    "city",
                    "state_code",
                    "country_code",
                    "phone",
                ),
            ),
        ),
        string("email", sortable=False, form=Form.EMAIL),
        string("notes", sortable=False),
        number("lat", sortable=False),
        number("lng", sortable=False),
        boolean(
            "is_localized",
            queryable=False,
            computed=Derived(
                function="are_present",
                inputs=(
                    "lat",
                    "lng",
                ),
            ),
        ),
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
    triggers=(*tagging(),),
    nested=("tags",),
    importable=True,
)
