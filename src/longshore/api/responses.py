"""Documents as responses."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from longshore.api.errors import ApiError, ApiErrors, error_document
from longshore.json_text import encode_json

MEDIA_TYPE = "application/vnd.api+json"

OK = 200
CREATED = 201

# When a client may ask again what was answered with 503 (RFC 9110, section 10.2.3).
RETRY_SECONDS = "1"


def document_response(
    document: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = MEDIA_TYPE,
) -> Response:
    """The response that carries a document, whatever texts are in it."""
    return Response(encode_json(document), status, headers=headers, media_type=media_type)


def created_response(document: Mapping[str, Any]) -> Response:
    """The response that carries what was created, and says where it is."""
    location = document["data"]["links"]["self"]
    return document_response(document, status=CREATED, headers={"Location": location})


def error_response(error: ApiError | ApiErrors) -> Response:
    """The response that reports errors; its status is that of the first one."""
    errors: Sequence[ApiError] = error.errors if isinstance(error, ApiErrors) else [error]
    first = errors[0]
    return document_response(error_document(errors), status=first.status, headers=first.headers)
