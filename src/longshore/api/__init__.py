"""HTTP and JSON:API: how records and imports are shown to clients, and how clients write them.

Promises: documents are pure functions of what was read, so the terminal and a server show the
same; one set of routes serves all resource types. Knows nothing of how rows become records, nor
of the dashboard.
"""

from longshore.api.application import create_asgi_application
from longshore.api.compound_documents import INCLUDE_LINKS_MAX
from longshore.api.documents import (
    DEFAULT_BASE_URL,
    Origin,
    import_document,
    record_document,
)
from longshore.api.errors import ERROR_CODES, ApiError
from longshore.api.import_attributes import waits_for_document
from longshore.api.import_rows import NOT_LISTED, SHOWN_ROWS_MAX, row_attributes, row_counts
from longshore.api.import_store import ImportStore
from longshore.api.inputs import echo_inputs
from longshore.api.journal_store import JournalStore
from longshore.api.lifespan import WithLifespan
from longshore.api.pools import Pools
from longshore.api.record_store import RecordStore
from longshore.api.responses import MEDIA_TYPE, error_response
from longshore.api.services import Services, Submit

__all__ = [
    "DEFAULT_BASE_URL",
    "ERROR_CODES",
    "INCLUDE_LINKS_MAX",
    "MEDIA_TYPE",
    "NOT_LISTED",
    "SHOWN_ROWS_MAX",
    "ApiError",
    "ImportStore",
    "JournalStore",
    "Origin",
    "Pools",
    "RecordStore",
    "Services",
    "Submit",
    "WithLifespan",
    "create_asgi_application",
    "echo_inputs",
    "error_response",
    "import_document",
    "record_document",
    "row_attributes",
    "row_counts",
    "waits_for_document",
]
