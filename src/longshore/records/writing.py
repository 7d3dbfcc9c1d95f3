"""Write what a chunk has made of its records, each table in a few statements.

Statements run in this order: keys that change hands are parked (set to null), then records are
created, then changed. So values that are swapped or passed on within a chunk never meet in a
unique index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from longshore.catalogue import Catalogue, Product, SumDependency
from longshore.database import Transaction
from longshore.records.tables import record_tables

# Every set of changed columns is one statement; beyond so many sets, one statement over their
# union is faster (1,852 sets: 3,052 rows a second).
_GROUPS_MAX = 16

# Indexes of the columns that change, ids of the records, and their values by column.
ChangeGroup: TypeAlias = tuple[tuple[int, ...], Sequence[int], Sequence[Sequence[Any]]]

# Columns of every record, in front of those of its type.
_HEAD = ("id", "creator_id", "created_at", "updated_at")


class TableWriter:
    """Creates and changes rows of one table, whose values are laid out like `columns`."""

    def __init__(self, table: str, columns: Sequence[str], constants: Mapping[str, object]) -> None:
        record_tables()  # declared, because columns are written by their types
        self._table = table
        self._columns = tuple(columns)
        self._constants = dict(constants)

    def create(self, tx: Transaction, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows: id, creator, created at, updated at, then the values of the columns."""
        if rows:
            names = (*_HEAD, *self._columns)
            columns = zip(names, zip(*rows, strict=True), strict=True)
            tx.insert_columns(self._table, dict(columns), self._constants)

    def create_columns(
        self,
        tx: Transaction,
        ids: Sequence[int],
        columns: Sequence[Sequence[Any]],
        *,
        creator: int,
        now: int,
    ) -> None:
        """Add records of these ids, given as columns of values."""
        if ids:
            named = {"id": ids, **dict(zip(self._columns, columns, strict=True))}
            head = dict(zip(_HEAD[1:], (creator, now, now), strict=True))
            tx.insert_columns(self._table, named, {**head, **self._constants})

    def park(self, tx: Transaction, column: str, ids: Sequence[int]) -> None:
        """Set a key to null where it changes hands."""
        if ids:
            tx.execute(
                f'UPDATE "{self._table}" SET "{column}" = NULL WHERE id IN (?integers)', (ids,)
            )

    def change(
        self,
        tx: Transaction,
        changes: Iterable[tuple[int, tuple[int, ...], Sequence[Any]]],
        *,
        now: int,
    ) -> None:
        """Write what changed: (id, indexes of the changed columns, all values) of each record."""
        groups: dict[tuple[int, ...], list[tuple[int, Sequence[Any]]]] = {}
        for id, changed, values in changes:
            groups.setdefault(changed, []).append((id, values))
        self.change_columns(
            tx,
            [
                (
                    changed,
                    [id for id, _ in records],
                    list(zip(*(values for _, values in records), strict=True)),
                )
                for changed, records in groups.items()
            ],
            now=now,
        )

    def change_columns(self, tx: Transaction, groups: Sequence[ChangeGroup], *, now: int) -> None:
        """Write what changed in groups of records, in each of which the same columns change."""
        if len(groups) > _GROUPS_MAX:
            union = tuple(sorted({column for changed, _, _ in groups for column in changed}))
            ids = [id for _, of_group, _ in groups for id in of_group]
            joined: dict[int, Sequence[Any]] = {
                column: [cell for _, _, values in groups for cell in values[column]]
                for column in union
            }
            self._change_one_group(tx, union, ids, joined, now)
            return
        for changed, of_group, values in groups:
            cells = {column: values[column] for column in changed}
            self._change_one_group(tx, changed, of_group, cells, now)

    def _change_one_group(
        self,
        tx: Transaction,
        changed: Sequence[int],
        ids: Sequence[int],
        cells: Mapping[int, Sequence[Any]],
        now: int,
    ) -> None:
        named = {self._columns[column]: cells[column] for column in changed}
        tx.update_columns(self._table, ids, named, {"updated_at": now})


def write_tags(
    tx: Transaction, changes: Iterable[tuple[int, Sequence[int], Sequence[int]]]
) -> None:
    """Write the tags of records: (record, tags before, tags after) of each."""
    removed, added = [], []
    for record, before, after in changes:
        held, wanted = set(before), set(after)
        removed += [(record, tag) for tag in before if tag not in wanted]
        added += [(record, tag) for tag in after if tag not in held]
    if removed:
        tx.delete("taggings", ("record_id", "tag_id"), removed)
    if added:
        tx.insert("taggings", ("record_id", "tag_id"), added)


def erase_records(
    tx: Transaction, table: str, ids: Collection[int], *, bears_tags: bool, is_tag: bool
) -> None:
    """Remove records of one table with their tags; `is_tag`: they are tags, which nothing bears
    any more."""
    if bears_tags:
        tx.execute("DELETE FROM taggings WHERE record_id IN (?integers)", (ids,))
    if is_tag:
        tx.execute("DELETE FROM taggings WHERE tag_id IN (?integers)", (ids,))
    tx.execute(f'DELETE FROM "{table}" WHERE id IN (?integers)', (ids,))


class SumWriter:
    """Recomputes the stored sums of one table for the records whose children a chunk touched."""

    def __init__(self, table: str, sums: Sequence[SumDependency], catalogue: Catalogue) -> None:
        self.table = table
        self.links = {(each.children, each.link) for each in sums}  # (table, column of the parent)
        assigned = ", ".join(f'"{each.attribute}" = ({_sum(each, catalogue)})' for each in sums)
        self._update = f'UPDATE "{table}" SET {assigned} WHERE id IN (?integers)'

    def recompute(self, tx: Transaction, ids: Iterable[int]) -> None:
        tx.execute(self._update, (sorted(ids),))


def sum_writers(catalogue: Catalogue, tables: Iterable[str]) -> list[SumWriter]:
    """A writer for each table with sums over one of these tables."""
    written = set(tables)
    by_table: dict[str, list[SumDependency]] = {}
    for dependency in catalogue.sums:
        if dependency.children in written:
            by_table.setdefault(dependency.table, []).append(dependency)
    return [SumWriter(table, sums, catalogue) for table, sums in by_table.items()]


def _sum(dependency: SumDependency, catalogue: Catalogue) -> str:
    (attribute,) = (
        each
        for type_ in catalogue.tables[dependency.children].types
        for each in catalogue.types[type_].attributes
        if each.name == dependency.sum.of
    )
    term = (
        " * ".join(f'child."{factor}"' for factor in attribute.computed.factors)
        if isinstance(attribute.computed, Product)
        else f'child."{attribute.name}"'
    )
    where = ""
    if dependency.sum.where is not None:
        column, value = dependency.sum.where
        where = f' AND child."{column}" = {_literal(value)}'
    return (
        f'SELECT coalesce(sum({term}), 0) FROM "{dependency.children}" AS child'
        f' WHERE child."{dependency.link}" = "{dependency.table}".id{where}'
    )


def _literal(value: object) -> str:
    """A constant of the catalogue as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
