"""What was changed in one resource, by whom: records, imports and events alike.

Histories begin with the oldest change, and grow while they are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.history import Change, history_of
from longshore.identifiers import environment_of
from longshore.imports import get_import
from longshore.journal import history_of_record
from longshore.operations.asker import Asker
from longshore.operations.authors import Author, Authors
from longshore.operations.import_history import history_of_import, shown_labels
from longshore.operations.resource_reader import Check, ResourceReader
from longshore.operations.selection import Selection
from longshore.operations.stores import Resource
from longshore.records import table_of

_IMPORTS = "imports"
_EVENTS = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change, and who made it."""

    change: Change
    author: Author


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPart:
    """Some changes of a resource, oldest first."""

    owner: Resource  # without its fields
    changes: Sequence[ToldChange]
    is_last: bool  # there is no change behind them


class Histories:
    """The histories of the resources of one installation; each look is one snapshot."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        reader: ResourceReader,
        *,
        read_seconds: float,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._reader = reader
        self._read_seconds = read_seconds

    def part(
        self, asker: Asker, resource_type: str, key: int, *, after: int | None, limit: int
    ) -> HistoryPart | None:
        """The first changes of a resource, or those behind number `after`; None: there is no such
        resource."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return self._part(tx, asker, resource_type, key, after, limit)

    def change(self, asker: Asker, key: int, number: int, *, check: Check) -> HistoryPart | None:
        """One change of a resource of whatever type; None: there is no such resource.

        `check` is told the type. The part is empty where the resource has no such change.
        """
        if environment_of(key) != asker.environment.number:
            return None
        with self._database.read(seconds=self._read_seconds) as tx:
            is_import = get_import(tx, asker.environment.number, key) is not None
            name = _IMPORTS if is_import else table_of(tx, self._catalogue.tables, key) or _EVENTS
            check(name)
            after = number - 1 if number else None
            part = self._part(tx, asker, name, key, after, 1)
        if part is None:
            return None
        found = [each for each in part.changes if each.change.number == number]
        return HistoryPart(owner=part.owner, changes=found, is_last=part.is_last)

    def _part(
        self,
        tx: Transaction,
        asker: Asker,
        resource_type: str,
        key: int,
        after: int | None,
        limit: int,
    ) -> HistoryPart | None:
        reading = self._reader.reading(tx, asker)
        nothing = Selection.nothing_of(resource_type)
        found = self._reader.one(reading, resource_type, key, nothing)
        if found is None:
            return None
        # One more than is shown tells whether there is another one.
        history = self._history(tx, asker, found.resource, after)
        changes = list(islice(history, limit + 1))
        authors = Authors(tx)
        return HistoryPart(
            owner=found.resource,
            changes=[
                ToldChange(change=each, author=authors.of(each.actor)) for each in changes[:limit]
            ],
            is_last=len(changes) <= limit,
        )

    def _history(
        self, tx: Transaction, asker: Asker, owner: Resource, after: int | None
    ) -> Iterator[Change]:
        """The changes of a resource, wherever it is kept."""
        declared = self._catalogue.types[owner.type]
        match declared.kept_by:
            case "records":
                return history_of(tx, self._catalogue, declared.table, owner.key, after=after)
            case "imports":
                import_ = get_import(tx, asker.environment.number, owner.key)
                assert import_ is not None, "it was found in the same snapshot"
                return history_of_import(tx, import_, after=after)
            case _:
                return _of_event(tx, owner.key, after=after)


def _of_event(tx: Transaction, key: int, *, after: int | None) -> Iterator[Change]:
    """What was changed of an event; that it happened is no change."""
    for entry in history_of_record(tx, key, after_id=after or 0):
        yield Change(
            number=entry.id,
            at=entry.at,
            event=entry.event,
            payload=shown_labels(entry.changes),
            actor=entry.actor,
        )
