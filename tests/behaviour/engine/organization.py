"""An organization to import into: rows go in, and what became of them is told plainly."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Self

from sqlalchemy import text

from longshore.access import Environment, ensure_environment
from longshore.assembly import Longshore
from longshore.database import Transaction
from longshore.engine import DryRun, RecordWriter
from longshore.error_codes import code_of
from longshore.identifiers import ImportId, RecordId
from longshore.imports import (
    ALL_OUTCOMES,
    Import,
    ImportRequest,
    errors_log,
    errors_of,
    warnings_log,
)
from longshore.journal import Entry, entries_of_import, history_of_record
from longshore.observations import NullObserver
from longshore.readers import Format
from longshore.records import RecordReader, record_tables
from longshore.sources import Source
from tests.behaviour.engine.examples import EXAMPLES

_STORED_CODES = text("SELECT code, message FROM import_errors WHERE import_id = :import_id")

Errors = dict[int, dict[str, list[str]]]  # row -> attribute -> messages
Rows = Sequence[object]

_numbers = count(1)

SOMEBODY = 1  # the application that writes records outside of imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import tells."""

    import_: Import
    errors: Errors
    errors_log: Mapping[str, Mapping[str, Sequence[str]]]
    warnings_log: Mapping[str, Sequence[str]]
    entries: Sequence[Entry]

    @property
    def status(self) -> str:
        return str(self.import_.status)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Rows that created, updated, left unchanged and failed."""
        import_ = self.import_
        done = (import_.created_count, import_.updated_count, import_.unchanged_count)
        return (*done, import_.errors_count)

    @property
    def changes(self) -> list[tuple[int | None, Mapping[str, tuple[Any, Any]]]]:
        """What the journal has of it: row and changes."""
        return [(entry.row_number, entry.changes) for entry in self.entries]


def check_codes(tx: Transaction, import_id: ImportId) -> None:
    """Every stored error has a code, and that which its message would be given."""
    for code, message in tx.connection.execute(_STORED_CODES, {"import_id": import_id}):
        assert code is not None, message
        assert code == code_of(message), message


class Organization:
    """One environment of an installation."""

    def __init__(self, longshore: Longshore, environment: Environment) -> None:
        self.longshore = longshore
        self.environment = environment
        catalogue = longshore.catalogue
        self.reader = RecordReader(
            catalogue,
            record_tables(catalogue),
            environment.number,
            longshore.public_ids,
            longshore.database.record_secrets,
        )
        self.writer = RecordWriter(
            longshore.database, catalogue, longshore.settings, longshore.public_ids
        )
        self._known: dict[str, str] = {}
        self._others: list[Longshore] = []

    # The same organization, seen otherwise

    def working(self, on_point: Any = lambda _point: None, **settings: Any) -> "Organization":
        """The organization, as a process with other settings works on it."""
        longshore = self.longshore
        other = Longshore(
            replace(longshore.settings, **settings),
            longshore.database,
            observer=NullObserver(),
            on_point=on_point,
        )
        self._others.append(other)
        same = Organization(other, self.environment)
        same._known = self._known
        same._others = self._others
        return same

    def end(self) -> None:
        """Let the other processes end; nobody works on the organization any more."""
        for other in self._others:
            other.presence.leave()

    def in_chunks(self, rows: int, **settings: Any) -> "Organization":
        """The organization, imported into so many rows at a time."""
        return self.working(chunk_rows=rows, chunk_rows_first=rows, **settings)

    def in_mode(self, mode: str) -> "Organization":
        slug = self.environment.organization
        same = Organization(self.longshore, self.longshore.organizations.environment(slug, mode))
        same._others = self._others
        return same

    def with_flags(self, **flags: Any) -> Self:
        """Set flags of the organization."""
        with self.longshore.database.write() as tx:
            tx.execute(
                "UPDATE organizations SET flags = ? WHERE slug = ?",
                (json.dumps(flags), self.environment.organization),
            )
        self.environment = self.longshore.organizations.environment(
            self.environment.organization, self.environment.mode
        )
        return self

    # Imports

    def load(self, resource_type: str, rows: Rows, **request: Any) -> Outcome:
        """Import rows of JSON; unless it says otherwise, errors do not stop it."""
        return self.run(self.submit(resource_type, _json(rows), Format.JSON, **request))

    def load_csv(self, resource_type: str, text: str, **request: Any) -> Outcome:
        return self.run(self.submit(resource_type, text.encode(), Format.CSV, **request))

    def submit(
        self, resource_type: str, source: bytes, format_: Format = Format.JSON, **request: Any
    ) -> Import:
        asked = ImportRequest(resource_type=resource_type, **{"skip_errors": True, **request})
        stream = Source.from_stream(io.BytesIO(source), format=format_)
        return self.longshore.submissions.submit(self.environment, stream, asked)

    def plan(self, resource_type: str, rows: Rows, **request: Any) -> Outcome:
        """Plan to import rows of JSON as `load` does."""
        return self.run(self.plan_submitted(resource_type, rows, **request))

    def plan_submitted(self, resource_type: str, rows: Rows, **request: Any) -> Import:
        """The same, which nobody has run yet."""
        asked = ImportRequest(resource_type=resource_type, **{"skip_errors": True, **request})
        stream = Source.from_stream(io.BytesIO(_json(rows)), format=Format.JSON)
        return self.longshore.import_plans.submit(self.environment, stream, asked)

    def apply(self, planned: Outcome, **how: Any) -> Outcome:
        """Apply a plan, and run the import that does."""
        return self.run(self.applied(planned), **how)

    def applied(self, planned: Outcome) -> Import:
        """The import that applies a plan, which nobody has run yet."""
        return self.longshore.plan_applier.apply(self.environment, planned.import_)

    def rows_of(self, import_: Import) -> list[dict[str, Any]]:
        """What became of all rows of an import, or would by a plan."""
        imports = self.longshore.imports
        with imports.rows(import_, outcomes=ALL_OUTCOMES, first_row=1) as found:
            return list(found.shown(found.rows))

    def run(self, import_: Import, **how: Any) -> Outcome:
        return self.told(self.longshore.import_runs.run(import_.id, **how))

    def dry_run(self, resource_type: str, rows: Rows, **request: Any) -> DryRun:
        asked = ImportRequest(resource_type=resource_type, **{"skip_errors": True, **request})
        stream = Source.from_stream(io.BytesIO(_json(rows)), format=Format.JSON)
        return self.longshore.dry_runs.run(self.environment, stream, asked)

    def told(self, import_: Import) -> Outcome:
        """What a stored import tells."""
        with self.longshore.database.read() as tx:
            check_codes(tx, import_.id)
            return Outcome(
                import_=import_,
                errors=by_row(errors_of(tx, import_.id)),
                errors_log=errors_log(tx, import_.id, identifiers_max=1000),
                warnings_log=warnings_log(tx, import_.id, identifiers_max=1000),
                entries=list(entries_of_import(tx, import_.id)),
            )

    # Records

    def have(self, resource_type: str, **fields: Any) -> str:
        """The id of a new record, of a plausible row and what that needs."""
        row = {name: self._filled(value) for name, value in EXAMPLES[resource_type].items()}
        made = self.writer.create(self.environment, resource_type, row | fields, creator=SOMEBODY)
        assert made.record_id is not None, (resource_type, row | fields, made.findings)
        return self.longshore.public_ids.encode(made.record_id)

    def some(self, resource_type: str) -> str:
        """The id of a record of which nothing matters but that it is there."""
        if resource_type not in self._known:
            self._known[resource_type] = self.have(resource_type)
        return self._known[resource_type]

    def _filled(self, value: Any) -> Any:
        """A text that begins with @ stands for the id of some record of that type."""
        is_id = isinstance(value, str) and value.startswith("@")
        return self.some(value[1:]) if is_id else value

    def all(self, resource_type: str, *filters: tuple[str, str]) -> list[dict[str, Any]]:
        """The records of a type: attributes, ids of to-one relationships, names of tags."""
        declared = self.longshore.catalogue.types[resource_type]
        linked = [each.name for each in declared.relationships if each.linked]
        with self.longshore.database.read() as tx:
            views = self.reader.find(tx, resource_type, filters=filters, linked=linked)
            return [
                {
                    "id": view.id,
                    "type": view.type,
                    **view.attributes,
                    **{f"{name}_id": id for name, id in view.to_one.items()},
                    **{name: list(values) for name, values in view.linked.items()},
                }
                for view in views
            ]

    def one(self, resource_type: str, id: str | None = None) -> dict[str, Any]:
        """The record with this id, or the only one of its type."""
        (found,) = (each for each in self.all(resource_type) if id in (None, each["id"]))
        return found

    def values(self, resource_type: str, *names: str) -> list[Any]:
        """Some fields of all records of a type, in the order of their creation."""
        rows = [tuple(record[name] for name in names) for record in self.all(resource_type)]
        return [row[0] for row in rows] if len(names) == 1 else rows

    def history(self, id: str) -> list[Entry]:
        """What the journal has of a record."""
        with self.longshore.database.read() as tx:
            return list(history_of_record(tx, self.inside(id)))

    def inside(self, id: str) -> RecordId:
        """A public id as it is inside."""
        decoded = self.longshore.public_ids.decode(id)
        assert decoded is not None
        return RecordId(decoded)


def found(longshore: Longshore) -> Organization:
    """A new organization."""
    environment = ensure_environment(longshore.database, f"shop-{next(_numbers)}", "test")
    return Organization(longshore, environment)


def by_row(logged: Iterable[Any]) -> Errors:
    """Logged errors by row and attribute."""
    errors: Errors = {}
    for each in logged:
        errors.setdefault(each.row, {}).setdefault(each.attribute, []).append(each.message)
    return errors


def _json(rows: Rows) -> bytes:
    return json.dumps(rows, ensure_ascii=True).encode()
