"""A process shows that it lives while its main thread gets on, and only then."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from longshore.database import FileLock
from longshore.jobs.pulse import BEATS

SILENCE_SECONDS = 0.1
# Within so many a main thread that does not run at all would have fallen silent.
ENOUGH = BEATS * 8 * 2

_PROGRAM = """
import sys
from longshore.jobs import Pulse
Pulse(sys.stdout.fileno(), silence_seconds=float(sys.argv[1])).start()
"""
# What the main thread is busy with, for ever.
_COMPUTING = "while True: pass"
_IN_ONE_STATEMENT = """
import sqlite3
sqlite3.connect(":memory:").execute(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
)
"""
_WAITING_FOR_ITS_TURN = """
from pathlib import Path
from longshore.database import FileLock
FileLock.acquire(Path(sys.argv[2]), wait_seconds=3600)
"""
_WAITING_FOR_WORK = """
from longshore.jobs import Bell
bell = Bell.without_ringer()
while True:
    bell.wait(SECONDS)
""".replace("SECONDS", str(SILENCE_SECONDS))
_WAITING_FOR_NOTHING = """
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    """Starts a process whose main thread does something, and that shows that it lives."""
    started: list[subprocess.Popen[bytes]] = []

    def start(busy: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM + busy, str(SILENCE_SECONDS), str(tmp_path / "lock")],
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize(
    "busy",
    [_COMPUTING, _IN_ONE_STATEMENT, _WAITING_FOR_ITS_TURN, _WAITING_FOR_WORK],
    ids=["computing", "one statement", "waiting for its turn", "waiting for work"],
)
def test_whoever_gets_on_shows_that_it_lives_however_long_it_takes(
    start: Callable[[str], "subprocess.Popen[bytes]"], busy: str, tmp_path: Path
) -> None:
    lock = FileLock.acquire(tmp_path / "lock", wait_seconds=0)
    assert lock is not None
    process = start(busy)
    assert process.stdout is not None
    for _ in range(ENOUGH):
        assert os.read(process.stdout.fileno(), 1) == b"."
    lock.release()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the time of a thread")
def test_whoever_waits_for_what_never_comes_falls_silent(
    start: Callable[[str], "subprocess.Popen[bytes]"],
) -> None:
    """Its signs are fewer than those of one that gets on, and then none comes any more."""
    hung, alive = start(_WAITING_FOR_NOTHING), start(_COMPUTING)
    assert hung.stdout is not None
    assert alive.stdout is not None
    for _ in range(ENOUGH):
        assert os.read(alive.stdout.fileno(), 1) == b"."
    os.set_blocking(hung.stdout.fileno(), False)
    assert len(os.read(hung.stdout.fileno(), 4096)) < ENOUGH
    for _ in range(BEATS):
        assert os.read(alive.stdout.fileno(), 1) == b"."
    with pytest.raises(BlockingIOError):
        os.read(hung.stdout.fileno(), 4096)
