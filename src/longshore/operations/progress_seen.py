"""How something that is watched gets on at one moment, and how that is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from longshore.identifiers import ImportId
from longshore.imports import Glance, LoggedError, Stage, Status
from longshore.operations.waits import Wait
from longshore.undos import UndoGlance

WatchedType = Literal["imports", "import_plans", "import_groups", "import_undos"]

_COUNTS = (
    "inputs_size",
    "created_count",
    "updated_count",
    "unchanged_count",
    "skipped_count",
    "errors_count",
    "warnings_count",
)
_COUNTS_OF_UNDO = ("changes_count", "removed_count", "restored_count", "kept_count")


@dataclass(frozen=True, slots=True)
class Watched:
    """What somebody looks at: an import, a plan, a group of either with its members, or an undo."""

    type: WatchedType
    id: int
    environment: int
    members: tuple[ImportId, ...]  # ids of imports or plans, in their order; of an undo none


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressSeen:
    """How something that is watched gets on, at one moment; its counts are those of all members.

    What is said of rows is said of changes where it is an undo.
    """

    public_id: str
    watched: Watched
    status: Status
    is_deleted: bool
    phase: str  # what is done at the moment
    glances: Sequence[Glance]  # of the members
    undo: UndoGlance | None  # None: it is none
    rows_count: int  # of the stage at hand: the others have as many, or it goes back
    rows_done: int
    rows_per_second: float | None  # of the last ten seconds; None: nobody can say yet
    seconds_left: float | None  # likewise
    silent_seconds: float | None  # since the last rows were committed, where some should be
    wait: Wait | None  # why it does not move
    failed: Sequence[LoggedError]  # the first errors of the first failed rows
    rates: Sequence[tuple[float, float]]  # (seconds before this moment, rows a second)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        if self.undo is not None:
            return self.undo.has_ended
        return self.is_deleted or all(each.has_ended for each in self.glances)

    def total(self, count: str) -> int:
        """The sum of a count of all members."""
        return sum(getattr(each, count) for each in self.glances)

    @property
    def inputs_size(self) -> int:
        """Rows of all members."""
        return self.total("inputs_size")

    @property
    def stage(self) -> Stage | None:
        """Of what is all or nothing and has not ended; None: it has none, or waits."""
        return next((each.stage for each in self.glances if not each.has_ended), None)

    @property
    def rows_to_go(self) -> int:
        """Rows that have no outcome yet; with those that have, they are all rows."""
        if self.undo is not None:
            return max(self.undo.changes_count - self.undo.done_count, 0)
        return self.inputs_size - self.total("consumed_count")

    @property
    def counts(self) -> Mapping[str, int]:
        """The counts that it has by its kind, by their names."""
        if self.undo is not None:
            return {name: getattr(self.undo, name) for name in _COUNTS_OF_UNDO}
        return {name: self.total(name) for name in _COUNTS}

    @property
    def percent(self) -> int:
        """Of the stage at hand; 100 only when it is through."""
        if not self.rows_count:
            return 100 if self.has_ended else 0
        return self.rows_done * 100 // self.rows_count

    @property
    def mark(self) -> str:
        """What was told with this; who names it is told only what came after."""
        return f"{self.rows_done}-{len(self.failed)}-{self.status}"

    def events(self, told: str | None) -> list[tuple[str, Any]]:
        """Names and data of what is sent to somebody who was told the state of that mark before;
        None: nothing."""
        failed = self.failed_documents()[_failed_told(told) :]
        name = "end" if self.has_ended else "progress"
        return [*([("failed", failed)] if failed else []), (name, self.to_dict())]

    def to_dict(self) -> dict[str, Any]:
        """As it is sent to whoever looks on."""
        return {
            "type": self.watched.type,
            "id": self.public_id,
            "status": "deleted" if self.is_deleted else str(self.status),
            "phase": self.phase,
            "stage": self.stage,
            **self.counts,
            "rows_to_go": self.rows_to_go,
            "rows_done": self.rows_done,
            "rows_count": self.rows_count,
            "percent": self.percent,
            "rows_per_second": None
            if self.rows_per_second is None
            else round(self.rows_per_second, 1),
            "seconds_left": None if self.seconds_left is None else round(self.seconds_left, 1),
            "silent_seconds": None if self.silent_seconds is None else round(self.silent_seconds),
            "wait": None if self.wait is None else self.wait.to_dict(),
        }

    def failed_documents(self) -> list[dict[str, Any]]:
        """The first failed rows, as they are sent."""
        return [
            {
                "row": each.source_row or each.row,
                "line": each.line,
                "cell": each.cell,
                "attribute": each.attribute,
                "value": each.value,
                "message": each.message,
                "code": each.code,
            }
            for each in self.failed
        ]


def _failed_told(mark: str | None) -> int:
    """How many failed rows were told with a mark; whatever a client makes up, tells none."""
    parts = (mark or "").split("-")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() and len(parts[1]) < 4 else 0
