"""Parameters of operations: of the path, and what a query may ask for."""

import re
from collections.abc import Iterable

from longshore.api.keyed_requests import HEADER, KEY_PATTERN
from longshore.api.openapi.schemas import ID
from longshore.api.openapi.values import Schema
from longshore.api.queries import (
    FILTERS_MAX,
    INCLUDE_DEPTH_MAX,
    INCLUDE_PATHS_MAX,
    PAGE_SIZE,
    PAGE_SIZE_MAX,
    SORT_CRITERIA_MAX,
    field_names,
)
from longshore.catalogue import Catalogue, ResourceType
from longshore.records import MATCHERS

IDEMPOTENCY_KEY = "idempotency_key"

# A page behind all that can be stored.
_PAGE_NUMBER_MAX = 10**12

_MATCHER = "|".join(sorted(MATCHERS, key=len, reverse=True))


def parameter_components() -> dict[str, Schema]:
    """The parameters that are the same for all types."""
    return {
        "id": {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "The id of a resource: ten letters and digits.",
            "schema": ID,
        },
        IDEMPOTENCY_KEY: {
            "name": HEADER,
            "in": "header",
            "description": "Whatever the client chooses for this one request. Sent again with the "
            "same key within a day, the request is answered as before and does nothing.",
            "schema": {"type": "string", "pattern": KEY_PATTERN},
        },
        "page": page_parameter(PAGE_SIZE_MAX),
        "cursor": _deep_object(
            "page",
            "Which part of a history: what follows the entry whose id is `after`.",
            {
                "size": _page_size(PAGE_SIZE_MAX),
                "after": {"type": "string", "pattern": "^[0-9]{1,16}-[0-9]{1,36}$"},
            },
        ),
    }


def parameter_ref(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def page_parameter(size_max: int) -> Schema:
    """Which page of a list is asked for."""
    return _deep_object(
        "page",
        f"Which page of the list, from 1, and how many resources it has, at most {size_max}.",
        {
            "number": {
                "type": "integer",
                "minimum": 1,
                "maximum": _PAGE_NUMBER_MAX,
                "default": 1,
            },
            "size": _page_size(size_max),
        },
    )


def outcome_parameter(filters: Iterable[str]) -> Schema:
    """By which outcomes rows are filtered."""
    return _deep_object(
        "filter[q]",
        "Filters by outcome, which must all hold. Those that end in `in` take a list of outcomes "
        "with commas between.",
        {name: {"type": "string"} for name in filters},
    )


def type_parameter_components(catalogue: Catalogue, declared: ResourceType) -> dict[str, Schema]:
    """The parameters of one type, which many operations share: of all that lead to it."""
    return {
        f"{declared.name}.fields": _fields(catalogue, declared),
        f"{declared.name}.include": _include(catalogue, declared),
        f"{declared.name}.sort": _sort(declared),
        f"{declared.name}.filter": _filter(declared),
    }


def document_parameters(catalogue: Catalogue, declared: ResourceType) -> list[Schema]:
    """What may be asked for beside one resource."""
    names = ["fields"]
    if _includable(catalogue, declared):
        names.append("include")
    return [parameter_ref(f"{declared.name}.{name}") for name in names]


def list_parameters(catalogue: Catalogue, declared: ResourceType) -> list[Schema]:
    """What may be asked for of a list of resources of a type."""
    return [
        parameter_ref("page"),
        parameter_ref(f"{declared.name}.sort"),
        parameter_ref(f"{declared.name}.filter"),
        *document_parameters(catalogue, declared),
    ]


def _deep_object(name: str, description: str, properties: Schema) -> Schema:
    return {
        "name": name,
        "in": "query",
        "style": "deepObject",
        "explode": True,
        "description": description,
        "schema": {"type": "object", "properties": properties, "additionalProperties": False},
    }


def _page_size(size_max: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": size_max, "default": PAGE_SIZE}


def _sort(declared: ResourceType) -> Schema:
    names = ["id", *(each.name for each in declared.attributes if each.sortable)]
    return {
        "name": "sort",
        "in": "query",
        "style": "form",
        "explode": False,
        "description": "Attributes to order by, a minus before those that descend.",
        "schema": {
            "type": "array",
            "items": {"enum": [spelt for name in names for spelt in (name, f"-{name}")]},
            "uniqueItems": True,
            "maxItems": SORT_CRITERIA_MAX,
        },
    }


def _filter(declared: ResourceType) -> Schema:
    names = ["id", *(each.name for each in declared.attributes if each.filterable)]
    joined = _alternatives(names)
    return {
        "name": "filter[q]",
        "in": "query",
        "style": "deepObject",
        "explode": True,
        "description": (
            "Filters, which must all hold. A name is one or more attributes joined by `_or_` or "
            "`_and_`, then a matcher: `name_or_code_cont`. An attribute of a filterable "
            "relationship is named behind it: `market_name_eq`. Matchers that end in `in`, `any` "
            "or `all` take a list of values with commas between."
        ),
        "schema": {
            "type": "object",
            "maxProperties": FILTERS_MAX,
            "propertyNames": {
                "anyOf": [
                    {"pattern": f"^({joined})((_or_|_and_)({joined}))*_({_MATCHER})$"},
                    {"pattern": f"^[a-z][a-z0-9_]*_({_MATCHER})$"},
                ]
            },
            "additionalProperties": {"type": "string"},
        },
    }


def _fields(catalogue: Catalogue, declared: ResourceType) -> Schema:
    names = sorted(field_names(catalogue, declared.name))
    one = f"({_alternatives(names)})"
    return {
        "name": "fields",
        "in": "query",
        "style": "deepObject",
        "explode": True,
        "description": (
            "By resource type, the fields that are shown, with commas between; of types that are "
            "not named, all of them."
        ),
        "schema": {
            "type": "object",
            "properties": {declared.name: {"type": "string", "pattern": f"^{one}(,{one})*$"}},
            "propertyNames": {"pattern": "^[a-z_]+$"},
            "additionalProperties": {"type": "string"},
        },
    }


def _includable(catalogue: Catalogue, declared: ResourceType) -> list[str]:
    """The relationships that can be included, of an abstract type those of its concrete ones."""
    types = [declared, *(catalogue.types[name] for name in declared.concrete)]
    names = (each.name for type_ in types for each in type_.relationships if each.includable)
    return list(dict.fromkeys(names))


def _include(catalogue: Catalogue, declared: ResourceType) -> Schema:
    names = _includable(catalogue, declared)
    return {
        "name": "include",
        "in": "query",
        "style": "form",
        "explode": False,
        "description": (
            "Relationships whose resources are to stand in `included`. Dots lead further: "
            f"a path has at most {INCLUDE_DEPTH_MAX} names."
        ),
        "schema": {
            "type": "array",
            "items": {
                "type": "string",
                "pattern": f"^({_alternatives(names)})(\\.[a-z_]+){{0,{INCLUDE_DEPTH_MAX - 1}}}$",
            },
            "maxItems": INCLUDE_PATHS_MAX,
        },
    }


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, names))
