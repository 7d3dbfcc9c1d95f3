"""A worker in a process of its own, kept alive by the process that started it.

Its own process because an import that runs keeps the interpreter busy, and the server would
answer late. What connects the two is a pipe: `Bell` is its other end.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

from longshore.observations import Observer, WorkerEnded

_RESTART_SECONDS = 0.5  # before the first restart; doubled up to the next while it keeps dying
_RESTART_SECONDS_MAX = 30.0
# A worker that lived so long is not one that keeps dying.
_HEALTHY_SECONDS = 60.0

_STOP_SECONDS = 5.0


class WorkerProcess:
    """A child process that is started again when it ends, until `stop`."""

    def __init__(
        self,
        command: Sequence[str],
        observer: Observer,
        environment: Mapping[str, str] | None = None,  # variables that it gets beside ours
    ) -> None:
        self._environment = environment
        self._command = list(command)
        self._observer = observer
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()  # held while `_process` is replaced or rung
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="worker keeper", daemon=True)

    def start(self) -> None:
        """Start the worker, once."""
        self._begin()
        self._keeper.start()

    def ring(self) -> None:
        """Tell the worker that there is work; never waits, and a dead worker does not matter.

        The next one looks for work when it starts.
        """
        with self._changing:
            if self._process is None or self._process.stdin is None:
                return
            try:
                os.write(self._process.stdin.fileno(), b".")
            except (BlockingIOError, BrokenPipeError):
                pass  # it has not yet heard the rings before, or is dead

    @property
    def process_id(self) -> int | None:
        """Of the worker that runs at this moment."""
        with self._changing:
            return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """Let the worker end after the chunk in hand; one that does not is killed.

        Nothing is lost by killing it: what it has not committed is gone through again.
        """
        self._stopping.set()
        with self._changing:
            process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._keeper.is_alive():
            self._keeper.join()

    def _keep(self) -> None:
        pause = _RESTART_SECONDS
        while (process := self._process) is not None:
            started = time.monotonic()
            code = process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - started > _HEALTHY_SECONDS:
                pause = _RESTART_SECONDS
            self._observer.observe(WorkerEnded(reason=_reason(code), seconds=pause))
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, _RESTART_SECONDS_MAX)
            self._begin()

    def _begin(self) -> None:
        with self._changing:
            if self._stopping.is_set():
                return
            former = self._process
            if former is not None and former.stdin is not None:
                former.stdin.close()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                bufsize=0,
                env={**os.environ, **self._environment} if self._environment else None,
            )
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)


def _reason(code: int) -> str:
    if code >= 0:
        return f"it ended with code {code}"
    try:
        return f"it was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was killed by signal {-code}"
