"""Records for reading, written straight into their tables: reading is tested without an import."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.access import Environment
from longshore.catalogue import key_prefix, key_text, load_catalogue
from longshore.database import Database
from longshore.records import RecordReader, RecordView, record_tables

CATALOGUE = load_catalogue()
TABLES = record_tables(CATALOGUE)
NOW = 1_706_696_430_123  # 2024-01-31T10:20:30.123Z


class Records:
    """The records of one environment."""

    def __init__(self, database: Database, environment: Environment) -> None:
        self.database = database
        self.environment = environment
        self.reader = RecordReader(
            CATALOGUE,
            TABLES,
            environment.number,
            database.public_ids,
            database.record_secrets,
        )

    def add(self, table: str, **values: Any) -> int:
        """Write one record; its id."""
        (id_,) = self.add_many(table, [values])
        return id_

    def add_many(self, table: str, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Write records with the same columns; their ids."""
        with self.database.write() as tx:
            ids = tx.reserve_ids(self.environment.number, len(rows))
            times = {"created_at": NOW, "updated_at": NOW}
            values = [
                {**times, **self._keys(table, row), **row, "id": id_}
                for id_, row in zip(ids, rows, strict=True)
            ]
            tx.connection.execute(TABLES[table].insert(), values)
        return list(ids)

    def _keys(self, table: str, row: Mapping[str, Any]) -> dict[str, str | None]:
        """The keys that are one text, as whoever writes records gives them."""
        prefix = key_prefix(self.environment.number)
        return {
            key.column: prefix + key_text(row[key.parts[0]]) if row[key.parts[0]] else None
            for key in CATALOGUE.tables[table].keys
            if len(key.parts) == 1
            and key.parts[0] in row
            and isinstance(row[key.parts[0]], str | None)
        }

    def tag(self, record_id: int, tag_id: int) -> None:
        with self.database.write() as tx:
            link = {"record_id": record_id, "tag_id": tag_id}
            tx.connection.execute(TABLES.taggings.insert(), [link])

    def public(self, id_: int) -> str:
        return self.database.public_ids.encode(id_)

    def find(
        self, resource_type: str, *filters: tuple[str, str], **options: Any
    ) -> list[RecordView]:
        with self.database.read() as tx:
            return list(self.reader.find(tx, resource_type, filters=filters, **options))

    def ids(self, resource_type: str, *filters: tuple[str, str], **options: Any) -> list[int]:
        """The ids of what is found, in its order."""
        return [view.record_id for view in self.find(resource_type, *filters, **options)]

    def get(self, resource_type: str, id_: int) -> RecordView:
        with self.database.read() as tx:
            view = self.reader.get(tx, resource_type, self.public(id_))
        assert view is not None
        return view
