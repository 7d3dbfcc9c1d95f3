"""What the rows of a range read of the store, noted while it is read.

A judgement follows from its rows and from what it reads: keys that are sought and not found, and
the records that are found, in the columns that the plan has of them. So where neither has changed,
the judgement is the same. Nobody has to say what a rule looks at: all is read through a source.

Only the first reading within a range counts. What a later chunk of the same range reads anew, the
rows before it have made or changed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.loader import RecordSource
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.pinned_columns import PinnedColumns, pinned_columns
from longshore.engine.pins.range_reads import MovedItem, RangeReads, TableReads
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.table_plans import TablePlan

_id_of = itemgetter(0)


class Reads:
    """The recorder: it stands between the rows of a plan and the sources of its records."""

    def __init__(self, plan: Plan, made: MadeRecords) -> None:
        """`made` are the records that the run has made before its next chunk."""
        self.made = made
        # A processor tells the keys that follow from ids alone before it seeks them. An import has
        # other ids than its plan, so nothing that is read by these counts.
        self.generated_keys: set[str] = set()
        self._columns = pinned_columns(plan)
        self._notes = {name: _Notes(table) for name, table in plan.tables.items()}
        self._made_before = made.count  # before the range

    def sources(self, sources: Mapping[str, RecordSource]) -> dict[str, RecordSource]:
        """The same sources, which note what they are asked and what they answer."""
        return {
            name: _RecordedSource(source, self._notes[name], self.generated_keys)
            for name, source in sources.items()
        }

    def take(self, chunk: ProcessedChunk) -> None:
        """Note what a chunk makes, which is processed and goes on to be kept."""
        self.made.add(chunk.created_ids)

    def end_range(self, first_row: int, outcomes: bytes) -> RangeReads:
        """All that was read since the last range ended; the next one begins."""
        before = self._made_before
        tables = {
            name: notes.of_range(self.made, before, self._columns[name])
            for name, notes in sorted(self._notes.items())
            if notes
        }
        self._made_before = self.made.count
        self.forget()
        return RangeReads(first_row, outcomes, tables)

    def named_among(self, items: Iterable[MovedItem]) -> list[MovedItem]:
        """Which of these were asked for, or read, in the range at hand."""
        records = {
            name: set(notes.names(self.made)) for name, notes in self._notes.items() if notes
        }
        keys: dict[tuple[str, str], set[str]] = {}
        named = []
        for item in items:
            if item.table not in records:
                continue
            if item.record is not None:
                is_named = item.record in records[item.table]
            else:
                assert item.column is not None
                place = (item.table, item.column)
                if place not in keys:
                    columns = self._columns[item.table]
                    asked = self._notes[item.table].asked.get(item.column, ())
                    keys[place] = set(columns.key_names(self.made, item.column, asked))
                is_named = item.key in keys[place]
            if is_named:
                named.append(item)
        return named

    def forget(self) -> None:
        """Forget what the range at hand has read and made so far, because it is gone through again
        from its first row, or not at all."""
        self.made.cut(self._made_before)
        self.generated_keys.clear()
        for notes in self._notes.values():
            notes.clear()

    def go_back(self, made_count: int) -> None:
        """Forget also what ended before, because the range is rolled back; the run had made so many
        records when it began."""
        self._made_before = made_count
        self.forget()


class _Notes:
    """What was asked of one table, and what was answered first."""

    __slots__ = ("asked", "ids_asked", "missing", "records", "table", "tags")

    def __init__(self, table: TablePlan) -> None:
        self.table = table
        self.records: dict[int, tuple[Any, ...]] = {}
        self.ids_asked: set[int] = set()
        self.asked: dict[str, set[Any]] = {}  # by column
        self.missing: dict[str, set[Any]] = {}
        self.tags: dict[int, tuple[int, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.ids_asked or self.asked or self.tags)

    def clear(self) -> None:
        self.records = {}
        self.ids_asked = set()
        self.asked = {}
        self.missing = {}
        self.tags = {}

    def names(self, made: MadeRecords) -> Sequence[int]:
        """The records that were asked for, or read."""
        return made.names([*self.records, *self.ids_asked, *self.tags])

    def found(self, rows: Sequence[tuple[Any, ...]]) -> None:
        records = self.records
        if records:
            rows = [row for row in rows if row[0] not in records]
        records.update(zip(map(_id_of, rows), rows, strict=True))

    def sought(self, column: str, values: Collection[Any], rows: Sequence[tuple[Any, ...]]) -> None:
        at = self.table.index[column] + 1
        fresh = set(values)
        fresh.discard(None)
        asked = self.asked.get(column)
        if asked is None:
            self.asked[column] = set(fresh)
            self.missing[column] = fresh
        else:
            fresh -= asked
            asked |= fresh
            self.missing[column] |= fresh
        if rows:
            self.missing[column] -= fresh.intersection(map(itemgetter(at), rows))
        self.found(rows)

    def of_range(self, made: MadeRecords, made_before: int, columns: PinnedColumns) -> TableReads:
        records, tags = self.records, self.tags
        if made.count > made_before and made.may_have_any({*records, *tags}):
            for id in [id for id in {*records, *tags} if made.place(id) > made_before]:
                records.pop(id, None)
                tags.pop(id, None)
        ids = sorted(records)
        rows = [records[id] for id in ids]
        tagged = sorted(tags)
        return TableReads(
            names=made.names(ids),
            contents=columns.contents(made, rows),
            ids_missing=self._ids_missing(made, made_before),
            keys_missing={
                column: sorted(columns.key_names(made, column, missing))
                for column, missing in sorted(self.missing.items())
                if missing
            },
            tagged=made.names(tagged),
            tags=[tuple(made.names(tags[id])) for id in tagged],
        )

    def _ids_missing(self, made: MadeRecords, made_before: int) -> Sequence[int]:
        """Ids that were sought in vain, and not because the range itself makes their records."""
        missing = [id for id in self.ids_asked - self.records.keys() if id]
        return sorted(made.names([id for id in missing if made.place(id) <= made_before]))


class _RecordedSource:
    """A source that notes what it reads."""

    def __init__(self, source: RecordSource, notes: _Notes, generated_keys: set[str]) -> None:
        self._source = source
        self._notes = notes
        self._generated_keys = generated_keys

    def by_id(self, tx: Transaction, ids: Collection[int]) -> list[tuple[Any, ...]]:
        rows = self._source.by_id(tx, ids)
        self._notes.ids_asked.update(ids)
        self._notes.found(rows)
        return rows

    def by(self, tx: Transaction, column: str, values: Collection[Any]) -> list[tuple[Any, ...]]:
        rows = self._source.by(tx, column, values)
        generated = self._generated_keys
        if generated and not generated.isdisjoint(values):
            at = self._notes.table.index[column] + 1
            values = set(values) - generated
            self._notes.sought(column, values, [row for row in rows if row[at] not in generated])
        else:
            self._notes.sought(column, values, rows)
        return rows

    def tags(self, tx: Transaction, records: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        found = self._source.tags(tx, records)
        tags = self._notes.tags
        for id in records:
            if id not in tags:
                tags[id] = tuple(found.get(id, ()))
        return found
