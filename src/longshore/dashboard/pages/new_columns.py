"""Step 2: which column becomes which field, with what would become of the first values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from starlette.responses import Response

from longshore.catalogue import EXPONENTS, money_text, parent_relationship
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.columns_form import (
    KINDS,
    METADATA,
    ColumnsForm,
    FieldRefused,
    Line,
    document_of_form,
    form_of_document,
    form_of_request,
    open_names,
)
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import things
from longshore.dashboard.pages.new import found_draft
from longshore.dashboard.pages.new_file import version_of, way_away
from longshore.dashboard.request import PageRequest
from longshore.dashboard.wizard import draft_path, steps_of
from longshore.dashboard.words import title_of, words_of
from longshore.drafts import Draft, DraftChangedMeanwhile, DraftChoices
from longshore.engine import UNITS, is_of_cents
from longshore.errors import RequestRefused
from longshore.mapping import (
    MAPPING_BYTES_MAX,
    TRANSFORMS,
    ColumnLook,
    MappingDocument,
    MappingRefused,
    mapping_toml,
    parse_mapping,
)
from longshore.operations import (
    NEEDED_TYPES,
    ColumnsLook,
    DraftBeingRead,
    FoundGroup,
    Inspection,
    LeftOut,
    TargetField,
    mapping_of,
    suggested_mapping,
)
from longshore.readers import Format
from longshore.saved_mappings import MappingReference

_WAIT_SECONDS = 1.5
_FORM_WAIT_SECONDS = 120.0
_CHOICES_MAX = 5_000  # of all selects of a page
_CENTS = re.compile(r"-?[0-9]{1,17}")
_UNIT_WORDS = {
    "cents": "cents: 1250",
    "decimal": "decimals: 12.50 or 12,50, as the values show",
    "decimal-point": "decimals with a point: 12.50",
    "decimal-comma": "decimals with a comma: 12,50",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """The columns of the file of a draft, with what its page needs to know of them."""

    draft: Draft
    found: Inspection
    open: Sequence[ColumnLook]  # those that a mapping can name
    closed: Sequence[ColumnLook]
    targets: Sequence[TargetField]

    @property
    def resource_type(self) -> str:
        assert self.found.resource_type is not None
        return self.found.resource_type


def _columns(request: PageRequest) -> Response:
    """GET /new/{id}/columns"""
    draft = found_draft(request)
    columns = _read(request, draft)
    if isinstance(columns, Response):
        return columns
    document = _document(request, columns)
    form = form_of_document(document, columns.open, _own(request, columns))
    return _shown(request, columns, form, document)


def _read(request: PageRequest, draft: Draft) -> _Columns | Response:
    """The columns of a draft; where it has none to be matched, what is shown instead."""
    away = way_away(request, draft)
    if away is not None:
        return away
    # What a form says is not lost because a file has to be read again after a restart.
    seconds = _WAIT_SECONDS if request.method == "GET" else _FORM_WAIT_SECONDS
    look = request.operations.draft_looks.look(request.asker, draft, seconds=seconds)
    common: dict[str, Any] = {
        "title": draft.source_name,
        "draft": draft,
        "address": draft_path(request, draft),
        "steps": steps_of(request, draft, "columns"),
    }
    if isinstance(look, DraftBeingRead):
        return page(request, "new_reading.html", look=look, **common)
    if not look.is_decided:
        return way_on(draft_path(request, draft, "file"))
    if look.group is not None:
        examples = _examples(look.group)
        return page(request, "new_members.html", group=look.group, examples=examples, **common)
    found = look.inspection
    assert found is not None
    assert found.resource_type is not None
    is_table = found.stored.layout.format is Format.CSV
    named = open_names(found.columns, is_table=is_table)
    return _Columns(
        draft=draft,
        found=found,
        open=[each for each in found.columns if each.name in named],
        closed=[each for each in found.columns if each.name not in named],
        targets=request.operations.draft_columns.targets(found.resource_type),
    )


def _examples(group: FoundGroup) -> dict[str, list[dict[str, Any]]]:
    """The first records of each member: cells beside fields, amounts as money."""
    currencies = {
        fields.get("code") or fields.get("name"): fields.get("currency_code")
        for member in group.members
        if member.resource_type == "price_lists"
        for fields in (each["fields"] for each in member.examples)
    }
    found = {}
    for member in group.members:
        shown = []
        for each in member.examples:
            fields = each["fields"]
            currency = (
                fields.get("currency_code")
                or currencies.get(fields.get("price_list.code") or fields.get("price_list.name"))
                or group.options.get("currency")
            )
            pairs = [
                (name, _as_money(name, value, currency) or value) for name, value in fields.items()
            ]
            cells = each["source"].items()
            rows = list(zip_longest(cells, pairs))
            shown.append({"row": each["row"], "line": each["line"], "rows": rows})
        found[member.resource_type] = shown
    return found


def _as_money(name: str, value: object, currency: object) -> str | None:
    """An amount of cents as money; None: it is none."""
    text = str(value)
    if not is_of_cents(name) or not _CENTS.fullmatch(text):
        return None
    code = currency if isinstance(currency, str) and currency in EXPONENTS else None
    return f"{money_text(int(text), code)} ({text} cents)"


def _document(request: PageRequest, columns: _Columns) -> MappingDocument:
    """What was chosen, else what is sure enough to be suggested."""
    chosen = mapping_of(columns.draft.choices)
    if chosen is not None:
        return chosen
    suggested = suggested_mapping(request.services.catalogue, columns.found)
    used = {name for each in suggested.fields.values() for name in each.columns}
    rest = [each.name for each in columns.open if each.name not in used]
    return replace(suggested, ignore=tuple(rest))


def _own(request: PageRequest, columns: _Columns) -> dict[str, str]:
    """The fields that columns are by their own names, as far as they are certain."""
    names = {each.number: each.name for each in columns.open}
    return {
        names[each.column]: each.field
        for each in columns.found.fields
        if each.column in names and each.ground in ("name", "spelling")
    }


def _shown(
    request: PageRequest,
    columns: _Columns,
    form: ColumnsForm,
    document: MappingDocument,
    *,
    error: RequestRefused | None = None,
    name_refused: RequestRefused | None = None,  # the name that the mapping was to be saved under
    text: str | None = None,
    parent: str | None = None,
    status: int = 200,
) -> Response:
    operations, draft, found = request.operations, columns.draft, columns.found
    parent = draft.choices.parent if parent is None else parent or None
    look = operations.draft_columns.look(request.asker, found, document, parent=parent)
    suggestions = {each.column: each for each in found.fields}
    out = {each.column: each for each in found.left_out}
    lines = sorted(form.lines, key=lambda each: not each.field)
    parents = operations.draft_columns.parents(request.asker.environment, columns.resource_type)
    name_before = (draft.choices.mapping_reference or "").partition("@")[0]
    name = request.value("name")
    return page(
        request,
        "new_columns.html",
        status=status,
        title=draft.source_name,
        steps=steps_of(request, draft, "columns"),
        draft=draft,
        address=draft_path(request, draft),
        found=found,
        type_name=columns.resource_type,
        look=look,
        form=form,
        lines=[each for each in lines if each.field],
        left_out=[each for each in lines if not each.field],
        closed=columns.closed,
        hints={
            each.column.number: _hint(columns.resource_type, each, suggestions, out)
            for each in form.lines
            if each.column is not None
        },
        offers=_offers(found, form, out),
        target_groups=_grouped(columns.targets),
        metadata=METADATA,
        # A select with all fields on each of many lines would make a page of megabytes.
        is_wide=len(form.all_lines) * len(columns.targets) > _CHOICES_MAX,
        kinds=KINDS,
        units=[(each, _UNIT_WORDS[each]) for each in UNITS],
        transforms=TRANSFORMS,
        fitting=operations.draft_columns.fitting(request.asker, found),
        parent=parent or "",
        parent_words=None if found.parent is None else words_of(found.parent),
        parents=parents,
        new_parent=_new_parent(request, columns),
        toml=mapping_toml(document) if text is None else text,
        is_text_open=text is not None,
        rows_count=found.stored.rows_count,
        error=error,
        # What stands in the text is not in the form.
        field_refused={
            field: _of_type(columns.resource_type, reason)
            for field, reason in _field_refused(error or look.refusal).items()
            if text is None
        },
        name=name_before if name is None else name,
        name_refused=name_refused,
        is_name_open=name is not None and name != name_before,
        saved=request.asked("saved"),
    )


def _field_refused(refused: RequestRefused | None) -> dict[str, str]:
    """The field because of which a mapping is refused, with the reason; empty: it is not one."""
    match refused:
        case FieldRefused(field=name):
            return {name: refused.message}
        case MappingRefused(path=("fields", str() as name, *_)):
            return {name: refused.reason}
    return {}


def _new_parent(request: PageRequest, columns: _Columns) -> str | None:
    """The type of the parent that can be made on the way; None: none can."""
    type_ = request.services.catalogue.types[columns.resource_type]
    if type_.parent is None:
        return None
    targets = parent_relationship(type_).targets
    return targets[0] if targets[0] in NEEDED_TYPES else None


def _hint(
    resource_type: str,
    line: Line,
    suggestions: Mapping[int, Any],
    out: Mapping[int, LeftOut],
) -> str | None:
    """Why a column is the field that it was suggested for, or is none; None: somebody has chosen
    for it, who needs no reason."""
    assert line.column is not None
    suggestion = suggestions.get(line.column.number)
    if suggestion is not None:
        return f"{title_of(suggestion.field)}: {suggestion.reason}"
    left_out = out.get(line.column.number)
    if left_out is None or line.field:
        return None
    return _of_type(resource_type, left_out.reason)


def _of_type(resource_type: str, message: str) -> str:
    """A message that may begin with the type, as people call that."""
    rest = message.removeprefix(f"{resource_type} ")
    return message if rest == message else f"{things(resource_type)} {rest}"


def _offers(
    found: Inspection, form: ColumnsForm, out: Mapping[int, LeftOut]
) -> dict[str, Sequence[tuple[str, str, str]]]:
    """What is offered of columns and not filled in, by line: field, unit, words."""
    taken = {line.target for line in form.all_lines}
    offers: dict[str, Sequence[tuple[str, str, str]]] = {}
    for line in form.lines:
        left_out = None if line.column is None else out.get(line.column.number)
        if left_out is None or left_out.field is None or line.field or left_out.field in taken:
            continue
        title = title_of(left_out.field)
        offers[line.name] = [
            (left_out.field, unit, f"{title} in {unit}")
            for _, _, unit in (each.rpartition(":") for each in left_out.choices)
        ] or [(left_out.field, "", title)]
    return offers


def _grouped(targets: Sequence[TargetField]) -> list[tuple[str, list[TargetField]]]:
    groups: dict[str, list[TargetField]] = {}
    for each in targets:
        groups.setdefault(each.group, []).append(each)
    order = ("Required", "Fields", "Belongs to", "Makes something happen")
    return [(name, groups[name]) for name in order if name in groups]


def _change(request: PageRequest) -> Response:
    """POST /new/{id}/columns: what the form says is kept, and its button is followed."""
    draft = found_draft(request)
    columns = _read(request, draft)
    if isinstance(columns, Response):
        return columns
    do, _, name = (request.value("do") or "look").partition(":")
    before = _document(request, columns)
    if do == "text":
        return _take_text(request, columns, before)
    form = form_of_request(request, columns.open)
    parent = (request.value("parent") or "").strip()
    try:
        if do == "use":
            form = _with_offer(form, name)
        if do == "saved":
            return _take_saved(request, columns)
        document = document_of_form(form, before)
    except RequestRefused as refused:
        return _shown(request, columns, form, before, error=refused, parent=parent, status=422)
    if do == "add":
        # The new line is not kept before it says something.
        lines = [*form.added, Line(name=f"a{len(form.added)}", kind=KINDS[0][0])]
        form = replace(form_of_document(document, columns.open, _own(request, columns)))
        return _shown(request, columns, replace(form, added=lines), document, parent=parent)
    try:
        reference = draft.choices.mapping_reference
        if do == "save":
            try:
                saved = request.operations.draft_columns.save(
                    request.asker, (request.value("name") or "").strip(), document, columns.found
                )
            except RequestRefused as refused:
                return _shown(
                    request,
                    columns,
                    form,
                    document,
                    name_refused=refused,
                    parent=parent,
                    status=422,
                )
            document, reference = saved.document, str(saved.reference)
        _keep(
            request,
            columns,
            document,
            reference=reference,
            parent=parent or None,
            are_seen=do == "next" or draft.choices.columns_are_seen,
        )
    except DraftChangedMeanwhile as refused:
        return _shown(request, columns, form, document, error=refused, parent=parent, status=409)
    except RequestRefused as refused:
        return _shown(request, columns, form, document, error=refused, parent=parent, status=422)
    if do == "next":
        look = _look(request, columns, document, parent or None)
        if look.refusal is None:
            return way_on(draft_path(request, draft, "check"))
    query = (
        "?saved=" + str(MappingReference.parse(reference).name)
        if do == "save" and reference
        else ""
    )
    return way_on(draft_path(request, draft, "columns") + query + (f"#{name}" if name else ""))


def _look(
    request: PageRequest, columns: _Columns, document: MappingDocument, parent: str | None
) -> ColumnsLook:
    return request.operations.draft_columns.look(
        request.asker, columns.found, document, parent=parent
    )


def _with_offer(form: ColumnsForm, name: str) -> ColumnsForm:
    """The form with what was offered for a line: `c3=amount_cents=decimal`."""
    line_name, _, rest = name.partition("=")
    field, _, unit = rest.partition("=")
    lines = [
        replace(line, field=field, unit=unit) if line.name == line_name else line
        for line in form.lines
    ]
    return replace(form, lines=lines)


def _take_text(request: PageRequest, columns: _Columns, before: MappingDocument) -> Response:
    """The mapping as somebody has written it."""
    text = request.value("toml") or ""
    try:
        if len(text) > MAPPING_BYTES_MAX:
            raise RequestRefused(f"a mapping may have {MAPPING_BYTES_MAX:,} bytes")
        document = parse_mapping(text.encode("utf-8", "replace"), name="the mapping")
        if document.resource_type not in (None, columns.resource_type):
            raise RequestRefused(
                f"the mapping is of {document.resource_type}, and the rows are "
                f"{columns.resource_type}"
            )
        _keep(
            request,
            columns,
            document,
            reference=None,
            parent=columns.draft.choices.parent,
            are_seen=columns.draft.choices.columns_are_seen,
        )
    except RequestRefused as refused:
        form = form_of_document(before, columns.open, _own(request, columns))
        status = 409 if isinstance(refused, DraftChangedMeanwhile) else 422
        return _shown(request, columns, form, before, error=refused, text=text, status=status)
    return way_on(draft_path(request, columns.draft, "columns"))


def _take_saved(request: PageRequest, columns: _Columns) -> Response:
    """A mapping that was saved under a name; raises RequestRefused."""
    name = (request.value("mapping") or "").strip()
    operations = request.operations
    saved = operations.saved_mappings.named(request.asker, MappingReference.parse(name))
    drift = operations.draft_columns.drift(columns.found, saved)
    if drift.refusal is not None:
        raise RequestRefused(
            f"the mapping {saved.name} (version {saved.version}) does not fit: {drift.refusal}",
            hint=drift.hint,
        )
    _keep(
        request,
        columns,
        saved.document,
        reference=str(saved.reference),
        parent=columns.draft.choices.parent,
        are_seen=columns.draft.choices.columns_are_seen,
    )
    return way_on(draft_path(request, columns.draft, "columns"))


def _keep(
    request: PageRequest,
    columns: _Columns,
    document: MappingDocument,
    *,
    reference: str | None,
    parent: str | None,
    are_seen: bool,
) -> None:
    """Change the choices, where they are others; raises DraftChangedMeanwhile."""
    choices = columns.draft.choices
    changed: DraftChoices = replace(
        choices,
        mapping=document.to_dict(),
        mapping_reference=reference,
        parent=parent,
        columns_are_seen=are_seen,
    )
    if changed != choices:
        version = version_of(request)
        request.operations.drafts.change(request.asker, columns.draft.id, changed, version=version)


PAGES = [("/new/{id}/columns", Page(handlers={"GET": _columns, "POST": _change}))]
