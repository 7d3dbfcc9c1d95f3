"""What rows would have made of the records, in a temporary database of its own.

Later chunks look there before they look at the stored records, so a dry run, or a plan, is right
beyond its first chunk, whatever the size of the source.
"""

import json
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from longshore.database import NewIds, Transaction
from longshore.engine.chunk.loader import DatabaseSource, RecordSource
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.table_plans import TablePlan
from longshore.identifiers import first_id
from longshore.records import TableReader

# Records that are made in a picture are numbered from here, far beyond those that others create
# meanwhile: a sequence of 40 bits has room for both.
_SEQUENCE_START = 1 << 39


class Picture:
    """The records as the rows so far would have left them, those that they touched.

    The rows may be of several plans, one after another; those of each look at the picture, and add
    to it, through a view of their own.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="longshore-"))
        # One that is kept between runs may be used by another thread then, but by one at a time.
        self._database = sqlite3.connect(
            folder / "picture.db", isolation_level=None, check_same_thread=False
        )
        self._discard = weakref.finalize(self, _discard, self._database, folder)
        # Nobody will miss it after a crash.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._columns: dict[str, tuple[str, ...]] = {}  # table -> all that any of the plans has
        self._made_count = 0
        for name in {name: None for plan in plans for name in plan.tables}:
            tables = [plan.tables[name] for plan in plans if name in plan.tables]
            if any(table.is_written for table in tables):
                self._columns[name] = self._create(name, tables)

    def __enter__(self) -> "Picture":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything."""
        self._discard()

    def view(self, plan: Plan) -> "PictureView":
        """What the rows of one of its plans see of it."""
        return PictureView(self._database, plan, self._columns, self._next_numbers)

    @property
    def size(self) -> int:
        """Bytes that it takes on the disk."""
        ((pages,),) = self._database.execute("PRAGMA page_count")
        ((page_bytes,),) = self._database.execute("PRAGMA page_size")
        return int(pages * page_bytes)

    def _next_numbers(self, wanted: int) -> list[int]:
        first = _SEQUENCE_START + 1 + self._made_count
        self._made_count += wanted
        return list(range(first, first + wanted))

    def _create(self, name: str, tables: Sequence[TablePlan]) -> tuple[str, ...]:
        """Make the table of records; its columns."""
        columns = tuple(sorted({column for table in tables for column in table.columns}))
        listed = "".join(f', "{column}"' for column in columns)
        self._database.execute(f'CREATE TABLE "{name}" (id INTEGER PRIMARY KEY, " tags"{listed})')
        sought = {
            table.columns[column]
            for table in tables
            for column in (*(key.column for key in table.keys), *table.parent_columns)
        }
        for column in sorted(sought):
            self._database.execute(f'CREATE INDEX "{name} {column}" ON "{name}" ("{column}")')
        return columns


def _discard(database: sqlite3.Connection, folder: Path) -> None:
    database.close()
    shutil.rmtree(folder, ignore_errors=True)


class PictureView:
    """A picture for the rows of one plan: where they read records, and what takes over theirs."""

    def __init__(
        self,
        database: sqlite3.Connection,
        plan: Plan,
        columns: Mapping[str, Sequence[str]],
        next_numbers: Callable[[int], Sequence[int]],
    ) -> None:
        """`columns` are those that pictured tables have, for all plans; `next_numbers` are the next
        so many of the sequence."""
        self._database = database
        self._plan = plan
        self._columns = columns
        self._next_numbers = next_numbers
        self._takers = {
            name: _Taker(database, table, columns[name])
            for name, table in plan.tables.items()
            if table.is_written
        }

    def sources(self) -> dict[str, RecordSource]:
        """Where a loader reads the records of each table."""
        return {name: self._source(table) for name, table in self._plan.tables.items()}

    def _source(self, table: TablePlan) -> RecordSource:
        stored = DatabaseSource(table)
        is_pictured = table.name in self._columns
        return PictureSource(self._database, table, stored) if is_pictured else stored

    def next_ids(self) -> NewIds:
        """Ids for the records that a chunk makes, other ones each time."""
        return NewIds(first_id(self._plan.environment), self._next_numbers)

    def take_over(self, tx: Transaction, chunk: ProcessedChunk) -> None:
        """Add what a chunk has made. What other plans want to know of stored records that it has
        changed is read in its transaction."""
        takers = self._takers
        self._database.execute("BEGIN")
        for record in chunk.applier.created:
            row = (record.id, _listed(record.tags), *record.values)
            takers[record.table.plan.name].create([row])
        dirty: dict[str, list[tuple[Any, ...]]] = {}
        for record in chunk.applier.dirty:
            row = (record.id, _listed(record.tags), *record.values)
            dirty.setdefault(record.table.plan.name, []).append(row)
        for name, rows in dirty.items():
            takers[name].change(tx, rows)
        flat = chunk.flat
        if flat is not None:
            tags = {id: _listed(of) for id, of in flat.created_tags}
            listed = [tags.get(id, "[]") for id in flat.ids]
            takers[flat.table.name].create(zip(flat.ids, listed, *flat.created, strict=True))
            for each in flat.elements:
                untagged = ["[]"] * len(each.ids)
                takers[each.table.name].create(zip(each.ids, untagged, *each.values, strict=True))
            for group in flat.changed:
                of_group: Sequence[str | None] = [None] * len(group.ids)
                if group.tags is not None:
                    of_group = [_listed(after) for _, after in group.tags]
                changed = zip(group.ids, of_group, *group.after, strict=True)
                takers[flat.table.name].change(tx, list(changed))
        self._database.execute("COMMIT")


class _Taker:
    """Takes over records of one table as rows of id, tags (null: those that are there), and values
    by the columns of one plan."""

    def __init__(
        self, database: sqlite3.Connection, table: TablePlan, columns: Sequence[str]
    ) -> None:
        self._database = database
        self._table = table.name
        # What other plans want to know as well. Of a record that is created it is what the flusher
        # would write for it: the constants, else nothing.
        self._others = [column for column in columns if column not in table.index]
        self._stored = TableReader(table.name, self._others)
        constants = {
            column: table.constants[column] for column in self._others if column in table.constants
        }
        self._create = _upsert(
            table, {column: self._literal(value) for column, value in constants.items()}
        )
        self._change = _upsert(table, {})
        others = "".join(f', "{column}"' for column in self._others)
        places = ", ".join("?" * (len(self._others) + 1))
        self._fill = f'INSERT INTO "{table.name}" (id{others}) VALUES ({places})'

    def create(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take over records that the chunk creates."""
        self._database.executemany(self._create, rows)

    def change(self, tx: Transaction, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take over records that the chunk has found, and changed."""
        if self._others:
            self._fill_up(tx, [row[0] for row in rows])
        self._database.executemany(self._change, rows)

    def _fill_up(self, tx: Transaction, ids: Sequence[int]) -> None:
        """Have all columns of stored records that are not pictured yet."""
        pictured = self._database.execute(
            f'SELECT id FROM "{self._table}" WHERE id IN (SELECT value FROM json_each(?))',
            (json.dumps(ids),),
        )
        fresh = set(ids).difference(id for (id,) in pictured)
        self._database.executemany(self._fill, self._stored.by_id(tx, fresh))

    def _literal(self, value: object) -> str:
        ((literal,),) = self._database.execute("SELECT quote(?)", (value,))
        return str(literal)


def _upsert(table: TablePlan, constants: Mapping[str, str]) -> str:
    """The statement that takes over a record, with constants as they are written in SQL."""
    columns = "".join(f', "{column}"' for column in (*table.columns, *constants))
    places = ", ".join([*"?" * (len(table.columns) + 2), *constants.values()])
    assigned = "".join(f', "{column}" = excluded."{column}"' for column in table.columns)
    # A chunk that did not look at a record's tags leaves those that are pictured.
    return (
        f'INSERT INTO "{table.name}" (id, " tags"{columns}) VALUES ({places})'
        ' ON CONFLICT (id) DO UPDATE SET " tags" = coalesce(excluded." tags", " tags")'
        f"{assigned}"
    )


def _listed(tags: Sequence[int] | None) -> str | None:
    return None if tags is None else json.dumps(tags)


class PictureSource:
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
