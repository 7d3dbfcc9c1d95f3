"""Observations as log lines on standard error: for people, or one JSON object per line.

Each observation has a level; a log has the lines of its own level and of those above it. What is
said by libraries, by the interpreter and by commands goes the same way where nobody looks on, so
that every line of a JSON log is JSON. Nothing that a client or a source says can end a line or act
on a terminal: it is spelled out.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from types import TracebackType
from typing import Any, TextIO

from longshore import clock
from longshore.observations import (
    REQUEST_ID,
    AttemptCrashed,
    AttemptFailed,
    BeatFailed,
    ChunkCommitted,
    ChunkRetried,
    DatabaseMigrated,
    ImportInterrupted,
    Observation,
    QueueLost,
    RequestAnswered,
    RequestCrashed,
    RequestPostponed,
    RunnerReplaced,
    Said,
    SignInFailed,
    TidyingFailed,
    TokenRefused,
    UndoStepCommitted,
    UndoStepRetried,
    WorkerEnded,
)

__all__ = ["LogLevel", "LogObserver", "log_everything"]


class LogLevel(StrEnum):
    """What is logged: this, and what stands before it."""

    ERROR = "error"  # a bug, or something that somebody must mend
    WARNING = "warning"  # something went wrong, and was seen to
    INFO = "info"  # beginning and end of processes and imports, who was let in
    REQUEST = "request"  # a line for each request
    DEBUG = "debug"  # a line for each chunk, and what the database was brought to


_ERRORS = (AttemptCrashed, RequestCrashed)
_WARNINGS = (
    ChunkRetried,
    ImportInterrupted,
    UndoStepRetried,
    AttemptFailed,
    BeatFailed,
    WorkerEnded,
    QueueLost,
    RunnerReplaced,
    TidyingFailed,
    SignInFailed,
    TokenRefused,
    RequestPostponed,
)
_DETAILS = (ChunkCommitted, UndoStepCommitted, DatabaseMigrated)
_NUMBERS: Mapping[str, int] = {level: number for number, level in enumerate(LogLevel)}


def level_of(observation: Observation) -> LogLevel:
    """How much an observation matters."""
    if isinstance(observation, _ERRORS):
        return LogLevel.ERROR
    if isinstance(observation, _WARNINGS):
        return LogLevel.WARNING
    if isinstance(observation, RequestAnswered):
        return LogLevel.REQUEST
    return LogLevel.DEBUG if isinstance(observation, _DETAILS) else LogLevel.INFO


class LogObserver:
    """Writes one line per observation of its level, whole lines whatever threads do."""

    def __init__(
        self,
        log_format: str = "text",
        stream: TextIO | None = None,
        *,
        level: str = LogLevel.DEBUG,
    ) -> None:
        self._stream = stream
        self._spell = _json_line if log_format == "json" else _text_line
        self._level = _NUMBERS[level]
        self._lock = threading.Lock()

    def observe(self, observation: Observation) -> None:
        self.write(level_of(observation), observation)

    def write(self, level: LogLevel, observation: Observation) -> None:
        """Write an observation at another level than its own."""
        if _NUMBERS[level] > self._level:
            return
        fields: dict[str, Any] = {
            "time": clock.format_datetime(clock.now()),
            "level": level.value,
            "observation": type(observation).__name__,
        }
        if (request_id := REQUEST_ID.get()) is not None:
            fields["request_id"] = request_id
        line = self._spell(fields | asdict(observation))
        # A log that nobody takes any more, or a full disk, ends no thread: a worker would not be
        # started again, a heart would stop.
        with self._lock, suppress(OSError, ValueError):
            stream = self._stream or sys.stderr
            stream.write(f"{line}\n")
            stream.flush()


def log_everything(observer: LogObserver) -> None:
    """Send what libraries log, what the interpreter warns of and what ends a thread to the log.

    For processes that nobody looks on. It holds for the whole process, and may be called again.
    """
    logging.root.handlers[:] = [_Forwarding(observer)]
    logging.root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)

    def crashed(
        kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        lines = traceback.format_exception(kind, error, trace)
        observer.observe(AttemptCrashed(error=repr(error), traceback="".join(lines)))

    sys.excepthook = crashed
    threading.excepthook = lambda ended: crashed(
        ended.exc_type, ended.exc_value, ended.exc_traceback
    )


class _Forwarding(logging.Handler):
    """Hands the log records of libraries to an observer."""

    def __init__(self, observer: LogObserver) -> None:
        super().__init__()
        self._observer = observer

    def emit(self, record: logging.LogRecord) -> None:
        message = self.format(record)  # with the traceback, where there is one
        is_error = record.levelno >= logging.ERROR
        level = LogLevel.ERROR if is_error else LogLevel.WARNING
        self._observer.write(level, Said(source=record.name, message=message))


def _text_line(fields: Mapping[str, Any]) -> str:
    """`2024-01-31T10:20:30.123Z info ChunkCommitted import_id=... rows=500`."""
    named = {name: value for name, value in fields.items() if name not in _UNNAMED}
    words = [str(fields[name]) for name in _UNNAMED]
    return " ".join((*words, *(f"{name}={_text(value)}" for name, value in named.items())))


_UNNAMED = ("time", "level", "observation")


def _json_line(fields: Mapping[str, Any]) -> str:
    """One JSON object per line; the observation's fields stand beside time, level and name."""
    line = json.dumps(fields, ensure_ascii=False)
    # JSON spells out line feeds and the like, and not what else could act on a terminal.
    return line if line.isprintable() else json.dumps(fields)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(value)
    if not text.isprintable():
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "=') else text
