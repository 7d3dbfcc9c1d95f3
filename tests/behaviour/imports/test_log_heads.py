"""The logs of an import are told without reading its errors, and say what these would."""

import pytest
from sqlalchemy import delete

from longshore.database import Database, Transaction
from longshore.imports import (
    Import,
    NewError,
    NewWarning,
    checkpoint,
    errors_log,
    grow_log_heads,
    log_errors,
    log_warnings,
    read_import,
    warnings_log,
)
from longshore.imports.tables import import_log_heads
from longshore.readers import Position
from tests.behaviour.imports.factory import running, stored
from tests.behaviour.statements import statements_of


def fail(
    database: Database, import_: Import, rows: int, *, name: str = "R{}", has_head: bool = True
) -> None:
    """Commit a chunk whose rows all failed with two errors and a warning; without a head, as an
    older release does."""
    first = stored(database, import_).consumed_count + 1
    numbers = range(first, first + rows)
    errors = [
        NewError(row, position, row + 1, name.format(row), attribute, f"is {row % 7}", None)
        for row in numbers
        for position, attribute in enumerate(("name", "code"))
    ]
    warnings = [NewWarning(row, 0, name.format(row), f"is {row % 5}") for row in numbers]
    with database.write() as tx:
        log_errors(tx, import_.id, errors)
        log_warnings(tx, import_.id, warnings)
        last = Position(numbers[-1], numbers[-1] + 1, numbers[-1])
        written = checkpoint(
            tx,
            import_.run,
            last=last,
            errors=rows,
            warnings=rows,
            created=0,
            updated=0,
            unchanged=0,
        )
        if has_head:
            grow_log_heads(tx, written, errors, warnings, failed_count=rows, warned_count=rows)


def logs(tx: Transaction, import_: Import, identifiers_max: int, bytes_max: int) -> object:
    """Both logs, with the order of all that is in them."""
    errors = errors_log(tx, import_.id, identifiers_max=identifiers_max, bytes_max=bytes_max)
    warnings = warnings_log(tx, import_.id, identifiers_max=identifiers_max, bytes_max=bytes_max)
    told = [(name, list(attributes.items())) for name, attributes in errors.items()]
    return told, list(warnings.items())


def of_findings(statements: list[str]) -> list[str]:
    """The statements that read errors or warnings themselves."""
    return [
        each
        for each in statements
        if "FROM import_errors" in each or "FROM import_warnings" in each
    ]


@pytest.mark.parametrize("chunks", [[1500, 1500], [700, 1, 299, 1000], [10]])
@pytest.mark.parametrize("name", ["R{}", "same", "", "unknown"])
def test_a_log_is_told_without_its_findings_and_says_what_they_would(
    database: Database, chunks: list[int], name: str
) -> None:
    import_ = running(database, inputs_size=5000)
    for rows in chunks:
        fail(database, import_, rows, name=name)
    limits = [(1000, 4 << 20), (999, 4 << 20), (3, 4 << 20), (1000, 5000), (1000, 1)]
    with statements_of(database) as sent, database.read() as tx:
        told = [logs(tx, import_, *each) for each in limits]
    assert of_findings(sent) == []
    with database.write() as tx:
        tx.connection.execute(delete(import_log_heads))
    with statements_of(database) as sent, database.read() as tx:
        assert [logs(tx, import_, *each) for each in limits] == told
    assert len(of_findings(sent)) == 2 * len(limits)


def test_rows_of_an_older_release_are_in_the_log(database: Database) -> None:
    import_ = running(database, inputs_size=5000)
    fail(database, import_, 5)
    fail(database, import_, 5, has_head=False)
    names = [f"R{row}" for row in range(1, 16)]
    with database.read() as tx:
        assert list(errors_log(tx, import_.id, identifiers_max=1000)) == names[:10]
    fail(database, import_, 5)
    with statements_of(database) as sent, database.read() as tx:
        assert list(errors_log(tx, import_.id, identifiers_max=1000)) == names
        assert list(warnings_log(tx, import_.id, identifiers_max=1000)) == names
    assert of_findings(sent) == []


def test_a_log_of_more_identifiers_than_its_head_is_read(database: Database) -> None:
    import_ = running(database, inputs_size=5000)
    fail(database, import_, 1500)
    with database.read() as tx:
        assert len(errors_log(tx, import_.id, identifiers_max=1400)) == 1400
        assert len(errors_log(tx, import_.id, identifiers_max=1000)) == 1000


def test_a_head_grows_no_more_once_it_is_whole(database: Database) -> None:
    import_ = running(database, inputs_size=50_000)
    fail(database, import_, 9_999, name="same")
    fail(database, import_, 2)
    with database.read() as tx:
        before = errors_log(tx, import_.id, identifiers_max=1000)
        assert list(before) == ["same", "R10000"]
    fail(database, import_, 1)
    with statements_of(database) as sent, database.read() as tx:
        assert errors_log(tx, import_.id, identifiers_max=1000) == before
        assert read_import(tx, import_.id).errors_count == 10_002
    assert of_findings(sent) == []
