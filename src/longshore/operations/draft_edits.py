"""The changes of a draft: what people mend in the cells of a file, or say for all rows of it.

They are kept as one list, the newest last, so that any of them can be taken back. A change is
made on what those before it have left: "kg becomes g" and later "g becomes gr" is "kg becomes gr".
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longshore.edits import CellEdit, Edits, Replacement, Scalar, SetEdit
from longshore.errors import RequestRefused
from longshore.mapping import FieldMapping, FromConstant, MappingDocument

EDITS_MAX = 10_000
_VALUE_CHARACTERS_MAX = 100_000
_NAME_CHARACTERS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEdit:
    """One change; which of its fields it has follows from its kind."""

    id: str
    kind: str  # cell, replace, set, or constant
    of: str | None = None  # the type whose rows it changes, in a file of several
    row: int | None = None  # cell
    column: str | None = None  # cell, replace, set
    field: str | None = None  # constant: of the type, which no column gives
    old: str | None = None  # replace; cell: what stood there, to be told
    value: str = ""

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
    return edits


def without_edit(kept: Sequence[Mapping[str, Any]], id_: str) -> list[Mapping[str, Any]]:
    """The changes without one of them, which was taken back."""
    return [each for each in kept if each["id"] != id_]


def without_superseded(edits: Sequence[DraftEdit]) -> list[DraftEdit]:
    """The changes without those of cells that later ones of the same cells have made worthless."""
    last = {each.cell: each.id for each in edits if each.cell is not None}
    return [each for each in edits if each.cell is None or last[each.cell] == each.id]


def new_edit(kind: str, **values: Any) -> DraftEdit:
    """A change that was not kept before."""
    return DraftEdit(id=secrets.token_hex(6), kind=kind, **values)


def edits_of(edits: Sequence[DraftEdit], of: str | None) -> Edits:
    """What changes cells of the rows of one type, or with None of the file itself."""
    cells: dict[tuple[int, str], Scalar] = {}
    sets: dict[str, Scalar] = {}
    replaced: dict[tuple[str, str], Scalar] = {}
    for each in edits:
        if each.of != of or each.column is None:
            continue
        column = each.column
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
        "constant": bool(edit.field),
    }
    if not has_what.get(edit.kind, False):
        raise RequestRefused("this change says too little of what it changes")
    names = (edit.of, edit.column, edit.field)
    if any(name is not None and len(name) > _NAME_CHARACTERS_MAX for name in names):
        raise RequestRefused("the name of a column is too long")
    if max(len(edit.value), len(edit.old or "")) > _VALUE_CHARACTERS_MAX:
        raise RequestRefused(f"a cell may have {_VALUE_CHARACTERS_MAX:,} characters here")
