"""A page of errors is found by the counts of chunks, and is what skipping them would give."""

from sqlalchemy import delete

from longshore.imports import count_errors, list_errors
from longshore.imports.tables import import_error_chunks
from tests.behaviour.imports.factory import go_to, running, stored
from tests.behaviour.imports.test_log_heads import fail


def test_pages_by_chunks_are_those_of_all_errors(database):
    import_ = running(database, inputs_size=100)
    for rows in (3, 1, 7):
        fail(database, import_, rows)
        go_to(database, import_, stored(database, import_).consumed_count + 2)
    pages = [(offset, limit) for offset in range(24) for limit in (1, 4, 25)]
    with database.read() as tx:
        told = [list_errors(tx, import_.id, offset=at, limit=size) for at, size in pages]
        assert count_errors(tx, import_.id) == 22
    with database.write() as tx:  # as after an older release
        tx.connection.execute(delete(import_error_chunks))
    with database.read() as tx:
        assert count_errors(tx, import_.id) == 22
        assert [list_errors(tx, import_.id, offset=at, limit=size) for at, size in pages] == told
    assert [len(page) for page in told[:3]] == [1, 4, 22]
    assert told[-1] == []
