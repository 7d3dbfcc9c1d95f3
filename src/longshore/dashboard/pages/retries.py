"""Failed rows taken again, mended in the page or in a file."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import way_on
from longshore.dashboard.endpoint import FORM_BYTES_MAX, Page
from longshore.dashboard.failed_cells import failed_row
from longshore.dashboard.pages.groups import address_of_group, found_group, shown_group
from longshore.dashboard.pages.imports import address_of, found_import, shown_import
from longshore.dashboard.request import PageRequest
from longshore.edits import CellEdit, Edits, Replacement, Scalar, SetEdit
from longshore.errors import RequestRefused
from longshore.imports import ErrorGroup, Import, ImportGroup
from longshore.json_text import decode_stored
from longshore.operations import FailedRow, choices_of_import
from longshore.readers import Format
from longshore.sources import Source
from longshore.undos import Extent

_ROWS = 50
_CAUSES = 50
_CUT = "…"  # at the end of a value that is too long to be told


def _ask(request: PageRequest) -> Response:
    """GET /imports/{id}/retry"""
    request.require(Action.CREATE, "imports")
    return _shown(request, found_import(request))


def _shown(
    request: PageRequest, import_: Import, *, error: RequestRefused | None = None
) -> Response:
    digest = request.operations.imports.digest_of(
        request.asker, import_.id, may_read=request.may_read
    )
    assert digest is not None, "it was found before"
    found = _failing(request, import_)
    typed = dict(request.form)
    refusal = None
    try:
        request.operations.retries.check(import_)
    except RequestRefused as refused:
        refusal = refused
    return shown_import(
        request,
        import_,
        "import_retry.html",
        tab=None,
        status=200 if error is None else 422,
        error=error,
        refusal=refusal,
        causes=[
            (index, cause, _can_be_replaced(cause))
            for index, cause in enumerate(digest.groups[:_CAUSES])
        ],
        columns=[name for name in import_.layout.columns if name],
        failed=[failed_row(import_, row) for row in found],
        has_cells=any(row.values is not None for row in found),
        typed=typed,
        form_bytes_max=FORM_BYTES_MAX,
    )


def _retry(request: PageRequest) -> Response:
    """POST /imports/{id}/retry"""
    request.require(Action.CREATE, "imports")
    import_ = found_import(request)
    try:
        made = request.operations.retries.retry(
            request.asker.environment,
            import_,
            _edits(request, import_),
            application_id=request.asker.application_id,
        )
    except RequestRefused as error:
        return _shown(request, import_, error=error)
    request.services.wake()
    return way_on(address_of(request, made.import_))


def _retry_file(request: PageRequest) -> Response:
    """POST /imports/{id}/retry/file: a file of failed rows that somebody has mended."""
    request.require(Action.CREATE, "imports")
    import_ = found_import(request)
    name, content = request.value("file") or "", request.value("file.bytes") or ""
    try:
        if not name or not content:
            raise RequestRefused("no file was chosen", hint="choose the mended file of failed rows")
        source = Source.from_stream(io.BytesIO(content.encode("latin-1")), name=name)
        made = request.operations.retries.retry(
            request.asker.environment,
            import_,
            Edits(),
            file=replace(source, is_guarded=None),
            application_id=request.asker.application_id,
        )
    except RequestRefused as error:
        return _shown(request, import_, error=error)
    request.services.wake()
    return way_on(address_of(request, made.import_))


def _ask_group(request: PageRequest) -> Response:
    """GET /groups/{id}/retry"""
    request.require(Action.CREATE, "imports")
    return _group_shown(request, found_group(request))


def _group_shown(
    request: PageRequest, group: ImportGroup, *, error: RequestRefused | None = None
) -> Response:
    """What a retry of a group would take, or why there is none."""
    failing: Sequence[tuple[Import, int]] = ()
    is_taken_back = False
    try:
        found = request.operations.retries.failing_in_group(group)
    except RequestRefused as refused:
        error = error or refused
    else:
        failing = found.members
        undoing = request.operations.import_lists.undoing_of_group(found.first)
        is_taken_back = Extent.ALL in undoing.extents.values()
    return shown_group(
        request,
        group,
        "group_retry.html",
        status=200 if error is None else 422,
        error=error,
        failing=[(address_of(request, member), member, count) for member, count in failing],
        failing_count=sum(count for _, count in failing),
        is_taken_back=is_taken_back,
    )


def _retry_group(request: PageRequest) -> Response:
    """POST /groups/{id}/retry"""
    request.require(Action.CREATE, "imports")
    group = found_group(request)
    try:
        retry, _ = request.operations.retries.retry_group(
            request.asker.environment, group, application_id=request.asker.application_id
        )
    except RequestRefused as error:
        return _group_shown(request, group, error=error)
    request.services.wake()
    return way_on(address_of_group(request, retry))


def _ask_again(request: PageRequest) -> Response:
    """GET /imports/{id}/again: another file, with the same choices."""
    request.require(Action.CREATE, "imports")
    import_ = found_import(request)
    return shown_import(
        request, import_, "import_again.html", tab=None, error=None, form_bytes_max=FORM_BYTES_MAX
    )


def _again(request: PageRequest) -> Response:
    """POST /imports/{id}/again"""
    request.require(Action.CREATE, "imports")
    import_ = found_import(request)
    name = (request.value("file") or "").replace("\\", "/").rpartition("/")[2].strip()[:255]
    content = (request.value("file.bytes") or "").encode("latin-1")
    if not name or not content:
        return shown_import(
            request,
            import_,
            "import_again.html",
            tab=None,
            status=422,
            error="The file is empty." if name else "No file was chosen.",
            form_bytes_max=FORM_BYTES_MAX,
        )
    drafts = request.operations.drafts
    encode = request.services.public_ids.encode
    draft = drafts.create(
        request.asker,
        name,
        source_size=len(content),
        choices=choices_of_import(import_, request.services.public_ids),
    )
    for begin in range(0, len(content), 1 << 20):
        drafts.add_part(request.asker, draft.id, begin, [content[begin : begin + (1 << 20)]])
    drafts.finish(request.asker, draft.id)
    return way_on(f"/dashboard/new/{encode(draft.id)}")


def _failing(request: PageRequest, import_: Import) -> list[FailedRow]:
    page = request.operations.import_results.failed_rows(
        request.asker, import_, first_row=1, limit=_ROWS, may_read=request.may_read
    )
    return list(page.rows)


def _can_be_replaced(cause: ErrorGroup) -> bool:
    """Whether the value of a cause is a whole cell that can be told by it."""
    is_in_list = cause.attribute.split(".")[-2:-1] == ["tags"] or cause.attribute == "tags"
    value = cause.value
    is_cut = value is not None and value.endswith(_CUT)
    return not (is_in_list or is_cut or cause.other_values)


def _edits(request: PageRequest, import_: Import) -> Edits:
    """What somebody has typed into the form; raises RequestRefused."""
    typed = dict(request.form)
    replacements = []
    for name, new in request.form:
        head, _, number = name.partition(".")
        if head == "new" and new:
            replacements.append(
                Replacement(
                    column=typed.get(f"column.{number}", ""),
                    old=typed.get(f"old.{number}", ""),
                    new=new,
                )
            )
    sets = []
    if typed.get("set_column"):
        sets.append(SetEdit(column=typed["set_column"], value=typed.get("set_value", "")))
    return Edits(
        cells=tuple(_cell_edits(request, import_, typed)),
        sets=tuple(sets),
        replacements=tuple(replacements),
    )


def _cell_edits(request: PageRequest, import_: Import, typed: dict[str, str]) -> Iterator[CellEdit]:
    """The cells whose fields hold something else than the source."""
    if not any(name.startswith("cell.") for name in typed):
        return
    columns = list(import_.layout.columns)
    for row in _failing(request, import_):
        shown = failed_row(import_, row)
        for index, column in enumerate(columns):
            new = typed.get(f"cell.{row.number}.{index}")
            if new is None or _lines(new) == _lines(_text(shown["cells"].get(column))):
                continue
            value: Scalar = new
            if import_.layout.format is not Format.CSV:
                value = _scalar(new, shown["cells"].get(column))
            yield CellEdit(row=row.number, column=column, value=value)


def _text(value: Any) -> str:
    """A cell as its field holds it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def _lines(text: str) -> str:
    """A text with line ends as forms send them (HTML, "Constructing the entry list")."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _scalar(text: str, before: Any) -> Scalar:
    """What is typed in place of a value of JSON: a text in place of one, else what it reads as."""
    if isinstance(before, str):
        return text
    try:
        found = decode_stored(text)
    except ValueError:
        return text
    return found if isinstance(found, str | int | float | bool) or found is None else text


PAGES = [
    ("/imports/{id}/retry", Page(handlers={"GET": _ask, "POST": _retry})),
    ("/imports/{id}/retry/file", Page(handlers={"POST": _retry_file})),
    ("/imports/{id}/again", Page(handlers={"GET": _ask_again, "POST": _again})),
    ("/groups/{id}/retry", Page(handlers={"GET": _ask_group, "POST": _retry_group})),
]
