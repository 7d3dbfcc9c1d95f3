"""Workers as real processes on one database, which are killed, stopped and replaced."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# Short, so that a test sees many deaths; the ratio is that of the defaults.
HEARTBEAT_SECONDS = 0.4
TAKEOVER_SECONDS = 2.0


@dataclass
class Fleet:
    """The workers of one installation."""

    url: str
    data: Path
    prefix: Sequence[str] = ()  # what runs a command somewhere else
    variables: dict[str, str] = field(default_factory=dict)
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    stopped: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(
        self, *options: str, prefix: Sequence[str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """One more worker."""
        before = self.prefix if prefix is None else prefix
        return self._started([*before, *self.command("worker", "--verbose", *options)])

    def start_of_kind(self, kind: str, *, dies_at: str | None = None) -> "subprocess.Popen[bytes]":
        """One more worker, of runs of a kind (`kinds`), which kills itself at a named point."""
        command = [sys.executable, "-m", "tests.chaos.kinds", kind]
        return self._started([*command, *([] if dies_at is None else ["--die-at", dies_at])])

    def _started(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        self.data.mkdir(exist_ok=True)
        with open(self.data / "workers.log", "ab") as log:
            worker = subprocess.Popen(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def command(self, *arguments: str) -> list[str]:
        """A command of longshore on this installation; the address is in the environment."""
        return [sys.executable, "-m", "longshore", *arguments]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LONGSHORE_DATA": str(self.data),
            "LONGSHORE_DATABASE_URL": self.url,
            "LONGSHORE_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
            "LONGSHORE_TAKEOVER_SECONDS": str(TAKEOVER_SECONDS),
            **self.variables,
        }

    def kill(self, worker: "subprocess.Popen[bytes]") -> None:
        """SIGKILL."""
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def stop(self, worker: "subprocess.Popen[bytes]") -> None:
        """SIGSTOP: it keeps its connections, and comes back when it is told to."""
        worker.send_signal(signal.SIGSTOP)
        self.workers.remove(worker)
        self.stopped.append(worker)

    def resume(self, worker: "subprocess.Popen[bytes]") -> None:
        """SIGCONT: it goes on as if nothing had happened."""
        worker.send_signal(signal.SIGCONT)
        self.stopped.remove(worker)
        self.workers.append(worker)

    def resume_stopped(self) -> None:
        """All that were stopped go on as if nothing had happened."""
        for worker in tuple(self.stopped):
            self.resume(worker)

    def end(self) -> None:
        """Ask all to stop, and wait for it."""
        self.resume_stopped()
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        self.workers.clear()

    def kill_all(self) -> None:
        """Whatever is left after a test that failed."""
        for worker in (*self.workers, *self.stopped):
            with suppress(ProcessLookupError):
                worker.kill()
                worker.wait()

    def log(self) -> str:
        """What the workers said."""
        return (self.data / "workers.log").read_text(encoding="utf-8")
