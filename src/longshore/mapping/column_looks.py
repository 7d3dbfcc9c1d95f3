"""What the columns of a source hold, as they are read: samples, blanks, and the kind of values.

Blanks are counted over all rows; values are looked at in the first thousand that a column has, in
fewer where the source is so wide that they would need much memory.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from longshore.json_text import encode_json
from longshore.mapping.value_kinds import ValueKind, common_kind, kind_of_value
from longshore.readers import Format, Layout, Unreadable

_VALUES_MAX = 1_000  # of a column
_CELLS_MAX = 200_000  # of all columns
_VALUES_MIN = 20
_CHARACTERS_MAX = 200  # of a value that is kept
_SAMPLES_MAX = 3
_SAMPLE_CHARACTERS_MAX = 60
_CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLook:
    """What was seen of one column."""

    number: int  # from 1
    name: str  # "" where it has none
    samples: Sequence[str]  # the first values that differ, cut where they are long
    values: Sequence[object]  # those that were looked at and are kept whole
    blanks_count: int  # over all rows
    filled_count: int
    kind: ValueKind
    kinds: dict[ValueKind, int]  # of the values that were looked at


class ColumnLooker:
    """Looks at the rows of one source, batch after batch."""

    def __init__(self, layout: Layout) -> None:
        names = layout.columns
        self._names = names
        self._is_table = layout.format is Format.CSV
        self._indexes: dict[str, int] = {}
        for index, name in enumerate(names):
            self._indexes.setdefault(name, index)
        # Names inside of nested rows and records: those of JSON have dots.
        self._holders = {name.rpartition(".")[0] for name in names if "." in name}
        self._left = [max(_VALUES_MIN, min(_VALUES_MAX, _CELLS_MAX // max(len(names), 1)))] * len(
            names
        )
        self._values: list[list[object]] = [[] for _ in names]
        self._kinds: list[Counter[ValueKind]] = [Counter() for _ in names]
        self._samples: list[dict[str, None]] = [{} for _ in names]
        self._filled = [0] * len(names)
        self.rows_count = 0
        self.unreadable_count = 0

    def look(self, rows: Iterable[object]) -> None:
        """Take some rows: cells of a table, or elements of JSON."""
        for row in rows:
            self.rows_count += 1
            if isinstance(row, Unreadable):
                self.unreadable_count += 1
            elif isinstance(row, list):
                # An array in place of an object of JSON is no row of cells; it fails as a row.
                if self._is_table:
                    self._look_at_cells(row)
            elif isinstance(row, dict):
                self._look_at_object(row, "")

    def columns(self) -> list[ColumnLook]:
        """What was seen so far."""
        return [
            ColumnLook(
                number=index + 1,
                name=name,
                samples=list(self._samples[index]),
                values=self._values[index],
                # An array inside of a row may hold several values.
                blanks_count=max(self.rows_count - self._filled[index], 0),
                filled_count=self._filled[index],
                kind=common_kind(self._kinds[index]),
                kinds=dict(self._kinds[index]),
            )
            for index, name in enumerate(self._names)
        ]

    def _look_at_cells(self, cells: Sequence[str]) -> None:
        filled, left = self._filled, self._left
        for index, cell in enumerate(cells[: len(filled)]):
            if cell and not cell.isspace():
                filled[index] += 1
                if left[index]:
                    self._note(index, cell)

    def _look_at_object(self, values: dict[str, object], before: str) -> None:
        for key, value in values.items():
            if value is None or (isinstance(value, str) and (not value or value.isspace())):
                continue
            name = before + key
            index = self._indexes.get(name)
            if index is not None:
                self._filled[index] += 1
                if self._left[index]:
                    self._note(index, value)
            if name in self._holders:
                inside = value if isinstance(value, list) else [value]
                for each in inside:
                    if isinstance(each, dict):
                        self._look_at_object(each, f"{name}.")

    def _note(self, index: int, value: object) -> None:
        self._left[index] -= 1
        self._kinds[index][kind_of_value(value)] += 1
        samples = self._samples[index]
        if len(samples) < _SAMPLES_MAX:
            samples[_shown(value)] = None
        if not isinstance(value, str | dict | list) or (
            isinstance(value, str) and len(value) <= _CHARACTERS_MAX
        ):
            self._values[index].append(value)


def _shown(value: object) -> str:
    text = value.strip() if isinstance(value, str) else encode_json(value).decode()
    if len(text) <= _SAMPLE_CHARACTERS_MAX:
        return text
    return text[: _SAMPLE_CHARACTERS_MAX - 1] + _CUT
