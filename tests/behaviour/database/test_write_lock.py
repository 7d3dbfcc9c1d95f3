"""One writer at a time, in any number of processes, and nobody waits for the dead."""

import os
import signal
import threading

import pytest

from longshore.database import Database, DatabaseBusy
from longshore.settings import Settings
from tests.behaviour.database.processes import other_process

HOLD = """
with Database.open(folder, Settings()) as database:
    with database.write() as tx:
        tx.execute("INSERT INTO tags (id, created_at, updated_at) VALUES (1, 1, 1)")
        say("writing")
        hear()
    say("written")
    hear()
"""

WRITE_ON_AND_ON = """
with Database.open(folder, Settings()) as database:
    say("started")
    while True:
        with database.write() as tx:
            tx.write_sequence(tx.read_sequence() + 1)
            sum(range(500_000))  # some milliseconds of work under the lock, none without
"""

COUNT = "SELECT count(*) FROM tags"


def impatient(database):
    return Database.open(database.folder, Settings(lock_wait_seconds=0.05))


def sequence(database):
    with database.read() as tx:
        return tx.read_sequence()


def test_who_waits_for_a_writer_too_long_is_told_that_the_database_is_busy(database):
    with other_process(HOLD, database.folder) as other, impatient(database) as waiting:
        assert other.hear() == "writing"
        with pytest.raises(DatabaseBusy, match=r"busy.*0\.05 seconds"), waiting.write():
            pass
        with waiting.read() as tx:
            assert tx.fetch(COUNT) == [(0,)]
        other.say("go on")
        assert other.hear() == "written"
        with waiting.write() as tx:
            assert tx.fetch(COUNT) == [(1,)]


def test_a_killed_writer_leaves_neither_lock_nor_rows(database):
    with other_process(HOLD, database.folder) as other, impatient(database) as waiting:
        assert other.hear() == "writing"
        other.process.kill()
        other.process.wait()
        with waiting.write() as tx:
            assert tx.fetch(COUNT) == [(0,)]


def test_threads_of_one_process_write_one_after_another(database):
    def count_up():
        for _ in range(25):
            with database.write() as tx:
                tx.write_sequence(tx.read_sequence() + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as tx:
        assert tx.read_sequence() == 100


def test_a_small_writer_is_not_starved_by_one_that_writes_on_and_on(database):
    """The other one asks for the lock again within microseconds of giving it back. A lottery
    would let it win again and again; a queue lets the small writer in after the transaction that
    is under way, and one more that was asked for before."""
    overtaken = []
    with other_process(WRITE_ON_AND_ON, database.folder) as other:
        assert other.hear() == "started"
        last = sequence(database)
        for _ in range(31):
            while (before := sequence(database)) == last:
                pass  # until the other one writes again
            with database.write() as tx:
                last = tx.read_sequence()
                overtaken.append(last - before)
    assert sum(overtaken) <= 2 * len(overtaken), str(overtaken)


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
with Database.open(folder, Settings()) as database:
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
