"""The first page: what is imported, what was, and what is being prepared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import FORM_BYTES_MAX, Page
from longshore.dashboard.import_words import (
    PERSON,
    progress_of,
    status_of_line,
    who,
)
from longshore.dashboard.pages.new import UPLOAD_PART_BYTES
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.row_menus import menu_of
from longshore.dashboard.samples import SAMPLE, SAMPLE_NAME
from longshore.dashboard.wizard import draft_path
from longshore.dashboard.words import title_of
from longshore.drafts import Draft
from longshore.imports import ListedCriteria, ListedImport, ListedSort, ListedStatus
from longshore.operations import ImportsListed, ListChoices

_SHOWN = 50
_PAGES_MAX = 2_000
_PERSON_VALUE = "person"
_NAME_CHARACTERS = 200

_STATUSES: Mapping[ListedStatus, str] = {
    ListedStatus.WAITING: "Waiting",
    ListedStatus.RUNNING: "Running",
    ListedStatus.COMPLETED: "Completed",
    ListedStatus.FAILED_ROWS: "Completed with failed rows",
    ListedStatus.STOPPED: "Stopped",
    ListedStatus.UNDONE: "Undone",
}
# The columns that a list is sorted by, whether they hold numbers, and which way they go at first.
_COLUMNS = (
    (ListedSort.WHAT, "What", False, False),
    (ListedSort.TYPE, "Type", False, False),
    (ListedSort.ROWS, "Rows", True, True),
    (ListedSort.CREATED, "Created", True, True),
    (ListedSort.UPDATED, "Updated", True, True),
    (ListedSort.UNCHANGED, "Unchanged", True, True),
    (ListedSort.FAILED, "Failed", True, True),
    (ListedSort.STATUS, "Status", False, False),
    (ListedSort.WHO, "Who", False, False),
    (ListedSort.STARTED, "Started", False, True),
    (ListedSort.TOOK, "Took", True, True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """The heading of a column: a link that sorts by it."""

    name: str
    href: str
    order: str | None  # ascending or descending; None: the list is not sorted by it
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chip:
    """A filter that is on, and the address without it."""

    text: str
    href: str


def _home(request: PageRequest) -> Response:
    """GET /dashboard"""
    request.require(Action.READ, "imports")
    number = request.asked_number("page", _PAGES_MAX) or 1
    choices = request.operations.import_lists.choices(request.asker)
    criteria, chips = _criteria(request, choices)
    listed = request.operations.import_lists.page(
        request.asker, criteria, offset=(number - 1) * _SHOWN, limit=_SHOWN
    )
    drafts = request.operations.drafts.list(request.asker)
    encode = request.services.public_ids.encode
    return page(
        request,
        "home.html",
        title="Imports",
        listed=listed,
        lines=[_line(request, line, listed) for line in listed.lines],
        headers=_headers(request, criteria),
        chips=chips,
        choices=choices,
        statuses=[(str(each), text) for each, text in _STATUSES.items()],
        applications=[
            (encode(id_), who(id_, choices.applications)) for id_ in choices.applications
        ],
        asked=_asked(request),
        drafts=[(encode(each.id), each) for each in drafts],
        waiting_in_vain=_waiting_in_vain(request, listed, drafts),
        number=number,
        pages=min(-(-listed.count // _SHOWN), _PAGES_MAX),
        page_href=lambda to: request.address_with(page=to if to > 1 else None),
        is_first_visit=not (listed.count or drafts or chips),
        is_moving=any(line.ended_at is None for line in listed.lines),
        base_url=request.address.base_url,
        may_create=request.may(Action.CREATE, "imports"),
        part_bytes=UPLOAD_PART_BYTES,
        bytes_max=request.services.settings.upload_bytes_max,
        form_bytes_max=FORM_BYTES_MAX,
    )


def _sample(request: PageRequest) -> Response:
    """POST /sample: an import of a few articles, to be looked at like any other."""
    request.require(Action.CREATE, "imports")
    drafts = request.operations.drafts
    draft = drafts.create(request.asker, SAMPLE_NAME, source_size=len(SAMPLE))
    drafts.add_part(request.asker, draft.id, 0, [SAMPLE])
    drafts.finish(request.asker, draft.id)
    return way_on(draft_path(request, draft, "file"))


def _line(request: PageRequest, line: ListedImport, listed: ImportsListed) -> dict[str, Any]:
    """What a row of the table shows beside the line itself."""
    encode = request.services.public_ids.encode
    public_id = encode(line.id)
    address = f"{DASHBOARD_PATH}/{'groups' if line.is_group else 'imports'}/{public_id}"
    took = None
    if line.started_at is not None and line.ended_at is not None:
        took = (line.ended_at - line.started_at) / 1000
    return {
        "line": line,
        "id": public_id,
        "href": address,
        "rows_href": address if line.is_group else f"{address}/rows",
        "errors_href": address if line.is_group else f"{address}/errors",
        "status": status_of_line(line, undone=listed.undone[line.id]),
        "who": who(line.application_id, listed.applications),
        "took": took,
        "percent": progress_of(line.consumed_count, line.inputs_size),
        "members": [(encode(each.id), each) for each in line.members],
        "menu": menu_of(request, line, listed.undone[line.id], address=address),
    }


def _criteria(request: PageRequest, choices: ListChoices) -> tuple[ListedCriteria, list[_Chip]]:
    """What the address asks for, as far as it means something, and a chip for each filter."""
    asked = _asked(request)
    criteria = ListedCriteria()
    chips: list[_Chip] = []

    def chip(text: str, name: str) -> None:
        chips.append(_Chip(text=text, href=request.address_with(**{name: None, "page": None})))

    if asked["status"] in {*map(str, ListedStatus)}:
        status = ListedStatus(asked["status"])
        criteria = replace(criteria, status=status)
        chip(f"Status: {_STATUSES[status]}", "status")
    if asked["type"]:
        criteria = replace(criteria, resource_type=asked["type"])
        chip(f"Type: {title_of(asked['type'])}", "type")
    if asked["failed"]:
        criteria = replace(criteria, has_failed_rows=True)
        chip("Has failed rows", "failed")
    if asked["who"] == _PERSON_VALUE:
        criteria = replace(criteria, is_at_terminal=True)
        chip(f"Who: {PERSON}", "who")
    elif asked["who"]:
        # An id that means nothing finds nothing.
        id_ = request.services.public_ids.decode(asked["who"]) or 0
        criteria = replace(criteria, application_id=id_)
        chip(f"Who: {who(id_, choices.applications)}", "who")
    if asked["name"]:
        criteria = replace(criteria, name=asked["name"])
        chip(f"Name contains: {asked['name']}", "name")
    if (begin := _day(asked["from"])) is not None:
        criteria = replace(criteria, created_from=_milliseconds(begin))
        chip(f"From: {begin.isoformat()}", "from")
    if (end := _day(asked["to"])) is not None:
        criteria = replace(criteria, created_before=_milliseconds(end + timedelta(days=1)))
        chip(f"To: {end.isoformat()}", "to")
    sort = request.asked("sort") or ""
    if sort.removeprefix("-") in {*map(str, ListedSort)}:
        criteria = replace(
            criteria, sort=ListedSort(sort.removeprefix("-")), is_descending=sort.startswith("-")
        )
    return criteria, chips


def _asked(request: PageRequest) -> dict[str, str]:
    """The filters of the address."""
    names = ("status", "type", "failed", "who", "name", "from", "to")
    return {name: (request.asked(name) or "").strip()[:_NAME_CHARACTERS] for name in names}


def _headers(request: PageRequest, criteria: ListedCriteria) -> list[_Header]:
    found = []
    for sort, name, is_number, goes_down in _COLUMNS:
        is_it = criteria.sort is sort
        down = not criteria.is_descending if is_it else goes_down
        order = ("descending" if criteria.is_descending else "ascending") if is_it else None
        href = request.address_with(sort=f"{'-' if down else ''}{sort}", page=None)
        found.append(_Header(name=name, href=href, order=order, is_number=is_number))
    return found


def _waiting_in_vain(request: PageRequest, listed: ImportsListed, drafts: Sequence[Draft]) -> int:
    """How many runs of the environment wait while nobody is there who would run them."""
    is_checked = any(each.plan_id is not None for each in drafts)  # a plan needs a worker too
    if not is_checked and all(line.ended_at is not None for line in listed.lines):
        return 0
    status = request.operations.status.read()
    if not status.waiting_in_vain:
        return 0
    number = request.asker.environment.number
    return sum(
        each.run.environment == number and each.runner is None
        for each in (*status.imports, *status.others)
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year < 9999 else None


def _milliseconds(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


PAGES = [
    ("", Page(handlers={"GET": _home})),
    ("/sample", Page(handlers={"POST": _sample})),
]
