"""Whether the server can do its work, for what watches over it."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from longshore import __version__
from longshore.access import has_organizations
from longshore.api.context import ApiRequest
from longshore.api.responses import RETRY_SECONDS, document_response
from longshore.errors import LongshoreError


def report_health(request: ApiRequest) -> Response:
    """GET /health: 200 when the database answers, else 503; no token is asked for."""
    headers = {"Cache-Control": "no-store"}
    try:
        with request.services.database.read() as tx:
            has_organizations(tx)
    except (LongshoreError, SQLAlchemyError, OSError):
        # Why is for those who run the server to know: the next request that fails says it there.
        database, status = "unavailable", 503
        headers["Retry-After"] = RETRY_SECONDS
    else:
        database, status = "ok", 200
    return document_response(
        {
            "status": "ok" if status == 200 else "unavailable",
            "version": __version__,
            "database": database,
        },
        status=status,
        headers=headers,
        media_type="application/json",
    )
