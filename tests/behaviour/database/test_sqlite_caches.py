"""What connections keep of the file does not grow with the number of readers."""

from contextlib import ExitStack

import pytest

from longshore.database import Database
from longshore.settings import Settings

MANY = 56  # as many as a server has threads for


@pytest.fixture
def database(tmp_path):
    with Database.open(tmp_path / "data", Settings()) as database:
        yield database


def cache_kib(tx):
    ((size,),) = tx.fetch("PRAGMA cache_size")
    return -size


def test_many_readers_keep_a_megabyte_each_and_the_writer_keeps_more(database):
    with ExitStack() as transactions:
        readers = [transactions.enter_context(database.read()) for _ in range(MANY)]
        assert {cache_kib(tx) for tx in readers} == {1000}
        with database.write() as tx:
            assert cache_kib(tx) == 8000


def test_a_connection_that_has_written_keeps_no_more_than_others_when_it_reads(database):
    for _ in range(8):
        with database.write() as tx:
            tx.fetch("SELECT 1 FROM tags")
        with database.read() as tx:
            assert cache_kib(tx) == 1000
