"""Edits laid over rows: cells of a table, or objects."""

import json
from collections.abc import Mapping, Sequence, Set
from typing import Any

from longshore.edits.edits import Edits, Scalar


class EditLayer:
    """Applies edits to the rows of one source, and remembers which had an effect."""

    def __init__(
        self,
        edits: Edits,
        columns: Sequence[str],
        *,
        is_tabular: bool,
        added: Sequence[str] = (),
    ) -> None:
        """`columns` are the names of a table's columns, each of which stands there once; `added`
        those that it gets besides."""
        self._is_tabular = is_tabular
        self._width = len(columns)
        self._cells: dict[int, dict[str, Scalar]] = {}
        for cell in edits.cells:
            self._cells.setdefault(cell.row, {})[cell.column] = cell.value
        self._sets = {each.column: each.value for each in edits.sets}
        self._replacements: dict[str, dict[str, Scalar]] = {}
        for each in edits.replacements:
            self._replacements.setdefault(each.column, {})[each.old] = each.new
        self._unmatched = {(each.column, each.old) for each in edits.replacements}
        self._left = set(self._cells)
        self._index = {name: index for index, name in enumerate(columns)}
        named = [*added, *self._replacements, *self._sets, *(cell.column for cell in edits.cells)]
        # Columns that the source does not have, in the order in which edits name them.
        self.added = tuple(dict.fromkeys(name for name in named if name not in self._index))
        if is_tabular:
            self._index |= {name: self._width + at for at, name in enumerate(self.added)}
        self.edited_count = 0  # rows that differ from their source

    @property
    def unmatched(self) -> Set[tuple[str, str]]:
        """Columns and old values of replacements that no row had."""
        return self._unmatched

    @property
    def rows_left(self) -> Set[int]:
        """Rows of which a cell was to be edited, and that did not come or have none."""
        return self._left

    def apply(self, number: int, row: Any) -> Any:
        """The row of this number as it is with the edits; the row that was given stays."""
        has_fields = isinstance(row, list) if self._is_tabular else isinstance(row, dict)
        if not has_fields:
            return row  # it has no fields, or could not be cut into cells
        changes = self._changes(number, row)
        if self._is_tabular:
            edited: Any = self._table_row(row, changes, row[self._width :])
        else:
            edited = dict(row)
            for name, value in changes.items():
                edited = with_field(edited, name, value)
            for name, by_old in self._replacements.items():
                if _is_inside_list(row, name):
                    head, _, rest = name.partition(".")
                    edited[head] = self._inside(edited[head], name, rest, by_old)
        self._left.discard(number)
        self.edited_count += edited != row
        return edited

    def take_over(self, row: Any, values: Any, beyond: Sequence[str] | None = None) -> Any:
        """The row that somebody gives in place of a row: the whole value, or of a table the cells
        by column, and those beyond its header; None leaves these."""
        if self._is_tabular:
            edited = self._table_row(row, values, row[self._width :] if beyond is None else beyond)
        else:
            edited = values
        self.edited_count += edited != row
        return edited

    def _changes(self, number: int, row: Any) -> dict[str, Scalar]:
        changes: dict[str, Scalar] = {}
        for name, by_old in self._replacements.items():
            if not self._is_tabular and _is_inside_list(row, name):
                continue
            old = self._matched(self._text(row, name), name, by_old)
            if old is not None:
                changes[name] = by_old[old]
        changes |= self._sets
        return changes | self._cells.get(number, {})

    def _matched(self, text: str | None, name: str, by_old: Mapping[str, Scalar]) -> str | None:
        """The old value of a replacement that a text is; a blank one is "" as well."""
        if text is not None and text not in by_old and not text.strip():
            text = ""
        if text is None or text not in by_old:
            return None
        self._unmatched.discard((name, text))
        return text

    def _inside(self, value: Any, name: str, path: str, by_old: Mapping[str, Scalar]) -> Any:
        """A value inside of a row, with the replacements of what stands in it under a path."""
        if isinstance(value, list):
            return [self._inside(each, name, path, by_old) for each in value]
        if not isinstance(value, dict):
            return value
        head, dot, rest = path.partition(".")
        if dot and path not in value:
            if head not in value:
                return value
            return {**value, head: self._inside(value[head], name, rest, by_old)}
        old = self._matched(_as_text(value.get(path)), name, by_old)
        return value if old is None else {**value, path: by_old[old]}

    def _text(self, row: Any, name: str) -> str | None:
        """What a row has in a column, as text; None: something that is no text."""
        if self._is_tabular:
            at = self._index[name]
            return row[at] if at < min(len(row), self._width) else ""
        return _as_text(field_value(row, name))

    def _table_row(
        self, cells: Sequence[str], changes: Mapping[str, Scalar], beyond: Sequence[str]
    ) -> Sequence[str]:
        """The cells with these changes, and behind the header those that stand `beyond`: these are
        an error, and stay one."""
        width = self._width
        edited = [*cells[:width], *[""] * (width - len(cells)), *[""] * len(self.added)]
        for name, value in changes.items():
            edited[self._index[name]] = as_cell(value)
        if not self.added and not beyond:
            while len(edited) > len(cells) and not edited[-1]:
                edited.pop()
        return [*edited, *beyond]


def field_text(row: Mapping[str, Any], name: str) -> str | None:
    """What an object has under the name of a column, as text, with "" for nothing; None: what
    stands in the way, such as a list, lets no edit reach it."""
    head, dot, rest = name.partition(".")
    if name in row or not dot:
        value = row.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    inner = row.get(head)
    if inner is None:
        return ""
    return field_text(inner, rest) if isinstance(inner, dict) else None


def as_cell(value: Scalar) -> str:
    """A value as the cell of a table has it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _as_text(value: object) -> str | None:
    if isinstance(value, dict | list):
        return None
    return as_cell(value)  # type: ignore[arg-type]  # what is left of JSON


def _is_inside_list(row: Any, name: str) -> bool:
    """Whether a name leads into the elements of a list of a row."""
    head, dot, rest = name.partition(".")
    if not dot or not isinstance(row, dict) or name in row:
        return False
    value = row.get(head)
    return isinstance(value, list) or _is_inside_list(value, rest)


def field_value(row: Any, name: str) -> object:
    """What stands in an object under a name, perhaps inside an object that it has; None: nothing,
    and a list: what no edit reaches."""
    if not isinstance(row, dict):
        return []
    if name in row:
        return row[name]
    head, dot, rest = name.partition(".")
    if dot and isinstance(row.get(head), dict):
        return field_value(row[head], rest)
    return None


def with_field(row: dict[str, Any], name: str, value: Scalar) -> dict[str, Any]:
    """An object with a value, perhaps inside an object that it has already."""
    head, dot, rest = name.partition(".")
    if name not in row and dot and isinstance(row.get(head), dict):
        return {**row, head: with_field(row[head], rest, value)}
    return {**row, name: value}
