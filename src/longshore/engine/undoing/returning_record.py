"""A record of which something is to be given back, unit by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from longshore.engine.undoing.stored_table import StoredTable
from longshore.undos import KeptReason


@dataclass(slots=True, eq=False)
class ReturningPart:
    """Changed fields of one unit."""

    unit: frozenset[str]
    values: dict[int, Any]  # by column, as they are to be
    undoes: int  # the first change that is taken back
    row_number: int | None
    tags: tuple[int, ...] | None = None  # as they are to be
    refused: tuple[KeptReason, Mapping[str, object]] | None = None


@dataclass(slots=True, eq=False)
class ReturningRecord:
    """A record of which something is to be given back."""

    id: int
    type: str
    before: Sequence[Any]
    parts: list[ReturningPart]
    is_first: bool  # nothing of it was given back by the same undo
    tags: tuple[int, ...] = ()
    after: list[Any] = field(default_factory=list)

    def settle(self, table: StoredTable) -> None:
        """Compute what it becomes, without the parts that are refused."""
        self.after = after = list(self.before)
        changed: set[int] = set()
        for part in self.parts:
            if part.refused is None and part.values:
                for column, value in part.values.items():
                    after[column] = value
                changed |= part.values.keys()
        table.compute_keys(after, changed)

    def part_of(self, column: int) -> ReturningPart | None:
        """The part that changes a column."""
        for part in self.parts:
            if part.refused is None and column in part.values:
                return part
        return None
