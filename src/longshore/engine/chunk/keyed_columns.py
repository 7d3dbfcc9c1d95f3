"""The targets of many rows that name them by keys, such as `price_list.name`.

Many rows say the same of their targets: what differs is looked at once, and its keys are loaded
together, those of inner targets before the keys that are made of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from longshore.database import Transaction
from longshore.engine.chunk.key_columns import keys_of_texts
from longshore.engine.chunk.loader import RecordSource
from longshore.engine.chunk.sheet import Sheet
from longshore.engine.plan.nodes import KeyedTarget, LookupKey, TargetStep
from longshore.engine.row.lookups import FoundTarget, records_named
from longshore.engine.values.candidate import ABSENT
from longshore.error_codes import Message


@dataclass(frozen=True, slots=True)
class KeyedColumn:
    """The targets of rows that name them by keys."""

    ids: Sequence[Any]  # ABSENT: the row names none; None: there is to be none
    types: Mapping[int, tuple[str, str]]  # id -> its type, its table; of those that are there


class KeyedColumns:
    """Finds the targets that rows of a sheet name by keys."""

    def __init__(self, sources: Mapping[str, RecordSource]) -> None:
        self._sources = sources

    def find(self, tx: Transaction, sheet: Sheet, step: TargetStep) -> KeyedColumn | None:
        """The targets of a step; None where no row names one by keys.

        Rows that do not name one record, and that alone, become odd.
        """
        target = step.keyed
        if target is None or not any(map(sheet.names, target.slots)):
            return None
        slots = list(target.slots)
        if step.type_slot is not None and step.type_slot not in slots:
            slots.append(step.type_slot)
        if len(slots) == 1 and _is_plain(target):
            said: Sequence[Any] = sheet.fields[slots[0]]
            distinct = list(dict.fromkeys(said))
            found = self._of_texts(tx, target.lookups[0], distinct)
        else:
            said = list(zip(*(sheet.fields[slot] for slot in slots), strict=True))
            distinct = list(dict.fromkeys(said))
            rows = [dict(zip(slots, each, strict=True)) for each in distinct]
            found = self._of_fields(tx, step, target, rows)
        ids = {
            each: record.id if isinstance(record, FoundTarget) else record
            for each, record in zip(distinct, found, strict=True)
        }
        column = list(map(ids.__getitem__, said))
        if _UNCLEAR in ids.values():
            sheet.mark([row for row, id in enumerate(column) if id is _UNCLEAR])
            column = [ABSENT if id is _UNCLEAR else id for id in column]
        types = {
            record.id: (record.type, record.table)
            for record in found
            if isinstance(record, FoundTarget)
            and record.type is not None
            and record.table is not None
        }
        return KeyedColumn(column, types)

    def _of_texts(self, tx: Transaction, lookup: LookupKey, texts: Sequence[Any]) -> Sequence[Any]:
        """What each text means, where it alone names a target."""
        plan = lookup.table.keys[lookup.key]
        given = [text for text in texts if text is not ABSENT]
        keys = dict(zip(given, keys_of_texts(plan, given, folds=plan.parts[0].folds), strict=True))
        holders = _Holders(self._sources)
        holders.load(tx, lookup, {key for key in keys.values() if key is not None})
        targets: list[Any] = []
        for text in texts:
            key = keys.get(text)
            if text is ABSENT or key is None:
                targets.append(ABSENT if text is ABSENT else None)
            else:
                records = holders(lookup, key)
                targets.append(records[0] if len(records) == 1 else _UNCLEAR)
        return targets

    def _of_fields(
        self,
        tx: Transaction,
        step: TargetStep,
        target: KeyedTarget,
        rows: Sequence[Mapping[int, Any]],
    ) -> Sequence[Any]:
        """What the fields of each row mean."""
        holders = _Holders(self._sources)
        targets: list[Any] = [_UNCLEAR] * len(rows)
        left: Sequence[int] = range(len(rows))
        faults: list[Message] = []

        def report(_field: str, said: Message, _value: object) -> None:
            faults.append(said)

        while left:
            again = []
            for at in left:
                holders.is_missing = False
                faults.clear()
                wanted = ABSENT if step.type_slot is None else rows[at][step.type_slot]
                records = records_named(target, rows[at], holders, report, wanted=wanted)
                if holders.is_missing:
                    again.append(at)
                elif records is ABSENT or records is None:
                    targets[at] = records
                elif len(records) == 1 and not faults:
                    targets[at] = records[0]
            holders.load_missing(tx)
            left = again
        return targets


_UNCLEAR: Final = object()  # a row by itself has to say what is wrong, or what is meant


class _Holders:
    """The records that have keys, as far as they were loaded; notes which are missing."""

    def __init__(self, sources: Mapping[str, RecordSource]) -> None:
        self._sources = sources
        self._known: dict[tuple[str, int], dict[str, list[FoundTarget]]] = {}
        self._missing: dict[tuple[str, int], tuple[LookupKey, set[str]]] = {}
        self.is_missing = False

    def __call__(self, lookup: LookupKey, key: str) -> Sequence[FoundTarget]:
        place = (lookup.table.name, lookup.key)
        found = self._known.get(place, {}).get(key)
        if found is None:
            self.is_missing = True
            self._missing.setdefault(place, (lookup, set()))[1].add(key)
            return ()
        return found

    def load_missing(self, tx: Transaction) -> None:
        """Load what was missing, one statement for each key of a table."""
        missing, self._missing = self._missing, {}
        for lookup, keys in missing.values():
            self.load(tx, lookup, keys)

    def load(self, tx: Transaction, lookup: LookupKey, keys: set[str]) -> None:
        table = lookup.table
        column = table.keys[lookup.key].column
        known = self._known.setdefault((table.name, lookup.key), {})
        known.update((key, []) for key in keys)
        type_at = table.index["type"] + 1 if lookup.types is not None else None
        for record in self._sources[table.name].by(tx, table.columns[column], keys):
            type_ = lookup.type_ if type_at is None else record[type_at]
            known[record[column + 1]].append(FoundTarget(record[0], type_, table.name))


def _is_plain(target: KeyedTarget) -> bool:
    """Whether the only field of a target is a key in one table, whatever its type."""
    return len(target.texts) == len(target.lookups) == 1 and target.lookups[0].types is None
