"""A row of the naive model becomes a record, with everything nested in it.

Each step may add findings; whoever called decides that a row with findings has failed and puts
the state before it back.
"""

from dataclasses import dataclass

from longshore.catalogue import Attribute, Kind, Relationship, ResourceType
from tests.property.model.draft import Findings, Journey, RowDraft, read_draft
from tests.property.model.judging import judge_presence, judge_uniqueness
from tests.property.model.matching import (
    MatchRefused,
    Siblings,
    equals,
    find_named,
    find_target,
    match,
    names_itself,
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
    draft: RowDraft,
    *,
    found: int | None = None,
    siblings: Siblings | None = None,
) -> int | None:
    """The id of the record that the row became; None when it means none that there is.

    `found` is a record matched beforehand; `siblings` are those of the elements of one
    collection.
    """
    read_draft(journey, draft)
    try:
        record_id = found if found is not None else match(journey, draft, siblings)
    except MatchRefused as refused:
        draft.findings.add(refused.attribute, str(refused))
        _judge_targets(journey, draft)
        return None
    draft.is_new = record_id is None
    if record_id is None:
        record_id = journey.state.add(_blank_record(draft.declared))
    else:
        draft.old = dict(journey.state.records[record_id])
    draft.record = journey.state.records[record_id]
    if siblings is not None:
        siblings.taken.add(record_id)
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


def _judge_targets(journey: Journey, draft: RowDraft) -> None:
    """What the row names in vain, although it is not known which record the row means."""
    for relationship in draft.declared.relationships:
        element = draft.element_of(relationship.name)
        names_itself = not isinstance(element, dict) or not is_blank(element.get("id"))
        waits_for_record = not names_itself and not _has_key(journey, relationship)
        if relationship.name in draft.named and relationship.has_column and not waits_for_record:
            _assign_target(journey, draft, relationship)


def _assign_target(journey: Journey, draft: RowDraft, relationship: Relationship) -> None:
    """Link what the row names: by id, as an object, by a shortcut, or as the parent.

    A target that does not exist is told, and counts as not named; also where a relationship
    cannot change any more.
    """
    name = relationship.name
    is_open = draft.is_new or relationship.updatable
    written, element = draft.id_of(name), draft.element_of(name)
    if element is not None and not isinstance(element, dict):
        draft.findings.add(name, "is invalid")
        element = None
    if draft.is_nested and draft.parent is not None and draft.is_parent(name):
        target: int | None = int(draft.parent[1])
    elif isinstance(element, dict) and (written is None or not _has_key(journey, relationship)):
        target = _save_nested(journey, draft, relationship, element)
    elif written is not None:
        target = _existing(journey, draft, relationship, written)
    elif (shortcut := draft.shortcut_of(name)) is not None:
        is_open = is_open and (draft.is_new or shortcut.updatable)
        target = _named(journey, draft, name, shortcut, may_create=is_open)
    elif draft.parent is not None and draft.is_parent(name):
        target = _existing(journey, draft, relationship, draft.parent[1])
    elif is_open and (f"{name}_id" in draft.row or _has_null_shortcut(draft, name)):
        draft.record[name] = None
        return
    else:
        return
    if is_open and target is not None:
        draft.record[name] = target


def _existing(
    journey: Journey, draft: RowDraft, relationship: Relationship, written: object
) -> int | None:
    target = find_target(journey.state, relationship, written)
    if target is None:
        draft.findings.add(relationship.name, "must exist")
    return target


def _named(
    journey: Journey, draft: RowDraft, name: str, shortcut: Attribute, *, may_create: bool
) -> int | None:
    """The target that a shortcut names, made where there is none and the type says so."""
    naming = shortcut.names
    if naming is None or shortcut.name in draft.findings.errors:
        return None
    value = draft.values[shortcut.name]
    target = find_named(journey.state, naming, value)
    if target is not None:
        return target
    if not naming.create:
        draft.findings.add(naming.error_field or name, naming.message)
    elif may_create:
        record = _blank_record(journey.state.catalogue.types[naming.target])
        record[naming.attribute] = value
        return journey.state.add(record)
    return None


def _has_null_shortcut(draft: RowDraft, relationship: str) -> bool:
    """Whether the row says by a shortcut that there is no target."""
    return any(
        attribute.names is not None
        and attribute.names.relationship == relationship
        and attribute.name in draft.named
        and (draft.is_new or attribute.updatable)
        for attribute in draft.declared.attributes
    )


def _save_nested(
    journey: Journey, draft: RowDraft, relationship: Relationship, element: dict[str, object]
) -> int | None:
    """An object is the record it names, else the target there is, else a new one."""
    name = relationship.name
    found: int | None = None
    written = draft.id_of(name)
    if written is not None:
        # The id decides which record it is; what the row says of it goes there.
        found = _existing(journey, draft, relationship, written)
        if found is None:
            return None
    elif is_blank(element.get("id")) and not _has_key(journey, relationship):
        current = draft.record.get(name)
        found = current if isinstance(current, int) else None
    declared = journey.state.catalogue.types[relationship.targets[0]]
    inner = RowDraft(declared, element, Findings())
    saved = save(journey, inner, found=found)
    draft.findings.adopt(name, inner.findings)
    return saved


def _has_key(journey: Journey, relationship: Relationship) -> bool:
    """Whether a nested object can say which record it is, other than by id."""
    declared = journey.state.catalogue.types[relationship.targets[0]]
    return any(key.matches for key in declared.keys)


def _assign_attribute(journey: Journey, draft: RowDraft, attribute: Attribute) -> None:
    if attribute.accepted_with is not None:
        is_open = attribute.accepted_with in draft.triggers
    else:
        is_open = draft.is_new or attribute.updatable
    if not is_open:
        return
    if draft.key is not None and attribute.name in draft.key.parts:
        return  # what has found the record does not rename it
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


def _fire_triggers(journey: Journey, draft: RowDraft) -> None:
    """In declared order; one whose effect is there already changes nothing."""
    record = draft.record
    for trigger in draft.declared.triggers:
        if trigger.name not in draft.triggers:
            continue
        if not trigger.accepted:
            draft.findings.add(trigger.name, "is not supported")
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
    _keep_times(draft)


def _keep_times(draft: RowDraft) -> None:
    """A row that leads a record through other states and back leaves its times alone."""
    for trigger in draft.declared.triggers:
        is_back = all(draft.old.get(name) == draft.record.get(name) for name in trigger.sets)
        if trigger.stamps is None or not trigger.sets or not is_back:
            continue
        old = draft.old.get(trigger.stamps)
        if old is not None and draft.record[trigger.stamps] is not None:
            draft.record[trigger.stamps] = old


def _save_collection(
    journey: Journey, draft: RowDraft, relationship: Relationship, record_id: int
) -> None:
    """Elements are rows of their own whose parent is this record; other children stay."""
    elements = draft.element_of(relationship.name)
    if elements is None:
        return
    if not isinstance(elements, list):
        elements = [elements]
    assert relationship.inverse is not None
    declared = journey.state.catalogue.types[relationship.targets[0]]
    siblings = Siblings(equal=_equal_children(journey, declared, elements, relationship, record_id))
    for place, element in enumerate(elements):
        if not isinstance(element, dict):
            draft.findings.add(f"{relationship.name}.base", "is not an object")
            continue
        parent = (relationship.inverse, record_id)
        inner = RowDraft(declared, element, Findings(), parent=parent, is_nested=True)
        siblings.place = place
        save(journey, inner, siblings=siblings)
        draft.findings.adopt(relationship.name, inner.findings)


def _equal_children(
    journey: Journey,
    declared: ResourceType,
    elements: list[object],
    relationship: Relationship,
    record_id: int,
) -> dict[int, int]:
    """The child that an element equals, by the element's place: each child is that of one."""
    equal: dict[int, int] = {}
    if any(key.matches and key.unique for key in declared.keys):
        return equal
    children = [
        child
        for child, record in journey.state.of_table(declared)
        if record.get(str(relationship.inverse)) == record_id
    ]
    for place, element in enumerate(elements):
        if isinstance(element, dict) and not names_itself(journey, declared, element, relationship):
            for child in children:
                if child not in equal.values() and equals(journey, declared, element, child):
                    equal[place] = child
                    break
    return equal
