"""What is in an installation, in a form in which two of them can be compared.

Masked is what must differ between two runs: times, who runs an import and how often it was claimed,
the names of attachments, and where a chunk ended, of which `creations`, the ledger and the counts
of errors have a row each. In an embedded database ids are not masked: they are given in the
transaction that uses them, so what is rolled back gives its own back. On PostgreSQL nobody gives
back the numbers that a dead process had, so there the first id stands for the first, the second for
the second, wherever they are named.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import Connection

from longshore.assembly import Longshore
from longshore.imports import RowOutcome, count_ledger
from longshore.imports.ledger_columns import unpack, unpack_numbers
from longshore.imports.tables import import_ledger, import_origins
from longshore.settings import Settings

State = Mapping[str, Sequence[tuple[object, ...]]]  # table -> rows in a fixed order
_Mask = Callable[[object], object]

_MASKED = frozenset(
    {
        "created_at",
        "updated_at",
        "at",
        "started_at",
        "ended_at",
        "completed_at",
        "interrupted_at",
        "oldest_at",
        "newest_at",
    }
)
_OF_RUNNERS = frozenset({"attachment_name", "fence", "heartbeat_at", "runner"})
# Numbers of their own, which no other table names but the outbox, in the order of the events.
_COUNTED = frozenset({"entries", "events", "outbox"})
# Compared otherwise, or not at all: in `processes` the dead ones are remembered.
_APART = frozenset(
    {
        "creations",
        "import_error_chunks",
        "import_ledger",
        "import_origins",
        "processes",
        "table_changes",  # counts transactions, of which a run that was killed has others
    }
)
_ID_MIN = 1 << 40  # environment 1 begins there
_LONG_NUMBER = re.compile(r"\d{13,}")


def end_state(settings: Settings) -> State:
    """All that an installation holds, of every table."""
    is_embedded = not settings.database_url
    with _connected(settings) as connection:
        if is_embedded:
            assert _fetch(connection, "PRAGMA integrity_check") == [("ok",)]
            assert _fetch(connection, "PRAGMA foreign_key_check") == []
        columns = _columns(connection)
        mask = _nothing_masked if is_embedded else _ids_as_ranks(connection, columns)
        state: dict[str, Sequence[tuple[object, ...]]] = {}
        for table, names in columns.items():
            if table == "record_zones" and not is_embedded:
                continue  # ids that nobody gives back move records into other zones
            with_id = is_embedded or table not in _COUNTED
            state[table] = _masked(mask, _rows(connection, table, names, with_id=with_id))
        state["creations"] = _masked(mask, _created(connection))
        state["import_error_chunks"] = _masked(mask, _counted_errors(connection))
        state["import_ledger"] = _masked(mask, _ledger(connection))
        state["import_origins"] = _masked(mask, _origins(connection))
        state["attachments"] = _attachments(connection, settings.data / "attachments")
        if not is_embedded:
            state["jobs"] = _masked(mask, _jobs(connection))
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
            " created_count, updated_count, inputs_size, status, kind FROM imports"
        )
        for id, type_, row, processed, failed, created, updated, size, status, kind in accounts:
            assert processed + failed == row <= size
            assert (status == "completed") == (row == size)
            outcomes = count_ledger(tx, id)
            assert sum(outcomes.values()) == row
            assert outcomes[RowOutcome.CREATED] == created
            assert outcomes[RowOutcome.UPDATED] == updated
            assert outcomes[RowOutcome.FAILED] == failed
            logged = "SELECT count(DISTINCT row_number), max(row_number) FROM import_errors"
            ((rows_with_errors, last),) = tx.fetch(f"{logged} WHERE import_id = ?", (id,))
            assert rows_with_errors == failed
            assert (last or 0) <= row
            if kind == "plan":
                created = updated = 0  # it says what would be, and makes nothing
            made = f'SELECT count(*) FROM "{type_}" WHERE creator_id = ?'
            assert tx.fetch(made, (id,)) == [(created,)]
            changed = "SELECT count(DISTINCT row_number), max(row_number) FROM entries"
            ((rows_with_entries, last),) = tx.fetch(f"{changed} WHERE import_id = ?", (id,))
            assert rows_with_entries >= updated
            assert (last or 0) <= row


@contextmanager
def _connected(settings: Settings) -> Iterator[Connection]:
    """A plain connection, which neither refuses nor changes what it finds."""
    url = settings.database_url
    if url:
        # The driver reads the address, as it does for longshore.
        engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    else:
        engine = sa.create_engine(f"sqlite:///{settings.data / 'longshore.db'}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _fetch(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(sql)]


def _columns(connection: Connection) -> dict[str, list[str]]:
    """The columns of all tables that are compared row by row, none of which is the job engine's."""
    inspector = sa.inspect(connection)
    return {
        table: [column["name"] for column in inspector.get_columns(table)]
        for table in inspector.get_table_names()
        if table not in _APART and not table.startswith("procrastinate_")
    }


def _rows(
    connection: Connection, table: str, columns: Sequence[str], *, with_id: bool
) -> list[Any]:
    # Whether a time is there is compared, which one is not.
    shown = [
        f'"{name}" IS NULL' if name in _MASKED else f'"{name}"'
        for name in columns
        if name not in _OF_RUNNERS and (with_id or name not in ("id", "event_id"))
    ]
    first = '"id"' if "id" in columns else ", ".join(f'"{name}"' for name in columns)
    return _fetch(connection, f'SELECT {", ".join(shown)} FROM "{table}" ORDER BY {first}')


def _counted_errors(connection: Connection) -> list[tuple[object, ...]]:
    """How many rows of each import failed with how many errors, as its chunks have counted."""
    # As text, because sums are integers in one database and decimals in the other.
    return _fetch(
        connection,
        "SELECT import_id, CAST(sum(failed_count) AS TEXT), CAST(sum(errors_count) AS TEXT)"
        " FROM import_error_chunks GROUP BY import_id ORDER BY import_id",
    )


def _created(connection: Connection) -> list[tuple[object, ...]]:
    """Which records the journal says each import has created, and that they say so as well."""
    created: list[tuple[object, ...]] = []
    ranges = _fetch(
        connection,
        "SELECT import_id, table_name, first_id, last_id FROM creations"
        " ORDER BY import_id, table_name, first_id",
    )
    for import_id, table, first, last in ranges:
        query = f'SELECT id, creator_id FROM "{table}" WHERE id BETWEEN {first} AND {last}'
        for id, creator in _fetch(connection, f"{query} ORDER BY id"):
            assert creator == import_id
            created.append((import_id, table, id))
    return created


def _ledger(connection: Connection) -> list[tuple[object, ...]]:
    """What became of each row of each import, and then what rows have created besides."""
    found: list[tuple[object, ...]] = []
    further: list[tuple[object, ...]] = []
    entries = sa.select(import_ledger).order_by(
        import_ledger.c.import_id, import_ledger.c.first_row
    )
    for import_id, first, *counts, _, packed in connection.execute(entries):
        columns = unpack(packed, sum(counts))
        assert tuple(counts) == tuple(map(columns.outcomes.count, RowOutcome))
        rows = zip(columns.outcomes, columns.records, columns.lines, strict=True)
        found += [(import_id, first + index, *row) for index, row in enumerate(rows)]
        further += [(import_id, first + index, *made) for index, *made in columns.further]
    return found + further


def _origins(connection: Connection) -> list[tuple[object, ...]]:
    """Which row of the first source each row of each retry is, and on which line. What two
    processes deflate of the same numbers may differ in its bytes."""
    found: list[tuple[object, ...]] = []
    pages = sa.select(import_origins).order_by(
        import_origins.c.import_id, import_origins.c.first_row
    )
    for import_id, first, count, first_origin, packed in connection.execute(pages):
        numbers, lines = unpack_numbers(packed, count, 2)
        assert numbers[0] == first_origin
        rows = zip(numbers, lines, strict=True)
        found += [(import_id, first + index, *row) for index, row in enumerate(rows)]
    return found


def _attachments(connection: Connection, folder: Path) -> list[tuple[object, ...]]:
    """The source of each import, whole."""
    return [
        (reference, hashlib.sha256(gzip.decompress((folder / name).read_bytes())).hexdigest())
        for reference, name in _fetch(
            connection, "SELECT reference, attachment_name FROM imports ORDER BY id"
        )
    ]


def _jobs(connection: Connection) -> list[tuple[object, ...]]:
    """Which imports a worker would be woken for."""
    return _fetch(
        connection,
        "SELECT (args->>'import_id')::bigint, queueing_lock, status::text"
        " FROM procrastinate_jobs ORDER BY 1, id",
    )


def _masked(mask: _Mask, rows: Sequence[Sequence[object]]) -> list[tuple[object, ...]]:
    return [tuple(map(mask, row)) for row in rows]


def _nothing_masked(value: object) -> object:
    return value


def _ids_as_ranks(connection: Connection, columns: Mapping[str, Sequence[str]]) -> _Mask:
    """Shows each id of a row that is there as its place among them, in numbers and in texts."""
    # A run has the id of what is run.
    identified = [table for table in columns if "id" in columns[table] and table != "runs"]
    query = " UNION ALL ".join(f'SELECT id FROM "{table}"' for table in identified)
    ids = sorted(id for (id,) in _fetch(connection, query) if id >= _ID_MIN)
    ranks = {id: f"#{rank}" for rank, id in enumerate(ids)}
    assert len(ranks) == len(ids), "an id was given twice"

    def masked(value: object) -> object:
        if isinstance(value, int):
            return ranks.get(value, value)
        if isinstance(value, str):
            return _LONG_NUMBER.sub(lambda found: ranks.get(int(found[0]), found[0]), value)
        return value

    return masked
