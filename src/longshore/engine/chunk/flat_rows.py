"""Rows judged as columns: which of them are flat, and what flat ones do.

A row is flat when it surely succeeds, concerns one record with its tags, and touches no key that
another row of the chunk touches. So the order of flat rows does not matter, and they need no
identity maps: stored records are compared with them column by column, and the differences are
written in bulk. All else is odd: it is judged row by row, in order, over the identity maps
(`row.applier`), in the same chunk.

Nothing is refused here, and no message is made: what the columns do not vouch for makes its row
odd. So every rule of a row has one implementation that can say no, and the property tests hold
both ways to one result.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from operator import ne
from typing import Any

from longshore.catalogue import key_text
from longshore.database import Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.key_columns import key_column, repeated, rows_with
from longshore.engine.chunk.rule_rows import RuleRunner
from longshore.engine.chunk.sheet import Sheet, blank_rows, overlaid, picked, with_default
from longshore.engine.chunk.tag_columns import TagFinder, Tags
from longshore.engine.chunk.target_columns import (
    Newcomers,
    Sources,
    TargetColumn,
    TargetFinder,
    tables_of_targets,
)
from longshore.engine.plan.nodes import MoneyStep, Node, Plan, RequiredField
from longshore.engine.row.chunk_state import ChunkState, Record
from longshore.engine.row.object_keys import filled_object, given_keys
from longshore.engine.values.amounts import Amount
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import ValueRefused

StoredRecord = tuple[Any, ...]  # id, then the values by column of the table


@dataclass(slots=True, kw_only=True)
class FlatRows:
    """What the flat rows of a chunk do; columns are those of the table."""

    odd: bytearray  # 1 for each row that is not among them
    newcomers: Newcomers
    tags: dict[int, tuple[Tags, Tags]]  # row -> before and after, with stand-ins of newcomers
    keys: list[Sequence[Any]]  # by key of the table: what each row touches, flat or odd

    creating: list[int]  # rows that create a record, ascending
    created: list[Sequence[Any]]  # columns, a cell for each of them
    ids: list[int] = field(default_factory=list)  # of the records created

    found: list[int]  # rows that mean a stored record, ascending
    records: list[int]  # ids of these
    before: list[Sequence[Any]]  # columns
    after: list[Sequence[Any]]

    def end_before(self, end: int) -> None:
        """Leave out the rows from one on; those that create have their ids."""
        made, kept = bisect_left(self.creating, end), bisect_left(self.found, end)
        if made < len(self.creating):
            self.creating = self.creating[:made]
            self.created = [column[:made] for column in self.created]
        if kept < len(self.found):
            self.found, self.records = self.found[:kept], self.records[:kept]
            self.before = [column[:kept] for column in self.before]
            self.after = [column[:kept] for column in self.after]
        self.tags = {row: tags for row, tags in self.tags.items() if row < end}


class FlatWay:
    """Judges the rows of one plan."""

    def __init__(self, plan: Plan, sources: Sources) -> None:
        root = plan.root
        self._root = root
        self._table = root.table
        self._source = sources[root.table.name]
        self._finder = TargetFinder(root, sources)
        self._tags = TagFinder(root, root.tags, sources) if root.tags is not None else None
        self._money = MoneyColumns(root, sources)
        self._nested_slots = [slot for slot in root.nested if slot not in root.collection_slots]
        self._odd_slots = list(root.nested)
        self._steps = (*root.targets, *root.deferred)
        # A key that has the id of a nested record is known only when that is.
        nested = {step.column for step in self._steps if step.nested_slot is not None}
        self._has_hidden_keys = any(
            part.column in nested for key in root.table.keys for part in key.parts
        )

    @staticmethod
    def is_open_to(plan: Plan) -> bool:
        """Whether any row of the plan can be flat: its rows look at no record that others make."""
        root = plan.root
        looked_at = tables_of_targets((*root.targets, *root.deferred))
        looked_at |= {check.table.name for check in root.checks}
        return root.table.name not in looked_at

    def judge(
        self,
        tx: Transaction,
        candidates: Candidates,
        state: ChunkState,
        *,
        rules: RuleRunner | None,
        forced: Collection[int],
    ) -> FlatRows:
        """Judge consecutive rows; nothing is written. Those of `forced` are odd in any case."""
        root = self._root
        count = len(candidates)
        sheet = Sheet([candidates.column(slot) for slot in range(len(root.template))], count)
        sheet.mark(forced)
        sheet.mark(candidates.wrong_rows())
        self._mark_what_is_never_flat(sheet)
        newcomers = Newcomers()
        targets = self._finder.find(tx, sheet, newcomers)
        self._finder.check(tx, sheet)
        assigned = self._assigned(sheet, targets)
        sheet.values = [
            with_default(assigned[column], default) if column in assigned else [default] * count
            for column, default in enumerate(root.blank)
        ]
        keys = [key_column(plan, sheet.values, count) for plan in self._table.keys]
        for plan, column in zip(self._table.keys, keys, strict=True):
            sheet.values[plan.column] = column
        by_id = self._by_id(tx, sheet)
        matched = self._match(tx, sheet, keys, by_id)
        found = [row for row in range(count) if matched[row] is not None]
        before, after = self._changed(sheet, targets, found, matched, by_id)
        self._mark_conflicts(tx, sheet, keys, found, matched, before, after)

        creating = [row for row in range(count) if matched[row] is None and not sheet.odd[row]]
        kept = [at for at, row in enumerate(found) if not sheet.odd[row]]
        found = [found[at] for at in kept]
        before = [picked(column, kept) for column in before]
        after = [picked(column, kept) for column in after]
        created = [picked(column, creating) for column in sheet.values]
        stored = [_of(matched[row]) for row in found]
        created = self._finished(tx, sheet, creating, created, [None] * len(creating), rules, state)
        after = self._finished(tx, sheet, found, after, stored, rules, state)
        self._check_presence(sheet, creating, created)
        self._check_presence(sheet, found, after, before)
        records = {row: record[0] for row, record in zip(found, stored, strict=True)}
        tags = self._tags.find(tx, sheet, records, newcomers) if self._tags is not None else {}
        made = [at for at, row in enumerate(creating) if not sheet.odd[row]]
        kept = [at for at, row in enumerate(found) if not sheet.odd[row]]
        found = [found[at] for at in kept]
        return FlatRows(
            odd=sheet.odd,
            newcomers=newcomers,
            tags={row: each for row, each in tags.items() if not sheet.odd[row]},
            keys=keys,
            creating=[creating[at] for at in made],
            created=[picked(column, made) for column in created],
            found=found,
            records=[records[row] for row in found],
            before=[picked(column, kept) for column in before],
            after=[picked(column, kept) for column in after],
        )

    # What is never flat

    def _mark_what_is_never_flat(self, sheet: Sheet) -> None:
        root = self._root
        for slot in self._odd_slots:
            sheet.mark_named(slot)
        if self._has_hidden_keys and any(
            sheet.fields[slot].count(ABSENT) != sheet.count for slot in self._nested_slots
        ):
            sheet.mark(range(sheet.count))
        for trigger in root.triggers:
            column = sheet.fields[trigger.slot]
            sheet.mark([row for row, cell in enumerate(column) if cell is not ABSENT and cell])
        for slot in root.key_slots:
            column = sheet.fields[slot]
            types = set(map(type, column))
            if types == {str} and "".join(column).isascii():
                continue
            # A text that is not spelled as keys are may mean a record under an older key.
            sheet.mark(
                row
                for row, text in enumerate(column)
                if text.__class__ is str and not text.isascii() and key_text(text) != text
            )

    # Values and keys

    def _assigned(self, sheet: Sheet, targets: Sequence[TargetColumn]) -> dict[int, Sequence[Any]]:
        """What rows say of the columns of a record that they would create."""
        root = self._root
        assigned = {column: sheet.fields[slot] for slot, column in root.create_assigns}
        if root.type_slot is not None:
            assert root.type_column is not None
            given = sheet.fields[root.type_slot]
            assigned[root.type_column] = [ABSENT if type_ is None else type_ for type_ in given]
        for target in targets:
            step = target.step
            if step.creatable and step.column is not None:
                assigned[step.column] = target.ids
                if step.type_column is not None and target.types is not None:
                    assigned[step.type_column] = target.types
        return assigned

    def _by_id(self, tx: Transaction, sheet: Sheet) -> dict[int, StoredRecord | None]:
        """The records of the rows that give an id, None where there is none; those are odd."""
        root = self._root
        if root.id_slot is None:
            return {}
        given = sheet.fields[root.id_slot]
        wanted = set(given) - {ABSENT, None}
        if not wanted:
            return {}
        stored = {record[0]: record for record in self._source.by_id(tx, wanted - {0})}
        by_id: dict[int, StoredRecord | None] = {}
        for row, id in enumerate(given):
            if id is ABSENT or id is None:
                continue
            record = stored.get(id)
            if record is None or not self._is_of(record):
                record = None
                sheet.odd[row] = 1
            by_id[row] = record
        return by_id

    def _match(
        self,
        tx: Transaction,
        sheet: Sheet,
        keys: Sequence[Sequence[Any]],
        by_id: Mapping[int, StoredRecord | None],
    ) -> list[StoredRecord | None]:
        """The stored record that each row means: by its id, else by the first key that it names."""
        matched: list[StoredRecord | None] = [None] * sheet.count
        left: Sequence[int] = range(sheet.count)
        if by_id:
            for row, record in by_id.items():
                matched[row] = record
            left = [row for row in left if row not in by_id]
        self._matching: dict[int, Sequence[int]] = {}  # key -> rows that are matched by it
        for index in self._root.match_keys:
            column = keys[index]
            if None in column or len(left) < sheet.count:
                rows: Sequence[int] = [row for row in left if column[row] is not None]
                left = [row for row in left if column[row] is None]
            else:
                rows, left = left, ()
            if rows:
                self._matching[index] = rows
                self._match_by(tx, sheet, index, column, rows, matched)
        if self._root.type_column is not None:
            types = sheet.values[self._root.type_column]
            sheet.mark([row for row, type_ in enumerate(types) if type_ is None])
        return matched

    def _match_by(
        self,
        tx: Transaction,
        sheet: Sheet,
        index: int,
        column: Sequence[Any],
        rows: Sequence[int],
        matched: list[StoredRecord | None],
    ) -> None:
        plan = self._table.keys[index]
        name, at = self._table.columns[plan.column], plan.column + 1
        wanted = set(picked(column, rows))
        stored = self._source.by(tx, name, wanted)
        if not stored:
            return
        if plan.is_unique:
            by_key = {record[at]: record for record in stored}
            if len(rows) == sheet.count:
                matched[:] = map(by_key.get, column)
            else:
                for row in rows:
                    matched[row] = by_key.get(column[row])
            if self._root.types is not None:
                # The key is held by a record of another type: it is taken.
                others = {key for key, record in by_key.items() if not self._is_of(record)}
                sheet.mark(row for row in rows if column[row] in others)
            return
        holders: dict[Any, list[StoredRecord]] = {}
        for record in stored:
            if self._is_of(record):
                holders.setdefault(record[at], []).append(record)
        for row in rows:
            fitting = holders.get(column[row])
            if fitting is not None:
                matched[row] = fitting[0]
                if len(fitting) > 1:
                    sheet.odd[row] = 1

    def _is_of(self, record: StoredRecord) -> bool:
        """Whether a record of a family is of a type that the node means."""
        root = self._root
        if root.types is None or root.type_column is None:
            return True
        return record[root.type_column + 1] in root.types

    # Changes

    def _changed(
        self,
        sheet: Sheet,
        targets: Sequence[TargetColumn],
        found: Sequence[int],
        matched: Sequence[StoredRecord | None],
        by_id: Mapping[int, StoredRecord | None],
    ) -> tuple[list[Sequence[Any]], list[Sequence[Any]]]:
        """The columns of the records that rows mean, as they are and as they would become."""
        if not found:
            nothing: list[Sequence[Any]] = [()] * len(self._table.columns)
            return nothing, nothing
        root = self._root
        stored = zip(*(_of(matched[row]) for row in found), strict=True)
        before: list[Sequence[Any]] = list[Sequence[Any]](stored)[1:]
        after = list(before)
        for slot, column in root.update_assigns:
            after[column] = overlaid(picked(sheet.fields[slot], found), before[column])
        # What found a record does not rename it: only an id does.
        for index, rows in self._matching.items():
            for part in self._table.keys[index].parts:
                if not part.is_target and after[part.column] is not before[part.column]:
                    after[part.column] = self._kept(part.column, found, rows, before, after)
        for target in targets:
            step = target.step
            if step.updatable and step.column is not None:
                after[step.column] = overlaid(picked(target.ids, found), before[step.column])
                if step.type_column is not None and target.types is not None:
                    types = picked(target.types, found)
                    after[step.type_column] = overlaid(types, before[step.type_column])
        return before, after

    def _kept(
        self,
        column: int,
        found: Sequence[int],
        rows: Sequence[int],
        before: Sequence[Sequence[Any]],
        after: Sequence[Sequence[Any]],
    ) -> Sequence[Any]:
        if len(rows) >= len(found) and len(self._matching) == 1 and self._root.id_slot is None:
            return before[column]
        by_this = set(rows)
        return [
            old if row in by_this else new
            for row, old, new in zip(found, before[column], after[column], strict=True)
        ]

    # Keys that several rows touch

    def _mark_conflicts(
        self,
        tx: Transaction,
        sheet: Sheet,
        keys: list[Sequence[Any]],
        found: Sequence[int],
        matched: Sequence[StoredRecord | None],
        before: Sequence[Sequence[Any]],
        after: list[Sequence[Any]],
    ) -> None:
        """Make the rows odd that touch a record or a key which another row touches as well."""
        ids = [_of(matched[row])[0] for row in found]
        twice = repeated(ids)
        sheet.mark(row for row, id in zip(found, ids, strict=True) if id in twice)
        for index, plan in enumerate(self._table.keys):
            touched = list(keys[index])
            given_up: set[Any] = set()
            if found:
                self._rekey(sheet, index, found, before, after, touched, given_up)
            keys[index] = touched
            if plan.is_unique:
                sheet.mark(rows_with(touched, repeated(touched) | given_up))
                if not (plan.matches and index in self._matching):
                    self._mark_taken(tx, sheet, index, touched, matched)
            elif index in self._matching:
                sheet.mark(rows_with(touched, repeated(touched) | given_up))

    def _rekey(
        self,
        sheet: Sheet,
        index: int,
        found: Sequence[int],
        before: Sequence[Sequence[Any]],
        after: list[Sequence[Any]],
        touched: list[Any],
        given_up: set[Any],
    ) -> None:
        """Let the key of stored records follow their parts; one that changes hands is odd."""
        plan = self._table.keys[index]
        stored = before[plan.column]
        for row, key in zip(found, stored, strict=True):
            touched[row] = key
        changed: set[int] = set()
        for part in plan.parts:
            old, new = before[part.column], after[part.column]
            if old is not new and old != new:
                changed.update(compress(range(len(found)), map(ne, old, new)))
        if not changed:
            return
        column = list(stored)
        for at in changed:
            values = {part.column: after[part.column][at] for part in plan.parts}
            column[at] = touched[found[at]] = plan.of(values)
            given_up.add(stored[at])
            if plan.is_unique:
                sheet.odd[found[at]] = 1
        given_up.discard(None)
        after[plan.column] = column

    def _mark_taken(
        self,
        tx: Transaction,
        sheet: Sheet,
        index: int,
        touched: Sequence[Any],
        matched: Sequence[StoredRecord | None],
    ) -> None:
        """Make the rows odd that would take a unique key which a stored record has."""
        plan = self._table.keys[index]
        wanted = {key for row, key in enumerate(touched) if matched[row] is None} - {None}
        if wanted:
            at = plan.column + 1
            held = {
                record[at]
                for record in self._source.by(tx, self._table.columns[plan.column], wanted)
            }
            sheet.mark(row for row in rows_with(touched, held) if matched[row] is None)

    # What follows from the values

    def _finished(
        self,
        tx: Transaction,
        sheet: Sheet,
        rows: Sequence[int],
        values: list[Sequence[Any]],
        stored: Sequence[StoredRecord | None],
        rules: RuleRunner | None,
        state: ChunkState,
    ) -> list[Sequence[Any]]:
        """Values with the keys of objects, amounts, marks, and what rules make of them."""
        root = self._root
        if not rows:
            return values
        values = list(values)
        for object_ in root.objects:
            self._fill_object(sheet, rows, values, object_)
        for step in root.money:
            self._money.settle(tx, sheet, rows, values, step)
        for slot, column in root.marks:
            given = picked(sheet.fields[slot], rows)
            values[column] = [
                True if text is not ABSENT and text is not None and text.strip() else value
                for text, value in zip(given, values[column], strict=True)
            ]
        if rules is not None:
            table = state.tables[self._table.name]
            records = [
                None if record is None else Record(table, record[0], list(record[1:]), is_new=False)
                for record in stored
            ]
            values = rules.run(sheet, rows, values, records)
        return values

    def _fill_object(
        self, sheet: Sheet, rows: Sequence[int], values: list[Sequence[Any]], object_: Any
    ) -> None:
        """Put single keys into the objects that records have."""
        slots = [slot for slot, _ in object_.keys]
        if all(sheet.fields[slot].count(ABSENT) == sheet.count for slot in slots):
            return
        cells = list(values[object_.column])
        fields = {slot: sheet.fields[slot] for slot in slots}
        for at, row in enumerate(rows):
            given = given_keys(object_, {slot: column[row] for slot, column in fields.items()})
            if not given:
                continue
            if object_.slot is not None and sheet.fields[object_.slot][row] is not ABSENT:
                sheet.odd[row] = 1
                continue
            try:
                cells[at] = filled_object(object_, cells[at], given)
            except ValueRefused:
                sheet.odd[row] = 1
        values[object_.column] = cells

    def _check_presence(
        self,
        sheet: Sheet,
        rows: Sequence[int],
        values: Sequence[Sequence[Any]],
        before: Sequence[Sequence[Any]] | None = None,
    ) -> None:
        """Make the rows odd that leave a required field blank.

        With `before`, the values are those of stored records, and only rows that touch the field
        or what it depends on are judged.
        """
        generated = {column for column, _ in self._root.generated} if before is None else set()
        for required in self._root.required:
            if required.column is None:
                blank: Sequence[int] = range(len(rows))
            elif required.column in generated:
                continue  # it is judged once it is made
            else:
                blank = blank_rows(values[required.column])
            if not blank:
                continue
            sheet.mark(
                rows[at]
                for at in blank
                if not sheet.odd[rows[at]]
                and self._is_missing(sheet, required, rows[at], at, values, before)
            )

    def _is_missing(
        self,
        sheet: Sheet,
        required: RequiredField,
        row: int,
        at: int,
        values: Sequence[Sequence[Any]],
        before: Sequence[Sequence[Any]] | None,
    ) -> bool:
        fields = sheet.fields
        if before is not None and all(fields[slot][row] is ABSENT for slot in required.inputs):
            return False
        if required.column is None and any(
            fields[slot][row] is not ABSENT and fields[slot][row] is not None
            for slot in required.slots
        ):
            return False
        if required.holds is None:
            return True
        own = [column[at] for column in values]
        return required.holds(own, [column[row] for column in fields], ())

    # Behind the judgement

    def settle(self, tx: Transaction, flat: FlatRows, made: Sequence[Record]) -> list[int]:
        """Put ids in place of stand-ins, and make generated values.

        `made` are the records that odd rows have created. Returns the rows that have to be odd,
        because a generated value is what another row names.
        """
        self._settle_targets(flat)
        if not self._root.generated:
            return []
        odd: set[int] = set()
        for index, plan in enumerate(self._table.keys):
            if plan.is_unique:
                taken = {
                    each.values[plan.column] for each in made if each.table.plan is self._table
                }
                odd.update(rows_with(flat.keys[index], taken - {None}))
        odd = {row for row in odd if not flat.odd[row]}
        if not flat.creating:
            return sorted(odd)
        for column, generator in self._root.generated:
            cells = list(flat.created[column])
            for at in blank_rows(cells):
                values = _ValuesOfOne(flat.created, at)
                cells[at] = generator(values, self._table.index, flat.ids[at])
            flat.created[column] = cells
            if any(each.column == column and each.holds is None for each in self._root.required):
                odd.update(flat.creating[at] for at in blank_rows(cells))
            for index, plan in enumerate(self._table.keys):
                if any(part.column == column for part in plan.parts):
                    odd |= self._rekey_made(tx, flat, index)
        return sorted(odd)

    def _settle_targets(self, flat: FlatRows) -> None:
        """Put ids in place of the stand-ins of newcomers, in keys as well."""
        newcomers = flat.newcomers
        if not newcomers.before:
            return
        columns = [step.column for step in self._steps if any(n.creates for n in step.namings)]
        for column in columns:
            if column is None:
                continue
            standing = [at for at, id in enumerate(flat.after[column]) if _is_stand_in(id)]
            for side in (flat.created, flat.after):
                side[column] = newcomers.settled(side[column])
            for plan in self._table.keys:
                if any(part.column == column for part in plan.parts):
                    flat.created[plan.column] = key_column(plan, flat.created, len(flat.creating))
                    if standing:
                        cells = list(flat.after[plan.column])
                        for at in standing:
                            cells[at] = plan.of(_ValuesOfOne(flat.after, at))
                        flat.after[plan.column] = cells

    def _rekey_made(self, tx: Transaction, flat: FlatRows, index: int) -> set[int]:
        """Compute a key of generated parts; the rows whose key somebody else has."""
        plan = self._table.keys[index]
        given = flat.created[plan.column]
        made = key_column(plan, flat.created, len(flat.creating))
        flat.created[plan.column] = made
        if not plan.is_unique:
            return set()
        fresh = [at for at, key in enumerate(made) if key is not None and given[at] is None]
        wanted = {made[at] for at in fresh}
        at_key = plan.column + 1
        name = self._table.columns[plan.column]
        held = {record[at_key] for record in self._source.by(tx, name, wanted)}
        held |= wanted & set(flat.keys[index])
        if len(wanted) < len(fresh):
            held |= repeated([made[at] for at in fresh])
        named = set(rows_with(flat.keys[index], held))
        return {flat.creating[at] for at in fresh if made[at] in held} | named

    def first_amounts(
        self, candidates: Candidates, flat: FlatRows | None, wanted: int
    ) -> list[int]:
        """The first rows that name an amount; with `flat`, some that did not become odd for it."""
        columns = [candidates.column(step.slot) for step in self._root.money]
        rows = range(len(candidates)) if flat is None else sorted((*flat.creating, *flat.found))
        naming = (row for row in rows if any(column[row] is not ABSENT for column in columns))
        return list(islice(naming, wanted if flat is None else wanted * 8)) if columns else []


class _ValuesOfOne:
    """The values of one row, by column."""

    __slots__ = ("_at", "_columns")

    def __init__(self, columns: Sequence[Sequence[Any]], at: int) -> None:
        self._columns = columns
        self._at = at

    def __getitem__(self, column: int) -> Any:
        return self._columns[column][self._at]


def _is_stand_in(id: Any) -> bool:
    return id is not None and id < 0


class MoneyColumns:
    """Decimals of many rows turned into cents, by the currencies of their records."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self._node = node
        self._sources = sources

    def settle(
        self,
        tx: Transaction,
        sheet: Sheet,
        rows: Sequence[int],
        values: list[Sequence[Any]],
        step: MoneyStep,
    ) -> None:
        """Put cents in place of decimals; rows in which that cannot be become odd."""
        given = sheet.fields[step.slot]
        decimal = [at for at, row in enumerate(rows) if given[row].__class__ is Amount]
        if not decimal:
            return
        currencies = self._currencies(tx, values, step, decimal)
        cells = None if step.column is None else list(values[step.column])
        for at, currency in zip(decimal, currencies, strict=True):
            amount = given[rows[at]]
            try:
                if currency is None:
                    sheet.odd[rows[at]] = 1
                    cents = 0
                else:
                    cents = step.convert(amount.cents(currency))
            except ValueRefused:
                sheet.odd[rows[at]] = 1
                cents = 0
            if cells is not None and cells[at] is amount:
                cells[at] = cents
        if step.column is not None and cells is not None:
            values[step.column] = cells

    def _currencies(
        self,
        tx: Transaction,
        values: Sequence[Sequence[Any]],
        step: MoneyStep,
        rows: Sequence[int],
    ) -> list[str | None]:
        """The code of the first currency that one of the paths leads to, for each row."""
        found: list[str | None] = [None] * len(rows)
        for path in step.currencies:
            table = self._node.table.name
            cells = [values[path.hops[0][0] if path.hops else path.column][row] for row in rows]
            for position, (_, next_table) in enumerate(path.hops):
                table = next_table
                following = [*(column for column, _ in path.hops[1:]), path.column][position]
                ids = {id for id in cells if id is not None and id > 0}
                held = {
                    record[0]: record[following + 1]
                    for record in self._sources[table].by_id(tx, ids)
                }
                cells = [held.get(id) for id in cells]
            found = [
                before if before is not None else (str(cell) if cell else None)
                for before, cell in zip(found, cells, strict=True)
            ]
        return found


def _of(record: StoredRecord | None) -> StoredRecord:
    assert record is not None, "the row means a stored record"
    return record
