"""The beginning of an import: a file is dropped, chosen or pasted, and comes in parts."""

import json
from collections.abc import Iterator

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import document, page, way_on
from longshore.dashboard.chosen_files import ChosenFile, chosen_file, file_name
from longshore.dashboard.endpoint import FORM_BYTES_MAX, Page
from longshore.dashboard.formats import capitalize_first
from longshore.dashboard.refusals import PageRefused, not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.wizard import draft_path, furthest_path, steps_of
from longshore.drafts import (
    Draft,
    DraftComplete,
    DraftOffsetConflict,
    FetchRefusal,
    TooManyDrafts,
)
from longshore.errors import RequestRefused
from longshore.operations import NoSuchDraft

UPLOAD_PART_BYTES = 8 * 1024 * 1024  # of a part that the module sends
_BLOCK_BYTES = 1 << 20


def _new(request: PageRequest) -> Response:
    """GET /new"""
    request.require(Action.CREATE, "imports")
    return shown_new(request)


def shown_new(
    request: PageRequest,
    *,
    error: str | None = None,
    is_full: bool = False,  # the error is one of others that are being prepared
    pasted: str = "",
    not_fetched: FetchRefusal | None = None,
    address: str = "",  # that was typed, without what may be secret in it
    status: int = 200,
) -> Response:
    """The ways in which a file comes in, and why it does not."""
    return page(
        request,
        "new.html",
        status=status,
        title="New import",
        steps=steps_of(request, None, "file"),
        error=error,
        is_full=is_full,
        pasted=pasted,
        not_fetched=not_fetched,
        fetched_from=address,
        form_bytes_max=FORM_BYTES_MAX,
        part_bytes=UPLOAD_PART_BYTES,
        bytes_max=request.services.settings.upload_bytes_max,
    )


def _create(request: PageRequest) -> Response:
    """POST /new: a file, pasted cells, or a module that is going to send a file in parts."""
    request.require(Action.CREATE, "imports")
    drafts = request.operations.drafts
    if request.wants_json():
        name, size = _announced(request.body)
        draft = drafts.create(request.asker, name, source_size=size)
        return document(_state(request, draft), status=201)
    pasted = request.value("pasted")
    if pasted is not None:
        if not pasted.strip():
            return shown_new(request, error="No cells were pasted.", status=422)
        head = pasted.lstrip().partition("\n")[0]
        if head.startswith(("[", "{")):
            name = "pasted.json"
        else:
            name = "pasted.tsv" if "\t" in head else "pasted.csv"
        content = pasted.replace("\r\n", "\n").encode("utf-8", "replace")
    else:
        chosen = chosen_file(request)
        if chosen is None or not chosen.content:
            error = "No file was chosen." if chosen is None else "The file is empty."
            return shown_new(request, error=error, status=422)
        name, content = chosen.name, chosen.content
    try:
        draft = drafts.create(request.asker, name, source_size=len(content))
        drafts.add_part(request.asker, draft.id, 0, _blocks(content))
        drafts.finish(request.asker, draft.id)
    except RequestRefused as refused:
        # With the form, so that pasted cells are not lost.
        told = capitalize_first(refused.message)
        hint = f" {capitalize_first(refused.hint)}." if refused.hint else ""
        return shown_new(
            request,
            error=f"{told}.{hint}",
            is_full=isinstance(refused, TooManyDrafts),
            pasted=pasted or "",
            status=422,
        )
    return way_on(draft_path(request, draft, "file"))


def _draft(request: PageRequest) -> Response:
    """GET /new/{id}: as far as it has come."""
    draft = found_draft(request)
    if draft.is_received:
        return way_on(furthest_path(request, draft))
    if draft.fetch is not None:
        return way_on(draft_path(request, draft, "address"))
    return page(
        request,
        "new_receiving.html",
        title=f"Upload of {draft.source_name}",
        steps=steps_of(request, draft, "file"),
        draft=draft,
        address=draft_path(request, draft),
        part_bytes=UPLOAD_PART_BYTES,
        form_bytes_max=FORM_BYTES_MAX,
    )


def _parts(request: PageRequest) -> Response:
    """GET /new/{id}/parts: how many bytes are safe."""
    return document(_state(request, found_draft(request)))


def _take_part(request: PageRequest) -> Response:
    """PUT /new/{id}/parts?offset=N: the next bytes, which are safe once this is answered."""
    draft = found_draft(request)
    offset = request.asked_number("offset")
    if offset is None:
        raise PageRefused(400, "offset is the number of the first byte of the part, from 0")
    drafts = request.operations.drafts
    try:
        draft = drafts.add_part(request.asker, draft.id, offset, request.stream)
    except DraftOffsetConflict as conflict:
        state = _state(request, found_draft(request)) | {"error": conflict.message}
        return document(state, status=409)
    except DraftComplete:
        return document(_state(request, found_draft(request)))
    if draft.received_bytes == draft.source_size:
        draft = drafts.finish(request.asker, draft.id)
    return document(_state(request, draft))


def _take_rest(request: PageRequest) -> Response:
    """POST /new/{id}/parts: the whole file once more, of which the rest is taken."""
    draft = found_draft(request)
    chosen = chosen_file(request) or ChosenFile(name="", content=b"")
    name, content = chosen.name, chosen.content
    drafts = request.operations.drafts
    if not draft.is_received:
        if (name, len(content)) != (draft.source_name, draft.source_size or len(content)):
            raise PageRefused(
                422,
                f"{name or 'no file'} with {len(content):,} bytes was chosen, and the upload is of "
                f"{draft.source_name} with {draft.source_size or 0:,} bytes",
                hint="choose the same file again, or all of them, or discard this upload",
            )
        rest = content[draft.received_bytes :]
        if rest:
            offset = draft.received_bytes
            drafts.add_part(request.asker, draft.id, offset, _blocks(rest))
        drafts.finish(request.asker, draft.id)
    return way_on(draft_path(request, draft, "file"))


def _discard(request: PageRequest) -> Response:
    """POST /new/{id}/discard"""
    draft = found_draft(request)
    request.operations.drafts.discard(request.asker, draft.id)
    return document({}) if request.wants_json() else way_on(DASHBOARD_PATH)


def found_draft(request: PageRequest) -> Draft:
    """The draft that the path names; raises PageRefused for one that is not of this session's
    environment, or not there."""
    request.require(Action.CREATE, "imports")
    try:
        return request.operations.drafts.find(request.asker, request.parameters["id"])
    except NoSuchDraft as error:
        refused = not_found("import in preparation")
        raise PageRefused(refused.status, error.message, hint=error.hint) from error


def _state(request: PageRequest, draft: Draft) -> dict[str, object]:
    return {
        "address": draft_path(request, draft),
        "name": draft.source_name,
        "size": draft.source_size,
        "received": draft.received_bytes,
        "is_received": draft.is_received,
    }


def _announced(body: bytes) -> tuple[str, int]:
    """Name and size of a file that a module is going to send; raises PageRefused."""
    try:
        values = json.loads(body)
        name, size = file_name(values["name"]), values["size"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PageRefused(400, "expected the name and the size of a file") from error
    if not name or isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise PageRefused(422, "the file is empty")
    return name, size


def _blocks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _BLOCK_BYTES):
        yield content[start : start + _BLOCK_BYTES]


PAGES = [
    ("/new", Page(handlers={"GET": _new, "POST": _create})),
    ("/new/{id}", Page(handlers={"GET": _draft})),
    (
        "/new/{id}/parts",
        Page(
            handlers={"GET": _parts, "PUT": _take_part, "POST": _take_rest},
            streams={"PUT": UPLOAD_PART_BYTES},
        ),
    ),
    ("/new/{id}/discard", Page(handlers={"POST": _discard})),
]
