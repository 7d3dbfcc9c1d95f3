"""What operators may want to know, as typed values; one place turns them into log lines.

Code that does something worth knowing gives an observation to its `Observer`. Nothing is
observed per row.
"""

import json
import logging
import sys
from dataclasses import asdict, dataclass
from typing import Protocol, TextIO

from longshore import clock

__all__ = [
    "AttemptFailed",
    "ChunkCommitted",
    "ChunkRetried",
    "DatabaseMigrated",
    "ImportCompleted",
    "ImportInterrupted",
    "ImportStarted",
    "LogObserver",
    "NullObserver",
    "Observation",
    "Observer",
    "QueueLost",
    "RequestCrashed",
    "RequestPostponed",
    "RunnerReplaced",
    "TidyingFailed",
    "WorkerEnded",
]


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
class WorkerEnded:
    """The worker process of a server ended by itself, and is started again."""

    reason: str
    seconds: float  # until it is


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


Observation = (
    ImportStarted
    | ChunkCommitted
    | ChunkRetried
    | ImportCompleted
    | ImportInterrupted
    | AttemptFailed
    | DatabaseMigrated
    | WorkerEnded
    | QueueLost
    | RunnerReplaced
    | TidyingFailed
    | RequestPostponed
    | RequestCrashed
)


class Observer(Protocol):
    """Whoever wants to know."""

    def observe(self, observation: Observation) -> None: ...


class NullObserver:
    """Nobody wants to know."""

    def observe(self, observation: Observation) -> None:
        return None


_WARNINGS = (
    ChunkRetried,
    ImportInterrupted,
    AttemptFailed,
    WorkerEnded,
    QueueLost,
    RunnerReplaced,
    TidyingFailed,
    RequestPostponed,
    RequestCrashed,
)


class LogObserver:
    """Writes one line per observation to standard error, for people or as JSON.

    `warnings_only` leaves out what goes as it should.
    """

    def __init__(
        self,
        log_format: str = "text",
        stream: TextIO | None = None,
        *,
        warnings_only: bool = False,
    ) -> None:
        handler = logging.StreamHandler(stream or sys.stderr)
        handler.setFormatter(_JsonFormatter() if log_format == "json" else _TextFormatter())
        # A logger of its own, unknown to the registry: two observers never share handlers.
        level = logging.WARNING if warnings_only else logging.INFO
        self._logger = logging.Logger("longshore", level)
        self._logger.addHandler(handler)

    def observe(self, observation: Observation) -> None:
        level = logging.WARNING if isinstance(observation, _WARNINGS) else logging.INFO
        self._logger.log(level, type(observation).__name__, extra={"fields": asdict(observation)})


class _TextFormatter(logging.Formatter):
    """`2024-01-31T10:20:30.123Z info ChunkCommitted import_id=... rows=500`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={_text(value)}" for name, value in _fields(record).items())
        moment = clock.format_datetime(int(record.created * 1000))
        return f"{moment} {record.levelname.lower()} {record.getMessage()} {fields}"


class _JsonFormatter(logging.Formatter):
    """One JSON object per line; the observation's fields stand beside time, level and name."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(
            {
                "time": clock.format_datetime(int(record.created * 1000)),
                "level": record.levelname.lower(),
                "observation": record.getMessage(),
                **_fields(record),
            },
            ensure_ascii=False,
        )


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = record.__dict__.get("fields", {})
    return fields


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or " " in text else text
