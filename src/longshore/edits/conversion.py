"""A value that stands in a column together with others: changed, and these with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.edits.edits import Scalar
from longshore.edits.layer import field_text, field_value, with_field


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionEdit:
    """A column gets a value in the rows in which it has exactly another one, and what stands in
    other columns of these rows is converted. A row of which a value cannot be converted stays as
    it is, the column too."""

    column: str
    old: str
    new: str
    # By column, what becomes of a value; None: it cannot be converted. Blank ones are not asked.
    converters: Mapping[str, Callable[[Scalar], Scalar]]

    def __len__(self) -> int:
        return 1

    def texts(self) -> Sequence[str]:
        """The texts that come into cells, beside those of the converters."""
        return (self.new,)


class ConversionLayer:
    """Applies a conversion to the rows of one source: cells of a table, or objects."""

    def __init__(
        self, conversion: ConversionEdit, columns: Sequence[str], *, is_tabular: bool
    ) -> None:
        """`columns` are the names of a table's columns, each of which stands there once."""
        self._conversion = conversion
        self._is_tabular = is_tabular
        self._index = {name: index for index, name in enumerate(columns)}
        named = (conversion.column, *conversion.converters)
        # Columns that the source does not have.
        self.added = tuple(dict.fromkeys(name for name in named if name not in self._index))

    def apply(self, _number: int, row: Any) -> Any:
        """The row with the conversion; the row that was given stays."""
        if self._is_tabular:
            return self._table_row(row) if isinstance(row, list) else row
        return self._object(row) if isinstance(row, dict) else row

    def _table_row(self, row: list[str]) -> list[str]:
        def cell(name: str) -> str:
            at = self._index[name]
            return row[at] if at < len(row) else ""

        converted = list(row)
        for name, value in self._changes(cell(self._conversion.column), cell).items():
            converted[self._index[name]] = str(value)
        return converted

    def _object(self, row: dict[str, Any]) -> dict[str, Any]:
        changes = self._changes(
            field_text(row, self._conversion.column), lambda name: field_value(row, name)
        )
        for name, value in changes.items():
            row = with_field(row, name, value)
        return row

    def _changes(self, text: str | None, value_of: Callable[[str], Any]) -> Mapping[str, Scalar]:
        if text != self._conversion.old:
            return {}
        changes: dict[str, Scalar] = {self._conversion.column: self._conversion.new}
        for name, convert in self._conversion.converters.items():
            value = value_of(name)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            converted = convert(value)
            if converted is None:
                return {}
            changes[name] = converted
        return changes
