"""What connections keep of the file does not grow with the number of readers."""

import os
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


def test_many_readers_keep_a_megabyte_each_and_the_writer_keeps_what_is_set(database):
    with ExitStack() as transactions:
        readers = [transactions.enter_context(database.read()) for _ in range(MANY)]
        assert {cache_kib(tx) for tx in readers} == {1000}
        with database.write() as tx:
            assert cache_kib(tx) == 64 * 1024


def test_the_writer_keeps_its_pages_from_one_transaction_to_the_next(database):
    connections = set()
    for _ in range(8):
        with database.write() as tx:
            connections.add(tx.connection.connection.driver_connection)
            with database.read() as reading:
                assert cache_kib(reading) == 1000
    assert len(connections) == 1


@pytest.mark.parametrize(
    ("page_cache_bytes", "kib"), [(1024**2, 1024), (1024**4, None)], ids=["little", "too much"]
)
def test_the_writer_keeps_at_most_a_quarter_of_the_memory(tmp_path, page_cache_bytes, kib):
    quarter = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4 // 1024
    settings = Settings(page_cache_bytes=page_cache_bytes)
    with Database.open(tmp_path / "data", settings) as database, database.write() as tx:
        assert cache_kib(tx) == (kib or quarter)
