"""What happened, and who made it happen."""

from starlette.responses import Response

from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import PERSON
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest
from longshore.dashboard.whole_numbers import ID_MAX, whole_number
from longshore.identifiers import RunId
from longshore.operations import HAPPENINGS, PEOPLE, ActivityPlace, ApplicationChoice

_PAGE_ROWS = 50


def _activity(request: PageRequest) -> Response:
    """GET /activity"""
    if not request.is_unlimited:
        raise PageRefused(403, "this session may not see the activity")
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
        before=_place(request),
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
        deleted={
            each.import_id
            for each in found.happenings
            if each.import_ is not None and each.import_.deleted_at is not None
        },
        whats=list(HAPPENINGS),
        what=happening,
        whos=[
            (PEOPLE, PERSON),
            *((encode(each.id), f"{each.name} ({each.kind})") for each in applications),
        ],
        who=who,
        older=_place_shown(request, found.last) if found.has_more else None,
        is_first=not request.asked("before"),
    )


def _place(request: PageRequest) -> ActivityPlace:
    """Where the page begins: `EVENT.UNDO`, either of which may be missing."""
    event, _, undo = (request.asked("before") or "").partition(".")
    undo_id = request.services.public_ids.decode(undo)
    return ActivityPlace(
        event_id=whole_number(event, ID_MAX),
        undo_id=None if undo_id is None else RunId(undo_id),
    )


def _place_shown(request: PageRequest, place: ActivityPlace) -> str:
    event = "" if place.event_id is None else place.event_id
    undo = "" if place.undo_id is None else request.services.public_ids.encode(place.undo_id)
    return f"{event}.{undo}"


PAGES = [("/activity", Page(handlers={"GET": _activity}))]
