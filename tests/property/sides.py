"""The two sides of the comparison, driven alike: the naive model, and longshore itself.

Both take an `ImportCall`, put their own ids in the place of its `Ref`s, and give an `Outcome` in
which records are named by table and place.
"""

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from longshore.access import Environment, ensure_environment
from longshore.catalogue import Catalogue, load_catalogue
from longshore.database import Database, Transaction
from longshore.engine import (
    ImportRunner,
    PlanRequest,
    Prepared,
    make_plan,
    record_tables_of,
    row_converter,
    row_identifier,
    run_dry,
)
from longshore.imports import Import, LoggedError, NewImport, claim_import, create_import, errors_of
from longshore.journal import created_by_import, entries_of_import
from longshore.notices import Notice, NoticeCode
from longshore.readers import Format, Position, Rows, Survey, read_rows, survey
from longshore.records import record_tables
from longshore.settings import Settings
from tests.postgresql import PostgresDatabases
from tests.property.model import CsvRow, Model, Report, identifier_of
from tests.property.seeds import SEEDS, SEEDS_ELSEWHERE
from tests.property.snapshot import (
    Contents,
    model_contents,
    model_naming,
    stored_contents,
    stored_naming,
)
from tests.property.strategies import Elsewhere, ImportCall, Ref
from tests.rewinding import RewoundDatabases

NOWHERE = "nowhere"
_ELEMENTS_MAX = Settings().nested_elements_max


ErrorTuple = tuple[int, str, str, str]  # row, identifier, attribute, message


@dataclass(frozen=True, slots=True)
class DryOutcome:
    """What a dry run tells, which an import tells too."""

    status: str
    counts: dict[str, int]  # created, updated, unchanged, failed
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
        return DryOutcome(self.status, self.counts, self.errors, self.repeats)


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
            call.resource_type, rows, parent_id=parent, skip_errors=call.skip_errors
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
            {
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
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

    def __init__(self, database: Database, settings: Settings, *, stops: bool = False) -> None:
        self._database = database
        self._catalogue = load_catalogue()
        self._runner = ImportRunner(
            database=database,
            catalogue=self._catalogue,
            settings=settings,
            should_stop=lambda: stops,
        )
        self._environment = ensure_environment(database, "default", "test")
        self._elsewhere = ensure_environment(database, "default", "live")

    def plant(self) -> None:
        """Import the seeds, and records into another environment."""
        for seeds, environment in (
            (SEEDS, self._environment),
            (SEEDS_ELSEWHERE, self._elsewhere),
        ):
            for seed in seeds:
                finished = self._import(seed, environment)
                assert finished.errors_count == 0, f"the seeds are valid: {seed}"

    def run(self, call: ImportCall) -> Outcome:
        return self._outcome(call, self._import(call, self._environment))

    def run_dry(self, call: ImportCall) -> DryOutcome:
        """What an import would do; nothing is written."""
        source = self._source(call, self._environment)
        dry_run = run_dry(
            self._database,
            self._runner.settings,
            source.prepared,
            batches=source.rows_after(None),
            inputs_size=source.found.rows_count,
            skip_errors=call.skip_errors,
        )
        return DryOutcome(
            "interrupted" if dry_run.interrupted else "completed",
            {
                "created": dry_run.created,
                "updated": dry_run.updated,
                "unchanged": dry_run.unchanged,
                "failed": dry_run.failed,
            },
            _errors(call, dry_run.errors),
            _repeats(dry_run.notices),
        )

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
            new = NewImport(
                environment=environment.number,
                resource_type=call.resource_type,
                format=source.format.value,
                tables=record_tables_of(source.prepared.plan),
                inputs_size=source.found.rows_count,
                attachment_name="none",
                layout=source.found.layout,
                skip_errors=call.skip_errors,
            )
            import_ = create_import(tx, new, unfinished_max=10)
        while not import_.is_finished:
            with self._database.write() as tx:
                claimed = claim_import(tx, import_.id)
            assert claimed is not None
            batches = source.rows_after(claimed.checkpoint)
            import_ = self._runner.run(claimed, source.prepared, batches=batches)
        return import_

    def _source(self, call: ImportCall, environment: Environment) -> "PreparedSource":
        def id_of(reference: Ref | Elsewhere) -> str:
            return self._id_of(reference, environment)

        source, format = written(tuple(with_ids(row, id_of) for row in call.rows))
        nested = frozenset(self._catalogue.types[call.resource_type].nested)
        found = survey([source], format=format, descend=nested)
        decode = self._database.public_ids.decode
        request = PlanRequest(
            resource_type=call.resource_type,
            columns=found.layout.columns,
            is_tabular=format is Format.CSV,
            parent=None if call.parent is None else decode(id_of(call.parent)),
            environment=environment.number,
            flags=environment.flags,
            cell_bytes_max=self._runner.settings.cell_bytes_max,
        )
        plan = make_plan(request, catalogue=self._catalogue, public_ids=self._database.public_ids)
        columns, is_tabular = found.layout.columns, format is Format.CSV
        prepared = Prepared(
            plan=plan,
            convert=row_converter(plan, columns, is_tabular=is_tabular, elements_max=_ELEMENTS_MAX),
            identify=row_identifier(plan, columns, is_tabular=is_tabular),
        )
        return PreparedSource(source, format, found, prepared)

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
            created = list(_created_ids(tx, self._catalogue, import_))
        assert import_.warnings_count == len({row for row, _ in warnings})
        return Outcome(
            import_.status.value,
            {
                "created": import_.created_count,
                "updated": import_.updated_count,
                "unchanged": import_.unchanged_count,
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
    format: Format
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


def written(rows: tuple[object, ...]) -> tuple[bytes, Format]:
    """The source that holds these rows."""
    if not isinstance(rows[0], CsvRow):
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

    def copy(self) -> AbstractContextManager[Settings]:
        """Settings of a copy that nobody else uses meanwhile."""


class PlantedFolder:
    """An embedded database in a data folder; copies are copied."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "planted"
        self._copy = folder / "copy"
        _plant(Settings(data=self._template))

    @contextmanager
    def copy(self) -> Iterator[Settings]:
        shutil.copytree(self._template, self._copy)
        try:
            yield Settings(data=self._copy)
        finally:
            shutil.rmtree(self._copy)


class PlantedDatabase:
    """A PostgreSQL database; copies are brought back to what it held."""

    def __init__(self, databases: PostgresDatabases, migrated: str, folder: Path) -> None:
        record_tables()  # declared, so that their columns can be spelled in bulk
        self._databases = databases
        self._rewound = RewoundDatabases(databases)
        self._folder = folder
        self._template = databases.create(template=migrated)
        _plant(self._settings(self._template))

    @contextmanager
    def copy(self) -> Iterator[Settings]:
        name = self._rewound.take(self._template)
        try:
            yield self._settings(name)
        finally:
            self._rewound.give_back(name, self._template)

    def _settings(self, name: str) -> Settings:
        return Settings(data=self._folder, database_url=self._databases.url(name))


@contextmanager
def engine_side(planted: Planted, *, stops: bool = False, **manner: Any) -> Iterator[EngineSide]:
    """Longshore on a copy of a planted installation, with such settings.

    With `stops`, whoever runs an import is stopped after each chunk, and another one goes on.
    """
    with planted.copy() as settings:
        settings = replace(settings, **manner)
        with Database.open(settings.data, settings) as database:
            yield EngineSide(database, settings, stops=stops)


def _plant(settings: Settings) -> None:
    with Database.open(settings.data, settings) as database:
        EngineSide(database, settings).plant()


def _created_ids(tx: Transaction, catalogue: Catalogue, import_: Import) -> Iterator[int]:
    """Records that say the import made them; the journal must say the same."""
    ranges = list(created_by_import(tx, import_.id))
    for table in catalogue.tables:
        rows = tx.fetch(f'SELECT id FROM "{table}" WHERE creator_id = ?', (import_.id,))
        for (record_id,) in rows:
            assert any(
                each.table_name == table and each.first_id <= record_id <= each.last_id
                for each in ranges
            ), "the journal knows the creation"
            yield record_id
    for each in ranges:
        ends = tx.fetch(
            f'SELECT count(*) FROM "{each.table_name}" WHERE creator_id = ? AND id IN (?, ?)',
            (import_.id, each.first_id, each.last_id),
        )
        assert ends[0][0] == len({each.first_id, each.last_id}), "ranges end at created records"
