"""What became of rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from longshore.engine.values.candidate import Finding
from longshore.imports import RowOutcome, StoppedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAmount:
    """An amount of a row as money."""

    field: str  # dotted, where it stands in a nested record
    value: str  # as the row has it
    cents: int
    currency: str | None


@dataclass(slots=True)
class ChunkResult:
    """What became of the rows of a chunk, in columns: an entry for each consumed row, or an index
    among them."""

    outcomes: bytearray = field(default_factory=bytearray)  # RowOutcome of each consumed row
    # The record of each consumed row, for a failed one that which it found; 0: it has none.
    records: list[int] = field(default_factory=list)
    # Records that rows created besides their own: index of the row, table, id.
    further: list[tuple[int, str, int]] = field(default_factory=list)
    failures: list[tuple[int, Sequence[Finding]]] = field(default_factory=list)  # index of the row
    warnings: list[tuple[int, Sequence[str]]] = field(default_factory=list)
    foreign_ids: list[tuple[int, Sequence[str]]] = field(default_factory=list)  # row, fields
    amounts: list[tuple[int, Sequence[FoundAmount]]] = field(default_factory=list)
    is_stopped: bool = False  # by the last of its rows: too many have failed, or a rule says so
    stopped_by: StoppedBy | None = None  # that rule

    @property
    def consumed(self) -> int:
        """Rows that were gone through, from the first one on."""
        return len(self.outcomes)

    @property
    def counts(self) -> list[int]:
        """Rows by RowOutcome."""
        return [self.outcomes.count(outcome) for outcome in RowOutcome]
