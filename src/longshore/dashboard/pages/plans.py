"""The plans: what each import would do that was checked and not made yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import StatusShown
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.imports import Status
from longshore.operations import Resource

_SHOWN = 50
_PAGES_MAX = 2_000
_COUNTS = ("created", "updated", "unchanged", "errors")


def _plans(request: PageRequest) -> Response:
    """GET /plans"""
    request.require(Action.READ, "imports")
    number = request.asked_number("page", _PAGES_MAX) or 1
    found = request.operations.import_plans.list(
        request.asker, offset=(number - 1) * _SHOWN, limit=_SHOWN
    )
    return page(
        request,
        "plans.html",
        title="Plans",
        lines=[_line(each) for each in found.plans],
        count=found.count,
        number=number,
        pages=min(-(-found.count // _SHOWN), _PAGES_MAX),
        page_href=lambda to: request.address_with(page=to if to > 1 else None),
        may_create=request.may(Action.CREATE, "imports"),
    )


def _line(plan: Resource) -> dict[str, Any]:
    """What a row of the table shows; of a plan that cannot be read, why."""
    address = f"{DASHBOARD_PATH}/plans/{plan.id}"
    shown: Mapping[str, Any] = plan.attributes
    if "status" not in shown:
        return {"id": plan.id, "unreadable": plan.meta["unreadable"]}
    links = {name: f"{address}/rows?outcome={name}" for name in _COUNTS}
    links |= {"errors": f"{address}/errors"}
    return {
        "id": plan.id,
        "unreadable": None,
        "href": address,
        "plan": shown,
        "status": _status(shown),
        # Of one that expired the counts are kept, and its rows are not.
        "counts": [
            (shown[f"{name}_count"], None if shown["is_expired"] else links[name])
            for name in _COUNTS
        ],
        "rows_href": None if shown["is_expired"] else f"{address}/rows",
        "created_at": _milliseconds(shown["created_at"]),
        "expires_at": _milliseconds(shown["expires_at"]),
        "import_href": shown["import_id"] and f"{DASHBOARD_PATH}/imports/{shown['import_id']}",
    }


def _status(shown: Mapping[str, Any]) -> StatusShown:
    if shown["import_id"] is not None:
        return StatusShown(kind="good", text="Imported")
    if shown["is_expired"]:
        return StatusShown(kind="idle", text="Expired")
    if shown["status"] == Status.COMPLETED and shown["errors_count"]:
        return StatusShown(kind="warn", text="Checked, with failing rows")
    return {
        Status.PENDING: StatusShown(kind="idle", text="Waiting"),
        Status.IN_PROGRESS: StatusShown(kind="busy", text="Being checked"),
        Status.COMPLETED: StatusShown(kind="good", text="Checked"),
        Status.INTERRUPTED: StatusShown(kind="bad", text="Stopped"),
    }[Status(shown["status"])]


def _milliseconds(text: str | None) -> int | None:
    return None if text is None else round(datetime.fromisoformat(text).timestamp() * 1000)


PAGES = [("/plans", Page(handlers={"GET": _plans}))]
