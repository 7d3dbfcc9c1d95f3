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
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from longshore.catalogue import key_text, older_key_text
from longshore.database import Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.flat_elements import ElementColumns, FlatElements
from longshore.engine.chunk.newcomers import Newcomers
from longshore.engine.chunk.node_columns import NodeColumns
from longshore.engine.chunk.record_matcher import Matches, RecordMatcher
from longshore.engine.chunk.rule_rows import RuleRunner
from longshore.engine.chunk.sheet import Sheet, picked, without
from longshore.engine.chunk.tag_columns import TagFinder, Tags
from longshore.engine.chunk.target_columns import Sources, tables_of_keys, tables_of_targets
from longshore.engine.plan.nodes import Node, Plan, TargetStep
from longshore.engine.values.candidate import ABSENT
from longshore.imports import Only


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

    elements: list[FlatElements]  # of these, by collection

    found: list[int]  # rows that mean a stored record, ascending
    records: list[int]  # ids of these
    before: list[Sequence[Any]]  # columns
    after: list[Sequence[Any]]

    skipped: list[tuple[int, int]]  # rows that have no effect, and the records they found; 0: none

    def ids_taken(self, row: int) -> int:
        """How many ids a row takes that creates a record: for it and for its elements."""
        return 1 + sum(elements.count(row) for elements in self.elements)

    def end_before(self, end: int) -> None:
        """Leave out the rows from one on; those that create have their ids."""
        made, kept = bisect_left(self.creating, end), bisect_left(self.found, end)
        if made < len(self.creating):
            self.creating = self.creating[:made]
            self.created = [column[:made] for column in self.created]
            for elements in self.elements:
                elements.end_before(end)
            self.elements = [elements for elements in self.elements if elements.owners]
        if kept < len(self.found):
            self.found, self.records = self.found[:kept], self.records[:kept]
            self.before = [column[:kept] for column in self.before]
            self.after = [column[:kept] for column in self.after]
        self.tags = {row: tags for row, tags in self.tags.items() if row < end}
        self.skipped = self.skipped[: bisect_left(self.skipped, (end,))]


class FlatWay:
    """Judges the rows of one plan."""

    def __init__(self, plan: Plan, sources: Sources) -> None:
        root = plan.root
        self._root = root
        self._only = plan.only
        self._columns = NodeColumns(root, sources)
        self._matcher = RecordMatcher(root, sources)
        self._tags = TagFinder(root, root.tags, sources) if root.tags is not None else None
        self._collections = [
            ElementColumns(collection, root.table, sources) for collection in root.collections
        ]
        self._hiding_slots = list(_hiding_slots(root))
        self._older_slots = root.key_slots if _means_in_several_ways(root) else ()

    def first_amounts(self, candidates: Candidates, rows: Iterable[int], wanted: int) -> list[int]:
        """The first of these rows that give an amount; null is none, and is not shown."""
        root = self._root
        columns = [candidates.column(step.slot) for step in root.money]
        inside = [
            (candidates.column(each.slot), [step.slot for step in each.node.money])
            for each in root.collections
            if each.node.money
        ]
        if not columns and not inside:
            return []
        giving = (
            row
            for row in rows
            if any(_is_given(column[row]) for column in columns)
            or any(_give_any(column[row], slots) for column, slots in inside)
        )
        return list(islice(giving, wanted))

    @staticmethod
    def is_open_to(plan: Plan) -> bool:
        """Whether any row of the plan can be flat: its rows look at no record that others make."""
        root = plan.root
        looked_at = tables_of_targets((*root.targets, *root.deferred))
        for each in root.collections:
            looked_at |= tables_of_keys((*each.node.targets, *each.node.deferred))
        looked_at |= {check.table.name for check in root.checks}
        return root.table.name not in looked_at

    def judge(
        self,
        tx: Transaction,
        candidates: Candidates,
        rules: RuleRunner,
        *,
        forced: Collection[int],
    ) -> FlatRows:
        """Judge consecutive rows; nothing is written. Those of `forced` are odd in any case."""
        root = self._root
        count = len(candidates)
        sheet = Sheet([candidates.column(slot) for slot in range(len(root.template))], count)
        sheet.mark(forced)
        sheet.mark(candidates.wrong_rows())
        if any(sheet.names(slot) for slot in self._hiding_slots) or any(
            _has_older_key(sheet.fields[slot]) for slot in self._older_slots
        ):
            sheet.mark(range(count))
        newcomers = Newcomers()
        targets = self._columns.read(tx, sheet, newcomers)
        keys = self._columns.keys(sheet)
        matches = self._matcher.match(tx, sheet, keys)
        before, after = self._matcher.changes(sheet, targets, matches)
        self._matcher.mark_meetings(tx, sheet, keys, matches, before, after)
        for each in self._collections:
            each.mark_owners(sheet, matches)

        left_out = self._left_out(sheet, matches)
        fresh = [
            row for row in range(count) if matches.records[row] is None and row not in left_out
        ]
        if self._only is Only.UPDATE and root.generated:
            # Whether a value that is made would do, is known only when the record has an id.
            sheet.mark(fresh)
        made = _Rows(fresh, [picked(column, fresh) for column in sheet.values], ())
        kept = _Rows(matches.found, after, before)
        made.leave_out(sheet.odd)
        kept.leave_out(sheet.odd)
        if self._only is Only.CREATE:
            kept.take_all()
        stored = matches.of(kept.rows)
        made.values = self._columns.finished(tx, sheet, made.rows, made.values, None, rules)
        kept.values = self._columns.finished(tx, sheet, kept.rows, kept.values, stored, rules)
        self._columns.check_presence(sheet, made.rows, made.values)
        self._columns.check_presence(sheet, kept.rows, kept.values, kept.before)
        records = {row: record[0] for row, record in zip(kept.rows, stored, strict=True)}
        tags = self._tags.find(tx, sheet, records, newcomers) if self._tags is not None else {}
        made.leave_out(sheet.odd)
        elements = [
            each.judge(tx, sheet, made.rows, made.values, rules) for each in self._collections
        ]
        made.leave_out(sheet.odd)
        kept.leave_out(sheet.odd)
        for inside in elements:
            inside.leave_out(sheet.odd)
        if self._only is Only.UPDATE:
            # Rows that name no key, and would be created.
            left_out |= dict.fromkeys(made.take_all(), 0)
            for inside in elements:
                inside.end_before(0)
        skipped = [each for each in sorted(left_out.items()) if not sheet.odd[each[0]]]
        for row, _ in skipped:
            tags.pop(row, None)
            newcomers.forget(row)
        return FlatRows(
            odd=sheet.odd,
            skipped=skipped,
            newcomers=newcomers,
            tags={row: pair for row, pair in tags.items() if not sheet.odd[row]},
            keys=keys,
            creating=made.rows,
            created=made.values,
            elements=[inside for inside in elements if inside.owners],
            found=kept.rows,
            records=[records[row] for row in kept.rows],
            before=kept.before,
            after=kept.values,
        )

    def _left_out(self, sheet: Sheet, matches: Matches) -> dict[int, int]:
        """The rows that the import is not to have, as it is known which record they mean, and the
        ids of the records; 0: none is there. What else there is in them is not judged."""
        odd, records = sheet.odd, matches.records
        if self._only is Only.CREATE:
            found = [row for row in matches.found if not odd[row]]
            return {row: each[0] for row, each in zip(found, matches.of(found), strict=True)}
        if self._only is Only.UPDATE:
            sought = chain.from_iterable(matches.by_key.values())
            return {row: 0 for row in sought if records[row] is None and not odd[row]}
        return {}


class _Rows:
    """Rows of a sheet with columns of their own, from which those that become odd are taken."""

    def __init__(
        self,
        rows: Sequence[int],
        values: Sequence[Sequence[Any]],
        before: Sequence[Sequence[Any]],
    ) -> None:
        self.rows = list(rows)
        self.values = list(values)
        self.before = list(before)  # of the stored records that they mean, if they mean any
        self._odd_count = 0  # how many rows were odd when they were last left out

    def take_all(self) -> Sequence[int]:
        """Take out all rows; which they were."""
        rows = self.rows
        self.rows = []
        self.values = [[] for _ in self.values]
        self.before = [[] for _ in self.before]
        return rows

    def leave_out(self, odd: bytearray) -> None:
        odd_count = odd.count(1)
        if odd_count == self._odd_count:
            return
        self._odd_count = odd_count
        gone = [at for at, row in enumerate(self.rows) if odd[row]]
        if gone:
            self.rows = without(self.rows, gone)
            self.values = [without(column, gone) for column in self.values]
            self.before = [without(column, gone) for column in self.before]


def _is_given(cell: Any) -> bool:
    return cell is not ABSENT and cell is not None


def _give_any(elements: Any, slots: Sequence[int]) -> bool:
    """Whether an element of a collection gives what stands in one of these slots."""
    return elements is not ABSENT and any(
        _is_given(fields[slot]) for fields, _ in elements for slot in slots
    )


def _means_in_several_ways(root: Node) -> bool:
    """Whether rows may mean one record by different fields, such as an id and a code."""
    return (
        root.id_slot is not None
        or len(root.match_keys) > 1
        or any(_ways_of(step) > 1 for step in (*root.targets, *root.deferred))
    )


def _ways_of(step: TargetStep) -> int:
    """In how many ways rows may name the target of a step, where one of them is by a text."""
    texts = len(step.namings) + (0 if step.keyed is None else len(step.keyed.slots))
    others = (step.id_slot is not None) + (step.fill is not None)
    return texts and texts + others


def _has_older_key(texts: Sequence[Any]) -> bool:
    """Whether a record may be found by a key that releases before 0.2 gave it, for one of these."""
    return any(
        text.__class__ is str and not text.isascii() and older_key_text(text) != key_text(text)
        for text in texts
    )


def _hiding_slots(root: Node) -> Iterator[int]:
    """The slots of nested records that may be the target of a row, or have the key of one: which
    key a row touches, or what another row finds, is known only when they are saved."""
    steps = (*root.targets, *root.deferred)
    named = {naming.table.name for step in steps for naming in step.namings}
    named |= tables_of_keys(steps)
    for step in steps:
        if step.nested_slot is not None and step.nested is not None:
            is_part = any(
                part.column == step.column for key in root.table.keys for part in key.parts
            )
            if is_part or step.nested.table.name in named:
                yield step.nested_slot
