"""Read what a chunk touches: rows of one table by id, by key, by parent; and their tags.

Lists of ids and keys travel as one JSON text, so a statement is prepared once whatever the number
of values; SQLite looks up each of them in the index of the column.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from longshore.database import Transaction


class TableReader:
    """Rows of one table as tuples: id, then the columns asked for."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self._table = table
        names = "".join(f', "{column}"' for column in columns)
        self._select = f'SELECT id{names} FROM "{table}" WHERE '

    def by_id(self, tx: Transaction, ids: Collection[int]) -> list[tuple[Any, ...]]:
        """The rows with these ids, in ascending order."""
        return self.by(tx, "id", ids)

    def by(
        self, tx: Transaction, column: str, values: Collection[int] | Collection[str]
    ) -> list[tuple[Any, ...]]:
        """The rows whose column holds one of the values, in ascending order of ids."""
        sql = f'{self._select}"{column}" IN (SELECT value FROM json_each(?)) ORDER BY id'
        return tx.fetch(sql, (_json(values),))


def read_tags(tx: Transaction, records: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The ids of each record's tags, ascending; a record without tags is not in the result."""
    tags: dict[int, tuple[int, ...]] = {}
    for record, tag in tx.fetch(
        "SELECT record_id, tag_id FROM taggings"
        " WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY record_id, tag_id",
        (_json(records),),
    ):
        tags[record] = (*tags.get(record, ()), tag)
    return tags


def _json(values: Collection[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
