"""The page of the API's error codes: statuses and texts are read from the code, remedies are here.

A code that has no line here, or a line that is no code, is a fault.
"""

from longshore.api import ERROR_CODES

_REMEDIES = {
    "BAD_REQUEST": "Send JSON in UTF-8, and a query that is encoded as the form of a browser is.",
    "INVALID_TOKEN": "Send a token that is not expired and of the organization that the host "
    "names; clients that can ask for another one do it on this code.",
    "UNAUTHORIZED": "Use an application of a kind that may do it: organizations.md.",
    "FORBIDDEN": "Read the resource again: the signed address in it is good for some minutes.",
    "RECORD_NOT_FOUND": "Look at the id: it must be of that type, and of the environment of the "
    "token.",
    "NOT_FOUND": "Look at the path: resource types are plural and written with underscores.",
    "METHOD_NOT_ALLOWED": "The methods that the path has stand in the header Allow.",
    "NOT_ACCEPTABLE": "Accept `application/vnd.api+json`, or anything.",
    "QUERY_TOO_COMPLEX": "Ask with fewer or simpler filters; how long is a setting.",
    "ANSWER_TOO_LARGE": "Ask for a smaller page, fewer fields or fewer includes; it is a setting.",
    "PAYLOAD_TOO_LARGE": "Send less at once; the limits are settings.",
    "REQUEST_TIMEOUT": "Send the head within 10 seconds, and the body without long pauses.",
    "UNSUPPORTED_CONTENT_ENCODING": "Compress the body with gzip, or send it as it is.",
    "UNSUPPORTED_MEDIA_TYPE": "Send the header `Content-Type: application/vnd.api+json`.",
    "TOO_MANY_REQUESTS": "Wait as long as the header Retry-After says.",
    "INVALID_IDEMPOTENCY_KEY": "Send a key of 1 to 255 visible ASCII characters once, or none.",
    "IDEMPOTENCY_KEY_REUSED": "Send a new request with a new key, and the same one with its bytes "
    "and its query as they were.",
    "IDEMPOTENCY_KEY_IN_USE": "Send it again after the seconds that the header Retry-After says.",
    "FILTER_NOT_ALLOWED": "`meta.reason` names the nearest filter that there is: filters.md.",
    "INVALID_FILTER_VALUE": "`meta.reason` says what was expected.",
    "INVALID_FILTERS_SYNTAX": "Write `filter[q][FIELDS_MATCHER]=VALUE`: filters.md.",
    "INVALID_SORT_CRITERIA": "Sort by attributes that the page of the type says can be sorted by.",
    "INVALID_INCLUDE": "Include relationships of the type, and fewer of them where it is too much.",
    "INVALID_FIELD": "Name attributes and relationships of the type.",
    "INVALID_FIELD_FORMAT": "Write `fields[TYPE]=a,b`.",
    "INVALID_PAGE_OBJECT": "Write `page[number]=1` and `page[size]=25`.",
    "INVALID_PAGE_VALUE": "Pages are numbered from 1 and hold 1 to 25 resources.",
    "PARAM_NOT_ALLOWED": "Leave out what `source` points at: it is unknown, read-only, or not of "
    "this method.",
    "PARAM_MISSING": "Send what `source` points at.",
    "INVALID_RESOURCE": "`data.type` must be the type in the path.",
    "INVALID_DATA_FORMAT": "Send an object where `source` points at.",
    "INVALID_LINKS_OBJECT": "Send `{data: {type, id}}`, `{data: null}`, or an array of `{type, id}`"
    " for a to-many relationship.",
    "TYPE_MISMATCH": "Link a resource of a type that the relationship leads to.",
    "KEY_ORDER_MISMATCH": "Send `data.id` with an update.",
    "KEY_NOT_INCLUDED_IN_URL": "`data.id` must be the id in the path.",
    "VALIDATION_ERROR": "Correct the field that `source` points at; `meta.error` is the check that "
    "failed, `meta.value` what it found, `meta.count` the limit: error-messages.md.",
    "LOCKED": "Delete or change first what refers to it; `meta.referrers` names the types. A retry "
    "waits for the import that `detail` names.",
    "UPLOAD_OFFSET_CONFLICT": "Send the part that begins at `meta.offset`, or ask the upload for "
    "its `received_bytes`.",
    "UPLOAD_NOT_RECEIVING": "Look at its `state`: begin another upload for other bytes.",
    "UPLOAD_TOO_LARGE": "Send parts of at most 64 MiB, and a file within the limits, which are "
    "settings.",
    "DIGEST_MISMATCH": "Send the part again: it came in with other bytes.",
    "INTERNAL_SERVER_ERROR": "This is a fault of longshore; its log has the reason under "
    "RequestCrashed.",
    "SERVICE_UNAVAILABLE": "Send it again later: the database is busy, away or full.",
}


def api_errors_page() -> str:
    """The text of `docs/reference/api-errors.md`; raises KeyError for a code without a remedy."""
    assert set(_REMEDIES) <= set(ERROR_CODES), f"no codes: {set(_REMEDIES) - set(ERROR_CODES)}"
    lines = [
        "# Error codes of the API",
        "",
        "A response that is no success has the document `{errors: [{title, detail, code, status,",
        "source, meta}]}`. `source.pointer` points into the document that was sent,",
        "`source.parameter` names a part of the query. Everything that is wrong with one record is",
        "told at once.",
        "",
        "| code | status | title | what to do |",
        "|---|---|---|---|",
    ]
    for code, declared in ERROR_CODES.items():
        title = "the message" if declared.title == "{message}" else declared.title
        lines.append(f"| `{code}` | {declared.status} | {title} | {_REMEDIES[code]} |")
    return "\n".join(lines) + "\n"
