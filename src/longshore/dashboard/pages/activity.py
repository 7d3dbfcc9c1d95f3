"""What happened, and who made it happen."""

from starlette.responses import Response

from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest
from longshore.operations import HAPPENINGS, TERMINAL, ApplicationChoice

_PAGE_ROWS = 50


def _activity(request: PageRequest) -> Response:
    """GET /activity"""
    if not request.is_unlimited:
        raise PageRefused(403, "this session may not see the activity")
    before = request.asked("before") or ""
    is_number = before.isascii() and before.isdecimal() and len(before) < 19
    environment = request.signed_in.environment
    applications = [
        each
        for each in request.operations.applications.list(
            ApplicationChoice(organization=environment.organization, mode=environment.mode)
        )
        if each.environment == environment.number
    ]
    happening, who = request.asked("what") or None, request.asked("who") or None
    found = request.operations.activity.page(
        request.asker,
        before=int(before) if is_number else None,
        happening=happening if happening in HAPPENINGS else None,
        who=who,
        limit=_PAGE_ROWS,
    )
    encode = request.services.public_ids.encode
    return page(
        request,
        "activity.html",
        title="Activity",
        found=found,
        whats=list(HAPPENINGS),
        what=happening,
        whos=[
            (TERMINAL, "a person at a terminal"),
            *((encode(each.id), f"{each.name} ({each.kind})") for each in applications),
        ],
        who=who,
        words={name: word for word, names in HAPPENINGS.items() for name in names},
        before=before,
    )


PAGES = [("/activity", Page(handlers={"GET": _activity}))]
