"""The targets of a row's to-one relationships: named by id or key, nested, or created."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from longshore.engine.plan.nodes import KeyedTarget, Node, TargetName, TargetStep
from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.row.chunk_state import Record
from longshore.engine.row.draft import RowDraft
from longshore.engine.row.lookups import (
    ambiguous,
    holders_in,
    ignore,
    names_given,
    records_named,
    told_of,
)
from longshore.engine.values.candidate import ABSENT, Candidate, Finding
from longshore.engine.values.converters import BLANK, MUST_EXIST, NO_ID
from longshore.engine.values.named_ids import NamedId
from longshore.error_codes import ErrorCode, Message, message

# Saves a candidate as a record of a node; `forced` is the record that it means.
Save: TypeAlias = Callable[[Node, Candidate, Record | None], Record | None]


# What rows name: (id, type) of each target, or (None, None) where there is to be none.
Targets: TypeAlias = list[tuple[TargetStep, tuple[Any, Any]]]


def assign_targets(draft: RowDraft, targets: Targets) -> None:
    """Put targets into the draft, where its record may be given them."""
    for step, target in targets:
        if step.updatable if draft.record is not None else step.creatable:
            _assign(draft.values, step, target)


def find_targets(draft: RowDraft, save: Save) -> Targets:
    """The targets that a row names, save those that depend on the record it means."""
    node = draft.node
    return [
        (step, target)
        for step in (*node.targets, *node.deferred)
        if not _waits_for_match(step, draft.fields)
        if (target := _target(draft, step, save)) is not ABSENT
    ]


def save_deferred(draft: RowDraft, save: Save) -> None:
    """Save nested records without a key: the one that the record has, else a new one."""
    for step in draft.node.deferred:
        if _waits_for_match(step, draft.fields):
            _save_inside(draft, step, save)


def holder_of(draft: RowDraft, naming: TargetName) -> Record | None:
    """The record that a draft names, the first one where several may have that key."""
    state = draft.row.state
    plan = naming.table.keys[naming.key]
    key = plan.of_text(draft.fields[naming.slot], folds=naming.folds)
    if key is None:
        return None
    table = state.tables[naming.table.name]
    holders = state.find_by_key(table, naming.key, key)
    if not holders and draft.given is not None:
        older = plan.older_of_text(draft.given[naming.slot], folds=naming.folds)
        if older is not None and older != key:
            holders = state.find_by_key(table, naming.key, older)
    if plan.is_unique:
        return holders  # type: ignore[no-any-return]
    return holders[0] if holders else None


def _target(draft: RowDraft, step: TargetStep, save: Save) -> Any:
    """The target as (id, type) or (None, None); ABSENT when the row names none.

    A target that does not exist is reported and counts as not named.
    """
    target = _by_id_or_name(draft, step, save)
    if step.keyed is not None:
        target = _by_keys(draft, step, step.keyed, target)
    if target is not _NOTHING and target is not _NULL:
        return target
    if step.fill is not None:
        return _existing(draft, step, step.fill)
    return (None, None) if target is _NULL else ABSENT


# Of a target that a row has not named yet: nothing, or that there is to be none.
_NOTHING: Final = object()
_NULL: Final = object()


def _by_id_or_name(draft: RowDraft, step: TargetStep, save: Save) -> Any:
    """The same without regard to keys of the target and to the parent of all rows: whether one of
    these may still say it, is told by _NOTHING and _NULL."""
    fields = draft.fields
    is_null = False
    if step.id_slot is not None:
        id = fields[step.id_slot]
        if id is None:
            is_null = True
        elif id is not ABSENT:
            return _existing(draft, step, id)
    if step.nested_slot is not None and step.nested is not None:
        inside = fields[step.nested_slot]
        if inside is not ABSENT:
            record = save(step.nested, inside, None)
            return ABSENT if record is None else (record.id, step.tables[0][2])
    for naming in step.namings:
        text = fields[naming.slot]
        is_given = text is not ABSENT and text is not None and text.strip()
        if draft.record is not None and not naming.updatable:
            if is_given:
                # It says which record is meant, and the id has said so already; but the row has
                # named a target of its own, so the parent is not its.
                return ABSENT
            continue
        if text is ABSENT and draft.has_wrong(naming.name):
            # The row has named a target, nobody knows which: the parent of all rows is not its.
            return ABSENT
        if text is not ABSENT and not is_given:
            is_null = True
        elif is_given:
            return _named(draft, step, naming, text, save)
    return _NULL if is_null else _NOTHING


def _by_keys(draft: RowDraft, step: TargetStep, keyed: KeyedTarget, target: Any) -> Any:
    """The target once it is known what the row says of its keys; that must not be of another one
    than the row has named before."""
    records = _records_with_keys(draft, step, keyed)
    if records is ABSENT:
        return target
    if records is None:
        return _NULL if target is _NOTHING else target
    if not records or target is ABSENT:
        return ABSENT
    if target is not _NOTHING and target is not _NULL:
        if all(record.id != target[0] for record in records):
            by_key, by_other = names_given(keyed, draft.fields), _name_given(draft, step)
            said = message(ErrorCode.DIFFERENT_RECORDS, by_key, by_other)
            draft.report(step.name, said, told_of(keyed, draft.fields))
            return ABSENT
        return target
    if len(records) > 1:
        draft.report(step.name, ambiguous(keyed, records), told_of(keyed, draft.fields))
        return ABSENT
    (record,) = records
    return _existing(draft, step, record.id) if record.type is None else (record.id, record.type)


def _records_with_keys(draft: RowDraft, step: TargetStep, keyed: KeyedTarget) -> Any:
    """See `records_named`; what is wrong is reported."""
    wanted = draft.fields[step.type_slot] if step.type_slot is not None else ABSENT
    holders = holders_in(draft.row.state)
    found: list[Finding] = []

    def report(field: str, said: Message, value: object) -> None:
        found.append((field, said, value))

    records = records_named(keyed, draft.fields, holders, report, wanted=wanted)
    if records == () and draft.given is not None:
        older = records_named(
            keyed, draft.given, holders, ignore, wanted=wanted, key_of=KeyPlan.older_of
        )
        if older:
            return older
    for field, said, value in found:
        if said is not BLANK or field not in draft.failed:
            draft.report(field, said, value)
    return records


def _name_given(draft: RowDraft, step: TargetStep) -> str:
    """The field by which a row names a target otherwise than by keys."""
    slots = (step.id_slot, *(naming.slot for naming in step.namings))
    given = (
        slot for slot in slots if slot is not None and draft.fields[slot] not in (ABSENT, None)
    )
    slot = next(given, None)
    names = (name for name, each in draft.node.slots.items() if each == slot)
    return next(names, step.name)


def _existing(draft: RowDraft, step: TargetStep, id: int) -> Any:
    wanted = draft.fields[step.type_slot] if step.type_slot is not None else ABSENT
    state = draft.row.state
    for plan, types, type_ in step.tables:
        record = state.find(state.tables[plan.name], id)
        if record is None:
            continue
        if types is not None:
            type_ = record.values[plan.index["type"]]
            if type_ not in types:
                continue
        # A family's table is called like its abstract type, which may stand for all of them.
        if wanted is ABSENT or wanted is None or wanted in (type_, plan.name):
            return (id, type_)
    if id == NO_ID:
        draft.row.foreign_ids.append(f"{draft.node.path}{step.name}_id")
    draft.report(step.name, MUST_EXIST, NamedId(id))
    return ABSENT


def _named(draft: RowDraft, step: TargetStep, naming: TargetName, text: str, save: Save) -> Any:
    found = holder_of(draft, naming)
    if found is None and naming.creates is not None:
        found = save(naming.creates, ([text], ()), None)
    if found is None:
        draft.report(naming.field, naming.message, text)
        return ABSENT
    return (found.id, step.tables[0][2])


def _save_inside(draft: RowDraft, step: TargetStep, save: Save) -> None:
    assert step.nested is not None
    assert step.nested_slot is not None
    state, fields = draft.row.state, draft.fields
    if step.id_slot is not None and fields[step.id_slot] not in (ABSENT, None):
        # The id decides which record it is; what the row says of it goes there.
        target = _existing(draft, step, fields[step.id_slot])
        if target is ABSENT:
            return
        current: Any = target[0]
    else:
        current = None if step.column is None else draft.values[step.column]
    forced = None
    if current is not None:
        forced = state.find(state.tables[step.nested.table.name], current)
    record = save(step.nested, fields[step.nested_slot], forced)
    if record is not None:
        _assign(draft.values, step, (record.id, step.tables[0][2]))


def _waits_for_match(step: TargetStep, fields: Sequence[Any]) -> bool:
    """Whether a target is known only with the record: a nested one without key or id."""
    if step.nested is None or step.nested.match_keys or step.nested_slot is None:
        return False
    inside = fields[step.nested_slot]
    if inside is ABSENT:
        return False
    own_id = step.nested.id_slot
    return own_id is None or inside[0][own_id] in (ABSENT, None)


def _assign(values: list[Any], step: TargetStep, target: tuple[Any, Any]) -> None:
    if step.column is not None:
        values[step.column] = target[0]
        if step.type_column is not None and target[0] is not None:
            values[step.type_column] = target[1]
