"""The first page: what is imported, and what was."""

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.request import PageRequest


def _home(request: PageRequest) -> Response:
    """GET /dashboard"""
    request.require(Action.READ, "imports")
    return page(request, "home.html", title="Imports")


PAGES = [("", Page(handlers={"GET": _home}))]
