"""HTTP and JSON:API: how records and imports are shown to clients, and how clients write them.

Promises: documents are pure functions of what was read, so the terminal and a server show the
same; one set of routes serves all resource types. Knows nothing of how rows become records, nor
of the dashboard.
"""

from longshore.api.application import create_asgi_application
from longshore.api.documents import (
    DEFAULT_BASE_URL,
    Origin,
    group_document,
    record_document,
    resource_document,
    undo_document,
)
from longshore.api.errors import ERROR_CODES, ApiError
from longshore.api.lifespan import WithLifespan
from longshore.api.plan_documents import plan_document
from longshore.api.responses import MEDIA_TYPE, error_response
from longshore.api.services import Services

__all__ = [
    "DEFAULT_BASE_URL",
    "ERROR_CODES",
    "MEDIA_TYPE",
    "ApiError",
    "Origin",
    "Services",
    "WithLifespan",
    "create_asgi_application",
    "error_response",
    "group_document",
    "plan_document",
    "record_document",
    "resource_document",
    "undo_document",
]
