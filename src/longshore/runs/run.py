"""A run itself: something long that is done in chunks, by one process at a time."""

from dataclasses import dataclass
from enum import StrEnum

from longshore.errors import PermanentError, RetryableError
from longshore.identifiers import RunId


class Ending(StrEnum):
    """How a run can have ended for good."""

    COMPLETED = "completed"
    INTERRUPTED = "interrupted"


class ClaimLost(PermanentError):
    """Somebody stopped, deleted or took over the run; what was not committed is void."""


class RunWaits(RetryableError):
    """An older run that may write the same tables has not ended."""

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind  # of the older one


class TooManyAttempts(PermanentError):
    """Runners in a row have died at a run without committing a chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run that is asked for."""

    kind: str
    environment: int
    # Of the records that it may write, which runs after it wait for; none of them: it may write
    # any. None: it waits for nobody, and nobody waits for it.
    tables: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stored run at one moment; times are milliseconds since 1970."""

    id: RunId  # also the id of what is run
    kind: str
    environment: int
    place: int | None  # in the order of its environment; None: behind all that have one
    is_ordered: bool  # whether it waits for older runs, and younger ones for it
    created_at: int
    started_at: int | None
    ended_at: int | None
    ending: Ending | None  # None: it has not ended
    fence: int  # who claimed it with this number may write; 0: nobody has claimed it
    attempts: int  # claims in a row without a committed chunk
    heartbeat_at: int | None
    runner: str | None  # process that claimed it last; None: it was given back
    rests_until: int | None  # nobody takes it before

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.ending is not None
