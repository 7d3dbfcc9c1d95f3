"""The keys that pages know."""

from starlette.responses import Response

from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.request import PageRequest

_KEYS = (
    ("n", "Begin a new import"),
    ("/", "Search, on a page that has a search field"),
    ("g i", "Go to the imports: press g, then i"),
    ("g r", "Go to the records"),
    ("g m", "Go to the mappings"),
    ("g a", "Go to the activity"),
    ("g s", "Go to the system"),
    ("j", "Next row of a table"),
    ("k", "Row before"),
    ("Enter", "Open the row that is marked"),
    (".", "In the list of imports: what can be done with the row that is marked"),
    ("Ctrl+z", "In the check of an import: take back the last change"),
    ("?", "This list"),
)


def _keys(request: PageRequest) -> Response:
    """GET /keys"""
    return page(request, "keys.html", title="Keys", keys=_KEYS)


PAGES = [("/keys", Page(handlers={"GET": _keys}))]
