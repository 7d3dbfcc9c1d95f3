"""What a row makes happen beside its values: triggers, and the rules of its type."""

from collections.abc import Sequence
from typing import Any

from longshore.engine.plan.nodes import TriggerStep
from longshore.engine.row.draft import RowDraft
from longshore.engine.row.rule_context import RuleContext
from longshore.engine.row.rules import RULES
from longshore.engine.row.targets import holder_of
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import NOT_SUPPORTED


def has_behaviour(draft: RowDraft) -> bool:
    """Whether there is anything to do for records of this node."""
    node = draft.node
    return bool(node.checks or node.marks or node.accepted_with or node.triggers or node.rules)


def behave(draft: RowDraft) -> None:
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
        RULES[rule](RuleContext(draft))


def _fires(value: object) -> bool:
    """Whether a trigger's value makes it fire: anything but false, null, absent or blank."""
    return value is not ABSENT and bool(value)


def _fire(draft: RowDraft, step: TriggerStep) -> None:
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
        RULES[step.rule](RuleContext(draft, trigger_value=draft.fields[step.slot]))


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
