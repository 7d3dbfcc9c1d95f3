"""Of those who name no locks one writes at a time, and nobody waits for the dead."""

import threading
from dataclasses import replace

import pytest

from longshore.database import Database, DatabaseBusy
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

WRITE_ON_AND_ON = """
with Database.open(folder, settings) as database:
    say("started")
    while True:
        with database.write() as tx:
            ((value,),) = tx.fetch("SELECT value FROM sequences")
            tx.execute("UPDATE sequences SET value = ?", (value + 1,))
            sum(range(500_000))  # some milliseconds of work under the lock, none without
"""

COUNT = "SELECT count(*) FROM tags"


def impatient(settings):
    return Database.open(settings.data, replace(settings, lock_wait_seconds=0.05))


def counted(database):
    with database.read() as tx:
        return value(tx)


def count_one(tx):
    tx.execute("UPDATE sequences SET value = ?", (value(tx) + 1,))


def value(tx):
    ((value,),) = tx.fetch("SELECT value FROM sequences")
    return value


def test_who_waits_for_a_writer_too_long_is_told_that_the_database_is_busy(settings):
    with other_process(HOLD, settings) as other, impatient(settings) as waiting:
        assert other.hear() == "writing"
        with pytest.raises(DatabaseBusy, match=r"busy.*0\.05 seconds"), waiting.write():
            pass
        with waiting.read() as tx:
            assert tx.fetch(COUNT) == [(0,)]
        other.say("go on")
        assert other.hear() == "written"
        with waiting.write() as tx:
            assert tx.fetch(COUNT) == [(1,)]


def test_a_killed_writer_leaves_neither_lock_nor_rows(database, settings):
    with other_process(HOLD, settings) as other:
        assert other.hear() == "writing"
        other.process.kill()
        other.process.wait()
        with database.write() as tx:
            assert tx.fetch(COUNT) == [(0,)]


def test_threads_of_one_process_write_one_after_another(database):
    def count_up():
        for _ in range(25):
            with database.write() as tx:
                count_one(tx)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(database) == 100


def test_a_small_writer_is_not_starved_by_one_that_writes_on_and_on(database, settings):
    """The other one asks for the lock again within microseconds of giving it back. A lottery
    would let it win again and again; a queue lets the small writer in after the transaction that
    is under way, and one more that was asked for before."""
    overtaken = []
    with other_process(WRITE_ON_AND_ON, settings) as other:
        assert other.hear() == "started"
        last = counted(database)
        for _ in range(31):
            while (before := counted(database)) == last:
                pass  # until the other one writes again
            with database.write() as tx:
                last = value(tx)
                overtaken.append(last - before)
    assert sum(overtaken) <= 2 * len(overtaken), str(overtaken)
