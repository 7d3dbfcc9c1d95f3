"""Rows that concern nothing but one record each, gone through together.

Most rows of most files are plain: no nested rows, no tags, triggers or rules; one unique key that
they give, and that no other row of the chunk gives; targets that are there; nothing wrong. The
order of such rows does not matter, so they need no identity maps: stored records are compared with
rows in bulk, and only the differences are written.

This is no second meaning of a row. Where anything is not plain, the rows go the ordinary way
(`applying`), and the property tests hold both ways to the same result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import Catalogue, key_text
from longshore.database import Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.flusher import append_changes
from longshore.engine.plan.nodes import Node, Plan, RequiredField, TargetStep
from longshore.engine.row.changes import RecordChange
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.outcomes import ChunkResult, RowOutcome
from longshore.journal import Creation, append_creations
from longshore.records import TableReader, TableWriter

# Fewer plain rows than this at the head of a chunk, or than a quarter of it, are not worth a
# transaction of their own.
_ROWS_MIN = 64


@dataclass(frozen=True, slots=True)
class PlainRows:
    """The leading rows of a chunk that look plain, with their keys."""

    candidates: Candidates
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Change:
    """A stored record that a row changes; values are laid out like the path's columns."""

    index: int  # of the row
    id: int
    before: tuple[Any, ...]
    after: tuple[Any, ...]


class PlainPath:
    """The way of plain rows through one import."""

    def __init__(self, plan: Plan, *, creator: int) -> None:
        root = plan.root
        table = root.table
        self._plan = plan
        self._table = table
        self._creator = creator
        self._key = table.keys[0]
        self._key_name = table.columns[self._key.column]
        self._key_slot = root.slots[self._key.parts[0].field]
        self._slots = [slot for slot, _ in root.create_assigns]
        self._key_position = self._slots.index(self._key_slot)  # of its text among the values
        self._targets = [(step, TableReader(step.tables[0][0].name, [])) for step in root.targets]
        columns = [column for _, column in root.create_assigns]
        columns += [step.column for step, _ in self._targets if step.column is not None]
        self._names = [table.columns[column] for column in columns]
        self._defaults = [root.blank[column] for column in columns]
        self._required = [
            (columns.index(each.column), each.holds is None)
            for each in root.required
            if each.column in columns
        ]
        # A record cannot be created when a field that it must have is in no column of the source.
        self._may_create = all(
            each.column in columns or (each.column is not None and root.blank[each.column])
            for each in root.required
        )
        bound = {*self._names, self._key_name}
        defaults = {
            name: default
            for name, default in zip(table.columns, root.blank, strict=True)
            if name not in bound and default is not None
        }
        names = [*self._names, self._key_name]
        self._creating = TableWriter(table.name, names, {**table.constants, **defaults})
        self._changing = TableWriter(table.name, self._names, {})
        self._reader = TableReader(table.name, names)

    @classmethod
    def of(cls, plan: Plan, catalogue: Catalogue, *, creator: int) -> "PlainPath | None":
        """The path, or None when rows of this plan are never plain."""
        is_summed = any(each.children == plan.root.table.name for each in catalogue.sums)
        return None if is_summed or not _is_plain(plan.root) else cls(plan, creator=creator)

    def leading(self, candidates: Candidates) -> PlainRows | int:
        """The plain rows at the head; where they are too few, how many rows to take singly."""
        count = candidates.first_wrong()
        texts = candidates.column(self._key_slot)[:count]
        if set(map(type, texts)) != {str}:
            count = next((i for i, text in enumerate(texts) if text.__class__ is not str), count)
            texts = texts[:count]
        if not "".join(texts).isascii():
            # A text that is not spelled as keys are may mean a record under an older key.
            count = next((i for i, text in enumerate(texts) if key_text(text) != text), count)
            texts = texts[:count]
        keys = self._keys(texts)
        if len(set(keys)) < count:
            count = _first_repeated(keys)
        if count < min(max(_ROWS_MIN, len(candidates) // 4), len(candidates)):
            # What ended the plain rows often comes again soon.
            return min(count * 4 + _ROWS_MIN, len(candidates))
        return PlainRows(candidates.slice(0, count), keys[:count])

    def _keys(self, texts: Sequence[str]) -> list[str]:
        """The keys of texts, up to the first blank one."""
        part = self._key.parts[0]
        prefix = self._key.prefix
        if part.folds or not "".join(texts).isascii():
            keys = [self._key.of_text(text, folds=part.folds) for text in texts]
        else:
            keys = [prefix + text for text in map(str.strip, texts)]
        blank = next((i for i, key in enumerate(keys) if key is None or key == prefix), None)
        return [key for key in keys[:blank] if key is not None]

    def go_through(self, tx: Transaction, rows: PlainRows, *, first_row: int) -> ChunkResult | None:
        """Write what the rows change; None, with nothing written, when they are not plain."""
        columns = [rows.candidates.column(slot) for slot in self._slots]
        for step, reader in self._targets:
            ids = self._target_ids(tx, step, reader, rows.candidates)
            if ids is None:
                return None
            columns.append(ids)
        has_absent = any(ABSENT in column for column in columns)
        if not self._is_complete(columns):
            return None
        values: list[tuple[Any, ...]] = list(zip(*columns, strict=True))
        stored = {row[-1]: row for row in self._reader.by(tx, self._key_name, rows.keys)}
        created: list[int] = []
        changes: list[_Change] = []
        records: list[int] = []
        outcomes = bytearray([RowOutcome.UNCHANGED]) * len(rows.keys)
        for index, key in enumerate(rows.keys):
            record = stored.get(key)
            if record is None:
                created.append(index)
                records.append(0)
                continue
            records.append(record[0])
            before, after = record[1:-1], values[index]
            if before != after:
                # What found the record does not rename it: only an id does.
                after = _with(after, self._key_position, before)
                if has_absent:
                    after = _filled(after, before)
                if before == after:
                    continue
                changes.append(_Change(index, record[0], before, after))
                outcomes[index] = RowOutcome.UPDATED
        if created and not (self._may_create and self._all_named(columns, created)):
            return None
        if has_absent:
            filled = [_filled(values[index], self._defaults) for index in created]
        else:
            filled = values if len(created) == len(values) else [values[i] for i in created]
        ids = self._create(tx, filled, [rows.keys[index] for index in created])
        for index, id in zip(created, ids, strict=True):
            records[index] = id
            outcomes[index] = RowOutcome.CREATED
        self._change(tx, changes, first_row)
        return ChunkResult(outcomes=outcomes, records=records)

    def _target_ids(
        self, tx: Transaction, step: TargetStep, reader: TableReader, candidates: Candidates
    ) -> Sequence[Any] | None:
        """The targets that rows name, all of which are there; None when one is not."""
        if step.id_slot is None:
            ids: Sequence[Any] = [step.fill] * len(candidates)
        else:
            ids = candidates.column(step.id_slot)
            if step.fill is not None:
                ids = [step.fill if id is ABSENT or id is None else id for id in ids]
        named = set(ids) - {ABSENT, None}
        if 0 in named:
            return None
        return ids if len(reader.by_id(tx, named)) == len(named) else None

    def _is_complete(self, columns: Sequence[Sequence[Any]]) -> bool:
        """Whether no row blanks what must be there, nor leaves open whether it must be."""
        for position, is_always in self._required:
            column = columns[position]
            if None in column or (not is_always and ABSENT in column):
                return False
            texts = column if set(map(type, column)) == {str} else _texts_of(column)
            if not all(map(str.strip, texts)):
                return False
        return True

    def _all_named(self, columns: Sequence[Sequence[Any]], created: Sequence[int]) -> bool:
        """Whether the rows that create a record name all that it must have."""
        return all(
            columns[position][index] is not ABSENT or self._defaults[position] is not None
            for position, _ in self._required
            if ABSENT in columns[position]
            for index in created
        )

    def _create(
        self, tx: Transaction, rows: Sequence[tuple[Any, ...]], keys: Sequence[str]
    ) -> Sequence[int]:
        """Create a record for each of the rows; their ids."""
        if not rows:
            return ()
        now = tx.now()
        new_ids = tx.new_ids(self._plan.environment)
        ids = new_ids.take_many(len(rows))
        creator = self._creator
        self._creating.create(
            tx,
            [
                (id, creator, now, now, *row, key)
                for id, row, key in zip(ids, rows, keys, strict=True)
            ],
        )
        new_ids.keep()
        append_creations(tx, [Creation(creator, self._table.name, ids[0], ids[-1], now)])
        return ids

    def _change(self, tx: Transaction, changes: Sequence[_Change], first_row: int) -> None:
        if not changes:
            return
        now = tx.now()
        table, names = self._table, self._names
        positions = range(len(names))
        entries = []
        written = []
        for change in changes:
            before, after = change.before, change.after
            changed = tuple([i for i in positions if before[i] != after[i]])
            written.append((change.id, changed, after))
            differing = {names[i]: (before[i], after[i]) for i in changed}
            entries.append(
                RecordChange(first_row + change.index, change.id, table, table.name, differing)
            )
        self._changing.change(tx, written, now=now)
        append_changes(tx, entries, environment=self._plan.environment, creator=self._creator)


def _texts_of(column: Sequence[Any]) -> list[str]:
    return [value for value in column if value.__class__ is str]


def _filled(values: Sequence[Any], defaults: Sequence[Any]) -> tuple[Any, ...]:
    """Values, with a default where there is none."""
    return tuple(
        default if value is ABSENT else value
        for value, default in zip(values, defaults, strict=True)
    )


def _with(values: Sequence[Any], position: int, others: Sequence[Any]) -> tuple[Any, ...]:
    """Values, with that of others at one position."""
    if values[position] == others[position]:
        return tuple(values)
    return (*values[:position], others[position], *values[position + 1 :])


def _first_repeated(keys: Sequence[str]) -> int:
    """The index of the first key that stands before it already; else the number of keys."""
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            return index
        seen.add(key)
    return len(keys)


def _is_plain(root: Node) -> bool:
    """Whether rows of this node can be plain at all."""
    if (
        root.id_slot is not None
        or root.type_column is not None
        or root.tags is not None
        or root.table.parent_columns
        or any((root.nested, root.deferred, root.triggers, root.rules, root.checks))
        or any((root.marks, root.accepted_with, root.generated, root.objects, root.money))
        or root.create_assigns != root.update_assigns
    ):
        return False
    return (
        _has_one_plain_key(root)
        and all(map(_is_plain_target, root.targets))
        and all(
            required.column is not None and (required.holds is None or _is_bound(root, required))
            for required in root.required
        )
    )


def _has_one_plain_key(root: Node) -> bool:
    if len(root.table.keys) != 1:
        return False
    key = root.table.keys[0]
    part = key.parts[0]
    return (
        key.is_unique
        and key.matches
        and len(key.parts) == 1
        and not part.is_target
        and part.field in root.slots
    )


def _is_plain_target(step: TargetStep) -> bool:
    return (
        step.creatable
        and step.updatable
        and step.column is not None
        and step.type_column is None
        and step.nested is None
        and not step.namings
        and len(step.tables) == 1
        and step.tables[0][1] is None
    )


def _is_bound(root: Node, required: RequiredField) -> bool:
    """Whether a field that may be required is named by the source, or nothing it depends on is."""
    columns = {column for _, column in root.create_assigns}
    columns |= {step.column for step in root.targets if step.column is not None}
    return required.column in columns or not required.inputs
