"""The cells of failed rows, whatever table they are written to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.engine import is_of_cents
from longshore.imports import LoggedError
from longshore.operations.failed_rows import FailedRow
from longshore.readers import (
    CELLS_COLUMN,
    REPORT_COLUMNS,
    SOURCE_COLUMN,
    Layout,
    TextForm,
)


@dataclass(frozen=True, slots=True)
class SourceForm:
    """How the source of the rows is laid out and written down."""

    layout: Layout
    text: TextForm

    @property
    def is_tabular(self) -> bool:
        return self.layout.is_tabular

    @property
    def cents_columns(self) -> list[str]:
        """Of rows that were made of those of another file: the columns that take cents, whatever
        that file has."""
        if CELLS_COLUMN not in self.layout.columns:
            return []
        return [name for name in self.layout.columns if is_of_cents(name)]


class FailedTable:
    """The columns and the cells of failed rows as a table."""

    def __init__(self, source: SourceForm) -> None:
        # What tells where a row is from would fail it again, once it is mended.
        reserved = {*REPORT_COLUMNS, SOURCE_COLUMN, CELLS_COLUMN}
        self._source = source
        self._columns = _source_columns(source)
        # A file of failed rows may have been the source.
        self._kept = [index for index, name in enumerate(self._columns) if name not in reserved]
        self.names = [self._columns[index] for index in self._kept]

    def cells(self, row: FailedRow) -> tuple[list[str], list[str]]:
        """The cells of the columns of a row, and those beyond its header: they stay, so that
        nothing is lost and the error is found again."""
        columns = self._columns
        cells = row.values if self._source.is_tabular else _row_cells(row.values, columns)
        beyond = [*cells[len(columns) :]]
        while beyond and not beyond[-1]:
            beyond.pop()
        return [cells[index] if index < len(cells) else "" for index in self._kept], beyond

    def index(self, error: LoggedError) -> int | None:
        """The column of the cell that an error is about; None where there is none."""
        keys = self._source.layout.keys if self._source.is_tabular else self._columns
        for name in (error.column, error.attribute, error.attribute.partition(".")[0]):
            if name is not None and name in keys:
                index = keys.index(name)
                return self._kept.index(index) if index in self._kept else None
        return None


def _source_columns(source: SourceForm) -> list[str]:
    """The columns that a row of the source has itself."""
    names = list(source.layout.columns)
    if source.is_tabular:
        while names and not names[-1]:
            names.pop()  # a delimiter at the end of the header makes a column without a name
        return names
    # The columns of a JSON source also name what stands inside its nested collections.
    known = set(names)
    return [name for name in names if name.rpartition(".")[0] not in known]


def _row_cells(values: Any, columns: Sequence[str]) -> list[str]:
    """The cells of a JSON row: its texts as they are, everything else in JSON's spelling. What no
    column holds stands in a cell behind them."""
    if not isinstance(values, Mapping):
        return [json.dumps(values, ensure_ascii=False)]
    cells = {name: values.get(name) for name in columns}
    left: dict[str, Any] = {}
    for name, value in values.items():
        if name not in cells and not _is_laid_inside(cells, name, value):
            left[name] = value
    held = [_cell(each) for each in cells.values()]
    return [*held, _cell(left)] if left else held


def _is_laid_inside(cells: dict[str, Any], name: str, value: object) -> bool:
    """Whether a value whose name has a dot is inside of the object of a cell by now, where other
    rows have it: `shipping_category.name` in `shipping_category`."""
    head, dot, inner = name.partition(".")
    if not dot or head not in cells:
        return False
    held = {} if cells[head] is None else cells[head]
    if not isinstance(held, Mapping) or inner in held:
        return False
    cells[head] = {**held, inner: value}
    return True


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def messages_of(errors: Iterable[LoggedError]) -> str:
    """What is wrong with a row, as one text; of one that was made of a row of another file with
    the cell of that, which no column of the row has."""
    return "; ".join(f"{error.attribute}: {error.message}{_in_file(error)}" for error in errors)


def _in_file(error: LoggedError) -> str:
    if error.source_row is None or error.column in (None, error.attribute):
        return ""
    return f" ({error.column}: {error.value})" if error.value is not None else ""


def codes_of(errors: Iterable[LoggedError]) -> str:
    """The codes of these messages, in the same order."""
    return "; ".join(error.code or "" for error in errors)
