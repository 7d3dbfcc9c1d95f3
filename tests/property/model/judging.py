"""Whether a record of the naive model may be as it has become."""

from longshore.catalogue import PREDICATES, Attribute, Condition, Relationship, holds
from tests.property.model.draft import Draft, Journey
from tests.property.model.state import attributes_of
from tests.property.model.values import is_blank


def judge_presence(journey: Journey, draft: Draft) -> None:
    """What is required is there; on update only what the row could have changed is judged."""
    fields: tuple[Attribute | Relationship, ...] = (
        *draft.declared.attributes,
        *draft.declared.relationships,
    )
    for declared in fields:
        condition = declared.required
        if condition is None or draft.findings.concern(declared.name):
            continue
        if not draft.is_new and not ({declared.name, *condition.inputs} & draft.named):
            continue
        if not _holds(journey, draft, condition):
            continue
        value = _field(journey, draft, declared.name)
        if isinstance(declared, Attribute) and is_blank(value):
            draft.findings.add(declared.name, "can't be blank")
        elif value is None:
            draft.findings.add(declared.name, "must exist")


def judge_uniqueness(journey: Journey, draft: Draft, record_id: int) -> None:
    """No other record holds a unique key of this one."""
    attributes = attributes_of(draft.declared)
    for key in draft.declared.keys:
        if not key.unique or any(part in draft.findings.errors for part in key.parts):
            continue
        parts = journey.state.key_parts(draft.declared, key, draft.record)
        if parts is None:
            continue
        holders = journey.state.holders(draft.declared, key, parts)
        if any(holder != record_id for holder in holders):
            named = [part for part in key.parts if part in attributes]
            draft.findings.add((named or key.parts)[0], "has already been taken")


def _holds(journey: Journey, draft: Draft, condition: Condition) -> bool:
    def value_of(name: str) -> object:
        owner, dot, member = name.partition(".")
        if dot:
            return journey.flags.get(member) if owner == "organization" else None
        return _field(journey, draft, name)

    return holds(condition, value_of, PREDICATES)


def _field(journey: Journey, draft: Draft, name: str) -> object:
    """A field of the record as it would become: attribute, relationship, shortcut or trigger."""
    if any(trigger.name == name for trigger in draft.declared.triggers):
        return name in draft.triggers
    if name in draft.record:
        return draft.record[name]
    if draft.gives(name):
        return draft.values[name]
    if name in draft.findings.errors:
        return draft.row[name]
    return journey.state.read(draft.record, (name,))
