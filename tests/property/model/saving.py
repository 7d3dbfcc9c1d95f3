"""A row of the naive model becomes a record, with everything nested in it.

Each step may add findings; whoever called decides that a row with findings has failed and puts
the state before it back.
"""

from dataclasses import dataclass

from longshore.catalogue import Attribute, Kind, Relationship, ResourceType
from tests.property.model.draft import Draft, Findings, Journey, read_draft
from tests.property.model.judging import judge_presence, judge_uniqueness
from tests.property.model.matching import (
    MatchRefused,
    find_named,
    find_target,
    match,
    match_nested,
)
from tests.property.model.rules import fill_generated, run_rules
from tests.property.model.state import Record
from tests.property.model.tagging import save_tags
from tests.property.model.values import is_blank


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time of the database's clock: which one is nobody's business."""

    row: int


def save(
    journey: Journey,
    draft: Draft,
    *,
    found: int | None = None,
    taken: set[int] | None = None,
) -> int | None:
    """The id of the record that the row became; None when it means none that there is.

    `found` is a record matched beforehand; `taken` collects the children that the elements of
    one collection became.
    """
    read_draft(journey, draft)
    try:
        record_id = found if found is not None else match(journey, draft, taken)
    except MatchRefused as refused:
        draft.findings.add(refused.attribute, str(refused))
        return None
    draft.is_new = record_id is None
    if record_id is None:
        record_id = journey.state.add(_blank_record(draft.declared))
    draft.record = journey.state.records[record_id]
    if taken is not None:
        taken.add(record_id)
    for relationship in draft.declared.relationships:
        if relationship.has_column and relationship.name in draft.named:
            _assign_target(journey, draft, relationship)
    for attribute in draft.declared.attributes:
        if attribute.name in draft.values:
            _assign_attribute(journey, draft, attribute)
    _fire_triggers(journey, draft)
    run_rules(journey, draft)
    if draft.is_new:
        fill_generated(journey, draft)
    judge_presence(journey, draft)
    judge_uniqueness(journey, draft, record_id)
    for relationship in draft.declared.relationships:
        if relationship.kind is Kind.TO_MANY and not relationship.linked:
            _save_collection(journey, draft, relationship, record_id)
    if draft.declared.name != "tags":
        save_tags(journey, draft, save)
    return record_id


def _blank_record(declared: ResourceType) -> Record:
    """A record with the defaults of its type."""
    record: Record = {"type": declared.name, "tags": set()}
    for attribute in declared.attributes:
        is_kept = attribute.stored and attribute.computed is None
        if is_kept and attribute.name not in ("created_at", "updated_at", "type"):
            record[attribute.name] = attribute.default
    for relationship in declared.relationships:
        if relationship.has_column:
            record[relationship.name] = None
    return record


def _assign_target(journey: Journey, draft: Draft, relationship: Relationship) -> None:
    """Link what the row names: by id, as an object, by a shortcut, or as the parent."""
    name = relationship.name
    if not draft.is_new and not relationship.updatable:
        return
    if draft.is_nested and draft.parent is not None and draft.is_parent(name):
        draft.record[name] = draft.parent[1]
    elif (written := draft.id_of(name)) is not None:
        _link(draft, name, find_target(journey.state, relationship, written))
    elif (element := draft.element_of(name)) is not None:
        _assign_nested(journey, draft, relationship, element)
    elif (shortcut := draft.shortcut_of(name)) is not None:
        _assign_shortcut(journey, draft, name, shortcut)
    elif draft.parent is not None and draft.is_parent(name):
        _link(draft, name, find_target(journey.state, relationship, draft.parent[1]))
    elif f"{name}_id" in draft.row or _has_null_shortcut(draft, name):
        draft.record[name] = None


def _link(draft: Draft, name: str, target: int | None) -> None:
    draft.record[name] = target
    if target is None:
        draft.findings.add(name, "must exist")


def _assign_shortcut(journey: Journey, draft: Draft, name: str, shortcut: Attribute) -> None:
    naming = shortcut.names
    is_allowed = draft.is_new or shortcut.updatable
    if naming is None or not is_allowed or shortcut.name in draft.findings.errors:
        return
    value = draft.values[shortcut.name]
    found = find_named(journey.state, naming, value)
    if found is None and naming.create:
        record = _blank_record(journey.state.catalogue.types[naming.target])
        record[naming.attribute] = value
        found = journey.state.add(record)
    draft.record[name] = found
    if found is None:
        draft.findings.add(naming.error_field or name, naming.message)


def _has_null_shortcut(draft: Draft, relationship: str) -> bool:
    """Whether the row says by a shortcut that there is no target."""
    return any(
        attribute.names is not None
        and attribute.names.relationship == relationship
        and attribute.name in draft.named
        and (draft.is_new or attribute.updatable)
        for attribute in draft.declared.attributes
    )


def _assign_nested(
    journey: Journey, draft: Draft, relationship: Relationship, element: object
) -> None:
    """An object is the record it names, else the target there is, else a new one."""
    name = relationship.name
    if not isinstance(element, dict):
        draft.findings.add(name, "is invalid")
        return
    declared = journey.state.catalogue.types[relationship.targets[0]]
    found = match_nested(journey, relationship, element)
    names_one = not is_blank(element.get("id")) or any(
        not is_blank(element.get(part)) for key in declared.keys for part in key.parts
    )
    current = draft.record.get(name)
    if found is None and not names_one and isinstance(current, int):
        found = current
    inner = Draft(declared, element, Findings())
    saved = save(journey, inner, found=found)
    draft.findings.adopt(name, inner.findings)
    if saved is not None:
        draft.record[name] = saved


def _assign_attribute(journey: Journey, draft: Draft, attribute: Attribute) -> None:
    is_allowed = attribute.creatable if draft.is_new else attribute.updatable
    if not is_allowed and attribute.accepted_with is None:
        return
    value = draft.values[attribute.name]
    if attribute.marks is not None and not is_blank(value):
        draft.record[attribute.marks] = True
    if attribute.stored and attribute.computed is None:
        draft.record[attribute.name] = value
    naming = attribute.names
    is_mere_name = naming is not None and naming.relationship is None
    if naming is None or not is_mere_name or is_blank(value):
        return
    if find_named(journey.state, naming, value) is None:
        draft.findings.add(naming.error_field or attribute.name, naming.message)


def _fire_triggers(journey: Journey, draft: Draft) -> None:
    """In declared order; one whose effect is there already changes nothing."""
    record = draft.record
    for trigger in draft.declared.triggers:
        if trigger.name not in draft.triggers:
            continue
        is_done = (
            all(record.get(name) == value for name, value in trigger.sets.items())
            and (trigger.stamps is None or record.get(trigger.stamps) is not None)
            and all(record.get(name) is None for name in trigger.clears)
        )
        if is_done:
            continue
        record.update(trigger.sets)
        record.update(dict.fromkeys(trigger.clears))
        if trigger.stamps is not None:
            record[trigger.stamps] = Stamp(journey.row_number)


def _save_collection(
    journey: Journey, draft: Draft, relationship: Relationship, record_id: int
) -> None:
    """Elements are rows of their own whose parent is this record; other children stay."""
    elements = draft.element_of(relationship.name)
    if elements is None:
        return
    if not isinstance(elements, list):
        draft.findings.add(relationship.name, "is invalid")
        return
    assert relationship.inverse is not None
    declared = journey.state.catalogue.types[relationship.targets[0]]
    taken: set[int] = set()
    for element in elements:
        if not isinstance(element, dict):
            draft.findings.add(relationship.name, "is invalid")
            continue
        parent = (relationship.inverse, record_id)
        inner = Draft(declared, element, Findings(), parent=parent, is_nested=True)
        save(journey, inner, taken=taken)
        draft.findings.adopt(relationship.name, inner.findings)
