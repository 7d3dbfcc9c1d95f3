"""What a row makes happen beside its values: triggers, and the rules of its type."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from longshore.engine.matching import holders_of
from longshore.engine.plan import ABSENT, TriggerStep
from longshore.engine.row import Draft
from longshore.engine.state import Record, TableState
from longshore.engine.tables import KeyPlan
from longshore.engine.targets import holder_of
from longshore.engine.values import NOT_SUPPORTED


def has_behaviour(draft: Draft) -> bool:
    """Whether there is anything to do for records of this node."""
    node = draft.node
    return bool(node.checks or node.marks or node.accepted_with or node.triggers or node.rules)


def behave(draft: Draft) -> None:
    """Fire triggers and run rules, which change the draft's values and report findings."""
    node, fields = draft.node, draft.fields
    for check in node.checks:
        text = fields[check.slot]
        is_named = text is not ABSENT and text is not None and text.strip()
        if is_named and holder_of(draft, check) is None:
            draft.report(check.field, check.message, text)
    for slot, column in node.marks:
        text = fields[slot]
        if text is not ABSENT and text is not None and text.strip():
            draft.values[column] = True
    for slot, column, trigger in node.accepted_with:
        if fields[slot] is not ABSENT and trigger >= 0 and _fires(fields[trigger]):
            draft.values[column] = fields[slot]
    fired = [step for step in node.triggers if _fires(fields[step.slot])]
    for step in fired:
        _fire(draft, step)
    if draft.record is not None:
        _keep_times(draft.values, draft.record.values, fired)
    for rule in node.rules:
        rule.run(RuleContext(draft))


def _fires(value: object) -> bool:
    """Whether a trigger's value makes it fire: anything but false, null, absent or blank."""
    return value is not ABSENT and bool(value)


def _fire(draft: Draft, step: TriggerStep) -> None:
    if not step.accepted:
        draft.report(step.name, NOT_SUPPORTED)
        return
    values = draft.values
    is_there = all(values[column] == value for column, value in step.sets)
    if step.sets and not is_there:
        for column, value in step.sets:
            values[column] = value
        if step.stamp is not None:
            values[step.stamp] = draft.row.now
    elif step.stamp is not None and values[step.stamp] is None:
        values[step.stamp] = draft.row.now
    for column in step.clears:
        values[column] = None
    if step.rule is not None:
        step.rule.run(RuleContext(draft, trigger_value=draft.fields[step.slot]))


def _keep_times(values: list[Any], before: Sequence[Any], fired: Sequence[TriggerStep]) -> None:
    """Leave times as they were where the triggers of a row lead back to where it began.

    Otherwise a row that says `_place` and `_approve` would change an approved order each time, or
    not, as the clock has it.
    """
    for step in fired:
        stamp = step.stamp
        if stamp is None or not step.sets or values[stamp] is None or before[stamp] is None:
            continue
        if all(values[column] == before[column] for column, _ in step.sets):
            values[stamp] = before[stamp]


class RuleContext:
    """What a rule may see and do: the record at hand, and lookups in the chunk."""

    __slots__ = ("_draft", "_state", "trigger_value")

    def __init__(self, draft: Draft, *, trigger_value: object = None) -> None:
        self._draft = draft
        self._state = draft.row.state
        self.trigger_value = trigger_value  # of the trigger that called the rule

    @property
    def is_new(self) -> bool:
        """Whether the record is about to be created."""
        return self._draft.record is None

    def get(self, column: str) -> Any:
        return self._draft.values[self._draft.node.table.index[column]]

    def set(self, column: str, value: Any) -> None:
        self._draft.values[self._draft.node.table.index[column]] = value

    def names(self, field: str) -> bool:
        """Whether the row says anything about a field."""
        slot = self._draft.node.slots.get(field)
        return slot is not None and self._draft.fields[slot] is not ABSENT

    def changes(self, column: str) -> bool:
        """Whether the row gives a column another value than the stored record has."""
        index = self._draft.node.table.index[column]
        record = self._draft.record
        return record is None or record.values[index] != self._draft.values[index]

    def failed(self, field: str) -> bool:
        """Whether the field has an error already."""
        return field in self._draft.failed

    def error(self, field: str, message: str, value: object) -> None:
        self._draft.report(field, message, value)

    def value_of(self, record: Record, column: str) -> Any:
        return record.values[record.table.plan.index[column]]

    def find(self, table: str, id: int) -> Record | None:
        return self._state.find(self._state.tables[table], id)

    def holders(self, table: str, parts: tuple[str, ...], field: str) -> Any:
        """Who has the key of one text that a field of the row names."""
        found, index, plan = self._key(table, parts)
        draft = self._draft
        key = plan.of_text(self.get(field))
        if key is None:
            return None
        holders = self._state.find_by_key(found, index, key)
        if not holders and draft.given is not None:
            older = plan.older_of_text(draft.given[draft.node.slots[field]])
            if older is not None and older != key:
                return self._state.find_by_key(found, index, older)
        return holders

    def holder_of_ids(self, table: str, ids: Mapping[str, int]) -> Record | None:
        """Who has a unique key whose parts are all relationships."""
        found, index, plan = self._key(table, tuple(ids))
        values = {part.column: ids[part.field] for part in plan.parts}
        key = plan.of(values)
        assert key is not None
        holder: Record | None = holders_of(self._state, found, index, key, values)
        return holder

    def children(self, table: str, column: str, parent: int) -> Iterator[Record]:
        """The records whose column holds the parent's id, in id order."""
        found = self._state.tables[table]
        yield from self._state.children_of(found, found.plan.index[column], parent)

    def _key(self, table: str, parts: tuple[str, ...]) -> tuple[TableState, int, KeyPlan]:
        found = self._state.tables[table]
        for index, plan in enumerate(found.plan.keys):
            if {part.field for part in plan.parts} == set(parts):
                return found, index, plan
        raise AssertionError(f"{table} has no key {parts}")
