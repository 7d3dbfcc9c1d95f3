"""Downloads of attachments: addresses that need no token, signed, and good for five minutes.

Attachments in a bucket are downloaded from its own store, at addresses that it understands.
Clients fetch them without an Authorization header and gunzip the bytes themselves, so the
response says `application/gzip` and never `Content-Encoding: gzip`, which their HTTP libraries
would take away with the compression.
"""

from starlette.responses import FileResponse, Response

from longshore import clock
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.operations import Signature, public_id_in


def download_attachment(request: ApiRequest) -> Response:
    """GET /attachments/{name}: the gzip bytes; 403 for an address that was not given so."""
    name = request.parameters["name"]
    _check_signature(request, name)
    public_id = public_id_in(name)
    import_ = None if public_id is None else request.operations.imports.with_attachment(public_id)
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
    match request.operations.imports.check_address(
        name, expires=query.get("expires", ""), signature=query.get("signature", "")
    ):
        case Signature.FORGED:
            raise ApiError("FORBIDDEN", reason="The address is not one that the server has given.")
        case Signature.EXPIRED:
            raise ApiError(
                "FORBIDDEN",
                reason="The address has expired. Retrieve the import again for another one.",
            )
