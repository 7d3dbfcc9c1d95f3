"""Who has a run at this moment.

Whoever does holds an operating-system lock named after it for as long as he lives. So a live
run is never taken from its runner, and a dead runner is known at once, without heartbeats.
The file says who holds it, for people.
"""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from longshore.database import FileLock, is_locked
from longshore.errors import RetryableError
from longshore.identifiers import RunId

RUNNING_FOLDER = "running"

# Asking `is_running` takes the lock for an instant; that is waited out, a runner is not.
_WAIT_SECONDS = 0.2


class RunTaken(RetryableError):
    """Another process has the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A living process that has a run, as far as it is known."""

    kind: str | None  # server, worker, command
    host: str | None
    pid: int | None


class RunnerLock:
    """The right to have one run, kept until `release` or the end of the process."""

    __slots__ = ("_lock", "_path")

    def __init__(self, path: Path, lock: FileLock) -> None:
        self._path = path
        self._lock = lock

    def release(self) -> None:
        """Let others run it; calling it again does nothing.

        The file goes too, or a folder would keep one for each run there ever was. Who has
        opened it meanwhile finds out that it is not the current one and opens it again.
        """
        if self._lock.is_held:
            self._path.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> "RunnerLock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def runner_lock(folder: Path, run_id: RunId, *, kind: str = "command") -> RunnerLock:
    """Take the right to have a run; raises RunTaken when another process has it.

    `kind` of process is what others read of this one.
    """
    path = _path(folder, run_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    while True:
        lock = FileLock.acquire(path, wait_seconds=_WAIT_SECONDS)
        if lock is None:
            raise RunTaken("another process has this run")
        if lock.is_current():
            path.write_text(f"{kind} {os.getpid()}", encoding="ascii")
            return RunnerLock(path, lock)
        # The former runner released it, and removed this file, between our opening and locking.
        lock.release()


def is_running(folder: Path, run_id: RunId) -> bool:
    """Whether a process has the run at this moment."""
    return is_locked(_path(folder, run_id))


def runner_of(folder: Path, run_id: RunId) -> Runner | None:
    """The process that has the run at this moment, if any does."""
    path = _path(folder, run_id)
    if not is_locked(path):
        return None
    try:
        kind, pid = path.read_text(encoding="ascii").split()
        return Runner(kind=kind, host=platform.node(), pid=int(pid))
    except (OSError, ValueError):
        # It was not written yet, or an older release holds the lock.
        return Runner(kind=None, host=platform.node(), pid=None)


def _path(folder: Path, run_id: RunId) -> Path:
    return folder / RUNNING_FOLDER / f"{run_id}.lock"
