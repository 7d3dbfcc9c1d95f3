"""A worker process is woken, started again when it dies, and stopped."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.jobs import WorkerProcess
from longshore.observations import Observation, WorkerEnded

# Says on a named pipe that it lives and what it hears, and ends when its pipe does.
_LISTENER = """
import os, sys
out = os.open(sys.argv[1], os.O_WRONLY)
os.write(out, b"+")
while heard := os.read(0, 1):
    os.write(out, heard)
os.write(out, b"-")
"""

_DEAF = """
import os, signal, sys, time
os.write(os.open(sys.argv[1], os.O_WRONLY), b"+")
while True:
    time.sleep(60)
"""

# Shows once that it lives, says so, and never again: one that was stopped, say.
_HUNG = """
import os, sys, time
os.write(1, b".")
os.write(os.open(sys.argv[1], os.O_WRONLY), b"+")
while True:
    time.sleep(60)
"""


class Noting:
    """An observer that remembers, and says that it has heard something."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []
        self.heard = threading.Event()
        self._counting = threading.Condition()

    def observe(self, observation: Observation) -> None:
        with self._counting:
            self.seen.append(observation)
            self._counting.notify_all()
        self.heard.set()

    def wait_for(self, count: int) -> None:
        """Return when so many things were heard."""
        with self._counting:
            assert self._counting.wait_for(lambda: len(self.seen) >= count, 30)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A named pipe, and the end from which what processes say is read."""
    path = tmp_path / "told"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR)  # for writing too, so that it never ends
    yield str(path), descriptor
    os.close(descriptor)


def start(
    program: str, told: tuple[str, int], noting: Noting, *, silence_seconds: float = 60
) -> WorkerProcess:
    command = [sys.executable, "-c", program, told[0]]
    worker = WorkerProcess(command, noting, silence_seconds=silence_seconds)
    worker.start()
    assert os.read(told[1], 1) == b"+"
    return worker


def test_it_hears_rings_and_ends_when_it_is_stopped(told: tuple[str, int]) -> None:
    noting = Noting()
    worker = start(_LISTENER, told, noting)
    worker.ring()
    assert os.read(told[1], 1) == b"."
    worker.stop()
    assert os.read(told[1], 1) == b"-"
    worker.ring()  # nobody is there, and that is no error
    assert noting.seen == []


def test_it_is_started_again_when_it_dies(told: tuple[str, int]) -> None:
    noting = Noting()
    worker = start(_LISTENER, told, noting)
    first = worker.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert noting.heard.wait(30)
    assert os.read(told[1], 1) == b"+"
    assert worker.process_id != first
    worker.ring()
    assert os.read(told[1], 1) == b"."
    worker.stop()
    assert noting.seen == [WorkerEnded(reason="it was killed by SIGKILL", seconds=0.5)]


def test_one_that_does_not_listen_is_killed(
    told: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longshore.jobs.worker_process._STOP_SECONDS", 0.1)
    worker = start(_DEAF, told, Noting())
    process = worker.process_id
    assert process is not None
    worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_one_that_shows_no_sign_of_life_is_killed_and_started_again(
    told: tuple[str, int],
) -> None:
    noting = Noting()
    worker = start(_HUNG, told, noting, silence_seconds=0.1)
    first = worker.process_id
    assert first is not None
    assert noting.heard.wait(30)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert os.read(told[1], 1) == b"+"
    assert worker.process_id != first
    worker.stop()
    (ended, *_) = noting.seen
    assert isinstance(ended, WorkerEnded)
    assert ended.reason == "it showed no sign of life for 0.1 seconds and was killed"


def test_one_that_was_never_heard_is_given_time_to_begin(
    told: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading the program takes longer than a worker may be silent."""
    monkeypatch.setattr("longshore.jobs.worker_process._START_SECONDS", 0.4)
    noting = Noting()
    worker = start(_DEAF, told, noting, silence_seconds=0.1)
    assert noting.heard.wait(30)
    worker.stop()
    (ended, *_) = noting.seen
    assert isinstance(ended, WorkerEnded)
    assert ended.reason == "it showed no sign of life for 0.4 seconds and was killed"


def test_one_that_the_system_does_not_start_is_tried_again(
    told: tuple[str, int], tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.symlink_to(sys.executable)
    noting = Noting()
    worker = WorkerProcess([str(program), "-c", _LISTENER, told[0]], noting, silence_seconds=60)
    worker.start()
    assert os.read(told[1], 1) == b"+"
    program.unlink()
    first = worker.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    noting.wait_for(2)
    program.symlink_to(sys.executable)
    assert os.read(told[1], 1) == b"+"
    worker.stop()
    assert [each.reason for each in noting.seen if isinstance(each, WorkerEnded)][:2] == [
        "it was killed by SIGKILL",
        "it could not be started: No such file or directory",
    ]
