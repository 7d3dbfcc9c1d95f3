"""The life of an import: which status may follow which, and when that happens."""

from enum import StrEnum


class Status(StrEnum):
    """Statuses of the wire contract."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"

    @property
    def is_finished(self) -> bool:
        """Whether nothing can follow."""
        return self in (Status.COMPLETED, Status.INTERRUPTED)


# From, to -> the real-life reason. Whatever is not here does not happen, whatever crashes.
TRANSITIONS: dict[tuple[Status, Status], str] = {
    (Status.PENDING, Status.IN_PROGRESS): "a runner claims it for the first time",
    (Status.PENDING, Status.INTERRUPTED): (
        "somebody stops or deletes it before it has begun, or its attachment is gone"
    ),
    (Status.IN_PROGRESS, Status.COMPLETED): "its last row was gone through",
    (Status.IN_PROGRESS, Status.INTERRUPTED): (
        "too many rows failed, a stop rule is reached, somebody stops or deletes it, its "
        "attachment is gone, or its runners die again and again at the same place"
    ),
}

UNFINISHED = (Status.PENDING, Status.IN_PROGRESS)


def statuses_before(after: Status) -> tuple[Status, ...]:
    """The statuses that an import can come from, for the condition of an UPDATE."""
    return tuple(before for before, to in TRANSITIONS if to is after)
