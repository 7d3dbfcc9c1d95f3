"""What is in a data folder, in a form in which two of them can be compared.

Masked is what must differ between two runs: times, how often an import was claimed, the names of
attachments, and where a chunk ended, of which `creations` has a row each. Ids are not masked: they
are given in the transaction that uses them, so what is rolled back gives its own back.
"""

import gzip
import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from longshore.assembly import Longshore

State = Mapping[str, Sequence[tuple[object, ...]]]  # table -> rows in a fixed order

_MASKED = frozenset({"created_at", "updated_at", "at", "started_at", "completed_at"})
_OF_RUNNERS = frozenset({"attachment_name", "fence", "heartbeat_at"})


def end_state(data: Path) -> State:
    """All that the data folder holds, of every table."""
    with closing(sqlite3.connect(data / "longshore.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        state: dict[str, Sequence[tuple[object, ...]]] = {
            table: _rows(connection, table) for table in tables if table != "creations"
        }
        state["creations"] = _created(connection)
        state["attachments"] = _attachments(connection, data / "attachments")
    return state


def assert_same(found: State, expected: State) -> None:
    """Two states are one; names the first difference, for all of them are too much to read."""
    assert found.keys() == expected.keys()
    for table, rows in expected.items():
        for ours, theirs in zip(found[table], rows, strict=False):
            assert ours == theirs, f"a row of {table} differs"
        assert len(found[table]) == len(rows), f"{table} has more or fewer rows"


def assert_accounts_agree(longshore: Longshore) -> None:
    """What must hold at every moment at which somebody looks, so also after each death."""
    with longshore.database.read() as tx:
        accounts = tx.fetch(
            "SELECT id, resource_type, coalesce(checkpoint_row, 0), processed_count, errors_count,"
            " created_count, updated_count, inputs_size, status FROM imports"
        )
        for id, type_, row, processed, failed, created, updated, size, status in accounts:
            assert processed + failed == row <= size
            assert (status == "completed") == (row == size)
            logged = "SELECT count(DISTINCT row_number), max(row_number) FROM import_errors"
            ((rows_with_errors, last),) = tx.fetch(f"{logged} WHERE import_id = ?", (id,))
            assert rows_with_errors == failed
            assert (last or 0) <= row
            made = f'SELECT count(*) FROM "{type_}" WHERE creator_id = ?'
            assert tx.fetch(made, (id,)) == [(created,)]
            changed = "SELECT count(DISTINCT row_number), max(row_number) FROM entries"
            ((rows_with_entries, last),) = tx.fetch(f"{changed} WHERE import_id = ?", (id,))
            assert rows_with_entries >= updated
            assert (last or 0) <= row


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [name for _, name, *_ in connection.execute(f'PRAGMA table_info("{table}")')]
    # Whether a time is there is compared, which one is not.
    shown = [
        f'"{name}" IS NULL' if name in _MASKED else f'"{name}"'
        for name in columns
        if name not in _OF_RUNNERS
    ]
    first = '"id"' if "id" in columns else ", ".join(f'"{name}"' for name in columns)
    query = f'SELECT {", ".join(shown)} FROM "{table}" ORDER BY {first}'
    return connection.execute(query).fetchall()


def _created(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Which records the journal says each import has created, and that they say so as well."""
    created: list[tuple[object, ...]] = []
    ranges = connection.execute(
        "SELECT import_id, table_name, first_id, last_id FROM creations"
        " ORDER BY import_id, table_name, first_id"
    ).fetchall()
    for import_id, table, first, last in ranges:
        for id, creator in connection.execute(
            f'SELECT id, creator_id FROM "{table}" WHERE id BETWEEN ? AND ?', (first, last)
        ):
            assert creator == import_id
            created.append((import_id, table, id))
    return created


def _attachments(connection: sqlite3.Connection, folder: Path) -> list[tuple[object, ...]]:
    """The source of each import, whole."""
    return [
        (reference, hashlib.sha256(gzip.decompress((folder / name).read_bytes())).hexdigest())
        for reference, name in connection.execute(
            "SELECT reference, attachment_name FROM imports ORDER BY id"
        )
    ]
