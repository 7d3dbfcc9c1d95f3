"""Whether a process of this machine lives: it holds a lock named after it until it ends.

For what a process has besides runs, each of which has a lock of its own.
"""

from pathlib import Path

from longshore.database import FileLock, is_locked
from longshore.jobs.runner import RUNNING_FOLDER

_SUFFIX = ".process.lock"


class ProcessLock:
    """The lock of this process, held until `release` or its end."""

    __slots__ = ("_lock", "_path")

    def __init__(self, folder: Path, name: str) -> None:
        """Take the lock of the process with this name, which no other ever has."""
        self._path = _path(folder, name)
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        _remove_left(self._path.parent)
        self._lock = _taken(self._path)

    def release(self) -> None:
        """Say that the process ends; calling it again does nothing."""
        if self._lock.is_held:
            self._path.unlink(missing_ok=True)
            self._lock.release()


def is_process_there(folder: Path, name: str) -> bool:
    """Whether the process that has taken the lock of this name lives."""
    return is_locked(_path(folder, name))


def _taken(path: Path) -> FileLock:
    while True:
        lock = FileLock.acquire(path, wait_seconds=float("inf"))
        assert lock is not None
        if lock.is_current():
            return lock
        lock.release()  # somebody has removed it before it was locked


def _remove_left(folder: Path) -> None:
    """Remove what killed processes have left."""
    for path in folder.glob(f"*{_SUFFIX}"):
        if not is_locked(path):
            path.unlink(missing_ok=True)


def _path(folder: Path, name: str) -> Path:
    return folder / RUNNING_FOLDER / f"{name.replace(' ', '-')}{_SUFFIX}"
