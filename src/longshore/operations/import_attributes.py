"""What is shown of an import: the fields of the wire contract, and in `meta` what it lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.clock import format_datetime
from longshore.imports import Import, SameContent, WaitsFor


def import_attributes(
    import_: Import,
    *,
    errors_log: Mapping[str, Mapping[str, Sequence[str]]],
    warnings_log: Mapping[str, Sequence[str]],
    inputs: Sequence[object] | None,
    attachment_url: str | None,
) -> dict[str, Any]:
    """The attributes; `inputs` echoes the rows, or is None when there are too many to echo."""
    return {
        "resource_type": import_.resource_type,
        "format": import_.format,
        "parent_resource_id": import_.parent_resource_id,
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


def import_meta(
    import_: Import,
    waits_for: WaitsFor | None,
    same: SameContent | None,
    *,
    retry_of: str | None,
    undos: Mapping[str, Any],
    kept: Mapping[str, Any] | None = None,
    plan_id: str | None = None,
    group_id: str | None = None,
) -> dict[str, Any]:
    """What the wire contract has no attribute for; `retry_of`, `plan_id` and `group_id` are public
    ids, `undos` is what is told of those."""
    return {
        "created_count": import_.created_count,
        "updated_count": import_.updated_count,
        "unchanged_count": import_.unchanged_count,
        "skipped_count": import_.skipped_count,
        "first_amounts": list(import_.first_amounts),
        "ignored_columns": list(import_.ignored_columns),
        "warnings": [notice.to_dict() for notice in import_.notices],
        "retry_of": retry_of,
        **undos,
        "stop_rules": import_.stop_rules.to_dict() or None,
        "mapping": None if import_.mapping is None else import_.mapping.to_dict(),
        "saved_mapping": None
        if import_.mapping_reference is None
        else {
            "name": import_.mapping_reference.name,
            "version": import_.mapping_reference.version,
        },
        "only": import_.only and str(import_.only),
        "all_or_nothing": import_.all_or_nothing,
        "stage": import_.stage and str(import_.stage),
        **({"kept_log": None} if kept is None else kept),
        "stopped_by": import_.stopped_by and import_.stopped_by.to_dict(),
        "plan_id": plan_id,
        "group_id": group_id,
        "moved": None if import_.moved is None else import_.moved.to_dict(),
        "waits_for": None if waits_for is None else waits_for_document(waits_for),
        "same_content_as": None if same is None else same_content_document(same),
    }


def same_content_document(same: SameContent) -> dict[str, Any]:
    """The earlier import of the same content."""
    return {
        "id": same.public_id,
        "status": str(same.status),
        "created_at": _time(same.created_at),
    }


def waits_for_document(waits_for: WaitsFor) -> dict[str, Any]:
    """The import or undo that another one waits for, who has it, and what is to be typed to free
    the other; null stands for what is not known."""
    return {
        "kind": waits_for.kind,
        "id": waits_for.public_id,
        "resource_type": waits_for.resource_type,
        "status": waits_for.status,
        "inputs_size": waits_for.inputs_size,
        "rows_done": waits_for.consumed_count,
        "process": waits_for.process,
        "host": waits_for.host,
        "pid": waits_for.pid,
        "since": _time(waits_for.since),
        "stalled_seconds": waits_for.stalled_seconds,
        "command": waits_for.command,
    }


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else format_datetime(milliseconds)
