"""/api/uploads: the bytes of a source, sent in parts ahead of the import that is made of them.

A part is one request with raw bytes, and is answered when they are safe. A client that was cut off
asks how many are there, and goes on behind them.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.responses import Response

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, explained_error
from longshore.api.queries import PAGE_SIZE_MAX, parse_page_query
from longshore.api.resource_documents import page_links, page_meta
from longshore.api.resources import addressed_key
from longshore.api.responses import created_response, document_response
from longshore.api.upload_documents import (
    COMPLETE,
    read_completion,
    read_new_upload,
    refused_as_a_whole,
    upload_document,
)
from longshore.json_text import encode_json
from longshore.operations import DigestMismatch, EmptyPart, IncomingPart, NoSuchUpload
from longshore.uploads import (
    OffsetConflict,
    TooManyUploads,
    Upload,
    UploadIncomplete,
    UploadNotReceiving,
    UploadTooLarge,
)

OFFSET_HEADER = "Upload-Offset"

_OFFSET = re.compile(r"[0-9]{1,18}")
# RFC 9530: a dictionary of digests by algorithm; those of others are left alone.
_SHA256 = re.compile(r"(?:^|,)\s*sha-256\s*=\s*:([A-Za-z0-9+/=]*):", re.IGNORECASE)

Result = TypeVar("Result")


def create_upload(request: ApiRequest) -> Response:
    """POST /api/uploads"""
    request.context.require(Action.CREATE, "imports")
    new = read_new_upload(request)

    def document(upload: Upload) -> dict[str, Any]:
        return {"data": upload_document(request, upload)}

    upload = _told(
        lambda: request.operations.uploads.create(
            request.asker, new, answer=lambda upload: encode_json(document(upload))
        )
    )
    if upload.source_url is not None:
        request.services.wake()
    return created_response(document(upload))


def list_uploads(request: ApiRequest) -> dict[str, Any]:
    """GET /api/uploads: newest first."""
    request.context.require(Action.CREATE, "imports")
    page = parse_page_query(request.query, size_max=PAGE_SIZE_MAX).page
    found, count = request.operations.uploads.list(
        request.asker, offset=page.offset, limit=page.size
    )
    return {
        "data": [upload_document(request, upload) for upload in found],
        "meta": page_meta(count, page),
        "links": page_links(request, count, page),
    }


def retrieve_upload(request: ApiRequest) -> Response:
    """GET /api/uploads/{id}"""
    request.context.require(Action.CREATE, "imports")
    key = addressed_key(request)
    return _answer(request, lambda: request.operations.uploads.read(request.asker, key))


def add_part(request: ApiRequest) -> Response:
    """PUT /api/uploads/{id}/parts?offset=N: raw bytes."""
    request.context.require(Action.CREATE, "imports")
    key = addressed_key(request)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        found = request.headers["content-encoding"]
        detail = "The bytes of a part are taken as they are, without a Content-Encoding."
        raise ApiError(
            "UNSUPPORTED_CONTENT_ENCODING",
            found=found,
            detail=detail,
            headers={"Accept-Encoding": "identity"},
        )
    part = IncomingPart(offset=_offset(request), blocks=request.stream, digest=_digest(request))
    uploads = request.operations.uploads
    return _answer(request, lambda: uploads.add_part(request.asker, key, part))


def change_upload(request: ApiRequest) -> Response:
    """PATCH /api/uploads/{id}: all bytes are there."""
    request.context.require(Action.CREATE, "imports")
    key = addressed_key(request)
    uploads = request.operations.uploads
    _told(lambda: uploads.read(request.asker, key))  # who may not see it is told nothing else
    read_completion(request)
    answer = _answer(request, lambda: uploads.finish(request.asker, key))
    request.services.wake()
    return answer


def remove_upload(request: ApiRequest) -> None:
    """DELETE /api/uploads/{id}"""
    request.context.require(Action.CREATE, "imports")
    key = addressed_key(request)
    _told(lambda: request.operations.uploads.remove(request.asker, key))


def _answer(request: ApiRequest, step: Callable[[], Upload]) -> Response:
    upload = _told(step)
    headers = {OFFSET_HEADER: str(upload.received_bytes)}
    return document_response({"data": upload_document(request, upload)}, headers=headers)


def _told(step: Callable[[], Result]) -> Result:
    """What an operation gives; what it refuses as an error of the table."""
    try:
        return step()
    except NoSuchUpload as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except OffsetConflict as error:
        raise ApiError(
            "UPLOAD_OFFSET_CONFLICT",
            reason=error.message,
            parameter="offset",
            meta={"offset": error.offset},
            headers={OFFSET_HEADER: str(error.offset)},
        ) from error
    except UploadNotReceiving as error:
        raise ApiError(
            "UPLOAD_NOT_RECEIVING", state=error.state, meta={"state": str(error.state)}
        ) from error
    except UploadTooLarge as error:
        raise ApiError("UPLOAD_TOO_LARGE", reason=error.message) from error
    except DigestMismatch as error:
        raise ApiError("DIGEST_MISMATCH", reason=error.message) from error
    except EmptyPart as error:
        raise ApiError("BAD_REQUEST", reason="The part has no bytes.") from error
    except UploadIncomplete as error:
        raise explained_error(
            COMPLETE,
            "is invalid",
            pointer=f"/data/attributes/{COMPLETE}",
            reason=error.message,
        ) from error
    except TooManyUploads as error:
        raise refused_as_a_whole(error.message) from error


def _offset(request: ApiRequest) -> int:
    given = [value for name, value in request.query if name == "offset"]
    if len(given) != 1 or not _OFFSET.fullmatch(given[0]):
        reason = "The query has to have one offset, the number of bytes before the part."
        raise ApiError("BAD_REQUEST", reason=reason, parameter="offset")
    return int(given[0])


def _digest(request: ApiRequest) -> str | None:
    """The SHA-256 that a client sends with a part; None: it sends none."""
    found = _SHA256.search(request.headers.get("content-digest", ""))
    if found is None:
        return None
    try:
        digest = base64.b64decode(found[1], validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != 32:
        raise ApiError("BAD_REQUEST", reason="Content-Digest holds no SHA-256 in base64.")
    return digest.hex()
