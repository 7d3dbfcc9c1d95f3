"""Which record a row means."""

from collections.abc import Sequence
from typing import Any, Final

from longshore.catalogue import key_text
from longshore.engine.plan.nodes import Collection, Node, SignatureStep
from longshore.engine.plan.table_plans import KeyPlan, ValuesByColumn
from longshore.engine.row.chunk_state import ChunkState, Record, TableState
from longshore.engine.row.draft import Draft, ElementPlace
from longshore.engine.row.money import same_cents
from longshore.engine.row.object_keys import given_keys, holds_keys
from longshore.engine.values.amounts import Amount
from longshore.engine.values.candidate import ABSENT, Candidate
from longshore.engine.values.converters import MUST_EXIST, NO_ID
from longshore.engine.values.named_ids import NamedId


class _NoKey:
    """The row names no key in full."""


class _Refused:
    """There is no record to save; why has been reported."""


NO_KEY: Final = _NoKey()
REFUSED: Final = _Refused()


def match_by_id(draft: Draft, place: ElementPlace | None) -> Any:
    """The record whose id a row gives; NO_KEY when it gives none, REFUSED when there is none."""
    node = draft.node
    id: Any = ABSENT if node.id_slot is None else draft.fields[node.id_slot]
    if id is ABSENT or id is None:
        return NO_KEY
    record = draft.row.state.find(draft.table, id)
    if record is None or not _is_of(node, record) or not _belongs_to(record, place):
        if id == NO_ID:
            draft.row.foreign_ids.append(f"{node.path}id")
        draft.report("id", MUST_EXIST, NamedId(id))
        return REFUSED
    return record


def match_by_key(draft: Draft) -> Any:
    """The record that has the first key that a row names in full.

    None for a new one, NO_KEY, or REFUSED. `draft.values` are those of a record to be created.
    """
    node, state = draft.node, draft.row.state
    failed = draft.failed if len(draft.row.findings) > draft.start else ()
    for index in node.match_keys:
        plan = node.table.keys[index]
        if failed and any(part.field in failed for part in plan.parts):
            return None  # the row names a key that cannot be: it means nothing that is here
        key = plan.of(draft.values)
        if key is None:
            continue
        draft.key = plan
        holders = holders_of(state, draft.table, index, key, draft.values)
        if not holders and (older := older_key(draft, plan)) is not None:
            holders = holders_of(state, draft.table, index, older, draft.values)
        if plan.is_unique:
            return holders if holders is not None and _is_of(node, holders) else None
        fitting = [record for record in holders if _is_of(node, record)]
        if len(fitting) > 1:
            draft.report("base", f"matches {len(fitting)} records")
            return REFUSED
        return fitting[0] if fitting else None
    return NO_KEY


def older_key(draft: Draft, plan: KeyPlan) -> str | None:
    """The key under which releases before 0.2 would have sought the record, if another one."""
    if draft.given is None:
        return None
    values = draft.values[:]
    for slot, column in draft.node.create_assigns:
        if draft.given[slot] is not draft.fields[slot]:
            values[column] = draft.given[slot]
    older = plan.older_of(values)
    return older if older != plan.of(draft.values) else None


def holders_of(
    state: ChunkState, table: TableState, index: int, key: str, values: ValuesByColumn
) -> Any:
    """Who has a key's value, see `ChunkState.find_by_key`; known things are not asked for."""
    holders = table.by_key[index].get(key, ABSENT)
    if holders is not ABSENT:
        return holders
    plan: KeyPlan = table.plan.keys[index]
    if state.is_of_chunk(plan, values):
        return None if plan.is_unique else ()
    if plan.is_unique:
        for part in plan.parts:
            children = table.children.get(part.column)
            if children is not None and values[part.column] in children:
                return None  # all records of this parent are here
    return state.find_by_key(table, index, key)


def match_by_nested(draft: Draft) -> Record | None:
    """The record of the parent whose target a row holds inside itself, word for word.

    So a file of customers with their addresses can be imported again without doubling them.
    """
    state = draft.row.state
    for key in draft.node.nested_keys:
        step = key.step
        assert step.nested is not None
        assert step.nested_slot is not None
        assert step.column is not None
        inside, parent = draft.fields[step.nested_slot], draft.values[key.parent_column]
        others = [(column, draft.values[column]) for column, _ in key.others]
        is_named = all(
            draft.values[column] is not None or is_nullable for column, is_nullable in key.others
        )
        if inside is ABSENT or inside[1] or parent is None or not is_named:
            continue
        id = ABSENT if step.id_slot is None else draft.fields[step.id_slot]
        for child in state.children_of(draft.table, key.parent_column, parent):
            held = child.values[step.column]
            if held is None or any(child.values[column] != value for column, value in others):
                continue
            if id is not ABSENT and id is not None:
                is_meant = held == id
            else:
                target = state.find(state.tables[step.nested.table.name], held)
                is_meant = target is not None and equals(step.nested, inside[0], target, state)
            if is_meant:
                return child
    return None


def pair_equals(
    collection: Collection,
    elements: Sequence[Candidate],
    children: Sequence[Record],
    state: ChunkState,
) -> list[Record | None]:
    """The child that has all that an element says, by element; none is that of two.

    Elements that name a record otherwise, by id or by a key, have none, nor do those of a type
    whose records all have a key.
    """
    node = collection.node
    is_keyed = any(node.table.keys[index].is_unique for index in node.match_keys)
    left = [] if is_keyed else list(children)
    pairs: list[Record | None] = []
    for fields, findings in elements:
        found = None
        if left and not findings and not _names_itself(collection, fields):
            found = next((each for each in left if equals(node, fields, each, state)), None)
        if found is not None:
            left.remove(found)
        pairs.append(found)
    return pairs


def equals(node: Node, fields: Sequence[Any], record: Record, state: ChunkState) -> bool:
    """Whether a record has all values that fields name; they name one at least."""
    named = False
    for slot, column in node.create_assigns:
        value = fields[slot]
        if value is ABSENT:
            continue
        named = True
        held = record.values[column]
        if value.__class__ is Amount:
            value = same_cents(state, node, record, slot, value)
        if slot in node.key_slots and value.__class__ is str and held.__class__ is str:
            value, held = key_text(value), key_text(held)
        if held != value:
            return False
    for object_ in node.objects:
        given = given_keys(object_, fields)
        named = named or bool(given)
        if not holds_keys(record.values[object_.column], given):
            return False
    for step in node.targets:
        if step.id_slot is None or step.column is None or fields[step.id_slot] is ABSENT:
            continue
        named = True
        if record.values[step.column] != fields[step.id_slot]:
            return False
    return named


def _names_itself(collection: Collection, fields: Sequence[Any]) -> bool:
    """Whether an element says which record it means, by id or by a key in full."""
    node = collection.node
    if node.id_slot is not None and fields[node.id_slot] not in (ABSENT, None):
        return True
    return any(
        all(
            part.column == collection.owner_column or _is_given(fields, node.slots.get(part.field))
            for part in node.table.keys[index].parts
        )
        for index in node.match_keys
    )


def _is_given(fields: Sequence[Any], slot: int | None) -> bool:
    value = ABSENT if slot is None else fields[slot]
    if value is ABSENT or value is None:
        return False
    return value.__class__ is not str or bool(key_text(value))


def match_by_signature(draft: Draft, place: ElementPlace) -> Record | None:
    """The first child that is alike and that no other element of the row means."""
    collection = place.collection
    fields = draft.fields
    if not collection.signature:
        return None
    first, *others = (
        (step, None if step.slot is None or fields[step.slot] is ABSENT else fields[step.slot])
        for step in collection.signature
    )
    wanted = []
    for step, value in others:
        # What stands before the one that is named is null: an item of a code is not one that has
        # merely the same name.
        wanted.append((step, value))
        if value is not None:
            break
    if others and wanted[-1][1] is None:
        return None
    if first[1] is not None:
        wanted.append(first)
    elif not others:
        return None
    column, unavailable = collection.owner_column, place.taken | place.reserved
    for child in draft.row.state.children_of(draft.table, column, place.owner.id):
        is_alike = all(_agrees(child, step, value) for step, value in wanted)
        if is_alike and child.id not in unavailable:
            return child
    return None


def _agrees(child: Record, step: SignatureStep, value: Any) -> bool:
    """Whether a child has a value of the signature; releases before 0.2 stored codes as given."""
    held = child.values[step.column]
    if step.is_key_text and held is not None:
        held = key_text(held)
    return bool(held == value)


def _is_of(node: Node, record: Record) -> bool:
    """Whether a record of a family is of a type that the node means."""
    return (
        node.types is None
        or node.type_column is None
        or record.values[node.type_column] in node.types
    )


def _belongs_to(record: Record, place: ElementPlace | None) -> bool:
    """Whether an element's record is a child of the record that holds the element."""
    return place is None or bool(record.values[place.collection.owner_column] == place.owner.id)
