"""A file that the server fetches from an address, and what becomes of it meanwhile."""

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.pages.new import found_draft, shown_new
from longshore.dashboard.request import PageRequest
from longshore.dashboard.wizard import draft_path, steps_of
from longshore.dashboard.words import page_hint
from longshore.drafts import Draft, FetchRefusal
from longshore.errors import RequestRefused
from longshore.operations import FetchState
from longshore.outgoing import OutgoingRefused, OutgoingUrl

_WAIT_SECONDS = 1.5  # that a page waits for a file to be fetched


def _fetch(request: PageRequest) -> Response:
    """POST /new/address: the file is fetched from now on, by a thread of its own."""
    request.require(Action.CREATE, "imports")
    try:
        draft = request.operations.draft_fetches.begin(request.asker, _address(request))
    except RequestRefused as refused:
        return _refused(request, FetchRefusal(message=refused.message, hint=refused.hint))
    draft = _waited(request, draft)
    if draft.fetch is not None and draft.fetch.refusal is not None:
        # Nothing has come of it: it is said where the address was typed.
        request.operations.drafts.discard(request.asker, draft.id)
        return _refused(request, draft.fetch.refusal)
    return way_on(draft_path(request, draft, "file" if draft.is_received else "address"))


def _fetched(request: PageRequest) -> Response:
    """GET /new/{id}/address: how far it is, until the file is there."""
    draft = found_draft(request)
    if draft.is_received or draft.fetch is None:
        return way_on(draft_path(request, draft))
    return _shown(request, draft)


def _again(request: PageRequest) -> Response:
    """POST /new/{id}/address: the same, where it has failed or was ended before."""
    draft = found_draft(request)
    if draft.is_received or draft.fetch is None:
        return way_on(draft_path(request, draft))
    try:
        draft = request.operations.draft_fetches.again(request.asker, draft, _address(request))
    except RequestRefused as refused:
        told = FetchRefusal(message=refused.message, hint=refused.hint)
        return _shown(request, draft, told, status=422)
    draft = _waited(request, draft)
    return way_on(draft_path(request, draft, "file" if draft.is_received else "address"))


def _shown(
    request: PageRequest,
    draft: Draft,
    refusal: FetchRefusal | None = None,  # of what was typed
    *,
    status: int = 200,
) -> Response:
    """How far the server has fetched the file of a draft, or why it does not."""
    assert draft.fetch is not None, "somebody sends the file"
    state = request.operations.draft_fetches.state(draft)
    return page(
        request,
        "new_fetching.html",
        status=status,
        title=_title(draft, state),
        steps=steps_of(request, draft, "file"),
        draft=draft,
        address=draft_path(request, draft),
        state=state,
        refusal=_told(refusal or draft.fetch.refusal),
    )


def _title(draft: Draft, state: FetchState) -> str:
    if state is FetchState.RUNNING and draft.source_size:
        return f"{100 * draft.received_bytes // draft.source_size} % fetched"
    return f"Fetch of {draft.source_name}"


def _waited(request: PageRequest, draft: Draft) -> Draft:
    """The draft as it is after a moment, in which most files are there."""
    request.operations.draft_fetches.wait(draft, seconds=_WAIT_SECONDS)
    return request.operations.drafts.find(
        request.asker, request.services.public_ids.encode(draft.id)
    )


def _refused(request: PageRequest, refusal: FetchRefusal) -> Response:
    """The form again, with the address but for what may be secret in it."""
    try:
        shown = OutgoingUrl.read(_address(request)).shown
    except OutgoingRefused:
        shown = ""
    told = _told(refusal)
    return shown_new(request, not_fetched=told, address=shown, status=422)


def _address(request: PageRequest) -> str:
    return (request.value("address") or "").strip()


def _told(refusal: FetchRefusal | None) -> FetchRefusal | None:
    """Without what is said to people at a terminal."""
    if refusal is None:
        return None
    return FetchRefusal(message=refusal.message, hint=page_hint(refusal.hint))


PAGES = [
    ("/new/address", Page(handlers={"POST": _fetch})),
    ("/new/{id}/address", Page(handlers={"GET": _fetched, "POST": _again})),
]
