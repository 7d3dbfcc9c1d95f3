"""What was changed: in one record, or by one import, plan or undo."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.clock import format_datetime
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.history import Change, RecordValues, change_of, history_of
from longshore.identifiers import environment_of
from longshore.imports import (
    Difference,
    Import,
    RowOrigin,
    RowOutcome,
    get_import,
    get_plan,
    origin_of_creation,
    origin_of_row,
)
from longshore.journal import Entry, entries_of_undo, history_of_record
from longshore.operations.authors import Author, Authors
from longshore.operations.changed_amounts import ChangedAmounts
from longshore.operations.imports import Imports, RowsFound
from longshore.records import TableReader, table_of
from longshore.undos import get_undo

_ROWS_SHOWN = 100  # at a time
_ENTRIES_SHOWN = 500  # likewise
_CHANGING = frozenset((RowOutcome.CREATED, RowOutcome.UPDATED))


class Changing(StrEnum):
    """What an id is of whose changes are told."""

    RECORD = "record"
    IMPORT = "import"
    PLAN = "plan"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One change, or what one row has changed."""

    number: int  # of the change, or of the row: what is behind it is asked for by it
    documents: Sequence[Mapping[str, Any]]  # as they are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesFound:
    """Changes, to be read within the block that has found them."""

    what: Changing
    changes: Iterator[ShownChange]


class Changes:
    """Tells changes of one installation; what a block reads is one snapshot."""

    def __init__(self, database: Database, catalogue: Catalogue, imports: Imports) -> None:
        self._database = database
        self._catalogue = catalogue
        self._imports = imports

    @contextmanager
    def found(
        self, environment: Environment, public_id: str, *, after: int | None = None
    ) -> Iterator[ChangesFound]:
        """The changes of the record with this id, also of one that is gone, or those that the
        import, plan or undo with this id has made: all, or those behind number `after`.

        Raises RequestRefused where there is nothing with this id.
        """
        key = self._database.public_ids.decode(public_id.strip())
        if key is not None and environment_of(key) != environment.number:
            key = None
        with self._database.read() as tx:
            if key is not None and get_undo(tx, environment.number, key) is not None:
                entries = entries_of_undo(tx, key, after_id=after or 0)
                shown = _ShownEntries(tx, self._catalogue)
                yield ChangesFound(what=Changing.UNDO, changes=shown.of_undo(entries))
                return
            import_ = None if key is None else _import_of(tx, environment, key)
            if key is not None and import_ is None:
                table = _table_of(tx, self._catalogue, key)
                if table is not None:
                    changes = history_of(tx, self._catalogue, table, key, after=after)
                    shown = _ShownEntries(tx, self._catalogue)
                    of_record = shown.of_record(table, key, changes)
                    yield ChangesFound(what=Changing.RECORD, changes=of_record)
                    return
        if import_ is None:
            raise RequestRefused(
                f"there is no record, import, plan or undo {public_id!r}",
                hint="`longshore imports` lists imports, `longshore records TYPE` records",
            )
        with self._imports.rows(import_, outcomes=_CHANGING, first_row=(after or 0) + 1) as found:
            what = Changing.PLAN if import_.is_plan else Changing.IMPORT
            yield ChangesFound(what=what, changes=_of_rows(found))


def _import_of(tx: Transaction, environment: Environment, key: int) -> Import | None:
    """The import with this id, also a deleted one, or the plan."""
    number = environment.number
    return get_import(tx, number, key, with_deleted=True) or get_plan(tx, number, key)


def _table_of(tx: Transaction, catalogue: Catalogue, key: int) -> str | None:
    """The table of a record, which may be gone."""
    gone = next(history_of_record(tx, key, limit=1), None)
    name = gone.table_name if gone else table_of(tx, catalogue.tables, key)
    return name if name in catalogue.tables else None


def _of_rows(found: RowsFound) -> Iterator[ShownChange]:
    """What rows have changed, a few at a time."""
    while batch := list(islice(found.rows, _ROWS_SHOWN)):
        for row in found.shown(batch):
            number = {"row": row["row"], "line": row["line"]}
            own = {
                "event": "create" if row["outcome"] == RowOutcome.CREATED.word else "update",
                "record": row["record"],
                **_pairs(row),
            }
            documents = [own] if own["event"] == "create" or row["changes"] else []
            documents += (
                {"event": "create", "record": record, **_pairs({})}
                for record in row["further_records"]
            )
            documents += (
                {
                    "event": "update",
                    "record": {"type": other["type"], "id": other["id"]},
                    **_pairs(other),
                }
                for other in row["further_changes"]
            )
            yield ShownChange(
                number=row["row"], documents=[number | document for document in documents]
            )


def _pairs(changed: Mapping[str, Any]) -> dict[str, Any]:
    return {"changes": changed.get("changes", {}), "amounts": changed.get("amounts", {})}


class _ShownEntries:
    """Shows what the journal tells."""

    def __init__(self, tx: Transaction, catalogue: Catalogue) -> None:
        self._tx = tx
        self._catalogue = catalogue
        self._authors = Authors(tx)
        self._values: dict[str, RecordValues] = {}

    def of_record(self, table: str, key: int, changes: Iterator[Change]) -> Iterator[ShownChange]:
        """The changes of a record, each with its author and, where an import has made it, the
        row."""
        type_ = _type_of(self._tx, self._catalogue, table, key)
        for change in changes:
            author = self._authors.of(change.actor)
            origin = _origin(self._tx, author, change, table, key)
            by = {
                "who": author.document(self._tx.public_ids),
                "row": origin and origin.number,
                "line": origin and origin.line,
            }
            (shown,) = self._shown([(change, _difference(change, table, type_, key))])
            yield ShownChange(number=change.number, documents=[shown | by])

    def of_undo(self, entries: Iterator[Entry]) -> Iterator[ShownChange]:
        """What an undo has changed, in its order."""
        while batch := list(islice(entries, _ENTRIES_SHOWN)):
            told = []
            for entry in batch:
                table = entry.table_name
                if table not in self._values:
                    self._values[table] = RecordValues(self._tx, self._catalogue, table)
                change = change_of(self._values[table], entry)
                named = _difference(change, table, entry.record_type, entry.record_id)
                told.append((change, named))
            for (change, _), document in zip(told, self._shown(told), strict=True):
                yield ShownChange(number=change.number, documents=[document])

    def _shown(self, told: Sequence[tuple[Change, Difference]]) -> list[dict[str, Any]]:
        amounts = ChangedAmounts(self._tx, self._catalogue)
        amounts.look(named for _, named in told)
        return [
            {
                "number": change.number,
                "at": format_datetime(change.at),
                "event": change.event,
                "record": {
                    "type": named.record_type,
                    "id": self._tx.public_ids.encode(named.record_id),
                },
                "changes": {field: list(pair) for field, pair in change.payload.items()},
                "amounts": amounts.of(named),
            }
            for change, named in told
        ]


def _difference(change: Change, table: str, type_: str, key: int) -> Difference:
    return Difference(change.row_number or 0, table, type_, key, change.payload)


def _origin(
    tx: Transaction, author: Author, change: Change, table: str, record_id: int
) -> RowOrigin | None:
    """The row of an import that has made a change."""
    if author.import_ is None or author.goes_back:
        return None
    if change.event == "create":
        return origin_of_creation(tx, author.import_, table, record_id)
    if change.row_number is None:
        return None
    return origin_of_row(tx, author.import_, change.row_number)


def _type_of(tx: Transaction, catalogue: Catalogue, table: str, key: int) -> str:
    """The concrete type of a record, which may be gone."""
    if not catalogue.types[table].is_abstract:
        return table
    gone = next(history_of_record(tx, key, limit=1), None)
    if gone is not None:
        return gone.record_type
    ((_, type_),) = TableReader(table, ["type"]).by_id(tx, [key])
    return str(type_)
