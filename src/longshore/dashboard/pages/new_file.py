"""Step 1: what the file was found to be, each point of it open to be told otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.catalogue import CURRENCIES
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.pages.new import found_draft
from longshore.dashboard.pages.new_options import OPTION_FIELDS, OptionField, options_of
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest
from longshore.dashboard.whole_numbers import VERSION_MAX, whole_number
from longshore.dashboard.wizard import draft_path, steps_of
from longshore.dialects import Dialect, dialects
from longshore.drafts import Draft, DraftChangedMeanwhile, DraftChoices
from longshore.errors import RequestRefused
from longshore.notices import APOSTROPHE_CODES, Notice
from longshore.operations import DraftBeingRead, DraftFound, FirstRow
from longshore.readers import Format, text_codec
from longshore.saved_mappings import MappingReference, MappingSummary
from longshore.sources import StoredAttachment

_WAIT_SECONDS = 1.5  # that a page waits for a file to be read
_COLUMNS_MAX = 100  # of the preview
_SHOWN_DELIMITERS = {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "bar |", " ": "blank"}
_ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252 (Western Europe)"),
    ("cp1250", "Windows-1250 (Central Europe)"),
    ("cp1251", "Windows-1251 (Cyrillic)"),
    ("iso-8859-1", "ISO 8859-1"),
    ("iso-8859-15", "ISO 8859-15"),
    ("mac-roman", "Mac Roman"),
    ("cp437", "DOS 437"),
    ("cp850", "DOS 850"),
    ("utf-16", "UTF-16"),
    ("shift_jis", "Shift JIS"),
    ("gb18030", "GB 18030"),
)


# What the form says of apostrophes before = + - @, and whether they are taken off then.
_APOSTROPHES = {"": None, "off": True, "kept": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Apostrophes:
    """What is done with apostrophes before = + - @, of a file that has any."""

    are_taken_off: bool
    choice: str  # "off" or "kept"; "": as the file shows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preview:
    columns: Sequence[str]
    rows: Sequence[FirstRow]
    left_out_count: int  # columns that are not shown
    has_cells: bool


def _file(request: PageRequest) -> Response:
    """GET /new/{id}/file"""
    draft = found_draft(request)
    away = way_away(request, draft)
    return away or _shown(request, draft)


def way_away(request: PageRequest, draft: Draft) -> Response | None:
    """Where somebody is sent whose file is not there yet, or was imported; None: nowhere."""
    if not draft.is_received:
        return way_on(draft_path(request, draft))
    return None if draft.import_id is None else way_on(draft_path(request, draft, "apply"))


def _shown(
    request: PageRequest,
    draft: Draft,
    *,
    error: RequestRefused | None = None,
    status: int = 200,
) -> Response:
    found = request.operations.draft_looks.look(request.asker, draft, seconds=_WAIT_SECONDS)
    address = draft_path(request, draft)
    common: dict[str, Any] = {
        "title": draft.source_name,
        "steps": steps_of(request, draft, "file"),
        "draft": draft,
        "address": address,
    }
    if isinstance(found, DraftBeingRead):
        return page(request, "new_reading.html", look=found, **common)
    dialect = _dialect_of(found, draft.choices)
    stored = found.stored
    return page(
        request,
        "new_file.html",
        status=status,
        found=found,
        stored=stored,
        layout=None if stored is None else stored.layout,
        is_table=stored is not None and stored.layout.format is Format.CSV,
        # Of a workbook the text was made here: nobody can say how it is written.
        is_text=stored is not None
        and stored.layout.format is Format.CSV
        and not stored.layout.has_lines_of_rows,
        apostrophes=_apostrophes(found, draft.choices),
        notices=_notices(found),
        preview=_preview(found),
        dialect=dialect,
        all_dialects=sorted(dialects().values(), key=lambda each: each.title),
        options=_options(request, dialect, draft.choices, found),
        currencies=sorted(CURRENCIES),
        encodings=_ENCODINGS,
        encodings_names=dict(_ENCODINGS),
        delimiters=_SHOWN_DELIMITERS,
        mappings=_mappings(request, found),
        same=request.operations.draft_sources.same_content(request.asker, draft, found),
        error=error,
        next_address=_next(address, found, draft.choices),
        **common,
    )


def _mappings(request: PageRequest, found: DraftFound) -> Sequence[MappingSummary]:
    """The saved mappings that were made for these columns, where the file shows no type."""
    if found.is_decided or found.refusal is not None or found.inspection is None:
        return []
    return request.operations.draft_columns.made_for(request.asker, found.inspection)


def _next(address: str, found: DraftFound, choices: DraftChoices) -> str | None:
    """Where somebody goes on; None: something has to be decided first."""
    if not found.is_decided:
        return None
    if found.needs_columns and not choices.columns_are_seen:
        return f"{address}/columns"
    return f"{address}/check"


def _change(request: PageRequest) -> Response:
    """POST /new/{id}/file: something is told otherwise."""
    draft = found_draft(request)
    away = way_away(request, draft)
    if away is not None:
        return away
    try:
        choices = _changed(request, draft.choices)
        version = version_of(request)
        request.operations.drafts.change(request.asker, draft.id, choices, version=version)
    except DraftChangedMeanwhile as refused:
        return _shown(request, draft, error=refused, status=409)
    except RequestRefused as refused:
        return _shown(request, draft, error=refused, status=422)
    return way_on(draft_path(request, draft, "file"))


def version_of(request: PageRequest) -> int:
    """The version of the draft that a form was made of; raises PageRefused."""
    version = whole_number(request.value("version"), VERSION_MAX)
    if version is None:
        raise PageRefused(400, "the form does not say which version of the import it is of")
    return version


def _changed(request: PageRequest, choices: DraftChoices) -> DraftChoices:
    """The choices with what the form says. Columns and cells that were seen are others then."""
    changes: dict[str, Any] = {}
    what = request.value("what")
    text = (request.value("value") or "").strip()
    match what:
        case "type":
            changes = _kind(request, text)
        case "mapping":
            return _as_mapped(request, choices, text)
        case "format":
            changes = {"format": None if not text else str(Format(_one_of(text, Format)))}
        case "encoding":
            text = (request.value("other") or "").strip() or text
            changes = {"encoding": text_codec(text) if text else None}
        case "delimiter":
            other = request.value("other") or ""
            text = other if other.strip() else request.value("value") or ""
            changes = {"delimiter": text or None}
        case "header":
            changes = _header(text)
        case "sheet":
            changes = {"sheet": text or None}
        case "apostrophes":
            changes = {"is_guarded": _one_of_apostrophes(text)}
        case "options":
            options = options_of(request)
            return replace(choices, dialect_options=options)
        case _:
            raise PageRefused(400, "the form does not say what is to be changed")
    return replace(
        choices,
        **changes,
        mapping=None,
        mapping_reference=None,
        columns_are_seen=False,
        edits=(),
    )


def _as_mapped(request: PageRequest, choices: DraftChoices, text: str) -> DraftChoices:
    """The rows are what a saved mapping says, and its columns are taken; what has drifted is told
    at the step of the columns, which is the next."""
    saved = request.operations.saved_mappings.find(request.asker, MappingReference.parse(text).name)
    changes = _kind(request, saved.document.resource_type or "")
    return replace(
        choices,
        **changes,
        mapping=saved.document.to_dict(),
        mapping_reference=str(saved.reference),
        columns_are_seen=False,
        edits=(),
    )


def _kind(request: PageRequest, text: str) -> dict[str, Any]:
    """What the rows are: a type, a dialect, or what the file shows."""
    before, colon, name = text.partition(":")
    if colon and before == "dialect":
        if name not in dialects():
            raise PageRefused(422, f"there is no dialect {name[:60]!r}")
        return {"resource_type": None, "dialect": name, "parent": None}
    if text and text not in request.services.catalogue.creatable:
        raise PageRefused(422, f"there is no type {text[:60]!r} that can be imported")
    return {"resource_type": text or None, "dialect": None, "parent": None}


def _header(text: str) -> dict[str, Any]:
    if not text:
        return {"header_row": None, "header_rows": None}
    first, dash, last = text.partition("-")
    numbers = [each.strip() for each in ((first, last) if dash else (first,))]
    if not all(each.isascii() and each.isdigit() and len(each) < 7 for each in numbers):
        raise RequestRefused(
            f"the header row is {text[:60]!r}, expected a line, counted from 1, such as 3, or two "
            "lines such as 3-4"
        )
    row, end = int(numbers[0]), int(numbers[-1])
    if row < 1 or not row <= end <= row + 1:
        raise RequestRefused("a header has one line or two, counted from 1, such as 3, or 3-4")
    return {"header_row": row, "header_rows": None if end == row else 2}


def _one_of_apostrophes(text: str) -> bool | None:
    if text not in _APOSTROPHES:
        raise PageRefused(422, f"apostrophes are not {text[:60]!r}")
    return _APOSTROPHES[text]


def _one_of(text: str, kinds: type[Format]) -> str:
    if text not in tuple(map(str, kinds)):
        raise PageRefused(422, f"there is no format {text[:60]!r}")
    return text


def _dialect_of(found: DraftFound, choices: DraftChoices) -> Dialect | None:
    """The dialect whose options are offered."""
    known = dialects()
    if found.group is not None and found.group.dialect is not None:
        return known.get(found.group.dialect)
    if choices.dialect is not None:
        return known.get(choices.dialect)
    return found.dialects[0] if found.needed_options and found.dialects else None


def _options(
    request: PageRequest, dialect: Dialect | None, choices: DraftChoices, found: DraftFound
) -> list[OptionField]:
    """The options that the dialect heeds, those that are needed first."""
    if dialect is None:
        return []
    names = request.operations.draft_sources.store_names(request.asker)
    fields = [
        each.filled(choices.dialect_options, names, needed=found.needed_options)
        for each in OPTION_FIELDS
        if each.name in dialect.options
    ]
    return sorted(fields, key=lambda each: not each.is_needed)


def _stored_of(found: DraftFound) -> Iterator[tuple[str | None, StoredAttachment]]:
    """How the file is read, or each of the files or sheets in it, with the type of its rows."""
    if found.stored is not None:
        yield None, found.stored
    elif found.group is not None:
        for member in found.group.members:
            if member.inspection is not None:
                yield member.resource_type, member.inspection.stored


def _apostrophes(found: DraftFound, choices: DraftChoices) -> _Apostrophes | None:
    all_stored = [stored for _, stored in _stored_of(found)]
    are_taken_off = any(each.layout.is_guarded for each in all_stored)
    are_told = any(each.code in APOSTROPHE_CODES for of in all_stored for each in of.notices)
    if not (are_taken_off or are_told or choices.is_guarded is not None):
        return None
    choice = next(text for text, said in _APOSTROPHES.items() if said is choices.is_guarded)
    return _Apostrophes(are_taken_off=are_taken_off, choice=choice)


def _notices(found: DraftFound) -> list[tuple[str | None, Notice]]:
    """What is worth knowing of the file, and of each file or sheet in it, with its type."""
    of_group = () if found.group is None else found.group.notices
    told: list[tuple[str | None, Notice]] = [(None, each) for each in of_group]
    if found.group is None or found.stored is None:  # those of a dialect's file are its group's
        told += [(name, each) for name, stored in _stored_of(found) for each in stored.notices]
    return told


def _preview(found: DraftFound) -> _Preview | None:
    stored, rows = found.stored, found.first_rows
    if stored is None or not rows:
        return None
    columns = stored.layout.columns
    if stored.layout.format is not Format.CSV:
        rows = [
            replace(row, cells=[_inside(row.cells[0], name) for name in columns[:_COLUMNS_MAX]])
            for row in rows
        ]
    else:
        rows = [replace(row, cells=row.cells[:_COLUMNS_MAX]) for row in rows]
    return _Preview(
        columns=columns[:_COLUMNS_MAX],
        rows=rows,
        left_out_count=max(len(columns) - _COLUMNS_MAX, 0),
        has_cells=any(row.cells for row in rows),
    )


def _inside(value: object, name: str) -> object:
    """What an object has under a name; a key may have a dot in it, or lie inside of another."""
    if not isinstance(value, Mapping):
        return value if name == "" else ""
    if name in value:
        return value[name]
    before, dot, rest = name.partition(".")
    inner = value.get(before) if dot else None
    if isinstance(inner, list):
        inner = inner[0] if inner else None
    return _inside(inner, rest) if isinstance(inner, Mapping) else ""


def _make(request: PageRequest) -> Response:
    """POST /new/{id}/needed: a record that the rows need, made on the way."""
    draft = found_draft(request)
    resource_type = request.value("type") or ""
    request.require(Action.CREATE, resource_type)
    code = request.operations.needed_records.create(
        request.asker,
        resource_type,
        request.value("name") or "",
        currency=request.value("currency"),
        wake=request.services.wake,
    )
    if request.value("to") != "columns":
        return way_on(draft_path(request, draft, "file"))
    choices = replace(draft.choices, parent=code)
    request.operations.drafts.change(request.asker, draft.id, choices, version=version_of(request))
    return way_on(draft_path(request, draft, "columns"))


PAGES = [
    ("/new/{id}/file", Page(handlers={"GET": _file, "POST": _change})),
    ("/new/{id}/needed", Page(handlers={"POST": _make})),
]
