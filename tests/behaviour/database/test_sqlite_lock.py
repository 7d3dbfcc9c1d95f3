"""The file lock of an embedded database belongs to whoever writes, and to nobody else."""

import os
import signal

import pytest

from longshore.database import Database
from longshore.settings import Settings
from tests.behaviour.database.processes import other_process

HOLD = """
with Database.open(folder, settings) as database:
    with database.write() as tx:
        tx.execute("INSERT INTO tags (id, created_at, updated_at) VALUES (1, 1, 1)")
        say("writing")
        hear()
    say("written")
    hear()
"""

COUNT = "SELECT count(*) FROM tags"


@pytest.fixture
def database(tmp_path):
    with Database.open(tmp_path / "data", Settings()) as database:
        yield database


def impatient(database):
    return Database.open(database.folder, Settings(lock_wait_seconds=0.05))


def test_a_stop_from_the_terminal_waits_for_the_end_of_the_transaction(database):
    # In a process group of its own: the kernel ignores a stop in a group that no shell looks after,
    # which is what the whole suite is where no terminal started it.
    with other_process(HOLD, database.folder, process_group=0) as other:
        assert other.hear() == "writing"
        os.kill(other.process.pid, signal.SIGTSTP)
        other.say("go on")
        # Stopped at last, but behind the commit: the lock is free.
        _, status = os.waitpid(other.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        with impatient(database) as waiting, waiting.write() as tx:
            assert tx.fetch(COUNT) == [(1,)]
        os.kill(other.process.pid, signal.SIGCONT)
        assert other.hear() == "written"


def test_a_lock_is_not_inherited_by_programs_that_a_writer_starts(database):
    script = """
import subprocess
with Database.open(folder, settings) as database:
    with database.write():
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    say("written")
    hear()
    child.kill()
"""
    with other_process(script, database.folder) as other, impatient(database) as waiting:
        assert other.hear() == "written"
        with waiting.write() as tx:
            assert tx.fetch(COUNT) == [(0,)]
        other.say("end")
        assert other.end() == ""
