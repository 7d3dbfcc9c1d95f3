"""Answers of operations: documents with their headers, and errors by status."""

from collections.abc import Sequence

from longshore.api.errors import ERROR_CODES
from longshore.api.openapi.schemas import class_name, document_of, list_of, ref
from longshore.api.openapi.values import Schema
from longshore.api.responses import MEDIA_TYPE
from longshore.catalogue import ResourceType

JSON = "application/json"

# What every operation can answer, and what those can whose clients must show a token.
_ALWAYS = (400, 429, 500, 503)
_WITH_TOKEN = (401, 406)
# What those can that take a body.
WITH_BODY = (408, 413, 415, 422)
# What those can that take an Idempotency-Key.
WITH_KEY = (409,)

_REASONS = {
    400: "The request cannot be understood.",
    401: "The token is missing, invalid or expired, or it may not do this.",
    403: "The address is not one that the server has given, or it has expired.",
    404: "There is no such resource in the environment of the token.",
    405: "The method is not allowed here.",
    406: "The client does not accept the media type of the answer.",
    408: "The request came in too slowly.",
    409: "Another request with the same Idempotency-Key is not answered yet, or a part of an "
    "upload does not follow.",
    413: "The body is too long.",
    415: "The body is not of the media type or the content encoding that is asked for.",
    422: "What the body describes is not valid.",
    423: "Other resources refer to it, or an import has not ended that must end first.",
    429: "The rate limit is exceeded.",
    500: "The server failed.",
    503: "The server is busy; the same request may succeed later.",
}

_RETRIED = (409, 429, 503)


def answers(
    success: Schema, *, errors: Sequence[int] = (), asks_for_token: bool = True
) -> dict[str, Schema]:
    """The answers of an operation by status: of success, and the errors that it can meet."""
    statuses = sorted({*_ALWAYS, *(_WITH_TOKEN if asks_for_token else ()), *errors})
    return {
        **success,
        **{str(status): {"$ref": f"#/components/responses/Error{status}"} for status in statuses},
    }


def document_answer(
    description: str, schema: Schema, *, status: int = 200, media_type: str = MEDIA_TYPE
) -> dict[str, Schema]:
    """An answer that carries a document."""
    answer = _answer(description, schema, media_type)
    if status == 201:
        answer["headers"]["Location"] = {
            "description": "Where the resource is.",
            "schema": {"type": "string"},
        }
    if status in _RETRIED:
        answer["headers"]["Retry-After"] = _header_ref("Retry-After")
    return {str(status): answer}


def empty_answer(description: str) -> dict[str, Schema]:
    """An answer without a body."""
    return {"204": {"description": description, "headers": _headers()}}


def answer_ref(name: str) -> dict[str, Schema]:
    """The answer of success that stands under this name in the document."""
    return {"200": {"$ref": f"#/components/responses/{name}"}}


# Names of answers that many operations share.
LINKAGE_OF_ONE = "LinkageOfOne"
LINKAGE_OF_MANY = "LinkageOfMany"
HISTORY = "History"
HISTORY_LINKAGE = "HistoryLinkage"
BLAME = "Blame"


def one_of(name: str) -> str:
    """The answer that is one resource of a type."""
    return f"{name}.one"


def one_or_none_of(name: str) -> str:
    """The answer that is one resource of a type, or null."""
    return f"{name}.one_or_none"


def page_of(name: str) -> str:
    """The answer that is a page of a list of a type."""
    return f"{name}.page"


def type_responses(declared: ResourceType) -> dict[str, Schema]:
    """The answers that carry resources of a type."""
    name = class_name(declared)
    or_none = document_of({"oneOf": [ref(name), {"type": "null"}]})
    return {
        one_of(declared.name): _answer(f"One of {declared.name}.", ref(f"{name}Document")),
        one_or_none_of(declared.name): _answer(f"One of {declared.name}, or null.", or_none),
        page_of(declared.name): _answer(f"A page of {declared.name}.", ref(f"{name}Page")),
    }


def shared_responses() -> dict[str, Schema]:
    """The answers that do not depend on a type."""
    identifier = ref("ResourceIdentifier")
    of_one = document_of({"oneOf": [identifier, {"type": "null"}]})
    of_one["properties"]["links"] = ref("RelationshipLinks")
    of_many = list_of(identifier)
    of_many["properties"]["links"] = {"allOf": [ref("RelationshipLinks"), ref("ListLinks")]}
    return {
        LINKAGE_OF_ONE: _answer("Type and id, or null.", of_one),
        LINKAGE_OF_MANY: _answer("Types and ids.", of_many),
        HISTORY: _answer("A part of a history.", _history(ref("EventStore"))),
        HISTORY_LINKAGE: _answer("Types and ids of entries.", _history(identifier)),
        BLAME: _answer("The fields, in the order of their declaration.", _blame(identifier)),
    }


def error_responses() -> dict[str, Schema]:
    """The error answers, one for each status that an error code has."""
    statuses = sorted({code.status for code in ERROR_CODES.values()})
    return {f"Error{status}": _error_response(status) for status in statuses}


def header_components() -> dict[str, Schema]:
    """The headers that answers have."""
    number: Schema = {"type": "integer", "minimum": 0}
    return {
        "X-Request-Id": {"description": "Names the request.", "schema": {"type": "string"}},
        "X-Ratelimit-Limit": {"description": "Requests within the interval.", "schema": number},
        "X-Ratelimit-Interval": {"description": "The interval, in seconds.", "schema": number},
        "X-Ratelimit-Remaining": {
            "description": "Requests that are left within the interval.",
            "schema": number,
        },
        "Retry-After": {
            "description": "After so many seconds the request may be sent again.",
            "schema": number,
        },
    }


def error_schemas() -> dict[str, Schema]:
    """What all errors look like."""
    return {
        "Error": {
            "type": "object",
            "properties": {
                "title": {"type": "string"},
                "detail": {"type": "string"},
                "code": {"enum": list(ERROR_CODES)},
                "status": {"type": "string", "pattern": "^[45][0-9]{2}$"},
                "source": {
                    "type": "object",
                    "description": "Where in the request it is.",
                    "properties": {
                        "pointer": {"type": "string"},
                        "parameter": {"type": "string"},
                    },
                },
                "meta": {
                    "type": "object",
                    "description": "Of a validation error: its kind, the rejected value, the "
                    "limit that it missed.",
                    "properties": {
                        "error": {"type": "string"},
                        "value": {"type": ["string", "number", "boolean"]},
                        "count": {"type": "number"},
                    },
                },
            },
            "required": ["title", "detail", "code", "status"],
        },
    }


def _answer(description: str, schema: Schema, media_type: str = MEDIA_TYPE) -> Schema:
    return {
        "description": description,
        "headers": _headers(),
        "content": {media_type: {"schema": schema}},
    }


def _history(entry: Schema) -> Schema:
    """A part of a history; what follows is found by the cursor of its last entry."""
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": entry, "maxItems": 25},
            "meta": {"type": "object", "properties": {"cursor": {"type": "string"}}},
            "links": {"type": "object", "properties": {"next": {"type": "string"}}},
        },
        "required": ["data", "meta", "links"],
    }


def _blame(identifier: Schema) -> Schema:
    """Who has given the fields of a record their values."""
    who: Schema = {"type": "object", "description": "As in a history."}
    number: Schema = {"type": ["integer", "null"], "minimum": 1}
    text: Schema = {"type": ["string", "null"]}
    time: Schema = {"type": "string", "format": "date-time"}
    attributes: Schema = {
        "field": {"type": "string"},
        "value": {"description": "As it is."},
        "before": {"description": "As it was before; null of what the record was created with."},
        "since": time,
        "event": {"enum": ["create", "update"]},
        "who": who,
        "row": {**number, "description": "Of the import; of a retry, in the first import."},
        "line": {**number, "description": "Where the row begins in the source."},
        "source": {**text, "description": "The name of the import's source."},
        "retry_of": {**text, "description": "The first import, where this one is a retry."},
        "takes_back": {**text, "description": "What the undo has taken back."},
    }
    field: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": "field_blames"},
            "id": {"type": "string", "description": "The name of the field."},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "required": list(attributes),
            },
        },
        "required": ["type", "id", "attributes"],
    }
    returned: Schema = {
        "description": "How the record came back that was gone; null: it was not.",
        "oneOf": [
            {"type": "object", "properties": {"at": time, "who": who}, "required": ["at", "who"]},
            {"type": "null"},
        ],
    }
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": field},
            "meta": {
                "type": "object",
                "properties": {"record": identifier, "returned": returned},
                "required": ["record", "returned"],
            },
        },
        "required": ["data", "meta"],
    }


def _error_response(status: int) -> Schema:
    codes = [name for name, code in ERROR_CODES.items() if code.status == status]
    narrowed: Schema = {"properties": {"code": {"enum": codes}, "status": {"const": str(status)}}}
    headers = _headers()
    if status in _RETRIED:
        headers["Retry-After"] = _header_ref("Retry-After")
    return {
        "description": _REASONS[status],
        "headers": headers,
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "errors": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"allOf": [ref("Error"), narrowed]},
                        }
                    },
                    "required": ["errors"],
                }
            }
        },
    }


def _headers() -> Schema:
    names = ("X-Request-Id", "X-Ratelimit-Limit", "X-Ratelimit-Interval", "X-Ratelimit-Remaining")
    return {name: _header_ref(name) for name in names}


def _header_ref(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}
