"""What became of rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from longshore.engine.values.candidate import Finding


class RowOutcome(IntEnum):
    """What became of a row."""

    CREATED = 0
    UPDATED = 1
    UNCHANGED = 2
    FAILED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAmount:
    """An amount of a row as money."""

    field: str  # dotted, where it stands in a nested record
    value: str  # as the row has it
    cents: int
    currency: str | None


@dataclass(slots=True)
class ChunkResult:
    """What became of the rows of a chunk."""

    consumed: int = 0  # rows, from the first one on
    counts: list[int] = field(default_factory=lambda: [0] * len(RowOutcome))  # by RowOutcome
    records: list[int] = field(default_factory=list)  # of each consumed row; 0: it failed
    failures: list[tuple[int, Sequence[Finding]]] = field(default_factory=list)  # index of the row
    warnings: list[tuple[int, Sequence[str]]] = field(default_factory=list)
    foreign_ids: list[tuple[int, Sequence[str]]] = field(default_factory=list)  # row, fields
    amounts: list[tuple[int, Sequence[FoundAmount]]] = field(default_factory=list)
    is_over_threshold: bool = False
