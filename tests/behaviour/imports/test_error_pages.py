"""A page of errors is found by the counts of chunks, and is what skipping them would give."""

from sqlalchemy import delete

from longshore.imports import count_errors, errors_log, list_errors
from longshore.imports.tables import import_error_chunks
from tests.behaviour.imports.factory import go_to, running, stored
from tests.behaviour.imports.test_log_heads import fail
from tests.behaviour.steps import counting


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


def test_looks_at_an_import_take_the_same_however_many_rows_failed(database):
    """The first identifiers and the last page of the errors; 2,000 errors a chunk."""
    found = []
    import_ = running(database, inputs_size=100_000)
    for chunks in (11, 11):
        for _ in range(chunks):
            fail(database, import_, 1_000)
        with database.read() as tx:
            total = count_errors(tx, import_.id)
            with counting(database, tx) as steps:
                count_errors(tx, import_.id)
                assert len(list_errors(tx, import_.id, offset=total - 25, limit=25)) == 25
                errors_log(tx, import_.id, identifiers_max=1_000)
        found.append(steps.count)
    few, many = found
    assert many < few * 1.3, found
