"""Operations of uploads, which are no resource type of the catalogue."""

from longshore.api.openapi.answers import (
    WITH_BODY,
    WITH_KEY,
    answers,
    document_answer,
    empty_answer,
)
from longshore.api.openapi.parameters import IDEMPOTENCY_KEY, parameter_ref
from longshore.api.openapi.schemas import document_of, ref
from longshore.api.openapi.values import Schema
from longshore.api.queries import PAGE_SIZE_MAX
from longshore.api.responses import MEDIA_TYPE
from longshore.api.upload_documents import COMPLETE, FORMATS, UPLOADS
from longshore.catalogue import Catalogue
from longshore.operations import PART_BYTES_MAX
from longshore.uploads import UploadState

_OBJECT = "Upload"
_NEW = "NewUpload"
_COMPLETION = "UploadCompletion"

_ABOUT_OPTION = "As the option of `longshore import`; left out, it is found out by the content."


def upload_schemas(catalogue: Catalogue) -> dict[str, Schema]:
    """What uploads look like, and the bodies that begin and finish one."""
    return {
        _OBJECT: _upload(catalogue),
        _NEW: _body(_new_attributes(catalogue), required=("resource_type",)),
        _COMPLETION: _body(
            {COMPLETE: {"const": True, "description": "All bytes are there."}},
            required=(COMPLETE,),
            has_id=True,
        ),
    }


def upload_paths() -> dict[str, Schema]:
    """The operations of uploads."""
    id_ = {"parameters": [parameter_ref("id")]}
    shown = document_of(ref(_OBJECT))
    return {
        "/api/uploads": {
            "get": {
                "operationId": "uploads.list",
                "tags": [UPLOADS],
                "summary": "List the uploads, newest first",
                "parameters": [parameter_ref("page")],
                "responses": answers(document_answer("A page of uploads.", _page())),
            },
            "post": {
                "operationId": "uploads.create",
                "tags": [UPLOADS],
                "summary": "Begin an upload, whose bytes are sent in parts or fetched",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": _request(_NEW),
                "responses": answers(
                    document_answer("It is begun.", shown, status=201),
                    errors=[*WITH_BODY, *WITH_KEY],
                ),
            },
        },
        "/api/uploads/{id}": {
            **id_,
            "get": {
                "operationId": "uploads.retrieve",
                "tags": [UPLOADS],
                "summary": "Look how far an upload is, and what was found",
                "responses": answers(document_answer("The upload.", shown), errors=[404]),
            },
            "patch": {
                "operationId": "uploads.update",
                "tags": [UPLOADS],
                "summary": "Say that all bytes of an upload are there, so that it is checked",
                "requestBody": _request(_COMPLETION),
                "responses": answers(
                    document_answer("The upload.", shown), errors=[404, 409, *WITH_BODY]
                ),
            },
            "delete": {
                "operationId": "uploads.delete",
                "tags": [UPLOADS],
                "summary": "Remove an upload with its bytes",
                "description": "An import that was made of it keeps its attachment.",
                "responses": answers(empty_answer("It is gone."), errors=[404]),
            },
        },
        "/api/uploads/{id}/parts": {**id_, "put": _part(shown)},
    }


def _part(shown: Schema) -> Schema:
    return {
        "operationId": "uploads.add_part",
        "tags": [UPLOADS],
        "summary": "Send the next bytes of an upload",
        "description": f"Raw bytes, at most {PART_BYTES_MAX:,}. The answer comes when they are "
        "safe. A part that does not follow is answered with 409, and `meta.offset` says where the "
        "next one belongs; one that is there already, byte for byte, is taken once more.",
        "parameters": [
            {
                "name": "offset",
                "in": "query",
                "required": True,
                "description": "How many bytes of the upload stand before the part.",
                "schema": {"type": "integer", "minimum": 0, "maximum": 10**17},
            },
            {
                "name": "Content-Digest",
                "in": "header",
                "description": "RFC 9530: the SHA-256 of the part, which is compared.",
                "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "minLength": 1}}},
        },
        "responses": answers(document_answer("The upload.", shown), errors=[404, 409, *WITH_BODY]),
    }


def _request(name: str) -> Schema:
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ref(name)}}}


def _body(attributes: Schema, *, required: tuple[str, ...], has_id: bool = False) -> Schema:
    members: Schema = {
        "type": {"const": UPLOADS},
        "attributes": {
            "type": "object",
            "properties": attributes,
            "required": list(required),
            "additionalProperties": False,
        },
    }
    if has_id:
        members["id"] = {"type": "string", "description": "The id in the path."}
    data: Schema = {"type": "object", "properties": members, "required": list(members)}
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _new_attributes(catalogue: Catalogue) -> Schema:
    text: Schema = {"type": ["string", "null"], "minLength": 1, "maxLength": 255}
    option: Schema = {**text, "description": _ABOUT_OPTION}
    character: Schema = {**option, "minLength": 0}
    return {
        "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 255,
            "description": "Of the file; its extension is a hint at the format. It may be left out "
            "with source_url, which has one.",
        },
        "resource_type": {"enum": list(catalogue.creatable), "description": "Of the rows."},
        "size": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "How many bytes there are in all; no others are taken then.",
        },
        "source_url": {
            "type": ["string", "null"],
            "description": "Where a worker fetches the bytes, by https or http; no parts are sent "
            "then. It is shown without name, password and query.",
        },
        "format": {"enum": [*FORMATS, None], "description": _ABOUT_OPTION},
        "encoding": option,
        "delimiter": character,
        "quote": character,
        "escape": character,
        "header_row": {
            "type": ["integer", "string", "null"],
            "minimum": 1,
            "pattern": "^[1-9][0-9]{0,8}$",
            "description": f"{_ABOUT_OPTION} A text such as `3-4` names two lines.",
        },
        "sheet": option,
        "spreadsheet_safe": {
            "type": ["boolean", "null"],
            "description": "Whether apostrophes before = + - @ are taken off the cells of a CSV.",
        },
        "column_map": column_map_schema(),
    }


def column_map_schema() -> Schema:
    """Which columns are which fields."""
    return {
        "type": ["object", "null"],
        "description": "By column, or key of a row, the field that it is; an empty text leaves it "
        "out.",
        "additionalProperties": {"type": "string"},
    }


def _upload(catalogue: Catalogue) -> Schema:
    count: Schema = {"type": "integer", "minimum": 0}
    text: Schema = {"type": ["string", "null"]}
    number: Schema = {"type": ["integer", "null"], "minimum": 1}
    time: Schema = {"type": ["string", "null"], "format": "date-time"}
    attributes: Schema = {
        "name": {"type": "string"},
        "resource_type": {"enum": list(catalogue.creatable)},
        "size": number,
        "source_url": {**text, "description": "Where the bytes are fetched; null: they are sent."},
        "reading": {"type": "object", "description": "What was said of how it is to be read."},
        "state": {"enum": [*map(str, UploadState)]},
        "received_bytes": {**count, "description": "Safe; the next part begins there."},
        "read_bytes": {**count, "description": "How far the check is."},
        "found": {
            "type": ["object", "null"],
            "description": "What the check has found; null as long as it is not ready.",
            "properties": {
                "format": {"enum": list(FORMATS)},
                "encoding": text,
                "delimiter": text,
                "sheet": text,
                "sheets": {"type": "array", "items": {"type": "string"}},
                "columns": {"type": "array", "items": {"type": "string"}},
                "rows_count": count,
                "bytes": count,
                "warnings": {"type": "array", "items": {"type": "object"}},
                "reasons": {"type": "array", "items": {"type": "string"}},
            },
        },
        "refusal": {
            "type": ["object", "null"],
            "description": "Why it cannot be read, and where; null where it was not refused.",
            "properties": {
                "message": {"type": "string"},
                "hint": text,
                "line": number,
                "column": number,
            },
        },
        "import_id": {**text, "description": "The import that was made of it."},
        "created_at": time,
        "updated_at": time,
        "checked_at": time,
        "expires_at": {**time, "description": "When its bytes are removed; null: never."},
    }
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "type": {"const": UPLOADS},
            "links": {"type": "object", "properties": {"self": {"type": "string"}}},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "required": list(attributes),
            },
        },
        "required": ["id", "type", "links", "attributes"],
    }


def _page() -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref(_OBJECT), "maxItems": PAGE_SIZE_MAX},
            "meta": ref("ListMeta"),
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }
