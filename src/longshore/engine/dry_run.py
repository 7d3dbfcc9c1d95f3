"""A dry run: rows are loaded and applied as in an import, and nothing is written.

What the rows would have made of the records is kept in a temporary database of its own, chunk
after chunk; later chunks look there before they look at the stored records. So a dry run is right
beyond its first chunk, whatever the size of the source.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from longshore.database import Database, NewIds, Transaction
from longshore.engine.chunk.collector import resting_collector
from longshore.engine.chunk.loader import DatabaseSource
from longshore.engine.chunk.log_rows import error_rows
from longshore.engine.chunk.overview import Overview
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor, ProcessedChunk, Tally
from longshore.engine.chunk.sizes import ChunkSizes, Pace, cut
from longshore.engine.import_runner import chunk_limits
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.outcomes import ChunkResult
from longshore.identifiers import first_id
from longshore.imports import LoggedError, RowOutcome, expected_by
from longshore.notices import Notice
from longshore.readers import Rows
from longshore.settings import Settings

# Records that a dry run creates are numbered from here, far beyond those that others create
# meanwhile: a sequence of 40 bits has room for both.
_SEQUENCE_START = 1 << 39


@dataclass(slots=True, kw_only=True)
class DryRun:
    """What an import would do."""

    inputs_size: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    warned: int = 0  # rows with warnings
    interrupted: bool = False  # too many rows fail: the import would stop here
    errors: list[LoggedError] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()  # that have no effect
    notices: tuple[Notice, ...] = ()  # of its source, and of the whole of its rows

    first_amounts: tuple[Mapping[str, Any], ...] = ()  # as money

    @property
    def consumed(self) -> int:
        """Rows gone through so far."""
        return self.created + self.updated + self.unchanged + self.failed


def run_dry(
    database: Database,
    settings: Settings,
    prepared: Prepared,
    *,
    batches: Iterator[Rows],
    inputs_size: int,
    skip_errors: bool,
    on_progress: Callable[[DryRun], None] = lambda _dry_run: None,
    all_odd: bool = False,
) -> DryRun:
    """Go through all rows, and tell what an import of them would do."""
    plan = prepared.plan
    dry_run = DryRun(inputs_size=inputs_size, ignored_columns=prepared.ignored_columns)
    tally = Tally(inputs_size=inputs_size, skip_errors=skip_errors, errors=0)
    sizes = ChunkSizes.of(settings, is_embedded=database.is_embedded)
    pace = Pace()
    numbers = count(_SEQUENCE_START + 1)
    overview = Overview(prepared)
    with _Picture(plan) as picture, resting_collector() as collector:
        processor = ChunkProcessor(
            plan,
            limits=chunk_limits(settings),
            sources={name: picture.source(table) for name, table in plan.tables.items()},
            all_odd=all_odd,
        )
        for chunk_rows in cut(batches, sizes):
            rows = chunk_rows
            candidates = prepared.convert(rows.values)
            while rows:
                tally.amounts_wanted = overview.amounts_wanted
                offered = pace.offer(len(rows))
                with database.read() as tx:
                    chunk = processor.process(
                        tx,
                        candidates.slice(0, offered),
                        first_row=rows.first,
                        ids=NewIds(
                            first_id(plan.environment),
                            lambda wanted: [next(numbers) for _ in range(wanted)],
                        ),
                        tally=tally,
                        on_point=_ignore,
                    )
                picture.take_over(chunk)
                collector.after_chunk()
                _count(dry_run, prepared, rows, chunk.result, database.public_ids.encode)
                overview.take(overview.of_chunk(rows, candidates, chunk.result))
                dry_run.notices = overview.notices
                dry_run.first_amounts = overview.first_amounts
                on_progress(dry_run)
                if dry_run.interrupted:
                    return dry_run
                consumed = chunk.result.consumed
                pace.note(offered=offered, consumed=consumed)
                rows = rows.slice(consumed, len(rows))
                candidates = candidates.slice(consumed, len(candidates))
    return dry_run


def _ignore(_point: str) -> None:
    return None


def _count(
    dry_run: DryRun,
    prepared: Prepared,
    rows: Rows,
    result: ChunkResult,
    encode: Callable[[int], str],
) -> None:
    dry_run.created += result.counts[RowOutcome.CREATED]
    dry_run.updated += result.counts[RowOutcome.UPDATED]
    dry_run.unchanged += result.counts[RowOutcome.UNCHANGED]
    dry_run.failed += result.counts[RowOutcome.FAILED]
    dry_run.warned += len(result.warnings)
    dry_run.interrupted = result.is_over_threshold
    resource_type = prepared.plan.root.resource_type.name
    dry_run.errors += (
        LoggedError(
            row=error.row_number,
            line=error.line,
            identifier=error.identifier,
            attribute=error.attribute,
            message=error.message,
            value=error.value,
            expected=expected_by(resource_type, error.attribute, error.message),
        )
        for error in error_rows(rows, result, prepared.identify, encode)
    )


class _Picture:
    """The records as the rows so far would have left them, those that they touched."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._statements: dict[str, str] = {}  # table -> takes over a record
        self._folder = tempfile.TemporaryDirectory(prefix="longshore-")
        self._database = sqlite3.connect(
            Path(self._folder.name) / "picture.db", isolation_level=None
        )
        # Nobody will miss it after a crash.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        for table in plan.tables.values():
            if table.is_written:
                self._create(table)

    def __enter__(self) -> "_Picture":
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def source(self, table: TablePlan) -> "DatabaseSource | _PictureSource":
        """Where a loader reads the records of a table."""
        stored = DatabaseSource(table)
        return _PictureSource(self._database, table, stored) if table.is_written else stored

    def take_over(self, chunk: ProcessedChunk) -> None:
        """Add what a chunk has made."""
        self._database.execute("BEGIN")
        for record in (*chunk.applier.created, *chunk.applier.dirty):
            self._take(record.table.plan.name, [(record.id, _listed(record.tags), *record.values)])
        flat = chunk.flat
        if flat is not None:
            tags = {id: _listed(of) for id, of in flat.created_tags}
            listed = [tags.get(id, "[]") for id in flat.ids]
            self._take(flat.table.name, zip(flat.ids, listed, *flat.created, strict=True))
            for each in flat.elements:
                untagged = ["[]"] * len(each.ids)
                self._take(each.table.name, zip(each.ids, untagged, *each.values, strict=True))
            for group in flat.changed:
                of_group: Sequence[str | None] = [None] * len(group.ids)
                if group.tags is not None:
                    of_group = [_listed(after) for _, after in group.tags]
                self._take(flat.table.name, zip(group.ids, of_group, *group.after, strict=True))
        self._database.execute("COMMIT")

    def _take(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take over records: id, tags (null: those that are there), values."""
        self._database.executemany(self._statements[table], rows)

    def _create(self, table: TablePlan) -> None:
        columns = "".join(f', "{column}"' for column in table.columns)
        self._database.execute(
            f'CREATE TABLE "{table.name}" (id INTEGER PRIMARY KEY, " tags"{columns})'
        )
        assigned = "".join(f', "{column}" = excluded."{column}"' for column in table.columns)
        places = ", ".join("?" * (len(table.columns) + 2))
        # A chunk that did not look at a record's tags leaves those that are pictured.
        self._statements[table.name] = (
            f'INSERT INTO "{table.name}" VALUES ({places}) ON CONFLICT (id) DO UPDATE'
            f' SET " tags" = coalesce(excluded." tags", " tags"){assigned}'
        )
        for column in {*(key.column for key in table.keys), *table.parent_columns}:
            name = table.columns[column]
            self._database.execute(
                f'CREATE INDEX "{table.name} {name}" ON "{table.name}" ("{name}")'
            )


def _listed(tags: Sequence[int] | None) -> str | None:
    return None if tags is None else json.dumps(tags)


class _PictureSource:
    """Records of one table: the picture's where it has them, else the stored ones."""

    def __init__(
        self, database: sqlite3.Connection, table: TablePlan, stored: DatabaseSource
    ) -> None:
        self._database = database
        self._table = table
        self._stored = stored
        columns = "".join(f', "{column}"' for column in table.columns)
        self._select = f'SELECT id{columns} FROM "{table.name}" WHERE '

    def by_id(self, tx: Transaction, ids: Collection[int]) -> list[tuple[Any, ...]]:
        pictured = {row[0]: row for row in self._where("id", ids)}
        rest = [id for id in ids if id not in pictured]
        return sorted([*pictured.values(), *self._stored.by_id(tx, rest)], key=lambda row: row[0])

    def by(self, tx: Transaction, column: str, values: Collection[Any]) -> list[tuple[Any, ...]]:
        stored = self._stored.by(tx, column, values)
        # A stored record that the picture has may hold other values there.
        touched = {row[0] for row in self._where("id", [row[0] for row in stored])}
        kept = [row for row in stored if row[0] not in touched]
        return sorted([*kept, *self._where(column, values)], key=lambda row: row[0])

    def tags(self, tx: Transaction, records: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        found = dict(self._stored.tags(tx, records))
        for id, tags in self._database.execute(
            f'SELECT id, " tags" FROM "{self._table.name}" WHERE " tags" IS NOT NULL'
            " AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(records)),),
        ):
            found[id] = tuple(json.loads(tags))
        return found

    def _where(self, column: str, values: Collection[Any]) -> list[tuple[Any, ...]]:
        return self._database.execute(
            f'{self._select}"{column}" IN (SELECT value FROM json_each(?))',
            (json.dumps(list(values), ensure_ascii=False),),
        ).fetchall()
