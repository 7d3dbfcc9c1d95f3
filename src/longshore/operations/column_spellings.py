"""How the columns of a table are spelled, decided over all of its rows before they are imported.

Only columns are looked at whose fields have values that people spell in several ways. One that is
spelled as on the wire in the first rows stays as it is: most sources are of that kind, and are
hardly read for it. Where a value is not, or somebody says that a column holds decimals, all rows
are read.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine import (
    UNITS,
    SourceColumns,
    column_kind,
    is_of_cents,
    is_open_unit,
    source_columns,
    split_unit,
    with_mark,
)
from longshore.imports import ImportRequest
from longshore.mapping import (
    Chain,
    Destination,
    FromColumn,
    MappingDocument,
    chain_of,
    is_left_open,
)
from longshore.notices import Notice
from longshore.operations.spelling_notices import (
    barcode_notice,
    blank_notice,
    contradiction_notice,
    open_notice,
    open_refusal,
    spelled_notice,
)
from longshore.readers import Format, Layout, Rows
from longshore.spellings import (
    ColumnEvidence,
    ColumnKind,
    DateOrder,
    DecimalMark,
    Example,
    Spelling,
    VerdictKind,
    scientific_cells,
)

_BARCODE = re.compile(r"\b(?:ean|gtin|upc|isbn)|bar ?code|strichcode", re.IGNORECASE)
_HEAD_ROWS = 5_000  # so many show whether a column is spelled as on the wire


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedColumns:
    """What was decided of the columns of a source."""

    column_map: Mapping[str, str]
    mapping: MappingDocument | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Column:
    """A column whose spelling is to be decided."""

    index: int
    name: str
    field: str
    unit: str | None  # what somebody says of it
    evidence: ColumnEvidence
    is_closed: bool = False
    # Of a transform that is to be decided: where it stands among those of the field, and what is
    # applied before it. None: the column is a field as it stands.
    transform: int | None = None
    before: Chain | None = None


@dataclass(slots=True, kw_only=True)
class _Barcodes:
    """A column of codes that are not imported."""

    index: int
    name: str
    count: int = 0  # of those that a spreadsheet has cut off
    first: Example | None = None

    def take(self, cells: Sequence[str], first: int) -> None:
        for index in scientific_cells(cells):
            self.count += 1
            self.first = self.first or Example(first + index, cells[index].strip())


def has_spellings(column_map: Mapping[str, str]) -> bool:
    """Whether columns are read in a way that releases without spellings do not know."""
    return any(
        unit is not None and not (is_of_cents(field) and unit in UNITS)
        for field, unit in map(split_unit, column_map.values())
    )


def decide_columns(
    catalogue: Catalogue,
    type_: ResourceType,
    layout: Layout,
    request: ImportRequest,
    rows: Callable[[], Iterable[Rows]],
) -> DecidedColumns:
    """The column map of a request, with the spellings of its columns as they are decided.

    `rows` reads the source from its beginning, and is called only where there is something to
    decide. Raises RequestRefused for an amount, or a column that somebody says the unit of, whose
    values may mean two things.
    """
    columns = source_columns(catalogue, type_, layout, request.column_map, request.mapping)
    decided = dict(request.column_map)
    wanted = list(_wanted(catalogue, type_, layout, columns))
    mapping = request.mapping
    decimal = request.decimal
    if decimal is None and mapping is not None:
        decimal = mapping.decimal
    has_numbers = bool(layout.sheet or layout.row_groups)
    # Numbers of a workbook keep their point, which only the values can show.
    if decimal is not None and not (has_numbers and decimal is DecimalMark.COMMA):
        for each in list(wanted):
            if each.evidence.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.INTEGER):
                spelling = Spelling(is_number=True, decimal=decimal)
                decided[each.name] = _meaning(each, spelling)
                wanted.remove(each)
    if mapping is not None:
        mapping = _with_decimal(mapping, decimal)
        wanted += _transforms(type_, layout, mapping)
    barcodes = list(_barcodes(columns))
    if not (wanted or barcodes):
        return DecidedColumns(column_map=decided, mapping=mapping)
    _gather(wanted, barcodes, rows())
    notices = [barcode_notice(each.name, each.count, each.first) for each in barcodes if each.count]
    for each in wanted:
        found, told = _decide(each, decimal, has_numbers=has_numbers)
        notices += told
        if found is None:
            continue
        if each.transform is None:
            decided[each.name] = _meaning(each, found)
        else:
            assert mapping is not None
            mapping = _with_spelling(mapping, each.field, each.transform, found)
    return DecidedColumns(column_map=decided, mapping=mapping, notices=tuple(notices))


def _wanted(
    catalogue: Catalogue, type_: ResourceType, layout: Layout, columns: SourceColumns
) -> Iterable[_Column]:
    if layout.format is not Format.CSV:
        return
    for index, (name, field_name) in enumerate(zip(columns.names, columns.fields, strict=False)):
        if not (name and field_name) or columns.names.count(name) > 1:
            continue
        unit = columns.units.get(field_name)
        if is_of_cents(field_name):
            kind = ColumnKind.AMOUNT if unit is not None and is_open_unit(unit) else None
        else:
            kind = column_kind(catalogue, type_, field_name)
            if kind is not None and unit is not None and not Spelling.of(unit).is_open:
                kind = None
        if kind is not None:
            yield _Column(
                index=index,
                name=name,
                field=field_name,
                unit=unit,
                evidence=ColumnEvidence(
                    kind, has_unit_beside=_unit_field(type_, field_name) in columns.fields
                ),
            )


def _unit_field(type_: ResourceType, field_name: str) -> str | None:
    """The field that says in which unit the numbers of another one are."""
    return next((each.unit for each in type_.attributes if each.name == field_name), None)


def _barcodes(columns: SourceColumns) -> Iterable[_Barcodes]:
    """The columns of codes that are no field: whoever reads the file should know that it is
    damaged, though nothing of that is imported."""
    fields = dict(zip(columns.names, columns.fields, strict=False))
    for index, name in enumerate(columns.names):
        if fields[name] in ("", name) and "." not in name and _BARCODE.search(name):
            yield _Barcodes(index=index, name=name)


def _gather(
    wanted: Sequence[_Column], barcodes: Sequence[_Barcodes], batches: Iterable[Rows]
) -> None:
    """Take what the rows show, until nothing more can be decided."""
    for rows in batches:
        for code in barcodes:
            code.take(_cells(rows.values, code.index), rows.first)
        for each in wanted:
            if not each.is_closed:
                cells = _cells(rows.values, each.index)
                if each.before is not None:
                    cells = [cell or "" for cell in each.before.results(cells)[0]]
                each.evidence.take(cells, rows.first)
                if rows.first + len(rows) > _HEAD_ROWS:
                    each.is_closed = each.unit is None and each.evidence.is_wire()
        if rows.first + len(rows) > _HEAD_ROWS and all(each.is_closed for each in wanted):
            return


def _cells(rows: Sequence[Any], index: int) -> Sequence[str]:
    try:
        return list(map(itemgetter(index), rows))
    except (IndexError, TypeError):  # short rows, and those that cannot be cut into cells
        return [row[index] if len(row) > index else "" for row in rows]


def _decide(
    each: _Column, decimal: DecimalMark | None, *, has_numbers: bool
) -> tuple[Spelling | None, Sequence[Notice]]:
    """What is decided of a column, and what is to be told of it."""
    is_amount = each.evidence.kind is ColumnKind.AMOUNT
    asked = None if each.unit is None or is_amount else Spelling.of(each.unit)
    verdict = each.evidence.verdict(asked=asked, decimal=decimal, has_numbers=has_numbers)
    match verdict.kind:
        case VerdictKind.WIRE:
            return None, ()
        case VerdictKind.OPEN if each.unit is not None:
            raise open_refusal(
                each.name, each.field, each.evidence.kind, verdict, has_numbers=has_numbers
            )
        case VerdictKind.OPEN:
            return None, [open_notice(each.name, each.field, each.evidence.kind, verdict)]
        case VerdictKind.CONTRADICTORY:
            return None, [contradiction_notice(each.name, each.evidence.kind, verdict)]
    spelling = verdict.spelling
    assert spelling is not None
    notices = []
    if told := spelled_notice(each.name, verdict):
        notices.append(told)
    if verdict.blanks_count:
        notices.append(blank_notice(each.name, verdict))
    return spelling, notices


def _meaning(each: _Column, spelling: Spelling) -> str:
    """What a column map says of a column that is spelled so."""
    if each.evidence.kind is ColumnKind.AMOUNT:
        assert each.unit is not None
        assert spelling.decimal is not None
        return f"{each.field}:{with_mark(each.unit, spelling.decimal)}"
    return f"{each.field}:{spelling}"


# The transforms of a mapping


_KINDS = {
    "number": ColumnKind.NUMBER,
    "money": ColumnKind.AMOUNT,
    "unit": ColumnKind.WEIGHT,
    "date": ColumnKind.DATE,
}
_ASKED = {
    ColumnKind.NUMBER: "decimal",
    ColumnKind.AMOUNT: "decimal",
    ColumnKind.WEIGHT: "gr",
    ColumnKind.DATE: str(DateOrder.DAY_FIRST),
}


def _with_decimal(mapping: MappingDocument, decimal: DecimalMark | None) -> MappingDocument:
    """A mapping under the decimal mark that was asked for."""
    return mapping if decimal is None else replace(mapping, decimal=decimal)


def _transforms(type_: ResourceType, layout: Layout, mapping: MappingDocument) -> Iterable[_Column]:
    """The columns whose transforms are left to what their values show."""
    if layout.format is not Format.CSV:
        return
    for name, field in mapping.fields.items():
        origin = field.origin
        if not isinstance(origin, FromColumn) or layout.columns.count(origin.column) != 1:
            continue
        for position, use in enumerate(field.transforms):
            kind = _KINDS.get(use.transform.name)
            # An amount without other transforms is a column as it stands, with a unit.
            if kind is None or (kind is ColumnKind.AMOUNT and position == 0):
                continue
            if not is_left_open(use, mapping.decimal):
                continue
            before = replace(field, transforms=field.transforms[:position])
            destination = Destination(resource_type=type_, field=name)
            yield _Column(
                index=layout.columns.index(origin.column),
                name=origin.column,
                field=name,
                unit=use.parameters.get("from") or _ASKED[kind],
                evidence=ColumnEvidence(kind),
                transform=position,
                before=chain_of(before, destination, mapping.decimal, ("fields", name)),
            )


def _with_spelling(
    mapping: MappingDocument, field: str, position: int, spelling: Spelling
) -> MappingDocument:
    """A mapping one of whose transforms has the spelling that was decided."""
    of_field = mapping.fields[field]
    transforms = list(of_field.transforms)
    use = transforms[position]
    decided = {"order": spelling.order} if spelling.order else {"decimal": spelling.decimal}
    parameters = {name: str(value) for name, value in decided.items() if value is not None}
    transforms[position] = replace(use, parameters={**use.parameters, **parameters})
    changed = replace(of_field, transforms=tuple(transforms))
    return replace(mapping, fields={**mapping.fields, field: changed})
