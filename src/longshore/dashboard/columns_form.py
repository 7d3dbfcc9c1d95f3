"""The columns of a file as a form: one line for each column, and one for each further field.

Whatever a mapping document may say of fields can be said by the form, and the other way around, so
a document can be looked at, changed and written by hand in turn. Lines are named `c3` for the third
column and `a0` for the first further field; a control of a line is `c3.field` and the like.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from longshore.dashboard.request import PageRequest
from longshore.dashboard.words import title_of
from longshore.errors import RequestRefused
from longshore.json_text import decode_json
from longshore.mapping import (
    TRANSFORMS,
    ColumnLook,
    FieldMapping,
    FromColumn,
    FromConstant,
    FromTemplate,
    MappingDocument,
    Parameter,
    ParameterKind,
    read_mapping,
)

LINES_MAX = 500  # columns that have a line
_ADDED_MAX = 100
_CHAIN_MAX = 30
METADATA = "=metadata"  # what a line says that keeps its column under its own name
_TEXT, _VALUE, _TEMPLATE, _COLUMN = "constant", "value", "template", "column"
KINDS = (
    (_TEXT, "the same text in all rows"),
    (_VALUE, "the same number, true, false or null"),
    (_TEMPLATE, "a template, such as {Title} - {Size}"),
    (_COLUMN, "a column, once more"),
)
# What a new transform says until somebody changes it, where it has to say something.
_FIRST_VALUES = {("split", "separator"): ",", ("regex", "pattern"): ".*", ("default", "value"): "-"}


class FieldRefused(RequestRefused):
    """What lines say of a field cannot be done."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChange:
    """A transform with its parameters as texts."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def parameters(self) -> Sequence[Parameter]:
        """Those that it may have."""
        return TRANSFORMS[self.name].parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a column becomes, or what a further field gets."""

    name: str  # of the line
    column: ColumnLook | None = None  # None: a further field
    field: str = ""  # "": the column is left out
    kind: str = _COLUMN  # of a further field
    value: str = ""
    unit: str = ""
    changes: Sequence[FormChange] = ()

    @property
    def is_made_of_cells(self) -> bool:
        """Whether its values can be changed on their way."""
        return self.column is not None or self.kind in (_TEMPLATE, _COLUMN)

    @property
    def target(self) -> str:
        """The field that it fills; "": none."""
        if self.field != METADATA:
            return self.field
        return f"metadata.{self.column.name}" if self.column is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsForm:
    """All lines, and what holds for all of them."""

    lines: Sequence[Line]  # of columns
    added: Sequence[Line] = ()  # further fields
    blank: str = ""
    null: str = ""
    decimal: str = ""

    @property
    def all_lines(self) -> Sequence[Line]:
        return [*self.lines, *self.added]


def open_names(columns: Sequence[ColumnLook], *, is_table: bool) -> Collection[str]:
    """The names of columns that a mapping can name: one without a name, or that has the name of
    another, it cannot; nor keys inside of objects of JSON."""
    counts = Counter(each.name for each in columns)
    return {
        name
        for name, count in counts.items()
        if count == 1 and name.strip() and (is_table or "." not in name)
    }


def form_of_document(
    document: MappingDocument,
    columns: Sequence[ColumnLook],
    own: Mapping[str, str],
) -> ColumnsForm:
    """The form that says what a document says; `own` are the fields that columns are by their own
    names, where it says nothing of them."""
    by_column: dict[str, tuple[str, FieldMapping]] = {}
    rest: list[tuple[str, FieldMapping]] = []
    for name, each in document.fields.items():
        origin = each.origin
        if isinstance(origin, FromColumn) and origin.column not in by_column:
            by_column[origin.column] = (name, each)
        else:
            rest.append((name, each))
    lines = []
    for column in columns[:LINES_MAX]:
        line = Line(name=f"c{column.number}", column=column)
        mapped = by_column.pop(column.name, None) if column.name else None
        if mapped is not None:
            name, mapping = mapped
            target = METADATA if name == f"metadata.{column.name}" else name
            line = replace(line, field=target, **_said(mapping))
        elif column.name not in document.ignore and own.get(column.name) not in document.fields:
            line = replace(line, field=own.get(column.name, ""))
        lines.append(line)
    added = [
        replace(Line(name=f"a{number}", field=name), **_origin(each), **_said(each))
        for number, (name, each) in enumerate([*rest, *by_column.values()])
    ]
    return ColumnsForm(
        lines=lines,
        added=added,
        blank="" if document.blank is None else str(document.blank),
        null=document.null or "",
        decimal="" if document.decimal is None else str(document.decimal),
    )


def form_of_request(request: PageRequest, columns: Sequence[ColumnLook]) -> ColumnsForm:
    """The form as somebody has sent it."""
    given = dict(request.form)
    lines = [_line(given, Line(name=f"c{each.number}", column=each)) for each in columns]
    added = [
        _line(given, Line(name=f"a{number}"))
        for number in range(_ADDED_MAX)
        if f"a{number}.field" in given
    ]
    return ColumnsForm(
        lines=lines[:LINES_MAX],
        added=[each for each in added if each.field],
        blank=given.get("blank", ""),
        null=given.get("null", ""),
        decimal=given.get("decimal", ""),
    )


def document_of_form(form: ColumnsForm, before: MappingDocument) -> MappingDocument:
    """The document that the form says; `before` has what the form does not show: type, sheet and
    header. Raises RequestRefused with a sentence for whoever has filled it, FieldRefused where it
    is about one field."""
    fields: dict[str, Any] = {}
    filled_by: dict[str, Line] = {}
    for line in form.all_lines:
        target = line.target
        if not target:
            continue
        if target in filled_by:
            raise FieldRefused(target, _both(target, filled_by[target], line))
        filled_by[target] = line
        try:
            fields[target] = _mapping(line)
        except RequestRefused as refused:
            raise FieldRefused(target, refused.message) from refused
    values = before.to_dict() | {"fields": fields}
    for key, text in (("blank", form.blank), ("null", form.null), ("decimal", form.decimal)):
        values.pop(key, None)
        if text:
            values[key] = text
    document = read_mapping(values)
    used = {name for each in document.fields.values() for name in each.columns}
    shown = [each.column.name for each in form.lines if each.column is not None]
    left_out = [name for name in shown if name not in used]
    hidden = [name for name in before.ignore if name not in shown]
    return replace(document, ignore=(*left_out, *hidden))


def table_text(table: Mapping[str, str]) -> str:
    """Texts by texts, one pair a line: `Ja = true`; what would not be read back is quoted."""
    return "\n".join(f"{_quoted(old)} = {_quoted(new)}" for old, new in table.items())


def _said(mapping: FieldMapping) -> dict[str, Any]:
    changes = [
        FormChange(
            name=use.transform.name,
            given={name: _text(value) for name, value in use.parameters.items()},
        )
        for use in mapping.transforms
    ]
    return {"unit": mapping.unit or "", "changes": changes}


def _origin(mapping: FieldMapping) -> dict[str, Any]:
    match mapping.origin:
        case FromColumn(column=column):
            return {"kind": _COLUMN, "value": column}
        case FromTemplate(template=template):
            return {"kind": _TEMPLATE, "value": template.text}
        case FromConstant(constant=str() as text):
            return {"kind": _TEXT, "value": text}
        case FromConstant(constant=constant):
            return {"kind": _VALUE, "value": json.dumps(constant)}
    raise AssertionError("these are all origins")


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return table_text(value)
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _line(given: Mapping[str, str], line: Line) -> Line:
    name = line.name
    changes = [*_changes(given, name)]
    new = given.get(f"{name}.add", "")
    if new in TRANSFORMS:
        changes.append(_new_change(new, line.column))
    return replace(
        line,
        field=given.get(f"{name}.field", ""),
        kind=given.get(f"{name}.kind", _COLUMN),
        value=given.get(f"{name}.value", ""),
        unit=given.get(f"{name}.unit", ""),
        changes=changes,
    )


def _changes(given: Mapping[str, str], name: str) -> Iterator[FormChange]:
    for number in range(_CHAIN_MAX):
        at = f"{name}.t{number}"
        transform = given.get(at, "")
        if transform in TRANSFORMS:
            before = f"{at}."
            parameters = {each.name for each in TRANSFORMS[transform].parameters}
            yield FormChange(
                name=transform,
                given={
                    key.removeprefix(before): value
                    for key, value in given.items()
                    if key.startswith(before) and key.removeprefix(before) in parameters
                },
            )


def _new_change(name: str, column: ColumnLook | None) -> FormChange:
    given = {}
    for each in TRANSFORMS[name].parameters:
        if not each.is_required:
            continue
        if each.kind is ParameterKind.CHOICE:
            given[each.name] = each.choices[0]
        elif each.kind is ParameterKind.TABLE and column is not None:
            texts = dict.fromkeys(value for value in column.values if isinstance(value, str))
            given[each.name] = table_text({text: text for text in list(texts)[:50]})
        else:
            given[each.name] = _FIRST_VALUES.get((name, each.name), "")
    return FormChange(name=name, given=given)


def _mapping(line: Line) -> dict[str, Any]:
    values: dict[str, Any]
    if line.column is not None:
        values = {"column": line.column.name}
    elif line.kind == _TEMPLATE:
        values = {"template": line.value}
    elif line.kind == _COLUMN:
        values = {"column": line.value}
    elif line.kind == _VALUE:
        try:
            values = {"constant": decode_json(line.value)}
        except (ValueError, RecursionError):
            raise RequestRefused(
                f"{title_of(line.field)}: {line.value[:60]!r} is no number, true, false or null"
            ) from None
    else:
        values = {"constant": line.value}
    if line.is_made_of_cells:
        if line.unit and line.target.endswith("_cents"):
            values["unit"] = line.unit
        if line.changes:
            values["transforms"] = [_use(each, line.target) for each in line.changes]
    return values


def _use(change: FormChange, field_name: str) -> dict[str, Any]:
    use: dict[str, Any] = {"name": change.name}
    for each in change.parameters:
        text = change.given.get(each.name, "")
        if not text and not each.is_required:
            continue
        use[each.name] = _parameter(each, text, f"{title_of(field_name)}, {change.name}")
    return use


def _parameter(parameter: Parameter, text: str, where: str) -> Any:
    match parameter.kind:
        case ParameterKind.INTEGER:
            try:
                return int(text)
            except ValueError:
                raise RequestRefused(
                    f"{where}: {parameter.name} is {text[:60]!r}, expected a whole number"
                ) from None
        case ParameterKind.TEXTS:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case ParameterKind.TABLE:
            return dict(_pair(line, where) for line in text.splitlines() if line.strip())
    return text.replace("\r\n", "\n")


def _pair(line: str, where: str) -> tuple[str, str]:
    old, rest = _taken(line.strip())
    rest = rest.lstrip()
    if not rest.startswith("="):
        raise RequestRefused(f"{where}: expected OLD = NEW, found {line.strip()[:60]!r}")
    new, rest = _taken(rest[1:].strip(), is_last=True)
    if rest.strip():
        raise RequestRefused(f"{where}: expected OLD = NEW, found {line.strip()[:60]!r}")
    return old, new


def _taken(text: str, *, is_last: bool = False) -> tuple[str, str]:
    """A text, in quotes or not, and what stands behind it."""
    if text.startswith('"'):
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            pass
        else:
            return str(value), text[end:]
    if is_last:
        return text, ""
    old, sign, rest = text.partition("=")
    return old.rstrip(), sign + rest


def _quoted(text: str) -> str:
    needs = not text or text != text.strip() or any(sign in text for sign in '="\n\r')
    return json.dumps(text, ensure_ascii=False) if needs else text


def _both(target: str, first: Line, second: Line) -> str:
    names = [
        repr(each.column.name) if each.column is not None else "a further field"
        for each in (first, second)
    ]
    return (
        f"{title_of(target)} can have one value: it is given by {names[0]} and by {names[1]}. "
        "Leave one of them out, or make a template of both columns"
    )
