"""Records of older releases brought to the spelling of keys, and those that cannot be.

Releases before 0.2 stored texts of keys as they were given, and left what has no width in keys. A
record is rewritten where nothing stands in the way: its texts, and the keys that follow from them.
Records that would have one key (`A1`, and `A1` with a zero-width space) stay as they are, all of
them: nobody but their owner can say which is meant, and nothing is merged.

Rewriting goes in chunks, each a transaction with its entries in the journal, so it may be ended at
any moment and repeated: what is rewritten is not found again. What would meet is kept in a
temporary database, because there may be millions of it.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from longshore.catalogue import Catalogue, ValueType, key_text
from longshore.database import Database, Locks, Transaction, note_keys_spelled
from longshore.engine.plan.table_drafts import TableDrafts
from longshore.engine.plan.table_plans import TablePlan
from longshore.journal import Actor, ActorKind, NewEntry, append_entries, columns_of
from longshore.records import TableReader, TableWriter, count_table_changes, oddly_spelled

_MIGRATION = Actor(ActorKind.MIGRATION, 6)  # the revision behind which keys are respelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Respelled:
    """What a rewriting has done."""

    changed: int  # records
    met: int  # records that stay as they are, because others have the key that they would get


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Records that would have one key."""

    environment: int
    table: str
    fields: tuple[str, ...]  # of the key
    # Ids with the texts of the key, as they are stored; the first ones in id order.
    records: tuple[tuple[int, tuple[object, ...]], ...]
    referrers: Mapping[int, Mapping[str, int]]  # id -> records that refer to it, by table


def respell_keys(
    database: Database, catalogue: Catalogue, *, on_chunk: Callable[[], None] = lambda: None
) -> Respelled:
    """Rewrite what older releases have stored, and note that it is done.

    May be ended and repeated, and called by several processes at once. Raises DatabaseBusy,
    DatabaseAway, StorageFull. `on_chunk` is called after each chunk.
    """
    changed = met = 0
    with _Survey(catalogue) as survey:
        for name in survey.tables:
            with database.read() as tx:
                survey.read(tx, name)
            for ids in survey.pages(name):
                for number, group in groupby(ids, key=lambda id: id >> 40):
                    # Whoever writes the environment's records does so before or after the chunk.
                    with database.write(Locks(scope=number, is_whole=True)) as tx:
                        done, left = _respell(tx, survey, name, list(group))
                    changed, met = changed + done, met + left
                    on_chunk()
        with database.write() as tx:
            note_keys_spelled(tx)
    return Respelled(changed=changed, met=met)


def meetings(database: Database, catalogue: Catalogue) -> Iterator[Meeting]:
    """The records that would have one key, by table and key; reads one snapshot."""
    with _Survey(catalogue) as survey, database.read() as tx:
        for name in survey.tables:
            survey.read(tx, name)
            seen: set[tuple[str, str]] = set()
            for ids in survey.pages(name):
                for stale in survey.stale(tx, name, ids):
                    for column, key in stale.keys.items():
                        others = survey.holders(tx, name, {column: {key}})[column, key]
                        if len(others | {stale.id}) > 1 and (column, key) not in seen:
                            seen.add((column, key))
                            yield _meeting(tx, survey, name, column, others | {stale.id})


@dataclass(frozen=True, slots=True)
class _Stale:
    """A record whose texts or keys are not as they would be written."""

    id: int
    before: Sequence[Any]
    after: Sequence[Any]
    keys: Mapping[str, str]  # by column: those that it would get, where others may have them


class _Survey:
    """What is to be rewritten; the temporary database is gone after the block."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._plans: dict[tuple[str, int], TablePlan] = {}
        self._texts = {name: _key_texts(catalogue, name) for name in catalogue.tables}
        self.tables = [name for name, texts in self._texts.items() if texts]
        self._folder = tempfile.TemporaryDirectory(prefix="longshore-")
        self._kept = sqlite3.connect(Path(self._folder.name) / "keys.db", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute("CREATE TABLE stale (name TEXT, id INTEGER, PRIMARY KEY (name, id))")
        self._kept.execute("CREATE TABLE keys (name TEXT, spelled TEXT, id INTEGER)")
        self._kept.execute("CREATE INDEX by_key ON keys (name, spelled)")

    def __enter__(self) -> "_Survey":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._kept.close()
        self._folder.cleanup()

    def plan(self, table: str, environment: int) -> TablePlan:
        """The keys of a table with their parts, as an environment writes them."""
        if (table, environment) not in self._plans:
            drafts = TableDrafts(self.catalogue, environment=environment)
            for key in self.catalogue.tables[table].keys:
                drafts.need_key(table, key)
            if len(self.catalogue.tables[table].types) > 1:
                drafts.need(table, "type")
            self._plans[table, environment] = drafts.lay_out()[table]
        return self._plans[table, environment]

    def read(self, tx: Transaction, table: str) -> None:
        """Note the records of a table that are to be rewritten, and the keys they would get."""
        columns, texts = self.plan(table, 0).columns, self._texts[table]
        for page in oddly_spelled(tx, table, columns, among=texts):
            found = [stale for row in page if (stale := self._stale(table, row)) is not None]
            self._kept.execute("BEGIN")
            self._kept.executemany(
                "INSERT INTO stale VALUES (?, ?)", [(table, each.id) for each in found]
            )
            self._kept.executemany(
                "INSERT INTO keys VALUES (?, ?, ?)",
                [
                    (f"{table}.{column}", key, each.id)
                    for each in found
                    for column, key in each.keys.items()
                ],
            )
            self._kept.execute("COMMIT")

    def pages(self, table: str) -> Iterator[list[int]]:
        """The ids of what `read` noted, ascending."""
        after = 0
        while True:
            rows = self._kept.execute(
                "SELECT id FROM stale WHERE name = ? AND id > ? ORDER BY id LIMIT 1000",
                (table, after),
            ).fetchall()
            if not rows:
                return
            yield [id for (id,) in rows]
            after = rows[-1][0]

    def stale(self, tx: Transaction, table: str, ids: Sequence[int]) -> list[_Stale]:
        """Those of the records that still are to be rewritten, as they are stored now."""
        reader = TableReader(table, self.plan(table, 0).columns)
        found = (self._stale(table, row) for row in reader.by_id(tx, ids))
        return [each for each in found if each is not None]

    def holders(
        self, tx: Transaction, table: str, keys: Mapping[str, set[str]]
    ) -> dict[tuple[str, str], set[int]]:
        """The records that have a key or would get it, by column and key."""
        found: dict[tuple[str, str], set[int]] = {
            (column, key): set() for column, wanted in keys.items() for key in wanted
        }
        for column, wanted in keys.items():
            for id, key in TableReader(table, [column]).by(tx, column, wanted):
                found[column, key].add(id)
            for key in wanted:
                noted = self._kept.execute(
                    "SELECT id FROM keys WHERE name = ? AND spelled = ?",
                    (f"{table}.{column}", key),
                )
                found[column, key].update(id for (id,) in noted)
        return found

    def _stale(self, table: str, row: Sequence[Any]) -> _Stale | None:
        id, *before = row
        plan = self.plan(table, id >> 40)
        after = list(before)
        for name in self._texts[table]:
            text = before[plan.index[name]]
            if text is not None:
                after[plan.index[name]] = key_text(text)
        wanted: dict[str, str] = {}
        for key in plan.keys:
            spelled = after[key.column] = key.of(after)
            is_another = spelled is not None and spelled != before[key.column]
            if is_another and (key.is_unique or key.matches):
                wanted[plan.columns[key.column]] = str(spelled)
        return None if after == before else _Stale(id, before, after, wanted)


def _key_texts(catalogue: Catalogue, table: str) -> list[str]:
    """The columns of a table whose texts are parts of its keys."""
    declared = catalogue.tables[table]
    parts = {part for key in declared.keys for part in key.parts}
    return [
        each.name
        for each in declared.attributes
        if each.name in parts and each.type is ValueType.STRING and not each.enum
    ]


def _respell(tx: Transaction, survey: _Survey, table: str, ids: Sequence[int]) -> tuple[int, int]:
    """Rewrite a chunk: how many records were changed, and how many would meet others."""
    found = survey.stale(tx, table, ids)
    keys: dict[str, set[str]] = {}
    for stale in found:
        for column, key in stale.keys.items():
            keys.setdefault(column, set()).add(key)
    holders = survey.holders(tx, table, keys)
    free = [
        stale
        for stale in found
        if all(holders[column, key] <= {stale.id} for column, key in stale.keys.items())
    ]
    plan = survey.plan(table, 0)
    positions = range(len(plan.columns))
    TableWriter(table, plan.columns, {}).change(
        tx,
        [
            (each.id, tuple([i for i in positions if each.before[i] != each.after[i]]), each.after)
            for each in free
        ],
        now=tx.now(),
    )
    append_entries(tx, [_entry(plan, each, tx.now()) for each in free])
    if free:
        count_table_changes(tx, ids[0] >> 40, {table})
    return len(free), len(found) - len(free)


def _entry(plan: TablePlan, stale: _Stale, now: int) -> NewEntry:
    """What changed in a record, with nobody who asked for it."""
    type_column = plan.index.get("type")
    changes = {
        name: (stale.before[column], stale.after[column])
        for column, name in plan.journaled
        if stale.before[column] != stale.after[column]
    }
    return NewEntry(
        environment=stale.id >> 40,
        row_number=None,
        table_name=plan.name,
        record_type=plan.name if type_column is None else stale.before[type_column],
        record_id=stale.id,
        event="update",
        changes=msgspec.json.encode(changes).decode(),
        image_id=None,
        at=now,
        **columns_of(_MIGRATION),
    )


def _meeting(tx: Transaction, survey: _Survey, table: str, column: str, ids: set[int]) -> Meeting:
    plan = survey.plan(table, 0)
    (key,) = (each for each in plan.keys if plan.columns[each.column] == column)
    rows = TableReader(table, [plan.columns[part.column] for part in key.parts]).by_id(tx, ids)
    return Meeting(
        environment=rows[0][0] >> 40,
        table=table,
        fields=tuple(part.field for part in key.parts),
        records=tuple((id, tuple(values)) for id, *values in rows),
        referrers=_referrers(tx, survey.catalogue, table, ids),
    )


def _referrers(
    tx: Transaction, catalogue: Catalogue, table: str, ids: set[int]
) -> dict[int, dict[str, int]]:
    """How many records refer to each of these, by their table."""
    counts: dict[int, dict[str, int]] = {id: {} for id in sorted(ids)}
    for name, declared in catalogue.tables.items():
        for link in declared.links:
            targets = catalogue.targets_of(link.relationship)
            if table not in {catalogue.types[target].table for target in targets}:
                continue
            for id, count in tx.fetch(
                f'SELECT "{link.column}", count(*) FROM "{name}"'
                f' WHERE "{link.column}" IN (?integers) GROUP BY 1',
                (sorted(ids),),
            ):
                counts[id][name] = counts[id].get(name, 0) + count
    return counts
