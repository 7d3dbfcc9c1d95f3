"""Which record a row of the naive model means."""

from dataclasses import dataclass, field

from longshore.catalogue import Key, Naming, Relationship, ResourceType
from tests.property.model.draft import Findings, Journey, RowDraft, read_draft
from tests.property.model.state import State, attributes_of, key_part, relationships_of
from tests.property.model.values import is_blank


class MatchRefused(Exception):
    """The row means a record that is not there, or several."""

    def __init__(self, attribute: str, message: str) -> None:
        super().__init__(message)
        self.attribute = attribute


@dataclass(slots=True)
class Siblings:
    """The elements of one collection, and the children that they mean."""

    equal: dict[int, int]  # place of an element -> the child that has all that it says
    taken: set[int] = field(default_factory=set)  # by earlier elements
    place: int = 0  # of the element at hand


def match(journey: Journey, draft: RowDraft, siblings: Siblings | None = None) -> int | None:
    """The record that the row means; None for a new one."""
    if not is_blank(draft.row.get("id")):
        return _match_id(journey, draft)
    for key in draft.declared.keys:
        if key.matches and all(_gives_part(journey, draft, key, part) for part in key.parts):
            return _match_key(journey, draft, key)
    same = _match_nested_target(journey, draft)
    if same is not None or siblings is None:
        return same
    equal = siblings.equal.get(siblings.place)
    if equal is not None and equal not in siblings.taken:
        return equal
    return _match_signature(journey, draft, siblings.taken | set(siblings.equal.values()))


def equals(
    journey: Journey, declared: ResourceType, element: dict[str, object], record_id: int
) -> bool:
    """Whether a record has everything that an element says; it says something at least."""
    inner = RowDraft(declared, element, Findings())
    read_draft(journey, inner)
    record = journey.state.records[record_id]
    said: dict[str, object] = {
        attribute.name: inner.values.get(attribute.name)
        for attribute in declared.attributes
        if attribute.name in inner.named and attribute.stored and attribute.computed is None
    }
    for relationship in declared.relationships:
        if relationship.has_column and f"{relationship.name}_id" in element:
            written = inner.id_of(relationship.name)
            target = find_target(journey.state, relationship, written)
            said[relationship.name] = "nothing" if written and target is None else target
    is_wrong = bool(inner.findings.errors)
    return not is_wrong and bool(said) and all(record[name] == said[name] for name in said)


def names_itself(
    journey: Journey, declared: ResourceType, element: dict[str, object], holder: Relationship
) -> bool:
    """Whether an element says by id or by key which record of its holder it is."""
    inner = RowDraft(declared, element, Findings(), parent=(str(holder.inverse), 0), is_nested=True)
    read_draft(journey, inner)
    is_keyed = any(
        key.matches and all(_gives_part(journey, inner, key, part) for part in key.parts)
        for key in declared.keys
    )
    return is_keyed or not is_blank(element.get("id"))


def _match_nested_target(journey: Journey, draft: RowDraft) -> int | None:
    """The record of the same parent whose target equals the object inside the row."""
    links = relationships_of(draft.declared)
    for key in draft.declared.keys:
        for name in (part for part in key.parts if part in links):
            element = draft.element_of(name)
            target = journey.state.catalogue.types[links[name].targets[0]]
            is_keyed = any(each.matches for each in target.keys)
            if not isinstance(element, dict) or is_keyed or draft.id_of(name) is not None:
                continue
            others = {
                part: known_target(journey, draft, links[part])
                for part in key.parts
                if part != name and part in links
            }
            if None in others.values() or len(others) + 1 < len(key.parts):
                continue
            for record_id, record in journey.state.of_table(draft.declared):
                held = record[name]
                is_sibling = all(record[part] == others[part] for part in others)
                if is_sibling and isinstance(held, int) and equals(journey, target, element, held):
                    return record_id
    return None


def holders_of(
    journey: Journey, declared: ResourceType, key: Key, parts: tuple[object, ...]
) -> list[int]:
    """The records that hold a key, in id order."""
    holders = journey.state.holders(declared, key, parts)
    return [holder for holder in holders if (holder, key.parts) not in journey.keyless]


def known_target(journey: Journey, draft: RowDraft, relationship: Relationship) -> int | None:
    """The target that the row names, as long as it is there already."""
    name = relationship.name
    if draft.is_nested and draft.parent is not None and draft.is_parent(name):
        assert isinstance(draft.parent[1], int)
        return draft.parent[1]
    if (written := draft.id_of(name)) is not None:
        return find_target(journey.state, relationship, written)
    element = draft.element_of(name)
    if isinstance(element, dict):
        return match_nested(journey, relationship, element)
    shortcut = draft.shortcut_of(name)
    if shortcut is not None and shortcut.names is not None:
        return find_named(journey.state, shortcut.names, draft.values.get(shortcut.name))
    if draft.parent is not None and draft.is_parent(name):
        return find_target(journey.state, relationship, draft.parent[1])
    return None


def find_target(state: State, relationship: Relationship, written: object) -> int | None:
    """The record with this id, if it is of a type that the relationship leads to."""
    for target in relationship.targets:
        found = state.find(target, written)
        if found is not None:
            return found
    return None


def find_named(state: State, naming: Naming, value: object) -> int | None:
    """The record that a shortcut names by its key."""
    declared = state.catalogue.types[naming.target]
    wanted = key_part(declared, naming.attribute, value)
    for record_id, record in state.of_table(declared):
        held = key_part(declared, naming.attribute, record.get(naming.attribute))
        if wanted is not None and held == wanted:
            return record_id
    return None


def match_nested(
    journey: Journey, relationship: Relationship, element: dict[str, object]
) -> int | None:
    """The record that a nested object means by its id or key."""
    declared = journey.state.catalogue.types[relationship.targets[0]]
    inner = RowDraft(declared, element, Findings())
    read_draft(journey, inner)
    try:
        return match(journey, inner)
    except MatchRefused:
        return None


def _match_id(journey: Journey, draft: RowDraft) -> int:
    found = journey.state.find(draft.declared.name, draft.row["id"])
    if found is not None and draft.is_nested and draft.parent is not None:
        relationship, parent_id = draft.parent
        if journey.state.records[found].get(relationship) != parent_id:
            found = None
    if found is None:
        raise MatchRefused("id", "must exist")
    return found


def _gives_part(journey: Journey, draft: RowDraft, key: Key, part: str) -> bool:
    if part in key.nullable or part == "type":
        return True
    if part in attributes_of(draft.declared):
        return part in draft.findings.errors or draft.gives(part)
    return (
        draft.id_of(part) is not None
        or draft.is_parent(part)
        or _names_target(journey, draft, part)
        or draft.shortcut_of(part) is not None
    )


def _names_target(journey: Journey, draft: RowDraft, relationship: str) -> bool:
    """Whether an object inside the row can say which record it is, other than by all it holds."""
    element = draft.element_of(relationship)
    targets = relationships_of(draft.declared)[relationship].targets
    is_keyed = any(key.matches for key in journey.state.catalogue.types[targets[0]].keys)
    return isinstance(element, dict) and (is_keyed or not is_blank(element.get("id")))


def _match_key(journey: Journey, draft: RowDraft, key: Key) -> int | None:
    parts: list[object] = []
    for part in key.parts:
        if part in draft.findings.errors:
            return None
        if part == "type":
            value: object = draft.declared.name
        elif part in attributes_of(draft.declared):
            value = draft.values.get(part)
        else:
            relationship = relationships_of(draft.declared)[part]
            value = known_target(journey, draft, relationship)
            if value is None and part in draft.named and not _is_null(draft, part):
                return None
        compared = key_part(draft.declared, part, value)
        if compared is None and part not in key.nullable:
            return None
        parts.append(compared)
    draft.has_key = True
    holders = holders_of(journey, draft.declared, key, tuple(parts))
    if len(holders) > 1:
        raise MatchRefused("base", f"matches {len(holders)} records")
    if not holders:
        return None
    draft.key = key
    return holders[0]


def _is_null(draft: RowDraft, relationship: str) -> bool:
    """Whether the row names the relationship only to say that there is no target."""
    return (
        draft.id_of(relationship) is None
        and draft.element_of(relationship) is None
        and draft.shortcut_of(relationship) is None
        and not draft.is_parent(relationship)
    )


def _match_signature(journey: Journey, draft: RowDraft, taken: set[int]) -> int | None:
    """The first child in id order that is alike and not taken yet.

    Alike is what equals it in the first field of the signature, where the row gives one, and in
    the first given one of the others; those before that one it has not either. Where none of the
    others is given, nothing is alike.
    """
    first, others = draft.declared.nested_signature[:1], draft.declared.nested_signature[1:]
    wanted: dict[str, object] = {}
    for name in others:
        wanted[name] = _signature_value(journey, draft, name)
        if wanted[name] is not None:
            break
    else:
        if others:
            return None
    for name in first:
        value = _signature_value(journey, draft, name)
        if value is not None:
            wanted[name] = value
    if not wanted or draft.parent is None:
        return None
    for record_id, record in journey.state.of_table(draft.declared):
        is_sibling = record.get(draft.parent[0]) == draft.parent[1]
        is_alike = all(record.get(name) == value for name, value in wanted.items())
        if is_sibling and is_alike and record_id not in taken:
            return record_id
    return None


def _signature_value(journey: Journey, draft: RowDraft, name: str) -> object:
    relationship = relationships_of(draft.declared).get(name)
    if relationship is not None:
        return known_target(journey, draft, relationship)
    return draft.values.get(name)
