"""What operators may want to know, as typed values; one place turns them into log lines.

Code that does something worth knowing gives an observation to its `Observer`. Nothing is
observed per row.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

__all__ = [
    "REQUEST_ID",
    "ApplicationCreated",
    "AttemptCrashed",
    "AttemptFailed",
    "BeatFailed",
    "ChunkCommitted",
    "ChunkRetried",
    "DatabaseMigrated",
    "ImportCompleted",
    "ImportInterrupted",
    "ImportStarted",
    "KeysRespelled",
    "NullObserver",
    "Observation",
    "Observer",
    "ProcessStarted",
    "ProcessStopped",
    "QueueLost",
    "RequestAnswered",
    "RequestCrashed",
    "RequestPostponed",
    "RunnerReplaced",
    "Said",
    "SessionOpened",
    "SignInFailed",
    "TidyingFailed",
    "TokenIssued",
    "TokenRefused",
    "TokenRevoked",
    "UndoEnded",
    "UndoStepCommitted",
    "UndoStepRetried",
    "WorkerEnded",
]

# Of the request that is being answered, in every line that tells of something on its way.
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted:
    """A runner took an import: for the first time, or again after another one died."""

    import_id: str  # public id, as in all observations
    resource_type: str
    rows: int  # of the whole import
    resumed_after_row: int  # 0: from the start


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkCommitted:
    """A chunk, its journal and its checkpoint are stored."""

    import_id: str
    last_row: int  # number of the chunk's last row
    rows: int
    failed: int
    seconds: float  # from the first read of the chunk's records to the commit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRetried:
    """A chunk was rolled back and is gone through again; nothing of it was stored."""

    import_id: str
    first_row: int
    reason: str
    seconds: float  # until the next try


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCompleted:
    """All rows of an import were gone through."""

    import_id: str
    processed: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportInterrupted:
    """An import was stopped before its last row."""

    import_id: str
    processed: int
    failed: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStepCommitted:
    """A step of an undo, its journal and its checkpoint are stored."""

    undo_id: str
    changes: int  # that were looked at
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStepRetried:
    """A step of an undo was rolled back and is gone through again; nothing of it was stored."""

    undo_id: str
    reason: str
    seconds: float  # until the next try


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoEnded:
    """All changes that an undo was to look at were looked at, or somebody has stopped it."""

    undo_id: str
    restored: int  # records
    removed: int
    kept: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFailed:
    """A runner gave up on an import, which stays open for the next one."""

    import_id: str
    attempts: int  # in a row without a committed chunk
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseMigrated:
    """The schema of the database was brought to this version of longshore."""

    before: str | None  # None: the database was empty
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRespelled:
    """Keys that older releases have stored were brought to the spelling of keys."""

    records: int
    left: int  # that stay as they are, because others have the key that they would get


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerEnded:
    """The worker process of a server ended by itself, or hung, and is started again."""

    reason: str
    seconds: float  # until it is


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatFailed:
    """What a process does every few seconds failed: its heartbeat, or its look for imports that
    nobody runs. It is tried again; the next failure is told when its reason is another one."""

    beat: str  # heartbeat, sweep
    reason: str
    seconds: float  # until the next one


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLost:
    """A worker lost the job engine, the database being away say, and begins again."""

    reason: str
    seconds: float  # until it does


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerReplaced:
    """An import was taken over from a process that was silent for too long."""

    import_id: str
    runner: str  # name of that process


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyingFailed:
    """Something that nobody needs any more could not be removed; it is tried again later."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPostponed:
    """A request was answered with 503: the database is busy or away, or a disk is full."""

    method: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCrashed:
    """A request ended in an error that nobody foresaw: a fault of longshore."""

    method: str
    path: str
    error: str
    traceback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStarted:
    """A server or a worker has begun."""

    kind: str
    process: str  # name among those that share the installation
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStopped:
    """A server or a worker has ended as it was asked to."""

    kind: str
    process: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered:
    """A request, and how it was answered."""

    method: str
    path: str
    status: int
    application: str | None  # public id of who asks; None: nobody who showed a valid token
    milliseconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptCrashed:
    """A bug, met by a worker; the import that met it, if it is one, is tried again."""

    error: str
    traceback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued:
    """An application was given a token."""

    application: str
    grant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefused:
    """Somebody asked for a token, or showed one, in vain."""

    client: str  # address
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """A token is worth nothing from now on."""

    application: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """Somebody has signed in to the dashboard."""

    client: str  # address
    application: str | None  # public id; None: it was somebody at a terminal, by a one-time code
    organization: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed:
    """Somebody wanted to sign in to the dashboard, in vain."""

    client: str  # address
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCreated:
    """Somebody may come in who could not before."""

    application: str
    kind: str
    organization: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command says while nobody looks on, or a library has to tell."""

    source: str  # command, or the library's name
    message: str


Observation = (
    ImportStarted
    | ChunkCommitted
    | ChunkRetried
    | ImportCompleted
    | ImportInterrupted
    | UndoStepCommitted
    | UndoStepRetried
    | UndoEnded
    | AttemptFailed
    | BeatFailed
    | DatabaseMigrated
    | KeysRespelled
    | WorkerEnded
    | QueueLost
    | RunnerReplaced
    | TidyingFailed
    | RequestPostponed
    | ProcessStarted
    | ProcessStopped
    | RequestAnswered
    | AttemptCrashed
    | SessionOpened
    | SignInFailed
    | TokenIssued
    | TokenRefused
    | TokenRevoked
    | ApplicationCreated
    | Said
    | RequestCrashed
)


class Observer(Protocol):
    """Whoever wants to know."""

    def observe(self, observation: Observation) -> None: ...


class NullObserver:
    """Nobody wants to know."""

    def observe(self, observation: Observation) -> None:
        return None
