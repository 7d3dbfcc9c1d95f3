"""How imports, plans, groups and undos get on, for pages that show it."""

from collections.abc import Callable

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.watching import progress_answer, watch_of
from longshore.imports import ImportFinished
from longshore.operations import WatchedType


def _progress(type_: WatchedType) -> Callable[[PageRequest], Response]:
    def progress(request: PageRequest) -> Response:
        """GET /imports/{id}/progress"""
        return progress_answer(request, watch_of(request, type_, request.parameters["id"]))

    return progress


def _interrupt_plan(request: PageRequest) -> Response:
    """POST /plans/{id}/interrupt"""
    request.require(Action.CREATE, "imports")
    found = watch_of(request, "import_plans", request.parameters["id"])
    try:
        request.operations.import_plans.interrupt(request.asker, found.progress.watched.id)
    except ImportFinished:
        pass  # it was faster, and says what it has found
    to = request.value("to") or ""
    return way_on(to if to.startswith(f"{DASHBOARD_PATH}/new/") else DASHBOARD_PATH)


PAGES = [
    ("/imports/{id}/progress", Page(handlers={"GET": _progress("imports")})),
    ("/plans/{id}/progress", Page(handlers={"GET": _progress("import_plans")})),
    ("/groups/{id}/progress", Page(handlers={"GET": _progress("import_groups")})),
    ("/undos/{id}/progress", Page(handlers={"GET": _progress("import_undos")})),
    ("/plans/{id}/interrupt", Page(handlers={"POST": _interrupt_plan})),
]
