"""What rows had wrong, one by one and as the logs of the wire contract."""

from longshore.imports import (
    LoggedError,
    NewError,
    NewWarning,
    errors_log,
    errors_of,
    interrupt_import,
    log_errors,
    log_warnings,
    warnings_log,
)
from tests.behaviour.imports.factory import pending


def log(database, import_, *errors):
    with database.write() as tx:
        log_errors(tx, import_.id, [NewError(*error) for error in errors])


def test_errors_are_read_in_the_order_of_the_rows(database):
    import_, other = pending(database), pending(database)
    log(
        database,
        import_,
        (7, 0, 9, None, "base", "is not an object", None),
        (2, 1, 3, "A", "name", "is invalid", "x\\N"),
        (2, 0, 3, "A", "code", "can't be blank", None),
    )
    log(database, other, (1, 0, 2, "B", "code", "can't be blank", None))
    with database.read() as tx:
        found = list(errors_of(tx, import_.id))
        assert [(e.row, e.line, e.attribute) for e in found] == [
            (2, 3, "code"),
            (2, 3, "name"),
            (7, 9, "base"),
        ]
        assert found[1] == LoggedError(
            row=2,
            line=3,
            identifier="A",
            attribute="name",
            message="is invalid",
            value="x\\N",
            code="invalid",
            pointer="/name",
        )
        assert [e.row for e in errors_of(tx, import_.id, after_row=2)] == [7]
        assert [e.attribute for e in errors_of(tx, import_.id, limit=1)] == ["code"]


def test_many_errors_are_read_in_pages(database):
    import_ = pending(database)
    log(
        database,
        import_,
        *((n // 3, n % 3, n, None, "base", "is invalid", None) for n in range(3, 3203)),
    )
    with database.read() as tx:
        assert [e.line for e in errors_of(tx, import_.id)] == list(range(3, 3203))
        assert [e.line for e in errors_of(tx, import_.id, limit=1500)] == list(range(3, 1503))
        assert next(e.line for e in errors_of(tx, import_.id, after_row=1000)) == 3003


def test_rows_that_share_an_identifier_are_merged_in_the_log(database):
    import_ = pending(database)
    log(
        database,
        import_,
        (1, 0, 2, "A", "name", "can't be blank", None),
        (2, 0, 3, None, "base", "is not an object", "3"),
        (3, 0, 4, "A", "name", "can't be blank", None),
        (3, 1, 4, "A", "name", "is invalid", None),
        (3, 2, 4, "A", "shipping_category", "must exist", None),
        (4, 0, 5, "", "code", "can't be blank", None),
    )
    with database.read() as tx:
        found = errors_log(tx, import_.id, identifiers_max=1000)
    assert found == {
        "A": {"name": ["can't be blank", "is invalid"], "shipping_category": ["must exist"]},
        "unknown": {"base": ["is not an object"], "code": ["can't be blank"]},
    }
    assert list(found) == ["A", "unknown"]


def test_the_log_ends_with_so_many_identifiers_and_says_all_of_those(database):
    import_ = pending(database)
    log(
        database,
        import_,
        (1, 0, 2, "A", "name", "is invalid", None),
        (2, 0, 3, "B", "name", "is invalid", None),
        (3, 0, 4, "C", "name", "is invalid", None),
        (4, 0, 5, "A", "code", "is invalid", None),
    )
    with database.read() as tx:
        assert errors_log(tx, import_.id, identifiers_max=2) == {
            "A": {"name": ["is invalid"], "code": ["is invalid"]},
            "B": {"name": ["is invalid"]},
        }


def test_the_reason_of_an_interruption_stands_in_the_log_and_counts_as_no_row(database):
    import_ = pending(database)
    log(database, import_, (1, 0, 2, None, "code", "can't be blank", None))
    with database.write() as tx:
        end = interrupt_import(tx, import_.id, reason="the attachment is gone")
    with database.read() as tx:
        assert errors_log(tx, import_.id, identifiers_max=10) == {
            "unknown": {"base": ["the attachment is gone"], "code": ["can't be blank"]}
        }
    assert end.errors_count == 0


def test_an_import_without_findings_has_empty_logs(database):
    import_ = pending(database)
    with database.read() as tx:
        assert errors_log(tx, import_.id, identifiers_max=10) == {}
        assert warnings_log(tx, import_.id, identifiers_max=10) == {}
        assert list(errors_of(tx, import_.id)) == []


def test_warnings_are_lists_of_distinct_messages_by_identifier(database):
    import_ = pending(database)
    with database.write() as tx:
        log_warnings(
            tx,
            import_.id,
            [
                NewWarning(3, 0, None, "c"),
                NewWarning(1, 1, "A", "b"),
                NewWarning(1, 0, "A", "a"),
                NewWarning(2, 0, "A", "a"),
                NewWarning(4, 0, "D", "d"),
            ],
        )
    with database.read() as tx:
        assert warnings_log(tx, import_.id, identifiers_max=2) == {
            "A": ["a", "b"],
            "unknown": ["c"],
        }
