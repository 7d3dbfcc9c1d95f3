"""The write-ahead log of SQLite does not grow without bound."""

import pytest

from longshore.database import Database
from longshore.settings import Settings

MIB = 1024 * 1024


@pytest.fixture
def database(tmp_path):
    with Database.open(tmp_path / "data", Settings()) as database:
        yield database


def log_bytes(database):
    return (database.folder / "longshore.db-wal").stat().st_size


def write_mib(database, mib):
    with database.write() as tx:
        tx.execute(
            "INSERT INTO tags (id, created_at, updated_at, name)"
            " SELECT coalesce(max(id), 0) + 1, 1, 1, zeroblob(?) FROM tags",
            (mib * MIB,),
        )


def test_the_log_is_folded_into_the_database_while_others_may_write(database):
    for _ in range(45):
        write_mib(database, 1)
    assert log_bytes(database) < 25 * MIB


def test_a_log_that_readers_kept_from_starting_anew_starts_anew_when_they_are_gone(database):
    with database.read() as tx:
        tx.fetch("SELECT 1 FROM tags")
        for _ in range(4):
            write_mib(database, 15)
        assert log_bytes(database) > 60 * MIB
    write_mib(database, 5)
    assert log_bytes(database) == 0


def test_who_adds_little_does_not_move_what_others_have_added(database):
    file = database.folder / "longshore.db"
    before = file.stat().st_size
    for _ in range(29):
        write_mib(database, 1)
    with Database.open(database.folder, Settings()) as other:
        write_mib(other, 5)
        assert file.stat().st_size == before
        assert log_bytes(database) > 34 * MIB
    for _ in range(3):
        write_mib(database, 1)
    assert file.stat().st_size > 34 * MIB
    write_mib(database, 1)
    assert log_bytes(database) < 4 * MIB


def test_closing_leaves_no_log(database):
    write_mib(database, 1)
    database.close()
    assert not (database.folder / "longshore.db-wal").exists()
