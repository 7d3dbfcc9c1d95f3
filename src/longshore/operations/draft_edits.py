"""The changes of a draft: what people mend in the cells of a file, or say for all rows of it.

They are kept as one list, the newest last, so that any of them can be taken back. A change is
made on what those before it have left: "kg becomes g" and later "g becomes gr" is "kg becomes gr".

A unit that is converted changes the numbers beside it too. Which columns these are, and how they
were read by whoever saw them, is kept with the change.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import accumulate
from typing import Any

from longshore.catalogue import Catalogue
from longshore.edits import CellEdit, ConversionEdit, Edits, Replacement, Scalar, SetEdit
from longshore.engine import source_columns
from longshore.errors import RequestRefused
from longshore.imports import ImportRequest
from longshore.mapping import FieldMapping, FromConstant, MappingDocument
from longshore.operations.edited_source import EditStep
from longshore.operations.unit_columns import NumberColumn, UnitConversion, conversion_by
from longshore.readers import Layout

EDITS_MAX = 10_000
_CONVERSIONS_MAX = 50  # each goes over all rows
_VALUE_CHARACTERS_MAX = 100_000
_NAME_CHARACTERS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEdit:
    """One change; which of its fields it has follows from its kind."""

    id: str
    kind: str  # cell, replace, set, convert, or constant
    of: str | None = None  # the type whose rows it changes, in a file of several
    row: int | None = None  # cell
    column: str | None = None  # all but constant
    field: str | None = None  # constant: of the type, which no column gives
    old: str | None = None  # replace, convert; cell: what stood there, to be told
    value: str = ""
    numbers: Sequence[Mapping[str, Any]] = ()  # convert: the columns beside, as NumberColumn
    factor: str | None = None  # convert: of their numbers

    def to_dict(self) -> dict[str, Any]:
        """As the choices of a draft keep it."""
        values = {
            "id": self.id,
            "kind": self.kind,
            "of": self.of,
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "old": self.old,
            "value": self.value,
            "numbers": list(self.numbers) or None,
            "factor": self.factor,
        }
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "DraftEdit":
        """What `to_dict` wrote."""
        return cls(**values)

    @property
    def cell(self) -> tuple[str | None, int | None, str | None] | None:
        """Which cell it changes: of rows of which type, number of the row, and column."""
        return (self.of, self.row, self.column) if self.kind == "cell" else None

    @property
    def beside(self) -> list[str]:
        """The columns of numbers of its unit."""
        return [each["column"] for each in self.numbers]

    @property
    def sentence(self) -> str:
        """What it does, for people."""
        of = "" if self.of is None else f" of {self.of}"
        value = repr(self.value) if self.value else "nothing"
        match self.kind:
            case "cell":
                return f"Row {self.row:,}{of}: {self.column} becomes {value}"
            case "replace":
                old = repr(self.old) if self.old else "a blank cell"
                return f"{self.column}{of}: {old} becomes {value} in all rows"
            case "convert":
                numbers = [NumberColumn.from_dict(each) for each in self.numbers]
                with_ = " and ".join(each.column for each in numbers if not each.is_made)
                with_ = with_ and f", with {with_} times {Decimal(self.factor or 1):,f}"
                return f"{self.column}{of}: {self.old!r} is converted to {value} in all rows{with_}"
            case "set":
                return f"{self.column}{of} becomes {value} in all rows"
            case _:
                return f"{self.field}{of} is {value} for all rows"


def read_edits(kept: Sequence[Mapping[str, Any]]) -> list[DraftEdit]:
    """The changes of a draft, in their order."""
    return [DraftEdit.from_dict(each) for each in kept]


def with_edits(
    kept: Sequence[Mapping[str, Any]], new: Sequence[DraftEdit]
) -> list[Mapping[str, Any]]:
    """The changes with new ones behind them. Raises RequestRefused."""
    for each in new:
        _check(each)
    edits = [*kept, *(each.to_dict() for each in new)]
    if len(edits) > EDITS_MAX:
        raise RequestRefused(
            f"{EDITS_MAX:,} changes are kept at most",
            hint="download the rows with errors, and mend them in a spreadsheet",
        )
    if sum(each["kind"] == "convert" for each in edits) > _CONVERSIONS_MAX:
        raise RequestRefused(
            f"units are converted {_CONVERSIONS_MAX} times at most",
            hint="mend the cells, or replace the unit where the numbers are right as they are",
        )
    return edits


def without_edit(kept: Sequence[Mapping[str, Any]], id_: str) -> list[Mapping[str, Any]]:
    """The changes without one of them, which was taken back. With a conversion go the later changes
    of its columns: whoever made them meant numbers of the new unit."""
    at = next((at for at, each in enumerate(kept) if each["id"] == id_), None)
    if at is None:
        return list(kept)
    taken = DraftEdit.from_dict(kept[at])
    behind = kept[at + 1 :]
    if taken.kind == "convert":
        columns = {taken.column, *taken.beside}
        behind = [
            each
            for each in behind
            if each["kind"] == "convert"
            or each.get("of") != taken.of
            or each.get("column") not in columns
        ]
    return [*kept[:at], *behind]


def without_superseded(edits: Sequence[DraftEdit]) -> list[DraftEdit]:
    """The changes without those of cells that later ones of the same cells have made worthless.
    A cell that was converted meanwhile was worth something."""
    last: dict[tuple[object, int], str] = {}
    stages = _stages(edits)
    for each, stage in zip(edits, stages, strict=True):
        if each.cell is not None:
            last[each.cell, stage] = each.id
    return [
        each
        for each, stage in zip(edits, stages, strict=True)
        if each.cell is None or last[each.cell, stage] == each.id
    ]


def without_cells(edits: Sequence[DraftEdit], cells: Collection[object]) -> list[DraftEdit]:
    """The changes without those of these cells since the last conversion."""
    stages = _stages(edits)
    return [
        each
        for each, stage in zip(edits, stages, strict=True)
        if each.cell not in cells or stage < stages[-1]
    ]


def new_conversion(
    column: str, old: str, conversion: UnitConversion, *, of: str | None
) -> DraftEdit:
    """A change of a unit, with the numbers beside it."""
    return new_edit(
        "convert",
        column=column,
        old=old,
        value=conversion.to,
        of=of,
        factor=str(conversion.factor),
        numbers=[each.to_dict() for each in conversion.numbers],
    )


def check_conversions(
    catalogue: Catalogue,
    request: ImportRequest,
    layout: Layout,
    edits: Sequence[DraftEdit],
    of: str | None,
) -> None:
    """Refuse a conversion of other columns than those that give the numbers beside the unit by now,
    because somebody has changed what the columns mean. Raises RequestRefused."""
    conversions = [each for each in edits if each.kind == "convert" and each.of == of]
    if not conversions:
        return
    type_ = catalogue.types[request.resource_type]
    columns = source_columns(catalogue, type_, layout, request.column_map, request.mapping)
    for each in conversions:
        now = conversion_by(
            type_, columns, request.mapping, column=each.column or "", value=each.old or ""
        )
        if now is None or [number.column for number in now.numbers] != each.beside:
            raise RequestRefused(
                f"{each.column} was converted with other columns than those that are beside it by "
                f"now",
                hint=f"take this change back, and convert again: {each.sentence}",
            )


def _stages(edits: Sequence[DraftEdit]) -> list[int]:
    """How many conversions stand before each change, or are it."""
    return list(accumulate(each.kind == "convert" for each in edits))


def new_edit(kind: str, **values: Any) -> DraftEdit:
    """A change that was not kept before."""
    return DraftEdit(id=secrets.token_hex(6), kind=kind, **values)


def steps_of(edits: Sequence[DraftEdit], of: str | None) -> list[EditStep]:
    """What changes cells of the rows of one type, or with None of the file itself, step by step."""
    steps: list[EditStep] = []
    since: list[DraftEdit] = []
    for each in edits:
        if each.of != of or each.column is None:
            continue
        if each.kind != "convert":
            since.append(each)
            continue
        steps += [_edits(since), _conversion(each)]
        since = []
    return [step for step in (*steps, _edits(since)) if step]


def _conversion(edit: DraftEdit) -> ConversionEdit:
    factor = Decimal(edit.factor or 1)
    numbers = [NumberColumn.from_dict(each) for each in edit.numbers]
    return ConversionEdit(
        column=edit.column or "",
        old=edit.old or "",
        new=edit.value,
        converters={each.column: partial(each.converted, factor=factor) for each in numbers},
    )


def _edits(edits: Sequence[DraftEdit]) -> Edits:
    """Changes of the rows of one type between two conversions."""
    cells: dict[tuple[int, str], Scalar] = {}
    sets: dict[str, Scalar] = {}
    replaced: dict[tuple[str, str], Scalar] = {}
    for each in edits:
        column = each.column or ""
        if each.kind == "cell" and each.row is not None:
            cells[each.row, column] = each.value
        elif each.kind == "set":
            sets[column] = each.value
            replaced = {key: value for key, value in replaced.items() if key[0] != column}
            cells = {key: value for key, value in cells.items() if key[1] != column}
        elif each.kind == "replace" and each.old is not None:
            old, value = each.old, each.value
            if column in sets:
                sets[column] = value if sets[column] == old else sets[column]
            else:
                changed = [key for key in replaced if key[0] == column and replaced[key] == old]
                replaced |= dict.fromkeys([*changed, (column, old)], value)
            cells |= {
                key: value for key, found in cells.items() if key[1] == column and found == old
            }
    return Edits(
        cells=tuple(
            CellEdit(row=row, column=column, value=value) for (row, column), value in cells.items()
        ),
        sets=tuple(SetEdit(column=column, value=value) for column, value in sets.items()),
        replacements=tuple(
            Replacement(column=column, old=old, new=new) for (column, old), new in replaced.items()
        ),
    )


def with_constants(
    mapping: MappingDocument | None, edits: Sequence[DraftEdit], of: str | None
) -> MappingDocument | None:
    """A mapping with what was said for all rows of a type."""
    given = {
        each.field: FieldMapping(origin=FromConstant(constant=each.value))
        for each in edits
        if each.kind == "constant" and each.of == of and each.field is not None
    }
    if not given:
        return mapping
    mapping = mapping or MappingDocument()
    return replace(mapping, fields={**mapping.fields, **given})


def _check(edit: DraftEdit) -> None:
    has_what = {
        "cell": edit.row is not None and edit.row > 0 and bool(edit.column),
        "replace": edit.old is not None and bool(edit.column),
        "set": bool(edit.column),
        "convert": bool(edit.column) and bool(edit.old) and bool(edit.value),
        "constant": bool(edit.field),
    }
    if not has_what.get(edit.kind, False):
        raise RequestRefused("this change says too little of what it changes")
    names = (edit.of, edit.column, edit.field)
    if any(name is not None and len(name) > _NAME_CHARACTERS_MAX for name in names):
        raise RequestRefused("the name of a column is too long")
    if max(len(edit.value), len(edit.old or "")) > _VALUE_CHARACTERS_MAX:
        raise RequestRefused(f"a cell may have {_VALUE_CHARACTERS_MAX:,} characters here")
