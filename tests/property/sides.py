"""The two sides of the comparison, driven alike: the naive model, and longshore itself.

Both take an `ImportCall`, put their own ids in the place of its `Ref`s, and give an `Outcome` in
which records are named by table and place.
"""

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from longshore.access import Environment, ensure_environment
from longshore.catalogue import load_catalogue
from longshore.database import Database, Transaction
from longshore.engine import (
    DryRun,
    DryRunSource,
    ImportRunner,
    Plan,
    Prepared,
    RangeJudged,
    field_test,
    judge,
    nested_paths,
    prepare,
    record_tables_of,
    run_dry,
)
from longshore.engine.pins.range_reads import RangeReads
from longshore.identifiers import environment_of
from longshore.imports import (
    Import,
    LoggedError,
    NewImport,
    StoppedBy,
    create_import,
    errors_of,
    read_import,
)
from longshore.journal import entries_of_import
from longshore.notices import Notice, NoticeCode
from longshore.readers import Format, Position, Rows, Survey, read_rows, survey
from longshore.records import record_tables
from longshore.settings import Settings
from tests.claiming import claim_import
from tests.postgresql import PostgresDatabases
from tests.property.model import CsvRow, Model, Report, identifier_of
from tests.property.range_writer import RangeWriter
from tests.property.seeds import SEEDS, SEEDS_ELSEWHERE
from tests.property.snapshot import (
    Contents,
    model_contents,
    model_naming,
    stored_contents,
    stored_naming,
)
from tests.property.strategies import Elsewhere, ImportCall, Ref
from tests.property.telling import Told, ToldWhole, created_ids, told_of_dry_run, told_of_import
from tests.rewinding import RewoundDatabases

NOWHERE = "nowhere"


ErrorTuple = tuple[int, str, str, str]  # row, identifier, attribute, message


@dataclass(frozen=True, slots=True)
class DryOutcome:
    """What a dry run tells, which an import tells too."""

    status: str
    stopped_by: tuple[str, int] | None  # the rule, the row that reached it
    counts: dict[str, int]  # created, updated, unchanged, skipped, failed
    errors: list[ErrorTuple]
    repeats: tuple[int, list[tuple[int, int]]]  # rows for a record of an earlier row, first pairs


@dataclass(frozen=True, slots=True)
class Outcome(DryOutcome):
    """All that an import tells, comparable between the sides."""

    warnings: list[tuple[int, str]]  # row, identifier
    entries: list[str]  # row, record and changes, as JSON
    created: list[tuple[str, int]]  # the records of any type

    @property
    def dry(self) -> DryOutcome:
        """The part that a dry run tells."""
        return DryOutcome(self.status, self.stopped_by, self.counts, self.errors, self.repeats)


def told(call: ImportCall, row_number: int, identifier: str | None) -> str:
    """A row's identifier; one that is an id differs between the sides and is only that."""
    row = call.rows[row_number - 1]
    is_id = isinstance(row, dict) and isinstance(row.get("id"), Ref | Elsewhere)
    if is_id and identifier_of(row) == "unknown":
        return "an id"
    return identifier or "unknown"


def with_ids(value: object, id_of: Callable[[Ref | Elsewhere], str]) -> Any:
    """The value with an id of one side in the place of each reference."""
    match value:
        case Ref() | Elsewhere():
            return id_of(value)
        case dict():
            return {name: with_ids(member, id_of) for name, member in value.items()}
        case list():
            return [with_ids(member, id_of) for member in value]
        case CsvRow():
            return replace(value, cells=tuple(with_ids(cell, id_of) for cell in value.cells))
    return value


class ModelSide:
    """The model, with what the seeds have left."""

    def __init__(self) -> None:
        self.model = Model(load_catalogue())
        for seed in SEEDS:
            outcome = self.run(seed)
            assert not outcome.errors, f"the seeds are valid: {outcome.errors}"

    def run(self, call: ImportCall) -> Outcome:
        parent = None if call.parent is None else self._id_of(call.parent)
        rows = [with_ids(row, self._id_of) for row in call.rows]
        report = self.model.run(
            call.resource_type,
            rows,
            parent_id=parent,
            skip_errors=call.skip_errors,
            stop_rules=call.stop_rules,
            only=call.only,
        )
        return self._outcome(call, report)

    def contents(self) -> Contents:
        return model_contents(self.model)

    def _id_of(self, reference: Ref | Elsewhere) -> str:
        if isinstance(reference, Elsewhere):
            return NOWHERE
        state = self.model.state
        found = [
            record_id
            for record_id, record in state.records.items()
            if state.is_of(record, reference.resource_type)
        ]
        return str(found[reference.index]) if reference.index < len(found) else NOWHERE

    def _outcome(self, call: ImportCall, report: Report) -> Outcome:
        naming = model_naming(self.model)
        return Outcome(
            report.status,
            report.stopped_by,
            {
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "skipped": report.skipped,
                "failed": report.errors_count,
            },
            sorted(
                (each.row, told(call, each.row, each.identifier), each.attribute, each.message)
                for each in report.failures
            ),
            (len(report.repeats), report.repeats[:10]),
            sorted((each.row, told(call, each.row, each.identifier)) for each in report.warnings),
            sorted(naming.entry(e.row, e.record_id, e.changes) for e in report.entries),
            sorted(naming.places[record_id] for record_id in report.created_ids),
        )


class EngineSide:
    """Longshore on a real database, with what the seeds have left."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        stops: bool = False,
        all_odd: bool = False,
    ) -> None:
        record_tables()  # declared, so that their columns can be spelled in bulk
        self._database = database
        self._catalogue = load_catalogue()
        self._runner = ImportRunner(
            database=database,
            catalogue=self._catalogue,
            settings=settings,
            should_stop=lambda: stops,
            all_odd=all_odd,
        )
        self._environment = ensure_environment(database, "default", "test")
        self._elsewhere = ensure_environment(database, "default", "live")

    def plant(self, seeds_here: Sequence[ImportCall]) -> None:
        """Import the seeds, and records into another environment."""
        for seeds, environment in (
            (seeds_here, self._environment),
            (SEEDS_ELSEWHERE, self._elsewhere),
        ):
            for seed in seeds:
                finished = self._import(seed, environment)
                assert finished.errors_count == 0, f"the seeds are valid: {seed}"

    def run(self, call: ImportCall) -> Outcome:
        return self._outcome(call, self._import(call, self._environment))

    def tell(self, call: ImportCall) -> ToldWhole:
        """Import, and give all that is told of it."""
        import_ = self._import(call, self._environment)
        naming = stored_naming(self._database, self._catalogue, self._environment.number)
        with self._database.read() as tx:
            return told_of_import(tx, import_, naming, self._catalogue, is_id=self._is_id)

    def tell_dry(self, call: ImportCall) -> Told:
        """Give all that is told of what an import would do."""
        return told_of_dry_run(self._run_dry(call), is_id=self._is_id)

    def run_dry(self, call: ImportCall) -> DryOutcome:
        """What an import would do; nothing is written."""
        dry_run = self._run_dry(call)
        return DryOutcome(
            "interrupted" if dry_run.interrupted else "completed",
            _stopped_by(dry_run.stopped_by),
            {
                "created": dry_run.created,
                "updated": dry_run.updated,
                "unchanged": dry_run.unchanged,
                "skipped": dry_run.skipped,
                "failed": dry_run.failed,
            },
            _errors(call, dry_run.errors),
            _repeats(dry_run.notices),
        )

    def _run_dry(self, call: ImportCall) -> DryRun:
        source = self._source(call, self._environment)
        dried = DryRunSource(
            prepared=source.prepared,
            batches=source.rows_after(None),
            inputs_size=source.found.rows_count,
        )
        (dry_run,) = run_dry(
            self._database,
            self._runner.settings,
            [dried],
            skip_errors=call.skip_errors,
            stop_rules=call.stop_rules,
            all_odd=self._runner.all_odd,
        )
        return dry_run

    def judge(self, call: ImportCall, *, range_rows: int) -> list[RangeReads]:
        """What the ranges of a plan of the rows read; nothing is written."""
        source = self._source(call, self._environment)
        ranges: list[RangeReads] = []

        def keep(judged: RangeJudged) -> bool:
            assert judged.first_row == len(ranges) * range_rows + 1
            ranges.append(judged.reads)
            return True

        is_whole = judge(
            self._database,
            self._runner.settings,
            source.prepared,
            batches=source.rows_after(None),
            inputs_size=source.found.rows_count,
            skip_errors=call.skip_errors,
            stop_rules=call.stop_rules,
            disk_bytes_max=1 << 30,
            on_range=keep,
            range_rows=range_rows,
            all_odd=self._runner.all_odd,
        )
        assert is_whole
        return ranges

    def plan_of(self, call: ImportCall) -> Plan:
        """How the rows are gone through."""
        return self._source(call, self._environment).prepared.plan

    def values_of(self, table: str, id: int, columns: Sequence[str]) -> dict[str, Any]:
        """What a record has in columns, as it is stored."""
        names = ", ".join(f'"{column}"' for column in columns)
        with self._database.read() as tx:
            (row,) = tx.fetch(f'SELECT {names} FROM "{table}" WHERE id = ?', (id,))
        return dict(zip(columns, row, strict=True))

    def disturb(self, table: str, id: int, column: str, value: object) -> None:
        """Give a record another value, past everything that writes records."""
        with self._database.write() as tx:
            tx.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (value, id))

    def write_ranges(self, call: ImportCall, *, range_rows: int) -> list[RangeReads]:
        """What the ranges read while they are written, each in one transaction."""
        source = self._source(call, self._environment)
        with self._database.write() as tx:
            import_ = self._create(tx, call, source, self._environment)
        return RangeWriter(
            self._database, self._catalogue, self._runner.settings, source.prepared, import_
        ).write(source.rows_after(None), range_rows=range_rows)

    def contents(self) -> Contents:
        return stored_contents(self._database, self._catalogue, self._environment.number)

    def stored_bytes(self) -> str:
        """Everything that the database holds, as text."""
        if self._database.is_embedded:
            with closing(sqlite3.connect(self._database.folder / "longshore.db")) as connection:
                return "\n".join(connection.iterdump())
        with psycopg.connect(self._runner.settings.database_url) as connection:
            found = connection.execute("SELECT 'last number', last_value FROM ids").fetchall()
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            for (table,) in connection.execute(tables).fetchall():
                rows = sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table))
                found += [(table, row) for (row,) in connection.execute(rows)]
        return "\n".join(map(str, found))

    def _import(self, call: ImportCall, environment: Environment) -> Import:
        source = self._source(call, environment)
        with self._database.write() as tx:
            import_ = self._create(tx, call, source, environment)
        while not import_.is_finished:
            with self._database.write() as tx:
                claimed = claim_import(tx, import_.id)
            assert claimed is not None
            batches = source.rows_after(claimed.checkpoint)
            self._runner.run(claimed, source.prepared, batches=batches)
            with self._database.read() as tx:
                import_ = read_import(tx, import_.id)
        return import_

    def _create(
        self, tx: Transaction, call: ImportCall, source: "PreparedSource", environment: Environment
    ) -> Import:
        new = NewImport(
            environment=environment.number,
            resource_type=call.resource_type,
            format=source.found.layout.format.value,
            tables=record_tables_of(source.prepared.plan),
            inputs_size=source.found.rows_count,
            attachment_name="none",
            layout=source.found.layout,
            skip_errors=call.skip_errors,
            stop_rules=call.stop_rules,
            only=call.only,
        )
        return create_import(tx, new, unfinished_max=10)

    def _source(self, call: ImportCall, environment: Environment) -> "PreparedSource":
        def id_of(reference: Ref | Elsewhere) -> str:
            return self._id_of(reference, environment)

        type_ = self._catalogue.types[call.resource_type]
        rows = tuple(with_ids(row, id_of) for row in call.rows)
        source, format = written(rows, is_lines=call.is_lines)
        found = survey(
            [source],
            format=format,
            descend=nested_paths(self._catalogue, type_),
            is_field=field_test(self._catalogue, type_, call.column_map),
        )
        public_ids = self._database.public_ids
        prepared = prepare(
            type_,
            found.layout,
            call.column_map,
            catalogue=self._catalogue,
            public_ids=public_ids,
            parent=None if call.parent is None else public_ids.decode(id_of(call.parent)),
            environment=environment.number,
            flags=environment.flags,
            cell_bytes_max=self._runner.settings.cell_bytes_max,
            elements_max=self._runner.settings.nested_elements_max,
            only=call.only,
        )
        return PreparedSource(source, found, prepared)

    def _is_id(self, text: str) -> bool:
        decoded = self._database.public_ids.decode(text.strip())
        numbers = (self._environment.number, self._elsewhere.number)
        return decoded is not None and environment_of(decoded) in numbers

    def _id_of(self, reference: Ref | Elsewhere, environment: Environment) -> str:
        number, index = environment.number, 0
        if isinstance(reference, Elsewhere):
            number = self._elsewhere.number
        else:
            index = reference.index
        declared = self._catalogue.types[reference.resource_type]
        condition = ""
        parameters: list[object] = [number]
        if declared.base is not None:
            condition = " AND type = ?"
            parameters.append(declared.name)
        with self._database.read() as tx:
            rows = tx.fetch(
                f'SELECT id FROM "{declared.table}" WHERE id >> 40 = ?{condition} ORDER BY id',
                parameters,
            )
        return self._database.public_ids.encode(rows[index][0]) if index < len(rows) else NOWHERE

    def _outcome(self, call: ImportCall, import_: Import) -> Outcome:
        naming = stored_naming(self._database, self._catalogue, self._environment.number)
        with self._database.read() as tx:
            errors = _errors(call, errors_of(tx, import_.id))
            warnings = [
                (row, told(call, row, identifier))
                for row, identifier in tx.fetch(
                    "SELECT row_number, identifier FROM import_warnings"
                    " WHERE import_id = ? ORDER BY 1, 2",
                    (import_.id,),
                )
            ]
            entries = [
                naming.entry(entry.row_number, entry.record_id, entry.changes)
                for entry in entries_of_import(tx, import_.id)
            ]
            created = list(created_ids(tx, self._catalogue, import_))
        assert import_.warnings_count == len({row for row, _ in warnings})
        return Outcome(
            import_.status.value,
            _stopped_by(import_.stopped_by),
            {
                "created": import_.created_count,
                "updated": import_.updated_count,
                "unchanged": import_.unchanged_count,
                "skipped": import_.skipped_count,
                "failed": import_.errors_count,
            },
            errors,
            _repeats(import_.notices),
            warnings,
            sorted(entries),
            sorted(naming.places[record_id] for record_id in created),
        )


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """A source, and how it is to be imported."""

    source: bytes
    found: Survey
    prepared: Prepared

    def rows_after(self, checkpoint: Position | None) -> Iterator[Rows]:
        """The rows behind the last one that was committed."""
        if checkpoint is None:
            yield from read_rows([self.source], self.found.layout)
            return
        rest = [self.source[checkpoint.offset :]]
        for rows in read_rows(rest, self.found.layout, checkpoint):
            yield rows.slice(checkpoint.row + 1 - rows.first, len(rows))


def written(rows: tuple[object, ...], *, is_lines: bool = False) -> tuple[bytes, Format]:
    """The source that holds these rows."""
    if not isinstance(rows[0], CsvRow):
        if is_lines:
            return b"\n".join(json.dumps(row).encode() for row in rows), Format.NDJSON
        return json.dumps(rows).encode(), Format.JSON
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(rows[0].columns)
    writer.writerows(row.cells for row in rows if isinstance(row, CsvRow))
    return file.getvalue().encode(), Format.CSV


def _errors(call: ImportCall, logged: Iterable[LoggedError]) -> list[ErrorTuple]:
    """Each message of an attribute once, as the log shows it."""
    return sorted(
        {
            (each.row, told(call, each.row, each.identifier), each.attribute, each.message)
            for each in logged
        }
    )


def _stopped_by(stopped: StoppedBy | None) -> tuple[str, int] | None:
    return None if stopped is None else (stopped.rule.value, stopped.row)


def _repeats(notices: Iterable[Notice]) -> tuple[int, list[tuple[int, int]]]:
    """How many rows name a record of an earlier row, and the first pairs."""
    for notice in notices:
        if notice.code is NoticeCode.RECORDS_REPEATED:
            assert notice.count is not None
            pairs: list[Any] = [each["rows"] for each in notice.first]
            return notice.count, [(first, row) for first, row in pairs]
    return 0, []


class Planted(Protocol):
    """An installation with the seeds, of which there are as many copies as one likes."""

    def open(self, manner: Mapping[str, Any]) -> AbstractContextManager[tuple[Database, Settings]]:
        """A copy that nobody else uses meanwhile, with settings as the manner has them."""

    def close(self) -> None: ...


class PlantedFolder:
    """An embedded database in a data folder; one copy is open, and brought back to the seeds."""

    def __init__(self, folder: Path, seeds: Sequence[ImportCall] = SEEDS) -> None:
        self._template = folder / "planted"
        self._copy = folder / "copy"
        _plant(Settings(data=self._template), seeds)
        shutil.copytree(self._template, self._copy)
        self._settings = Settings(data=self._copy)
        self._database = Database.open(self._copy, self._settings)

    @contextmanager
    def open(self, manner: Mapping[str, Any]) -> Iterator[tuple[Database, Settings]]:
        file = "longshore.db"
        with (
            closing(sqlite3.connect(self._template / file)) as template,
            closing(sqlite3.connect(self._copy / file)) as copy,
        ):
            template.backup(copy)
        yield self._database, replace(self._settings, **manner)

    def close(self) -> None:
        self._database.close()


class PlantedDatabase:
    """A PostgreSQL database; copies are brought back to what it held."""

    def __init__(
        self,
        databases: PostgresDatabases,
        migrated: str,
        folder: Path,
        seeds: Sequence[ImportCall] = SEEDS,
    ) -> None:
        self._databases = databases
        self._rewound = RewoundDatabases(databases)
        self._folder = folder
        self._template = databases.create(template=migrated)
        _plant(self._settings(self._template), seeds)

    @contextmanager
    def open(self, manner: Mapping[str, Any]) -> Iterator[tuple[Database, Settings]]:
        name = self._rewound.take(self._template)
        settings = replace(self._settings(name), **manner)
        try:
            with Database.open(settings.data, settings) as database:
                yield database, settings
        finally:
            self._rewound.give_back(name, self._template)

    def close(self) -> None:
        """Nothing is open."""

    def _settings(self, name: str) -> Settings:
        return Settings(data=self._folder, database_url=self._databases.url(name))


@contextmanager
def engine_side(
    planted: Planted, *, stops: bool = False, all_odd: bool = False, **manner: Any
) -> Iterator[EngineSide]:
    """Longshore on a copy of a planted installation, with such settings.

    With `stops`, whoever runs an import is stopped after each chunk, and another one goes on.
    """
    with planted.open(manner) as (database, settings):
        yield EngineSide(database, settings, stops=stops, all_odd=all_odd)


def _plant(settings: Settings, seeds: Sequence[ImportCall]) -> None:
    with Database.open(settings.data, settings) as database:
        EngineSide(database, settings).plant(seeds)
