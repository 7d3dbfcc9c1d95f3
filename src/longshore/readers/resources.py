"""JSON:API resource objects as rows: what stands in their members becomes the keys of one object.

`{"type", "id", "attributes", "relationships"}` becomes the attributes with `id` and `type`; of each
relationship that names its target, `<name>_id` with the target's id (and `<name>_type`, which only
counts where targets can be of several types), of one to many a list of objects with an `id`. What
names no target (`links` alone) and `links` and `meta` say nothing of the record. An element that is
no resource object is a row as it stands: whether it can be used is not the reader's to say.

jsonapi.org/format/1.1, "Document Structure".
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from longshore.readers.rows import Rows

# Beside `data`; they say nothing about its resources.
DOCUMENT_MEMBERS = frozenset(("data", "errors", "included", "jsonapi", "links", "meta"))

TARGET_TYPE = "_type"  # ends the name under which the type of a target stands

_RESOURCE_MEMBERS = frozenset(("type", "id", "attributes", "relationships", "links", "meta"))
SIGNS = frozenset(("attributes", "relationships", "data"))  # what is lifted has one of these


def lift(element: Any) -> Any:
    """The row that an element means: a resource object, a document of one, or a row as it is."""
    if element.__class__ is not dict:
        return element
    inner = element.get("data")
    if inner.__class__ is dict and DOCUMENT_MEMBERS.issuperset(element):
        element = inner
    return _row(element) if _is_resource(element) else element


def lift_all(elements: list[Any]) -> list[Any]:
    """The rows that elements mean, each at its place; the list itself where they are rows."""
    if set(map(type, elements)) == {dict} and all(map(SIGNS.isdisjoint, elements)):
        return elements
    return list(map(lift, elements))


def lifted(rows: Rows) -> Rows:
    """The same rows, each element as the row that it means."""
    return replace(rows, values=lift_all(rows.values))


def _is_resource(element: Mapping[str, Any]) -> bool:
    attributes = element.get("attributes")
    relationships = element.get("relationships")
    return (
        isinstance(element.get("type"), str)
        and _RESOURCE_MEMBERS.issuperset(element)
        and (attributes is not None or relationships is not None)
        and isinstance(attributes, dict | None)
        and isinstance(relationships, dict | None)
    )


def _row(resource: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": resource["id"]} if "id" in resource else {}
    row["type"] = resource["type"]
    for name, value in (resource.get("attributes") or {}).items():
        row.setdefault(name, value)
    for name, relationship in (resource.get("relationships") or {}).items():
        if not isinstance(relationship, dict):
            row[name] = relationship
        elif "data" in relationship:
            _link(row, name, relationship["data"])
    return row


def _link(row: dict[str, Any], name: str, data: Any) -> None:
    """Add what a relationship names: a target, several, or none (null)."""
    if data is None:
        row[f"{name}_id"] = None
    elif isinstance(data, dict) and "id" in data:
        row[f"{name}_id"] = data["id"]
        if "type" in data:
            row.setdefault(f"{name}{TARGET_TYPE}", data["type"])
    elif isinstance(data, list):
        row[name] = [{"id": each.get("id")} if isinstance(each, dict) else each for each in data]
    else:
        row[name] = data
