"""Rows applied one after another, exactly as if they were saved one by one.

Applying is pure: it works on the identity maps of a chunk and knows no database. A row sees what
the rows before it did. All that is wrong with a row is reported together: errors of its values,
of its targets, of presence, of uniqueness and of everything nested in it; a row with any error is
undone as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from longshore.engine.generators import GENERATORS
from longshore.engine.plan import (
    ABSENT,
    Candidate,
    Collection,
    Finding,
    Node,
    Plan,
    TagSlots,
    TargetName,
    TargetStep,
    TriggerStep,
)
from longshore.engine.state import ChunkState, Record, TableState
from longshore.engine.tables import KeyPlan, TablePlan, ValuesByColumn
from longshore.engine.tagging import names_in
from longshore.engine.values import BLANK, MUST_EXIST, NOT_SUPPORTED, TAKEN


class RowOutcome(IntEnum):
    """What became of a row."""

    CREATED = 0
    UPDATED = 1
    UNCHANGED = 2
    FAILED = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row changed in one record: field -> [before, after]."""

    row: int
    record_id: int
    table: TablePlan
    record_type: str
    changes: Mapping[str, tuple[Any, Any]]


class _NoKey:
    """The row names no key in full."""


class _Refused:
    """There is no record to save; why has been reported."""


_NO_KEY: Final = _NoKey()
_REFUSED: Final = _Refused()


class Applier:
    """Applies the rows of a chunk; what they did stands in `created`, `dirty` and `entries`."""

    def __init__(self, plan: Plan, state: ChunkState, *, now: int) -> None:
        self._plan = plan
        self._state = state
        self._now = now  # milliseconds; one value of the database's clock for the chunk
        self.created: list[Record] = []  # in order of creation
        self.dirty: dict[Record, None] = {}  # stored records that rows changed
        self.entries: list[Entry] = []
        self.findings: list[Finding] = []  # of the row applied last
        self.warnings: list[str] = []  # of the row applied last

    def apply(self, number: int, candidate: Candidate) -> RowOutcome:
        """Apply one row; raises `Missing` (and leaves no trace) when something is not loaded."""
        state = self._state
        state.begin_row()
        self.findings = []
        self.warnings = []
        root = self._plan.root
        try:
            record = self._save(root, candidate)
        except BaseException:
            state.undo_row()
            raise
        if self.findings:
            state.undo_row()
            return RowOutcome.FAILED
        created, touched = state.created, state.touched
        if not created and not touched:
            return RowOutcome.UNCHANGED
        self.created += created
        if touched:
            self._take_over(number, touched, created)
        is_new = bool(created) and any(each is record for each in created)
        return RowOutcome.CREATED if is_new else RowOutcome.UPDATED

    def collect(self, candidates: Sequence[Candidate]) -> None:
        """Let rows show what they need, without effect; it is then in `ChunkState.demands`."""
        state = self._state
        state.collecting = True
        try:
            for candidate in candidates:
                state.begin_row()
                self.findings = []
                self._save(self._plan.root, candidate)
                state.undo_row()
        finally:
            state.collecting = False
            state.undo_row()

    def _take_over(
        self,
        number: int,
        touched: Mapping[Record, tuple[list[Any], tuple[int, ...] | None]],
        created: Sequence[Record],
    ) -> None:
        fresh = set(created)
        for record, (values, tags) in touched.items():
            if record in fresh:
                continue
            if not record.is_new:
                self.dirty[record] = None
            changes: dict[str, tuple[Any, Any]] = {
                name: (values[column], record.values[column])
                for column, name in record.table.plan.journaled
                if values[column] != record.values[column]
            }
            if tags != record.tags:
                changes["tags"] = (tags, record.tags)
            if changes:
                table = record.table.plan
                type_column = table.index.get("type")
                type_ = table.name if type_column is None else record.values[type_column]
                self.entries.append(Entry(number, record.id, table, type_, changes))

    # One record

    def _save(
        self,
        node: Node,
        candidate: Candidate,
        *,
        forced: Record | None = None,
        owner: Record | None = None,
        collection: Collection | None = None,
        taken: set[int] | None = None,
    ) -> Record | None:
        """Create or update the record that a candidate means; None when there is none to save."""
        fields, findings = candidate
        start = len(self.findings)
        if findings:
            path = node.path
            self.findings += [(path + name, message, value) for name, message, value in findings]
            if findings[0][0] == "base":
                return None
        table = self._state.tables[node.table.name]
        targets = [
            (step, target)
            for step in (*node.targets, *node.deferred)
            if not _waits_for_match(step, fields)
            if (target := self._target(node, step, fields)) is not ABSENT
        ]
        values = node.blank[:]
        for slot, column in node.create_assigns:
            value = fields[slot]
            if value is not ABSENT:
                values[column] = value
        if node.type_slot is not None and fields[node.type_slot] not in (ABSENT, None):
            values[node.type_column] = fields[node.type_slot]  # type: ignore[index]
        for step, target in targets:
            if step.creatable:
                _assign_target(values, step, target)
        if collection is not None and owner is not None:
            values[collection.owner_column] = owner.id

        record: Any = forced
        if record is None:
            record = self._match(
                node, table, fields, values, owner=owner, collection=collection, start=start
            )
            if record is _REFUSED:
                return None
            if record is _NO_KEY:
                record = None
                if collection is not None and owner is not None and taken is not None:
                    record = self._match_by_signature(table, collection, fields, owner, taken)
        if record is not None:
            if taken is not None:
                taken.add(record.id)
            values = record.values[:]
            for slot, column in node.update_assigns:
                value = fields[slot]
                if value is not ABSENT:
                    values[column] = value
            for step, target in targets:
                if step.updatable:
                    _assign_target(values, step, target)
        elif node.type_column is not None and values[node.type_column] is None:
            self._report(node, "type", BLANK, None)
        for step in node.deferred:
            if _waits_for_match(step, fields):
                self._save_inside(node, step, fields, values)
        if node.checks or node.marks or node.accepted_with or node.triggers or node.rules:
            self._run_rules(node, fields, values, record, start)
        if record is None:
            for column, name in node.generated:
                if values[column] is None:
                    values[column] = GENERATORS[name](values, table.plan.index, self._state.next_id)
            self._check_presence(node, fields, values, start, is_new=True)
            self._check_keys(node, table, values, None)
            record = self._state.create(table, values)
            if taken is not None:
                taken.add(record.id)
        elif values != record.values:
            self._check_presence(node, fields, values, start, is_new=False)
            self._check_keys(node, table, values, record)
            self._state.replace(record, values)
        if node.tags is not None:
            self._tag(node, node.tags, fields, record)
        for inside in node.collections:
            elements = fields[inside.slot]
            if elements is not ABSENT:
                self._save_collection(inside, elements, record)
        return record  # type: ignore[no-any-return]

    def _report(self, node: Node, field: str, message: str, value: object) -> None:
        finding = (node.path + field, message, value)
        if finding not in self.findings:
            self.findings.append(finding)

    def _failed_fields(self, node: Node, start: int) -> set[str]:
        """The fields of the record at hand that have an error already."""
        length = len(node.path)
        return {name[length:] for name, _, _ in self.findings[start:] if name.startswith(node.path)}

    # Targets

    def _target(self, node: Node, step: TargetStep, fields: Sequence[Any]) -> Any:
        """The target that a row names, as (id, type) or (None, None); ABSENT when it names none.

        A target that does not exist is reported and counts as not named.
        """
        is_null = False
        if step.id_slot is not None:
            id = fields[step.id_slot]
            if id is None:
                is_null = True
            elif id is not ABSENT:
                return self._existing(node, step, id, fields)
        if step.nested_slot is not None and step.nested is not None:
            inside = fields[step.nested_slot]
            if inside is not ABSENT:
                record = self._save(step.nested, inside)
                return ABSENT if record is None else (record.id, step.tables[0][2])
        for naming in step.namings:
            text = fields[naming.slot]
            if text is None:
                is_null = True
            elif text is not ABSENT:
                return self._named(node, step, naming, text)
        if step.fill is not None:
            return self._existing(node, step, step.fill, fields)
        return (None, None) if is_null else ABSENT

    def _existing(self, node: Node, step: TargetStep, id: int, fields: Sequence[Any]) -> Any:
        wanted = fields[step.type_slot] if step.type_slot is not None else ABSENT
        for plan, types, type_ in step.tables:
            table = self._state.tables[plan.name]
            record = self._state.find(table, id)
            if record is None:
                continue
            if types is not None:
                type_ = record.values[plan.index["type"]]
                if type_ not in types:
                    continue
            if wanted is ABSENT or wanted is None or wanted == type_:
                return (id, type_)
        self._report(node, step.name, MUST_EXIST, None)
        return ABSENT

    def _named(self, node: Node, step: TargetStep, naming: TargetName, text: str) -> Any:
        found = self._holder_of(naming, text)
        if found is None and naming.creates is not None:
            if not text.strip():
                return (None, None)
            found = self._save(naming.creates, ([text], ()))
        if found is None:
            self._report(node, naming.field, naming.message, text)
            return ABSENT
        return (found.id, step.tables[0][2])

    def _holder_of(self, naming: TargetName, text: str) -> Record | None:
        table = self._state.tables[naming.table.name]
        plan = naming.table.keys[naming.key]
        key = plan.of_text(text, folds=naming.folds)
        if key is None:
            return None
        holders = self._state.find_by_key(table, naming.key, key)
        if plan.is_unique:
            return holders  # type: ignore[no-any-return]
        return holders[0] if holders else None

    def _save_inside(
        self, node: Node, step: TargetStep, fields: Sequence[Any], values: list[Any]
    ) -> None:
        """A nested record without a key: the one the record has is updated, else it is created."""
        assert step.nested is not None
        assert step.nested_slot is not None
        if step.id_slot is not None and fields[step.id_slot] not in (ABSENT, None):
            # The id decides which record it is; what the row says of it goes there.
            target = self._existing(node, step, fields[step.id_slot], fields)
            if target is ABSENT:
                return
            current: Any = target[0]
        else:
            current = None if step.column is None else values[step.column]
        forced = None
        if current is not None:
            table = self._state.tables[step.nested.table.name]
            forced = self._state.find(table, current)
        record = self._save(step.nested, fields[step.nested_slot], forced=forced)
        if record is not None:
            _assign_target(values, step, (record.id, step.tables[0][2]))

    # Matching

    def _match(
        self,
        node: Node,
        table: TableState,
        fields: Sequence[Any],
        values: Sequence[Any],
        *,
        owner: Record | None,
        collection: Collection | None,
        start: int,
    ) -> Any:
        """The record that a row means: by id, else by the first key that it names in full."""
        if node.id_slot is not None:
            id = fields[node.id_slot]
            if id is not ABSENT and id is not None:
                record = self._state.find(table, id)
                if (
                    record is None
                    or not self._is_of(node, record)
                    or (
                        collection is not None
                        and owner is not None
                        and record.values[collection.owner_column] != owner.id
                    )
                ):
                    self._report(node, "id", MUST_EXIST, None)
                    return _REFUSED
                return record
        failed = self._failed_fields(node, start) if len(self.findings) > start else ()
        for index in node.match_keys:
            plan = node.table.keys[index]
            if failed and any(part.field in failed for part in plan.parts):
                return None  # the row names a key that cannot be: it means nothing that is here
            key = plan.of(values)
            if key is None:
                continue
            holders = self._holders(table, index, plan, key, values)
            if plan.is_unique:
                if holders is not None and self._is_of(node, holders):
                    return holders
                return None
            fitting = [record for record in holders if self._is_of(node, record)]
            if len(fitting) > 1:
                self._report(node, "base", f"matches {len(fitting)} records", None)
                return _REFUSED
            return fitting[0] if fitting else None
        return _NO_KEY

    def _is_of(self, node: Node, record: Record) -> bool:
        return (
            node.types is None
            or node.type_column is None
            or record.values[node.type_column] in node.types
        )

    def _holders(
        self, table: TableState, index: int, plan: KeyPlan, key: str, values: ValuesByColumn
    ) -> Any:
        """Who has a key's value. What is known without asking is not asked for."""
        holders = table.by_key[index].get(key, ABSENT)
        if holders is not ABSENT:
            return holders
        if self._state.is_of_chunk(plan, values):
            return None if plan.is_unique else ()
        if plan.is_unique:
            for part in plan.parts:
                children = table.children.get(part.column)
                if children is not None and values[part.column] in children:
                    return None  # all records of this parent are here
        return self._state.find_by_key(table, index, key)

    def _match_by_signature(
        self,
        table: TableState,
        collection: Collection,
        fields: Sequence[Any],
        owner: Record,
        taken: set[int],
    ) -> Record | None:
        """The first child that is alike and that no earlier element of the row has taken."""
        wanted = []
        if not collection.signature:
            return None
        first, *others = (
            (column, None if slot is None or fields[slot] is ABSENT else fields[slot])
            for slot, column in collection.signature
        )
        for column, value in others:
            # What stands before the one that is named is null: an item of a code is not one that
            # has merely the same name.
            wanted.append((column, value))
            if value is not None:
                break
        if first[1] is not None:
            wanted.append(first)
        if not any(value is not None for _, value in (wanted[: len(others)] or wanted)):
            return None
        for child in self._state.children_of(table, collection.owner_column, owner.id):
            if child.id not in taken and all(
                child.values[column] == value for column, value in wanted
            ):
                return child
        return None

    # Validation

    def _check_presence(
        self,
        node: Node,
        fields: Sequence[Any],
        values: Sequence[Any],
        start: int,
        *,
        is_new: bool,
    ) -> None:
        failed: set[str] | None = None
        for required in node.required:
            if not is_new and all(fields[slot] is ABSENT for slot in required.inputs):
                continue
            if required.column is not None:
                value = values[required.column]
                if value is not None and (
                    value.__class__ is not str or (value and not value.isspace())
                ):
                    continue
            if required.column is None and not _is_blank(fields, required.slots):
                continue
            if required.holds is not None and not required.holds(values, fields):
                continue
            if failed is None:
                failed = self._failed_fields(node, start)
            if required.name not in failed:
                self._report(node, required.name, required.message, None)

    def _check_keys(
        self, node: Node, table: TableState, values: list[Any], record: Record | None
    ) -> None:
        """Compute the keys anew where a part has changed, and see that nobody else has them."""
        for index, plan in enumerate(table.plan.keys):
            if record is not None and all(
                values[part.column] == record.values[part.column] for part in plan.parts
            ):
                continue
            key = plan.of(values)
            values[plan.column] = key
            if key is None or not plan.is_unique:
                continue
            holder = self._holders(table, index, plan, key, values)
            if holder is not None and holder is not record:
                part = plan.error_part
                value = None if part.is_target else values[part.column]
                self._report(node, part.field, TAKEN, value)
                values[plan.column] = None  # the row fails; the holder keeps its key

    # Behaviour of types

    def _run_rules(
        self,
        node: Node,
        fields: Sequence[Any],
        values: list[Any],
        record: Record | None,
        start: int,
    ) -> None:
        for check in node.checks:
            text = fields[check.slot]
            is_named = text is not ABSENT and text is not None and text.strip()
            if is_named and self._holder_of(check, text) is None:
                self._report(node, check.field, check.message, text)
        for slot, column in node.marks:
            if fields[slot] is not ABSENT and fields[slot] is not None:
                values[column] = True
        for slot, column, trigger in node.accepted_with:
            if fields[slot] is not ABSENT and (trigger < 0 or _fires(fields[trigger])):
                values[column] = fields[slot]
        for step in node.triggers:
            if _fires(fields[step.slot]):
                self._fire(node, step, fields, values, record, start)
        if node.rules:
            context = RuleContext(self, node, fields, values, record, start)
            for rule in node.rules:
                rule.run(context)

    def _fire(
        self,
        node: Node,
        step: TriggerStep,
        fields: Sequence[Any],
        values: list[Any],
        record: Record | None,
        start: int,
    ) -> None:
        if not step.accepted:
            self._report(node, step.name, NOT_SUPPORTED, None)
            return
        is_there = all(values[column] == value for column, value in step.sets)
        if step.sets and not is_there:
            for column, value in step.sets:
                values[column] = value
            if step.stamp is not None:
                values[step.stamp] = self._now
        elif step.stamp is not None and values[step.stamp] is None:
            values[step.stamp] = self._now
        for column in step.clears:
            values[column] = None
        if step.rule is not None:
            context = RuleContext(self, node, fields, values, record, start)
            context.trigger_value = fields[step.slot]
            step.rule.run(context)

    # Tags and collections

    def _tag(self, node: Node, slots: TagSlots, fields: Sequence[Any], record: Record) -> None:
        replaced = [fields[slot] for slot in slots.set_slots if fields[slot] is not ABSENT]
        added = names_in(fields[slots.add_slot]) if slots.add_slot is not None else ()
        removed = names_in(fields[slots.remove_slot]) if slots.remove_slot is not None else ()
        if not replaced and not added and not removed:
            return
        before = self._state.tags_of(record)
        tags = set(before)
        if replaced:
            tags = set()
            for wanted in replaced:
                for part, value in wanted or ():
                    tag = self._wanted_tag(node, slots, part, value)
                    if tag is not None:
                        tags.add(tag)
        for name in added:
            tag = self._known_tag(slots, name, "_add_tags")
            if tag is not None:
                tags.add(tag)
        for name in removed:
            tag = self._known_tag(slots, name, "_remove_tags")
            if tag is not None:
                tags.discard(tag)
        if len(tags) > slots.count_max:
            message = f"is too long (maximum is {slots.count_max} tags)"
            self._report(node, "tags", message, len(tags))
        elif tags != set(before):
            self._state.retag(record, tuple(sorted(tags)))

    def _wanted_tag(self, node: Node, slots: TagSlots, part: str, value: Any) -> int | None:
        table = self._state.tables[slots.table.name]
        if part == "id":
            record = self._state.find(table, value)
            if record is None:
                self._report(node, "tags", MUST_EXIST, None)
                return None
            return record.id
        record = self._save(slots.node, ([value], ()))
        return None if record is None else record.id

    def _known_tag(self, slots: TagSlots, name: str, trigger: str) -> int | None:
        table = self._state.tables[slots.table.name]
        index = slots.node.match_keys[0]
        key = slots.table.keys[index].of_text(name)
        record = self._state.find_by_key(table, index, key) if key is not None else None
        if record is None:
            self.warnings.append(f"{trigger}: there is no tag {name[:64]!r}, it was discarded")
            return None
        return record.id  # type: ignore[no-any-return]

    def _save_collection(
        self, collection: Collection, elements: Sequence[Candidate], owner: Record
    ) -> None:
        table = self._state.tables[collection.node.table.name]
        # Asked for once, so that keys within the parent need no further question.
        self._state.children_of(table, collection.owner_column, owner.id)
        taken: set[int] = set()
        for element in elements:
            self._save(collection.node, element, owner=owner, collection=collection, taken=taken)


class RuleContext:
    """What a rule may see and do: the record at hand, and lookups in the chunk."""

    __slots__ = (
        "_applier",
        "_fields",
        "_node",
        "_start",
        "_values",
        "record",
        "trigger_value",
    )

    def __init__(
        self,
        applier: Applier,
        node: Node,
        fields: Sequence[Any],
        values: list[Any],
        record: Record | None,
        start: int,
    ) -> None:
        self._applier = applier
        self._node = node
        self._fields = fields
        self._values = values
        self._start = start
        self.record = record  # None: it is about to be created
        self.trigger_value: object = None  # of the trigger that called the rule

    def get(self, column: str) -> Any:
        return self._values[self._node.table.index[column]]

    def set(self, column: str, value: Any) -> None:
        self._values[self._node.table.index[column]] = value

    def names(self, field: str) -> bool:
        """Whether the row says anything about a field."""
        slot = self._node.slots.get(field)
        return slot is not None and self._fields[slot] is not ABSENT

    def changes(self, column: str) -> bool:
        """Whether the row gives a column another value than the stored record has."""
        index = self._node.table.index[column]
        return self.record is None or self.record.values[index] != self._values[index]

    def failed(self, field: str) -> bool:
        return field in self._applier._failed_fields(self._node, self._start)

    def error(self, field: str, message: str, value: object) -> None:
        self._applier._report(self._node, field, message, value)

    def value_of(self, record: Record, column: str) -> Any:
        return record.values[record.table.plan.index[column]]

    def find(self, table: str, id: int) -> Record | None:
        state = self._applier._state
        return state.find(state.tables[table], id)

    def holders(self, table: str, parts: tuple[str, ...], text: str) -> Any:
        """Who has a key of one text."""
        state, index, plan = self._key(table, parts)
        key = plan.of_text(text)
        return None if key is None else state.find_by_key(state.tables[table], index, key)

    def holder_of_ids(self, table: str, ids: Mapping[str, int]) -> Record | None:
        """Who has a unique key whose parts are all relationships."""
        state, index, plan = self._key(table, tuple(ids))
        values = {part.column: ids[part.field] for part in plan.parts}
        key = plan.of(values)
        assert key is not None
        found: Record | None = self._applier._holders(state.tables[table], index, plan, key, values)
        return found

    def children(self, table: str, column: str, parent: int) -> Iterator[Record]:
        state = self._applier._state
        found = state.tables[table]
        yield from state.children_of(found, found.plan.index[column], parent)

    def _key(self, table: str, parts: tuple[str, ...]) -> tuple[ChunkState, int, KeyPlan]:
        state = self._applier._state
        for index, plan in enumerate(state.tables[table].plan.keys):
            if {part.field for part in plan.parts} == set(parts):
                return state, index, plan
        raise AssertionError(f"{table} has no key {parts}")


def _assign_target(values: list[Any], step: TargetStep, target: tuple[Any, Any]) -> None:
    if step.column is not None:
        values[step.column] = target[0]
        if step.type_column is not None and target[0] is not None:
            values[step.type_column] = target[1]


def _waits_for_match(step: TargetStep, fields: Sequence[Any]) -> bool:
    """Whether a target is known only with the record: a nested one without key or id."""
    if step.nested is None or step.nested.match_keys or step.nested_slot is None:
        return False
    inside = fields[step.nested_slot]
    if inside is ABSENT:
        return False
    own_id = step.nested.id_slot
    return own_id is None or inside[0][own_id] in (ABSENT, None)


def _fires(value: object) -> bool:
    """Whether a trigger's value makes it fire: anything but false, null, absent or blank."""
    return value is not ABSENT and bool(value)


def _is_blank(fields: Sequence[Any], slots: Sequence[int]) -> bool:
    return all(fields[slot] is ABSENT or fields[slot] is None for slot in slots)
