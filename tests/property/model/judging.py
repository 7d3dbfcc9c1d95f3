"""Whether a record of the naive model may be as it has become."""

from longshore.catalogue import PREDICATES, Attribute, Condition, Relationship, holds
from tests.property.model.draft import Journey, RowDraft
from tests.property.model.matching import holders_of
from tests.property.model.values import is_blank


def judge_presence(journey: Journey, draft: RowDraft) -> None:
    """What is required is there; on update only what the row could have changed is judged."""
    in_vain = {name.partition(".")[0] for name in draft.findings.errors}
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
        if not _holds(journey, draft, condition, in_vain):
            continue
        value = _field(journey, draft, declared.name, in_vain)
        if isinstance(declared, Attribute) and is_blank(value):
            draft.findings.add(declared.name, "can't be blank")
        elif value is None:
            draft.findings.add(declared.name, "must exist")


def judge_uniqueness(journey: Journey, draft: RowDraft, record_id: int) -> None:
    """No other record holds a unique key of this one."""
    for key in draft.declared.keys:
        if any(draft.findings.concern(part) for part in key.parts):
            journey.keyless.add((record_id, key.parts))
            continue
        if not key.unique:
            continue
        parts = journey.state.key_parts(draft.declared, key, draft.record)
        if parts is None:
            continue
        holders = holders_of(journey, draft.declared, key, parts)
        if any(holder != record_id for holder in holders):
            journey.keyless.add((record_id, key.parts))
            draft.findings.add(key.parts[-1], "has already been taken")


def _holds(journey: Journey, draft: RowDraft, condition: Condition, in_vain: set[str]) -> bool:
    def value_of(name: str) -> object:
        owner, dot, member = name.partition(".")
        if dot:
            return journey.flags.get(member) if owner == "organization" else None
        return _field(journey, draft, name, in_vain)

    return holds(condition, value_of, PREDICATES)


GIVEN = object()  # stands for the value that a row has given in vain


def _field(journey: Journey, draft: RowDraft, name: str, in_vain: set[str]) -> object:
    """A field of the record as it would become: attribute, relationship, shortcut or trigger.

    What the row has given in vain is not there, but neither is it missing.
    """
    if any(trigger.name == name for trigger in draft.declared.triggers):
        return name in draft.triggers
    value = draft.record.get(name)
    if name not in draft.record:
        value = (
            draft.values[name] if draft.gives(name) else journey.state.read(draft.record, (name,))
        )
    return GIVEN if value is None and name in in_vain else value
