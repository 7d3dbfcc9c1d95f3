"""What rows would have made of the records, in a temporary database of its own.

Later chunks look there before they look at the stored records, so a dry run, or a plan, is right
beyond its first chunk, whatever the size of the source.
"""

import json
import sqlite3
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.loader import DatabaseSource, RecordSource
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.table_plans import TablePlan


class Picture:
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

    def __enter__(self) -> "Picture":
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def sources(self) -> dict[str, RecordSource]:
        """Where a loader reads the records of each table."""
        return {name: self._source(table) for name, table in self._plan.tables.items()}

    @property
    def size(self) -> int:
        """Bytes that it takes on the disk."""
        ((pages,),) = self._database.execute("PRAGMA page_count")
        ((page_bytes,),) = self._database.execute("PRAGMA page_size")
        return int(pages * page_bytes)

    def _source(self, table: TablePlan) -> RecordSource:
        stored = DatabaseSource(table)
        return PictureSource(self._database, table, stored) if table.is_written else stored

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
