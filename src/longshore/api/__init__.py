"""HTTP and JSON:API: how records and imports are shown to clients.

Promises: documents are pure functions of what was read, so the terminal and a server show the
same. Knows nothing of how rows become records, nor of the dashboard.
"""

from longshore.api.documents import (
    DEFAULT_BASE_URL,
    Origin,
    import_document,
    record_document,
)
from longshore.api.inputs import echo_inputs

__all__ = [
    "DEFAULT_BASE_URL",
    "Origin",
    "echo_inputs",
    "import_document",
    "record_document",
]
