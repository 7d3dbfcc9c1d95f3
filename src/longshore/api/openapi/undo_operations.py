"""Operations of undos, which are no resource type of the catalogue."""

from longshore.api.openapi.answers import WITH_BODY, WITH_KEY, answers, document_answer
from longshore.api.openapi.parameters import IDEMPOTENCY_KEY, page_parameter, parameter_ref
from longshore.api.openapi.progress_operations import progress_path
from longshore.api.openapi.schemas import document_of, ref
from longshore.api.openapi.values import Schema
from longshore.api.queries import PAGE_SIZE_MAX
from longshore.api.responses import MEDIA_TYPE
from longshore.api.undos import INTERRUPT, KEPT_PAGE_SIZE_MAX, UNDO
from longshore.operations import IMPORT_UNDOS
from longshore.undos import KeptReason, UndoStatus

_OBJECT = "ImportUndo"
_PART = "KeptPart"
_CHANGE = "ImportUndoUpdate"


def undo_schemas() -> dict[str, Schema]:
    """What undos look like, what they keep, and the body that takes one back or stops it."""
    return {
        _OBJECT: _undo(),
        _PART: {
            "type": "object",
            "properties": _part_properties(),
            "required": list(_part_properties()),
        },
        _CHANGE: _body(),
    }


def undo_paths() -> dict[str, Schema]:
    """The operations of undos."""
    id_ = {"parameters": [parameter_ref("id")]}
    shown = document_of(ref(_OBJECT))
    return {
        "/api/import_undos": {
            "get": {
                "operationId": "import_undos.list",
                "tags": [IMPORT_UNDOS],
                "summary": "List the undos, newest first",
                "parameters": [parameter_ref("page")],
                "responses": answers(
                    document_answer("A page of undos.", _page(ref(_OBJECT), PAGE_SIZE_MAX))
                ),
            },
        },
        **progress_path(IMPORT_UNDOS),
        "/api/import_undos/{id}": {
            **id_,
            "get": {
                "operationId": "import_undos.retrieve",
                "tags": [IMPORT_UNDOS],
                "summary": "Look how far an undo is, and what it keeps",
                "responses": answers(document_answer("The undo.", shown), errors=[404]),
            },
            "patch": {
                "operationId": "import_undos.update",
                "tags": [IMPORT_UNDOS],
                "summary": "Take back what an undo has done, or stop it",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": {
                    "required": True,
                    "content": {MEDIA_TYPE: {"schema": ref(_CHANGE)}},
                },
                "responses": answers(
                    document_answer("The undo.", shown), errors=[404, 423, *WITH_BODY, *WITH_KEY]
                ),
            },
        },
        "/api/import_undos/{id}/kept": {
            **id_,
            "get": {
                "operationId": "import_undos.kept",
                "tags": [IMPORT_UNDOS],
                "summary": "List what an undo leaves as it is, with the reasons",
                "parameters": [page_parameter(KEPT_PAGE_SIZE_MAX)],
                "responses": answers(
                    document_answer("A page of parts, by record.", _kept_page()), errors=[404]
                ),
            },
        },
    }


def _undo() -> Schema:
    count: Schema = {"type": "integer", "minimum": 0}
    text: Schema = {"type": ["string", "null"]}
    time: Schema = {"type": ["string", "null"], "format": "date-time"}
    attributes: Schema = {
        "status": {"enum": [*map(str, UndoStatus)]},
        "dry_run": {"const": False},
        "import_id": {**text, "description": "The import whose changes it takes back."},
        "undo_id": {**text, "description": "The undo whose changes it takes back."},
        "restored_count": {
            **count,
            "description": "Records that have fields given back, or that are there again.",
        },
        "removed_count": {**count, "description": "Records that are gone."},
        "kept_count": {**count, "description": "Records that keep something."},
        "kept_log": {
            "type": "object",
            "description": "By reason, the first parts of records that stay as they are; "
            "`meta.kept_log_left_out` says how many are not among them.",
            "additionalProperties": {"type": "array", "items": ref(_PART)},
        },
        "changes_count": {**count, "description": "Changes that it goes through."},
        "done_count": {**count, "description": "Of them so far."},
        "interruption_reason": text,
        "started_at": time,
        "completed_at": time,
        "interrupted_at": time,
        "created_at": time,
        "updated_at": time,
    }
    meta: Schema = {
        "type": "object",
        "properties": {
            "kept_reasons": {
                "type": "object",
                "description": "By reason, how many parts of records are kept.",
                "additionalProperties": count,
            },
            "kept_log_left_out": count,
            "undo": {
                "type": ["object", "null"],
                "description": "The newest undo of this one.",
            },
            "undos": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["kept_reasons", "kept_log_left_out", "undo", "undos"],
    }
    return _object(IMPORT_UNDOS, attributes, {"links": {"type": "object"}, "meta": meta})


def _part_properties() -> Schema:
    return {
        "record": ref("ResourceIdentifier"),
        "fields": {
            "type": "array",
            "items": {"type": "string"},
            "description": "That stay as they are, together; none: the whole record.",
        },
        "row": {
            "type": ["integer", "null"],
            "description": "Of the import, whose change it was; null: no single row's.",
        },
        "detail": {"type": "object", "description": "What stands behind the reason."},
    }


def _kept_page() -> Schema:
    attributes = {"reason": {"enum": [*map(str, KeptReason)]}, **_part_properties()}
    return _page(_object("kept_parts", attributes, {}), KEPT_PAGE_SIZE_MAX)


def _object(type_: str, attributes: Schema, further: Schema) -> Schema:
    members: Schema = {
        "type": {"const": type_},
        "id": {"type": "string"},
        "attributes": {
            "type": "object",
            "properties": attributes,
            "required": list(attributes),
        },
        **further,
    }
    return {"type": "object", "properties": members, "required": list(members)}


def _page(element: Schema, size_max: int) -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": element, "maxItems": size_max},
            "meta": ref("ListMeta"),
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }


def _body() -> Schema:
    fired: Schema = {"type": ["boolean", "null"]}
    attributes: Schema = {
        UNDO: {**fired, "description": "Begin to take back what the undo has done."},
        INTERRUPT: {**fired, "description": "Stop the undo behind its last step."},
    }
    data: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": IMPORT_UNDOS},
            "id": {"type": "string", "description": "The id in the path."},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "additionalProperties": False,
            },
        },
        "required": ["type", "id"],
    }
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}
