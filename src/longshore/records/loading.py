"""Read what a chunk touches: rows of one table by id, by key, by parent; and their tags."""

from collections.abc import Collection, Iterable, Sequence
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
        self, tx: Transaction, column: str, values: Collection[int] | Collection[str | None]
    ) -> list[tuple[Any, ...]]:
        """The rows whose column holds one of the values, in ascending order of ids.

        Null, the key of what has none, may be among them and is held by nothing.
        """
        asked = [value for value in values if value is not None]
        if not asked:
            return []
        kind = "?texts" if isinstance(asked[0], str) else "?integers"
        return tx.fetch(f'{self._select}"{column}" IN ({kind}) ORDER BY id', (asked,))

    def by_text(
        self, tx: Transaction, column: str, texts: Collection[str], *, within: tuple[int, int]
    ) -> list[tuple[Any, ...]]:
        """The rows with ids in a range, both ends included, whose column holds one of the texts, in
        ascending order of ids."""
        if not texts:
            return []
        return tx.fetch(
            f'{self._select}"{column}" IN (?texts) AND id >= ? AND id <= ? ORDER BY id',
            (list(texts), *within),
        )


def table_of(tx: Transaction, tables: Iterable[str], record_id: int) -> str | None:
    """Which of the tables has a record of that id."""
    ids = [record_id]
    asked = [f"SELECT '{table}' FROM \"{table}\" WHERE id IN (?integers)" for table in tables]
    found = tx.fetch(" UNION ALL ".join(asked), [ids] * len(asked))
    return str(found[0][0]) if found else None


def read_beginning(
    tx: Transaction, table: str, column: str, *, key: str, prefixes: Sequence[str], limit: int
) -> list[tuple[str, str]]:
    """What records have in a column whose key begins with a text, with that text: `limit` of them
    at the most for each text, in the order of their keys."""
    if not prefixes:
        return []
    of_prefix = (
        f'SELECT * FROM (SELECT CAST(? AS TEXT), "{column}" FROM "{table}"'
        f' WHERE "{key}" >= ? AND "{key}" < ? ORDER BY "{key}" LIMIT ?) AS part'
    )
    parameters: list[object] = []
    for prefix in prefixes:
        parameters += (prefix, prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1), limit)
    return tx.fetch(" UNION ALL ".join([of_prefix] * len(prefixes)), parameters)


def read_distinct(
    tx: Transaction, table: str, column: str, *, within: tuple[int, int], limit: int
) -> list[str]:
    """What records with ids in a range, both ends included, have in a column, each text once:
    `limit` of them at the most."""
    rows = tx.fetch(
        f'SELECT DISTINCT "{column}" FROM "{table}" WHERE id >= ? AND id <= ?'
        f' AND "{column}" IS NOT NULL ORDER BY 1 LIMIT ?',
        (*within, limit),
    )
    return [text for (text,) in rows]


def read_referred(
    tx: Transaction,
    table: str,
    column: str,
    ids: Collection[int],
    *,
    besides: Collection[int] = (),
) -> list[int]:
    """Which of these ids records of a table name in a column, in ascending order; those records
    left out that are named as `besides`."""
    if not ids:
        return []
    rows = tx.fetch(
        f'SELECT DISTINCT "{column}" FROM "{table}"'
        f' WHERE "{column}" IN (?integers) AND NOT (id IN (?integers)) ORDER BY 1',
        (ids, besides),
    )
    return [id for (id,) in rows]


def read_tags(tx: Transaction, records: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The ids of each record's tags, ascending; a record without tags is not in the result."""
    tags: dict[int, tuple[int, ...]] = {}
    for record, tag in tx.fetch(
        "SELECT record_id, tag_id FROM taggings"
        " WHERE record_id IN (?integers) ORDER BY record_id, tag_id",
        (records,),
    ):
        tags[record] = (*tags.get(record, ()), tag)
    return tags


def read_bearers(tx: Transaction, tags: Collection[int]) -> dict[int, list[int]]:
    """The ids of the records that bear each tag, ascending; a tag without any is not in the
    result."""
    bearers: dict[int, list[int]] = {}
    for tag, record in tx.fetch(
        "SELECT tag_id, record_id FROM taggings"
        " WHERE tag_id IN (?integers) ORDER BY tag_id, record_id",
        (tags,),
    ):
        bearers.setdefault(tag, []).append(record)
    return bearers
