"""What the pages of records share: which types they show, where lists are, how values look."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from longshore.access import Action
from longshore.catalogue import ResourceType
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.operations import RecordField

RECORDS_PATH = f"{DASHBOARD_PATH}/records"

_FILTER = re.compile(r"filter\[q\]\[(\w+)\]", re.ASCII)


def is_shown(declared: ResourceType) -> bool:
    """Whether there are pages of records of a type."""
    return declared.kept_by == "records" and declared.routed and not declared.singleton


def declared_of(request: PageRequest) -> ResourceType:
    """The type of the address; raises PageRefused."""
    name = request.parameters["type"]
    declared = request.services.catalogue.get(name)
    if declared is None or not is_shown(declared):
        raise PageRefused(
            404, f"there is no type {name[:100]!r} of records", hint="Records lists the types"
        )
    request.require(Action.READ, name)
    return declared


def filters_of(request: PageRequest) -> list[tuple[str, str]]:
    """The filters of the address, as the API takes them."""
    found = ((_FILTER.fullmatch(name), value) for name, value in request.query)
    return [(match[1], value) for match, value in found if match is not None]


def list_address(declared: ResourceType, filters: Mapping[str, str]) -> str:
    """Where the list is of the records that filters let through."""
    query = urlencode([(f"filter[q][{key}]", value) for key, value in filters.items()])
    return f"{RECORDS_PATH}/{declared.name}" + (f"?{query}" if query else "")


def form_of(field: RecordField) -> str:
    """How the values of a field are shown."""
    if field.title == "id":
        return "id"
    if field.is_datetime:
        return "time"
    if field.title.endswith("_id"):
        return "link"
    return "number" if field.is_number else "cell"
