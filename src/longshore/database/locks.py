"""Locks between processes that end with their holder, however it ends.

A lock is a `flock` on a file: the kernel releases it when the holder's descriptor is closed, also
by SIGKILL. Each holder opens the file itself, so threads of one process exclude each other like
processes, and the descriptor is not inherited by programs that are started meanwhile.
"""

import fcntl
import os
import time
from pathlib import Path

# A waiter looks again after this many seconds, twice as long each time up to the second number.
_PAUSE_FIRST = 0.0005
_PAUSE_LAST = 0.005


class FileLock:
    """An exclusive lock named by a file; made by `acquire`, held until `release`."""

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def acquire(cls, path: Path, *, wait_seconds: float) -> "FileLock | None":
        """Take the lock, or None when others hold it for all of `wait_seconds`.

        The file is made where it is missing. Polls: a blocking `flock` knows no time limit.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _poll(descriptor, wait_seconds):
                lock = cls(path, descriptor)
                descriptor = -1
                return lock
            return None
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    @property
    def is_held(self) -> bool:
        """Whether it was not released yet."""
        return self._descriptor >= 0

    def release(self) -> None:
        """Let the next one have it; calling it again does nothing."""
        if self.is_held:
            os.close(self._descriptor)
            self._descriptor = -1

    def is_current(self) -> bool:
        """Whether the name still means the file that is locked here."""
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        here = os.fstat(self._descriptor)
        return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def is_locked(path: Path) -> bool:
    """Whether anyone holds the lock at this moment; takes nothing that a holder would notice."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _poll(descriptor: int, wait_seconds: float) -> bool:
    until = time.monotonic() + wait_seconds
    pause = _PAUSE_FIRST
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(pause, left))
            pause = min(pause * 2, _PAUSE_LAST)
