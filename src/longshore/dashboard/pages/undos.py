"""What imports have changed taken back: looked at before, begun, watched, and itself undone."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import status_of_undo, things
from longshore.dashboard.pages.groups import address_of_group, found_group
from longshore.dashboard.pages.imports import address_of, found_import
from longshore.dashboard.refusals import PageRefused, not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.watching import watch_of
from longshore.dashboard.words import page_hint
from longshore.imports import Import
from longshore.operations import KEPT_REASONS, UndoFinished, UndoRefused, UndoShown, detail_shown
from longshore.undos import Undo

# With more changes than that, what an undo would do is looked at when somebody asks for it.
_TRIED_AT_ONCE = 10_000
_KEPT_SHOWN = 20
_SEEN = "seen"  # the field that says which undos somebody knows of who begins one
_SHOWN = 50
_OFFSET_MAX = 1_000_000

# What can be done about what stays as it is, by reason.
_ADVICE: Mapping[str, str] = {
    "changed_since": "Its history tells what was changed, and by whom. Mend it by an import.",
    "referred_to": "Remove what refers to it, or let it refer to another record, and undo again.",
    "key_taken": "Give the other record another key, and undo again.",
    "target_gone": "Let it refer to another record by an import.",
    "would_be_invalid": "Mend the record by an import; the detail says what is missing.",
    "destroyed_since": "Nothing is left to be taken back of it.",
    "history_purged": "Import the values that it should have.",
}


def _ask(request: PageRequest) -> Response:
    """GET /imports/{id}/undo: what it would do."""
    request.require(Action.UPDATE, "imports")
    import_ = found_import(request)
    address = address_of(request, import_)
    return _asked(
        request,
        import_,
        title=f"Undo the import of {import_.source_name or things(import_.resource_type)}",
        back=address,
        changes=import_.created_count + import_.updated_count,
    )


def _start(request: PageRequest) -> Response:
    """POST /imports/{id}/undo"""
    request.require(Action.UPDATE, "imports")
    return _begun(request, found_import(request))


def _ask_again(request: PageRequest) -> Response:
    """GET /undos/{id}/undo: what taking back an undo would do."""
    request.require(Action.UPDATE, "imports")
    undo = _found(request)
    return _asked(
        request,
        undo,
        title="Undo this undo",
        back=_address(request, undo),
        changes=undo.done_count,
    )


def _start_again(request: PageRequest) -> Response:
    """POST /undos/{id}/undo"""
    request.require(Action.UPDATE, "imports")
    return _begun(request, _found(request))


def _ask_group(request: PageRequest) -> Response:
    """GET /groups/{id}/undo"""
    request.require(Action.UPDATE, "imports")
    group = found_group(request)
    changes = group.total("created_count") + group.total("updated_count")
    is_tried = _is_tried(request, changes)
    seen = request.operations.undos.newest(group)
    trials = request.operations.undos.try_group(group) if is_tried else []
    return _question(
        request,
        title=f"Undo the import of {group.source_name or 'several types'}",
        back=address_of_group(request, group),
        seen=seen,
        imports=group.members,
        changes=changes,
        trials=[(things(member.resource_type), shown) for member, _, shown in trials],
        is_tried=is_tried,
    )


def _start_group(request: PageRequest) -> Response:
    """POST /groups/{id}/undo"""
    request.require(Action.UPDATE, "imports")
    group = found_group(request)
    try:
        request.operations.undos.start_group(request.asker, group, seen=request.value(_SEEN))
    except UndoRefused as refused:
        raise _not_begun(refused) from refused
    request.services.wake()
    return way_on(address_of_group(request, group))


def _undo(request: PageRequest) -> Response:
    """GET /undos/{id}"""
    undo = _found(request)
    undos = request.operations.undos
    shown = undos.shown(undo, is_listed=True)
    encode = request.services.public_ids.encode
    offset = request.asked_number("offset", _OFFSET_MAX) or 0
    kept = undos.kept_page(request.asker, undo.id, offset=offset, limit=_SHOWN)
    return page(
        request,
        "undo.html",
        title="Undo",
        undo=undo,
        id=encode(undo.id),
        address=_address(request, undo),
        of=_of(request, undo),
        standing=status_of_undo(undo),
        watch=None if undo.is_finished else watch_of(request, "import_undos", encode(undo.id)),
        reasons=_reasons(shown.meta["kept_reasons"]),
        kept=kept,
        offset=offset,
        next_offset=offset + _SHOWN if offset + _SHOWN < kept.count else None,
        encode=encode,
        takers=undos.takers(undo),
        refusal=undos.refusal(undo),
        beside=undos.made_on_the_way([] if undo.import_id is None else [undo.import_id]),
        things=things,
        detail_shown=detail_shown,
        kept_reasons=KEPT_REASONS,
        may_change=request.may(Action.UPDATE, "imports"),
    )


def _interrupt(request: PageRequest) -> Response:
    """POST /undos/{id}/interrupt"""
    request.require(Action.UPDATE, "imports")
    undo = _found(request)
    try:
        request.operations.undos.interrupt(request.asker, undo.id)
    except UndoFinished as finished:
        raise PageRefused(409, finished.message) from finished
    return way_on(_address(request, undo))


def _found(request: PageRequest) -> Undo:
    request.require(Action.READ, "imports")
    found = request.operations.undos.find(request.asker.environment, request.parameters["id"])
    if found is None:
        raise not_found("undo")
    return found


def _address(request: PageRequest, undo: Undo) -> str:
    return f"{DASHBOARD_PATH}/undos/{request.services.public_ids.encode(undo.id)}"


def _of(request: PageRequest, undo: Undo) -> tuple[str, str | None]:
    """What an undo takes back, and where that is shown; None: it was deleted."""
    encode = request.services.public_ids.encode
    if undo.import_id is not None:
        public_id = encode(undo.import_id)
        if request.operations.imports.deleted_among(request.asker, [public_id]):
            return f"the deleted import {public_id}", None
        return "an import", f"{DASHBOARD_PATH}/imports/{public_id}"
    assert undo.undo_id is not None, "it is of an import or of an undo"
    return "another undo", f"{DASHBOARD_PATH}/undos/{encode(undo.undo_id)}"


def _begun(request: PageRequest, of: Import | Undo) -> Response:
    try:
        undo = request.operations.undos.start(request.asker, of, seen=request.value(_SEEN))
    except UndoRefused as refused:
        raise _not_begun(refused) from refused
    request.services.wake()
    return way_on(_address(request, undo))


def _not_begun(refused: UndoRefused) -> PageRefused:
    return PageRefused(409, refused.message, hint=page_hint(refused.hint))


def _asked(
    request: PageRequest, of: Import | Undo, *, title: str, back: str, changes: int
) -> Response:
    trials: list[tuple[str, UndoShown]] = []
    is_tried = _is_tried(request, changes)
    seen = request.operations.undos.newest(of)
    if is_tried:
        try:
            _, shown = request.operations.undos.try_(of)
        except UndoRefused as refused:
            raise PageRefused(409, refused.message) from refused
        trials.append(("", shown))
    return _question(
        request,
        title=title,
        back=back,
        seen=seen,
        imports=[of] if isinstance(of, Import) else [],
        changes=changes,
        trials=trials,
        is_tried=is_tried,
    )


def _question(
    request: PageRequest,
    *,
    title: str,
    back: str,
    seen: str,
    imports: Sequence[Import],
    changes: int,
    trials: Sequence[tuple[str, UndoShown]],
    is_tried: bool,
) -> Response:
    def total(name: str) -> int:
        return sum(shown.attributes[name] for _, shown in trials)

    return page(
        request,
        "undo_ask.html",
        title=title,
        back=back,
        seen=seen,
        beside=request.operations.undos.made_on_the_way([each.id for each in imports]),
        types={each.id: each.resource_type for each in imports if each.group_id is not None},
        changes=changes,
        is_tried=is_tried,
        removed=total("removed_count"),
        restored=total("restored_count"),
        kept=total("kept_count"),
        trials=[
            (name, shown.attributes["kept_log"], _reasons(shown.meta["kept_reasons"]))
            for name, shown in trials
        ],
        shown_max=_KEPT_SHOWN,
        things=things,
        detail_shown=detail_shown,
    )


def _is_tried(request: PageRequest, changes: int) -> bool:
    return changes <= _TRIED_AT_ONCE or request.asked("look") == "all"


def _reasons(counts: Mapping[str, int]) -> list[tuple[str, int, str, str]]:
    """Each reason: its code, how many parts it keeps, what it says and what can be done."""
    return [
        (reason, count, KEPT_REASONS[reason], _ADVICE[reason]) for reason, count in counts.items()
    ]


PAGES = [
    ("/imports/{id}/undo", Page(handlers={"GET": _ask, "POST": _start})),
    ("/groups/{id}/undo", Page(handlers={"GET": _ask_group, "POST": _start_group})),
    ("/undos/{id}", Page(handlers={"GET": _undo})),
    ("/undos/{id}/undo", Page(handlers={"GET": _ask_again, "POST": _start_again})),
    ("/undos/{id}/interrupt", Page(handlers={"POST": _interrupt})),
]
