"""What flat rows do to records, once it is known how far the chunk goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import ne
from typing import Any, Final

from longshore.engine.chunk.flat_elements import FlatElements
from longshore.engine.chunk.flat_rows import FlatRows
from longshore.engine.chunk.sheet import picked
from longshore.engine.chunk.tag_columns import Tags
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.row.changes import RecordChange

_TAGS: Final = -1  # stands for the tags among the columns that differ


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRecords:
    """Stored records in which the same columns change; values are by column of the table."""

    columns: tuple[int, ...]  # that change
    rows: Sequence[int]
    ids: Sequence[int]
    before: Sequence[Sequence[Any]]
    after: Sequence[Sequence[Any]]
    tags: Sequence[tuple[Tags, Tags]] | None  # before and after, where they change as well


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatChanges:
    """Records of one table that flat rows create and change."""

    table: TablePlan
    rows: Sequence[int]  # that create a record
    ids: Sequence[int]  # of these records
    created: Sequence[Sequence[Any]]  # their columns
    created_tags: Sequence[tuple[int, Tags]]  # of those that have any: id, tags
    elements: Sequence[FlatElements]  # that were created inside these records
    changed: Sequence[ChangedRecords]
    records: Mapping[int, int]  # row -> record that it means or has made

    @property
    def further(self) -> Iterator[tuple[int, str, int]]:
        """The records that rows created besides their own: row, table, id."""
        for each in self.elements:
            yield from zip(each.owners, repeat(each.table.name), each.ids, strict=False)

    @property
    def tables_written(self) -> set[str]:
        """The tables in which records are created or changed."""
        of_elements = {each.table.name for each in self.elements}
        return of_elements | {self.table.name} if self.ids or self.changed else of_elements

    def values_touched(self, table: str, column: int) -> set[Any]:
        """What the records of a table hold in a column, before or after; null is left out."""
        held: set[Any] = set()
        if self.table.name == table:
            held.update(self.created[column])
            for group in self.changed:
                held.update(group.before[column], group.after[column])
        for each in self.elements:
            if each.table.name == table:
                held.update(each.values[column])
        held.discard(None)
        return held

    def entries(self, first_row: int) -> Iterator[RecordChange]:
        """An entry for each stored record that changes, in what its type journals."""
        table = self.table
        names = dict(table.journaled)
        type_at = table.index.get("type")
        for group in self.changed:
            told = [column for column in group.columns if column in names]
            fields = [names[column] for column in told]
            pairs: list[Sequence[Any]] = [
                list(zip(group.before[column], group.after[column], strict=True)) for column in told
            ]
            if group.tags is not None:
                fields.append("tags")
                pairs.append(group.tags)
            if not fields:
                continue
            changes = [dict(zip(fields, each, strict=True)) for each in zip(*pairs, strict=True)]
            types: Sequence[Any] = (
                [table.name] * len(changes) if type_at is None else group.after[type_at]
            )
            for row, id, type_, each in zip(group.rows, group.ids, types, changes, strict=True):
                yield RecordChange(first_row + row, id, table, type_, each)


def flat_changes(table: TablePlan, flat: FlatRows) -> FlatChanges:
    """What flat rows do, whose ids are given and whose newcomers are there."""
    settled = {
        row: (before, flat.newcomers.settled_tags(after))
        for row, (before, after) in flat.tags.items()
    }
    records = dict(zip(flat.found, flat.records, strict=True))
    records.update(zip(flat.creating, flat.ids, strict=True))
    for each in flat.elements:
        each.settle(records)
    return FlatChanges(
        table=table,
        rows=flat.creating,
        ids=flat.ids,
        created=flat.created,
        created_tags=[
            (id, settled[row][1])
            for row, id in zip(flat.creating, flat.ids, strict=True)
            if row in settled and settled[row][1]
        ]
        if settled
        else (),
        elements=flat.elements,
        changed=list(
            _grouped(
                flat.found,
                flat.records,
                flat.before,
                flat.after,
                {row: tags for row, tags in settled.items() if tags[0] != tags[1]},
            )
        ),
        records=records,
    )


def _grouped(
    rows: Sequence[int],
    ids: Sequence[int],
    before: Sequence[Sequence[Any]],
    after: Sequence[Sequence[Any]],
    tags: Mapping[int, tuple[Tags, Tags]],
) -> Iterator[ChangedRecords]:
    """The records that differ, by the columns in which they do."""
    count = len(rows)
    differing: dict[int, Sequence[int]] = {}  # column -> positions
    for column, (old, new) in enumerate(zip(before, after, strict=True)):
        if old is not new and tuple(old) != tuple(new):
            differing[column] = list(compress(range(count), map(ne, old, new)))
    if tags and (at_tags := [at for at, row in enumerate(rows) if row in tags]):
        differing[_TAGS] = at_tags
    for columns, positions in _positions_by_columns(differing, count).items():
        of_group = picked(rows, positions)
        yield ChangedRecords(
            columns=tuple(column for column in columns if column != _TAGS),
            rows=of_group,
            ids=picked(ids, positions),
            before=[picked(column, positions) for column in before],
            after=[picked(column, positions) for column in after],
            tags=[tags[row] for row in of_group] if _TAGS in columns else None,
        )


def _positions_by_columns(
    differing: Mapping[int, Sequence[int]], count: int
) -> Mapping[tuple[int, ...], Sequence[int]]:
    """The positions of each set of differing columns."""
    if all(len(positions) == count for positions in differing.values()):
        return {tuple(differing): range(count)} if differing else {}
    columns_of: dict[int, tuple[int, ...]] = {}
    for column, positions in differing.items():
        for at in positions:
            columns_of[at] = (*columns_of.get(at, ()), column)
    groups: dict[tuple[int, ...], list[int]] = {}
    for at in sorted(columns_of):
        groups.setdefault(columns_of[at], []).append(at)
    return groups
