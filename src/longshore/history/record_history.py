"""The history of one record.

The journal keeps no entry for a creation, because one per created record would halve the speed of
imports. It is told all the same: the record as it is, with every later change taken back.
"""

from collections.abc import Iterator

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.history.changes import Change
from longshore.history.record_values import RecordValues
from longshore.journal import history_of_record


def history_of(
    tx: Transaction, catalogue: Catalogue, table: str, record_id: int, *, after: int | None
) -> Iterator[Change]:
    """The changes of a record, oldest first: all, or those behind number `after`."""
    values = RecordValues(tx, catalogue, table)
    if after is None:
        yield _creation(tx, values, record_id)
    for entry in history_of_record(tx, record_id, after_id=after or 0):
        if entry.event == "update":
            yield Change(
                number=entry.id,
                at=entry.at,
                event="update",
                payload=values.shown(entry.changes),
                actor=entry.import_id,
                by_migration=entry.import_id is None,
            )


def _creation(tx: Transaction, values: RecordValues, record_id: int) -> Change:
    creator, at, record = values.read(record_id)
    taken_back: set[str] = set()
    for entry in history_of_record(tx, record_id):
        for field, (before, _) in entry.changes.items():
            if field not in taken_back:
                taken_back.add(field)
                record[field] = before
    given = {field: (None, value) for field, value in record.items() if value not in (None, (), [])}
    return Change(number=0, at=at, event="create", payload=values.shown(given), actor=creator)
