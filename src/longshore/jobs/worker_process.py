"""A worker in a process of its own, kept alive by the process that started it.

Its own process because an import that runs keeps the interpreter busy, and the server would
answer late. What connects the two are pipes: at the other end of its standard input is a `Bell`, of
its standard output a `Pulse`.
"""

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

from longshore.jobs.pulse import BEATS
from longshore.observations import Observer, WorkerEnded

_RESTART_SECONDS = 0.5  # before the first restart; doubled up to the next while it keeps dying
_RESTART_SECONDS_MAX = 30.0
# A worker that lived so long is not one that keeps dying.
_HEALTHY_SECONDS = 60.0

_STOP_SECONDS = 5.0

# Before its first sign of life a worker loads the program, which takes its time on a busy machine.
_START_SECONDS = 60.0


class WorkerProcess:
    """A child process that is started again when it ends, until `stop`.

    One that shows no sign of life for `silence_seconds` hangs: it is killed, with all the locks
    that it holds. Nothing is lost by it: what it has not committed is gone through again.
    """

    def __init__(
        self,
        command: Sequence[str],
        observer: Observer,
        environment: Mapping[str, str] | None = None,  # variables that it gets beside ours
        *,
        silence_seconds: float,
    ) -> None:
        self._environment = environment
        self._silence_seconds = silence_seconds
        self._command = list(command)
        self._observer = observer
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()  # held while `_process` is replaced or rung
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None

    def start(self) -> None:
        """Start the worker, once; raises OSError when the system starts no process."""
        worker = self._begin()
        self._keeper = threading.Thread(
            target=self._keep, args=(worker,), name="worker keeper", daemon=True
        )
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
        """Let the worker end after the chunk in hand; one that does not is killed."""
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
        if self._keeper is not None:
            self._keeper.join()

    def _keep(self, worker: "subprocess.Popen[bytes] | None") -> None:
        pause = _RESTART_SECONDS
        started = time.monotonic()
        reason = self._outlive(worker)
        while not self._stopping.is_set():
            if time.monotonic() - started > _HEALTHY_SECONDS:
                pause = _RESTART_SECONDS
            self._observer.observe(WorkerEnded(reason=reason, seconds=pause))
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, _RESTART_SECONDS_MAX)
            started = time.monotonic()
            try:
                worker = self._begin()
            except OSError as error:
                # No memory, no process left: that passes.
                reason = f"it could not be started: {error.strerror}"
            else:
                reason = self._outlive(worker)

    def _outlive(self, worker: "subprocess.Popen[bytes] | None") -> str:
        """Wait until the worker ends, or kill it when it hangs; why it ended."""
        if worker is None:
            return "it was stopped before it began"
        assert worker.stdout is not None
        with worker.stdout as signs:
            silent_seconds = self._listen(signs.fileno())
            if silent_seconds is not None:
                worker.kill()
        code = worker.wait()
        if silent_seconds is not None:
            return f"it showed no sign of life for {silent_seconds:g} seconds and was killed"
        return _reason(code)

    def _listen(self, signs: int) -> float | None:
        """Hear signs of life until there is none for too long: for so many seconds; None: the
        worker ends."""
        listener = select.poll()  # which, unlike `select`, takes descriptors beyond 1023
        listener.register(signs, select.POLLIN)
        step = self._silence_seconds / BEATS
        silent, allowed = 0.0, max(_START_SECONDS, self._silence_seconds)
        while silent < allowed or self._stopping.is_set():
            if not listener.poll(step * 1000):
                # In steps, because what passes while this process is stopped itself is no silence.
                silent += step
            elif os.read(signs, 4096):
                silent, allowed = 0.0, self._silence_seconds
            else:
                return None
        return silent

    def _begin(self) -> "subprocess.Popen[bytes] | None":
        """The worker that was started; None: it is to be none any more."""
        with self._changing:
            if self._stopping.is_set():
                return None
            former = self._process
            if former is not None and former.stdin is not None:
                former.stdin.close()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, **self._environment} if self._environment else None,
            )
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)
            return self._process


def _reason(code: int) -> str:
    if code >= 0:
        return f"it ended with code {code}"
    try:
        return f"it was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was killed by signal {-code}"
