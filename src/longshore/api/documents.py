"""Resource objects of JSON:API, made from what was read; nothing here reads anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import ResourceType
from longshore.clock import format_datetime
from longshore.identifiers import PublicIds
from longshore.imports import Import
from longshore.records import RecordView

DEFAULT_BASE_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a document comes from: the server that its links lead to, and the environment."""

    mode: str
    organization_id: str  # public
    base_url: str = DEFAULT_BASE_URL  # scheme and host, no slash at the end


def record_document(view: RecordView, declared: ResourceType, origin: Origin) -> dict[str, Any]:
    """The resource object of a record; `declared` is the record's concrete type."""
    assert view.type == declared.name, f"{view.type} shown as {declared.name}"
    return _document(declared, view.id, dict(view.attributes), {}, origin)


def import_document(
    import_: Import,
    declared: ResourceType,
    public_ids: PublicIds,
    origin: Origin,
    *,
    errors_log: Mapping[str, Mapping[str, Sequence[str]]],
    warnings_log: Mapping[str, Sequence[str]],
    inputs: Sequence[object] | None,
    attachment_url: str | None,
) -> dict[str, Any]:
    """The resource object of an import; `declared` is the type `imports`.

    `inputs` echoes the rows, or is None when there are too many to echo. What the wire contract
    does not know stands in `meta`.
    """
    parent = import_.parent_id
    attributes = {
        "resource_type": import_.resource_type,
        "format": import_.format,
        "parent_resource_id": None if parent is None else public_ids.encode(parent),
        "status": str(import_.status),
        "started_at": _time(import_.started_at),
        "completed_at": _time(import_.completed_at),
        "interrupted_at": _time(import_.interrupted_at),
        "inputs": None if inputs is None else list(inputs),
        "inputs_size": import_.inputs_size,
        "errors_count": import_.errors_count,
        "warnings_count": import_.warnings_count,
        "processed_count": import_.processed_count,
        "errors_log": errors_log,
        "warnings_log": warnings_log,
        "skip_errors": import_.skip_errors,
        "attachment_url": attachment_url,
        "created_at": _time(import_.created_at),
        "updated_at": _time(import_.updated_at),
        "reference": import_.reference,
        "reference_origin": import_.reference_origin,
        "metadata": dict(import_.metadata),
    }
    counts = {
        "created_count": import_.created_count,
        "updated_count": import_.updated_count,
        "unchanged_count": import_.unchanged_count,
        "ignored_columns": list(import_.ignored_columns),
    }
    return _document(declared, public_ids.encode(import_.id), attributes, counts, origin)


def _document(
    declared: ResourceType,
    id_: str,
    attributes: dict[str, Any],
    meta: dict[str, Any],
    origin: Origin,
) -> dict[str, Any]:
    self_url = f"{origin.base_url}/api/{declared.name}/{id_}"
    return {
        "id": id_,
        "type": declared.name,
        "links": {"self": self_url},
        "attributes": attributes,
        "relationships": {
            relationship.name: {
                "links": {
                    "self": f"{self_url}/relationships/{relationship.name}",
                    "related": f"{self_url}/{relationship.name}",
                }
            }
            for relationship in declared.relationships
        },
        "meta": {"mode": origin.mode, "organization_id": origin.organization_id, **meta},
    }


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else format_datetime(milliseconds)
