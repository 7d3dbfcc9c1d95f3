"""Errors of the wire: one table of all codes, and the document that reports them.

Titles and wordings are those of the wire contract; where it names only a code, the texts are of
the Ruby gem jsonapi-resources, whose texts the contract's own follow wherever both are known.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from longshore.catalogue import ResourceType


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiErrorCode:
    """What all errors of one code have in common."""

    status: int  # of HTTP
    title: str
    detail: str  # with the names of what the raiser fills in
    # It is about the body alone: whenever the same body comes again, the answer is the same.
    is_of_body: bool = False


# Every code that a response can carry. A code keeps its meaning for ever.
ERROR_CODES: Mapping[str, ApiErrorCode] = {
    # The request as such
    "BAD_REQUEST": ApiErrorCode(status=400, title="Bad request", detail="{reason}"),
    "INVALID_TOKEN": ApiErrorCode(
        status=401,
        title="Invalid token",
        detail="The access token you provided is invalid.",
    ),
    "UNAUTHORIZED": ApiErrorCode(
        status=401,
        title="Access denied",
        detail="You are not authorized to perform this action on the requested resource.",
    ),
    "FORBIDDEN": ApiErrorCode(status=403, title="Forbidden", detail="{reason}"),
    "RECORD_NOT_FOUND": ApiErrorCode(
        status=404,
        title="Record not found",
        detail="The requested resource was not found. Please double-check the resource id.",
    ),
    "NOT_FOUND": ApiErrorCode(
        status=404, title="Not found", detail="There is nothing at the path {path}."
    ),
    "METHOD_NOT_ALLOWED": ApiErrorCode(
        status=405,
        title="Method not allowed",
        detail="{method} is not allowed here. Allowed: {allowed}.",
    ),
    "NOT_ACCEPTABLE": ApiErrorCode(
        status=406,
        title="Not acceptable",
        detail="All requests must use the '{media_type}' Accept without media type parameters. "
        "This request specified '{found}'.",
    ),
    "UNSUPPORTED_CONTENT_ENCODING": ApiErrorCode(
        status=415,
        title="Unsupported content encoding",
        detail="The body has the Content-Encoding '{found}'. It may be gzip, or none.",
    ),
    "REQUEST_TIMEOUT": ApiErrorCode(
        status=408, title="Request timeout", detail="The request came in too slowly."
    ),
    "QUERY_TOO_COMPLEX": ApiErrorCode(
        status=400,
        title="Query too complex",
        detail="The query cannot be answered: {reason}. Ask with fewer or simpler filters.",
    ),
    "ANSWER_TOO_LARGE": ApiErrorCode(
        status=400,
        title="Answer too large",
        detail="The answer would be longer than {bytes_max} bytes. Ask for a smaller page, for "
        "fewer fields, or for less to be included.",
    ),
    "PAYLOAD_TOO_LARGE": ApiErrorCode(
        status=413,
        title="Payload too large",
        detail="The body of the request is longer than {bytes_max} bytes.",
    ),
    "UNSUPPORTED_MEDIA_TYPE": ApiErrorCode(
        status=415,
        title="Unsupported media type",
        detail="All requests that create or update must use the '{media_type}' Content-Type. "
        "This request specified '{found}'.",
    ),
    "TOO_MANY_REQUESTS": ApiErrorCode(
        status=429,
        title="Too many requests",
        detail="The rate limit is exceeded. Please try again in {seconds} seconds.",
    ),
    # The key of the request
    "INVALID_IDEMPOTENCY_KEY": ApiErrorCode(
        status=400,
        title="Invalid idempotency key",
        detail="Idempotency-Key must be one header of 1 to 255 visible ASCII characters.",
    ),
    "IDEMPOTENCY_KEY_REUSED": ApiErrorCode(
        status=422,
        title="Idempotency key reused",
        detail="The Idempotency-Key came with another body or query before. A new request needs a "
        "new key.",
    ),
    "IDEMPOTENCY_KEY_IN_USE": ApiErrorCode(
        status=409,
        title="Idempotency key in use",
        detail="Another request with the Idempotency-Key is not answered yet. Send this one again "
        "later.",
    ),
    # The query
    "FILTER_NOT_ALLOWED": ApiErrorCode(
        status=400, title="Filter not allowed", detail="{filter} is not allowed."
    ),
    "INVALID_FILTER_VALUE": ApiErrorCode(
        status=400,
        title="Invalid filter value",
        detail="{value} is not a valid value for {filter}.",
    ),
    "INVALID_FILTERS_SYNTAX": ApiErrorCode(
        status=400,
        title="Invalid filters syntax",
        detail="{filter} is not a valid syntax for filtering.",
    ),
    "INVALID_SORT_CRITERIA": ApiErrorCode(
        status=400,
        title="Invalid sort criteria",
        detail="{criterion} is not a valid sort criteria for {type}",
    ),
    "INVALID_INCLUDE": ApiErrorCode(
        status=400,
        title="Invalid include",
        detail="{relationship} is not a valid includable relationship of {type}",
    ),
    "INVALID_FIELD": ApiErrorCode(
        status=400, title="Invalid field", detail="{field} is not a valid field for {type}."
    ),
    "INVALID_FIELD_FORMAT": ApiErrorCode(
        status=400, title="Invalid field format", detail="Fields must specify a type."
    ),
    "INVALID_PAGE_OBJECT": ApiErrorCode(
        status=400, title="Invalid Page Object", detail="Invalid Page Object."
    ),
    "INVALID_PAGE_VALUE": ApiErrorCode(
        status=400,
        title="Invalid page value",
        detail="{value} is not a valid value for {member} page parameter.",
    ),
    # The document
    "PARAM_NOT_ALLOWED": ApiErrorCode(
        is_of_body=True, status=400, title="Param not allowed", detail="{param} is not allowed."
    ),
    "PARAM_MISSING": ApiErrorCode(
        is_of_body=True,
        status=400,
        title="Missing Parameter",
        detail="The required parameter, {param}, is missing.",
    ),
    "INVALID_RESOURCE": ApiErrorCode(
        is_of_body=True,
        status=400,
        title="Invalid resource",
        detail="{type} is not a valid resource.",
    ),
    "INVALID_DATA_FORMAT": ApiErrorCode(
        is_of_body=True, status=400, title="Invalid data format", detail="Data must be a hash."
    ),
    "INVALID_LINKS_OBJECT": ApiErrorCode(
        is_of_body=True,
        status=400,
        title="Invalid Links Object",
        detail="Data is not a valid Links Object.",
    ),
    "TYPE_MISMATCH": ApiErrorCode(
        is_of_body=True,
        status=400,
        title="Type Mismatch",
        detail="{type} is not a valid type for this operation.",
    ),
    "KEY_ORDER_MISMATCH": ApiErrorCode(
        is_of_body=True,
        status=400,
        title="A key is required",
        detail="The resource object does not contain a key.",
    ),
    "KEY_NOT_INCLUDED_IN_URL": ApiErrorCode(
        is_of_body=True,
        status=400,
        title="Key is not included in URL",
        detail="The URL does not support the key {key}",
    ),
    # The record
    "VALIDATION_ERROR": ApiErrorCode(status=422, title="{message}", detail="{field} - {message}"),
    "LOCKED": ApiErrorCode(
        status=423, title="Locked resource", detail="Failed to destroy {type} with id={id}"
    ),
    # Uploads
    "UPLOAD_OFFSET_CONFLICT": ApiErrorCode(
        status=409, title="Upload offset conflict", detail="The part does not follow: {reason}."
    ),
    "UPLOAD_NOT_RECEIVING": ApiErrorCode(
        status=409,
        title="Upload not receiving",
        detail="The upload is {state}, and takes no more bytes.",
    ),
    "UPLOAD_TOO_LARGE": ApiErrorCode(
        status=413, title="Upload too large", detail="There is too much: {reason}."
    ),
    "DIGEST_MISMATCH": ApiErrorCode(
        status=400, title="Digest mismatch", detail="The part was not stored: {reason}."
    ),
    # Longshore
    "INTERNAL_SERVER_ERROR": ApiErrorCode(
        status=500, title="Internal Server Error", detail="Internal Server Error"
    ),
    "SERVICE_UNAVAILABLE": ApiErrorCode(status=503, title="Service unavailable", detail="{reason}"),
}

# What a client sent is not sent back to it beyond so many characters, and so many errors.
_ECHO_CHARACTERS_MAX = 200
_PLACE_CHARACTERS_MAX = 1_000
_ERRORS_MAX = 100


class ApiError(Exception):
    """One error of the table, and where in the request it is.

    `words` fill in the code's title and detail; `title` and `detail` replace them.
    """

    def __init__(
        self,
        code: str,
        *,
        title: str | None = None,
        detail: str | None = None,
        pointer: str | None = None,
        parameter: str | None = None,
        meta: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        is_of_body: bool | None = None,  # None: what the code says
        **words: object,
    ) -> None:
        declared = ERROR_CODES[code]
        texts = {name: _shortened(str(word)) for name, word in words.items()}
        self.code = code
        self.status = declared.status
        self.title = title or declared.title.format(**texts)
        self.detail = detail or declared.detail.format(**texts)
        self.pointer = None if pointer is None else pointer[:_PLACE_CHARACTERS_MAX]
        self.parameter = None if parameter is None else parameter[:_PLACE_CHARACTERS_MAX]
        self.meta = meta
        self.headers = dict(headers or {})  # of the response
        self.is_of_body = declared.is_of_body if is_of_body is None else is_of_body
        super().__init__(f"{code}: {self.detail}")


class ApiErrors(Exception):
    """Several errors of one request, all of the same status."""

    def __init__(self, errors: Sequence[ApiError]) -> None:
        assert errors, "a request that failed has an error"
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


def error_document(errors: Iterable[ApiError]) -> dict[str, Any]:
    """The document that reports errors, the first ones of very many."""
    return {"errors": [_error_object(error) for error in islice(errors, _ERRORS_MAX)]}


def from_findings(
    declared: ResourceType, findings: Iterable[tuple[str, str, object]], values: Mapping[str, Any]
) -> ApiErrors:
    """What was found wrong with a record: field, message and value of each finding.

    `values` is what the client sent, by field; a required relationship that it left out is blank,
    where a row of an import says that one must exist.
    """
    relationships = {each.name for each in declared.relationships}
    shown = {each.name for each in declared.attributes if each.fetchable and not each.confidential}
    errors = []
    for field, message, value in findings:
        name = field.partition(".")[0]
        if name not in relationships and name not in shown:
            value = None
        is_relationship = name in relationships
        if is_relationship and message == _MUST_EXIST:
            value = values.get(name) if value is None else value
            if value is None:
                message = _BLANK
        if name == "base":
            pointer = "/data"
        else:
            part = "relationships" if is_relationship else "attributes"
            pointer = f"/data/{part}/{name}"
        errors.append(validation_error(field, str(message), pointer=pointer, value=value))
    return ApiErrors(errors)


def validation_error(field: str, message: str, *, pointer: str, value: object = None) -> ApiError:
    """One thing that is wrong with a record."""
    meta: dict[str, object] = {}
    for pattern, key in _VALIDATION_KEYS:
        if found := pattern.fullmatch(message):
            meta["error"] = key
            if found.groups():
                meta["count"] = _number(found[1])
            break
    else:
        meta["error"] = "invalid"
    if isinstance(value, str):
        meta["value"] = _shortened(value)
    elif isinstance(value, bool | int | float):
        meta["value"] = value
    return ApiError(
        "VALIDATION_ERROR",
        pointer=pointer,
        meta=meta,
        is_of_body=meta["error"] in _OF_VALUES,
        field=field,
        message=message,
    )


def explained_error(
    field: str, message: str, *, pointer: str, reason: str | None, value: object = None
) -> ApiError:
    """A validation error that says more than its message, in `meta`."""
    error = validation_error(field, message, pointer=pointer, value=value)
    if reason is not None:
        error.meta = {**(error.meta or {}), "reason": reason}
        error.detail = f"{error.detail}: {reason}"
    return error


_BLANK = "can't be blank"
_MUST_EXIST = "must exist"

# The validation that a message comes from, named as `meta.error` names it.
_VALIDATION_KEYS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"can't be blank", "blank"),
        (r"must exist", "blank"),
        (r"doesn't exist", "noent_coupon"),
        (r"has already been taken", "taken"),
        (r"is not included in the list", "inclusion"),
        (r"is none of those that the mapping replaces: .+", "inclusion"),
        (r"is not a number", "not_a_number"),
        (r"must be an integer", "not_an_integer"),
        (r"must be greater than or equal to (\S+)", "greater_than_or_equal_to"),
        (r"must be greater than (\S+)", "greater_than"),
        (r"must be less than or equal to (\S+)", "less_than_or_equal_to"),
        (r"must be other than (\S+)", "other_than"),
        (r"is too short \(minimum is (\d+) \w+\)", "too_short"),
        (r"is too long \(maximum is (\d+) \w+\)", "too_long"),
        (r"is not supported", "not_supported"),
    )
)


# Found of a value, whatever the store, the organization and the settings say.
_OF_VALUES = frozenset(("inclusion", "not_a_number", "not_an_integer"))


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _shortened(text: str) -> str:
    if len(text) <= _ECHO_CHARACTERS_MAX:
        return text
    return f"{text[:_ECHO_CHARACTERS_MAX]}..."


def _error_object(error: ApiError) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "title": error.title,
        "detail": error.detail,
        "code": error.code,
        "status": str(error.status),
    }
    if error.pointer is not None:
        shown["source"] = {"pointer": error.pointer}
    elif error.parameter is not None:
        shown["source"] = {"parameter": error.parameter}
    if error.meta is not None:
        shown["meta"] = dict(error.meta)
    return shown
