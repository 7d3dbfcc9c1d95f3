"""Resource objects of JSON:API, made from what was read; nothing here reads anything."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from longshore.catalogue import ResourceType
from longshore.operations import IMPORT_GROUPS, IMPORT_UNDOS, GroupShown, UndoShown
from longshore.records import RecordView
from longshore.web import API_PATH

DEFAULT_BASE_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a document comes from: the server that its links lead to, and the environment."""

    mode: str
    organization_id: str  # public
    api_url: str = DEFAULT_BASE_URL + API_PATH  # of all resources, no slash at the end


def record_document(
    view: RecordView,
    declared: ResourceType,
    origin: Origin,
    *,
    fields: Collection[str] | None = None,
    linkage: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """The resource object of a record; `declared` is the record's concrete type.

    `fields` and `linkage` are those of `resource_document`.
    """
    assert view.type == declared.name, f"{view.type} shown as {declared.name}"
    return resource_document(
        declared, view.id, view.attributes, origin, fields=fields, linkage=linkage
    )


def resource_document(
    declared: ResourceType,
    id_: str,
    attributes: Mapping[str, Any],
    origin: Origin,
    *,
    meta: Mapping[str, Any] = MappingProxyType({}),
    fields: Collection[str] | None = None,
    linkage: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """The resource object of anything; `declared` is its concrete type.

    `fields` names the attributes and relationships that are shown, None all of them. `linkage`
    is the data of those relationships whose targets stand in the same document.
    """
    self_url = f"{origin.api_url}/{declared.name}/{id_}"
    if fields is not None:
        attributes = {name: value for name, value in attributes.items() if name in fields}
    document: dict[str, Any] = {
        "id": id_,
        "type": declared.name,
        "links": {"self": self_url},
        "attributes": attributes,
    }
    relationships: dict[str, dict[str, Any]] = {}
    for relationship in declared.relationships:
        name = relationship.name
        if fields is None or name in fields:
            relationships[name] = {"links": relationship_links(self_url, name)}
            if name in linkage:
                relationships[name]["data"] = linkage[name]
    if relationships or fields is None:
        document["relationships"] = relationships
    document["meta"] = {"mode": origin.mode, "organization_id": origin.organization_id, **meta}
    return document


def undo_document(shown: UndoShown, origin: Origin) -> dict[str, Any]:
    """The resource object of an undo; one that is only tried has no id and no address."""
    address = None if shown.id is None else f"{origin.api_url}/{IMPORT_UNDOS}/{shown.id}"
    return {
        "id": shown.id,
        "type": IMPORT_UNDOS,
        "links": {"self": address},
        "attributes": dict(shown.attributes),
        "meta": {"mode": origin.mode, "organization_id": origin.organization_id, **shown.meta},
    }


def group_document(shown: GroupShown, origin: Origin) -> dict[str, Any]:
    """The resource object of an import group; one that is only tried has no id and no address.

    The documents of its members stand beside it, in `included`.
    """
    address = None if shown.id is None else f"{origin.api_url}/{IMPORT_GROUPS}/{shown.id}"
    members = [{"type": type_, "id": id_} for type_, id_ in shown.members]
    return {
        "id": shown.id,
        "type": IMPORT_GROUPS,
        "links": {"self": address},
        "attributes": dict(shown.attributes),
        "relationships": {"imports": {"data": members}},
        "meta": {"mode": origin.mode, "organization_id": origin.organization_id, **shown.meta},
    }


def relationship_links(self_url: str, name: str) -> dict[str, str]:
    """Where a relationship of a resource can be read."""
    return {"self": f"{self_url}/relationships/{name}", "related": f"{self_url}/{name}"}
