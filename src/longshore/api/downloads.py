"""Downloads of attachments: addresses that need no token, signed, and good for five minutes.

Attachments in a bucket are downloaded from its own store, at addresses that it understands.
Clients fetch them without an Authorization header and gunzip the bytes themselves, so the
response says `application/gzip` and never `Content-Encoding: gzip`, which their HTTP libraries
would take away with the compression.
"""

import hashlib
import hmac
import re

from starlette.responses import FileResponse, Response

from longshore import clock
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.identifiers import environment_of
from longshore.imports import Import, get_import
from longshore.sources import ATTACHMENT_URL_SECONDS

_NAME = re.compile(r"([0-9A-Za-z]{10})\.(?:csv|json)\.gz")
_EXPIRES = re.compile(r"[0-9]{1,12}")


def attachment_url(import_: Import, public_id: str, *, base_url: str, key: bytes) -> str:
    """Where an import's source can be had from now on for five minutes."""
    name = f"{public_id}.{import_.format}.gz"
    expires = clock.now() // 1000 + ATTACHMENT_URL_SECONDS
    return f"{base_url}/attachments/{name}?expires={expires}&signature={_sign(name, expires, key)}"


def download_attachment(request: ApiRequest) -> Response:
    """GET /attachments/{name}: the gzip bytes; 403 for an address that was not given so."""
    name = request.parameters["name"]
    _check_signature(request, name)
    found = _NAME.fullmatch(name)
    import_ = _find(request, found[1]) if found else None
    attachments = request.services.attachments
    if import_ is not None and import_.attachment_expired_at is not None:
        removed_at = clock.format_datetime(import_.attachment_expired_at)
        detail = f"The attachment of the import was removed at {removed_at}: its time was over."
        raise ApiError("NOT_FOUND", path=request.path, detail=detail)
    if (
        import_ is None
        or not attachments.is_folder
        or not attachments.exists(import_.attachment_name)
    ):
        raise ApiError("NOT_FOUND", path=request.path)
    return FileResponse(
        attachments.path(import_.attachment_name),
        media_type="application/gzip",
        filename=f"{import_.resource_type}-{name}",
        headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
    )


def _check_signature(request: ApiRequest, name: str) -> None:
    query = dict(request.query)
    expires, signature = query.get("expires", ""), query.get("signature", "")
    if not _EXPIRES.fullmatch(expires) or not hmac.compare_digest(
        _sign(name, int(expires), request.services.database.url_secret).encode(),
        signature.encode(),
    ):
        raise ApiError("FORBIDDEN", reason="The address is not one that the server has given.")
    if int(expires) < clock.now() // 1000:
        raise ApiError(
            "FORBIDDEN",
            reason="The address has expired. Retrieve the import again for another one.",
        )


def _sign(name: str, expires: int, key: bytes) -> str:
    return hmac.new(key, f"{name}\n{expires}".encode(), hashlib.sha256).hexdigest()


def _find(request: ApiRequest, public_id: str) -> Import | None:
    id_ = request.services.public_ids.decode(public_id)
    if id_ is None:
        return None
    with request.services.read() as tx:
        return get_import(tx, environment_of(id_), id_)
