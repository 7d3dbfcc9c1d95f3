"""How the columns of a table are spelled, decided over all of its rows before they are imported.

Only columns are looked at whose fields have values that people spell in several ways. One that is
spelled as on the wire in the first rows stays as it is: most sources are of that kind, and are
hardly read for it. Where a value is not, or somebody says that a column holds decimals, all rows
are read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from longshore.notices import Notice
from longshore.operations.spelling_notices import (
    blank_notice,
    contradiction_notice,
    open_notice,
    open_refusal,
    spelled_notice,
)
from longshore.readers import Format, Layout, Rows
from longshore.spellings import ColumnEvidence, ColumnKind, DecimalMark, Spelling, VerdictKind

_HEAD_ROWS = 5_000  # so many show whether a column is spelled as on the wire


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedColumns:
    """What was decided of the columns of a source."""

    column_map: Mapping[str, str]
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
    decimal = request.decimal
    if decimal is None and request.mapping is not None:
        decimal = request.mapping.decimal
    if decimal is not None:
        for each in list(wanted):
            if each.evidence.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.INTEGER):
                spelling = Spelling(is_number=True, decimal=decimal)
                decided[each.name] = _meaning(each, spelling)
                wanted.remove(each)
    if not wanted:
        return DecidedColumns(column_map=decided)
    _gather(wanted, rows())
    notices: list[Notice] = []
    for each in wanted:
        notices += _decide(each, decimal, decided)
    return DecidedColumns(column_map=decided, notices=tuple(notices))


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
                evidence=ColumnEvidence(kind),
            )


def _gather(wanted: Sequence[_Column], batches: Iterable[Rows]) -> None:
    """Take what the rows show, until nothing more can be decided."""
    for rows in batches:
        for each in wanted:
            if not each.is_closed:
                each.evidence.take(_cells(rows.values, each.index), rows.first)
                if rows.first + len(rows) > _HEAD_ROWS:
                    each.is_closed = each.unit is None and each.evidence.is_wire()
        if all(each.is_closed for each in wanted):
            return


def _cells(rows: Sequence[Any], index: int) -> Sequence[str]:
    try:
        return list(map(itemgetter(index), rows))
    except (IndexError, TypeError):  # short rows, and those that cannot be cut into cells
        return [row[index] if len(row) > index else "" for row in rows]


def _decide(each: _Column, decimal: DecimalMark | None, decided: dict[str, str]) -> list[Notice]:
    """Put what is decided of a column into the map; what is to be told of it."""
    is_amount = each.evidence.kind is ColumnKind.AMOUNT
    asked = None if each.unit is None or is_amount else Spelling.of(each.unit)
    verdict = each.evidence.verdict(asked=asked, decimal=decimal)
    match verdict.kind:
        case VerdictKind.WIRE:
            return []
        case VerdictKind.OPEN if each.unit is not None:
            raise open_refusal(each.name, each.evidence.kind, verdict)
        case VerdictKind.OPEN:
            return [open_notice(each.name, each.field, each.evidence.kind, verdict)]
        case VerdictKind.CONTRADICTORY:
            return [contradiction_notice(each.name, each.evidence.kind, verdict)]
    spelling = verdict.spelling
    assert spelling is not None
    decided[each.name] = _meaning(each, spelling)
    notices = []
    if told := spelled_notice(each.name, verdict):
        notices.append(told)
    if verdict.blanks_count:
        notices.append(blank_notice(each.name, verdict))
    return notices


def _meaning(each: _Column, spelling: Spelling) -> str:
    """What a column map says of a column that is spelled so."""
    if each.evidence.kind is ColumnKind.AMOUNT:
        assert each.unit is not None
        assert spelling.decimal is not None
        return f"{each.field}:{with_mark(each.unit, spelling.decimal)}"
    return f"{each.field}:{spelling}"
