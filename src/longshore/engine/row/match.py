"""Which record a row means."""

from collections.abc import Hashable, Sequence
from typing import Any, Final

from longshore.catalogue import key_text
from longshore.engine.plan.nodes import Collection, KeyedTarget, Node, TargetStep
from longshore.engine.plan.table_plans import KeyPlan, ValuesByColumn
from longshore.engine.row.chunk_state import ChunkState, Record, TableState, holders_here
from longshore.engine.row.draft import AlikeChildren, ElementPlace, RowDraft
from longshore.engine.row.lookups import holders_in, ignore, records_named
from longshore.engine.row.money import cents_in_place
from longshore.engine.row.object_keys import given_keys
from longshore.engine.row.record_index import Aspect, Shape
from longshore.engine.values.candidate import ABSENT, Candidate
from longshore.engine.values.converters import MUST_EXIST, NO_ID, canonical_json
from longshore.engine.values.named_ids import NamedId
from longshore.error_codes import ErrorCode, message


class _NoKey:
    """The row names no key in full."""


class _Refused:
    """There is no record to save; why has been reported."""


NO_KEY: Final = _NoKey()
REFUSED: Final = _Refused()


def match_by_id(draft: RowDraft, place: ElementPlace | None) -> Any:
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


def match_by_key(draft: RowDraft) -> Any:
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
            draft.report("base", message(ErrorCode.SEVERAL_RECORDS, len(fitting)))
            return REFUSED
        return fitting[0] if fitting else None
    return NO_KEY


def older_key(draft: RowDraft, plan: KeyPlan) -> str | None:
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
    plan: KeyPlan = table.plan.keys[index]
    if not plan.is_unique:
        if state.is_of_chunk(plan, values):
            return holders_here(table, plan, key)
        return state.find_by_key(table, index, key)
    holder = table.by_key[index].get(key, ABSENT)
    if holder is not ABSENT:
        return holder
    if state.is_of_chunk(plan, values):
        return None
    for part in plan.parts:
        children = table.children.get(part.column)
        if children is not None and values[part.column] in children:
            return None  # all records of this parent are here
    return state.find_by_key(table, index, key)


def match_by_nested(draft: RowDraft) -> Record | None:
    """The record of the parent whose target a row holds inside itself, word for word.

    So a file of customers with their addresses can be imported again without doubling them.
    """
    state, table = draft.row.state, draft.table
    for key in draft.node.nested_keys:
        step = key.step
        assert step.nested is not None
        assert step.nested_slot is not None
        assert step.column is not None
        inside, parent = draft.fields[step.nested_slot], draft.values[key.parent_column]
        is_named = all(
            draft.values[column] is not None or is_nullable for column, is_nullable in key.others
        )
        if inside is ABSENT or inside[1] or parent is None or not is_named:
            continue
        if not state.children_of(table, key.parent_column, parent):
            continue
        shape = tuple([Aspect(column) for column, _ in key.others])
        others = [draft.values[column] for column, _ in key.others]
        id = ABSENT if step.id_slot is None else draft.fields[step.id_slot]
        if id is not ABSENT and id is not None:
            index = table.index(key.parent_column, (*shape, Aspect(step.column)))
            found = index.ids(parent, *others, id)
        else:
            targets = state.tables[step.nested.table.name]
            target_shape, wanted = _compared(step.nested, inside[0], state)
            if not target_shape:
                continue
            index_of_targets = table.index_of_targets(
                key.parent_column,
                shape,
                target_column=step.column,
                targets=targets,
                target_shape=target_shape,
            )
            for missing in index_of_targets.missing(once=state.collecting):
                state.find(targets, missing)
            found = index_of_targets.ids(parent, *others, *wanted)
        if found:
            return table.record(found[0])
    return None


def pair_equals(
    collection: Collection, elements: Sequence[Candidate], owner: Record, state: ChunkState
) -> list[Record | None]:
    """The child that has all that an element says, by element; none is that of two.

    Elements that name a record otherwise, by id or by a key, have none, nor do those of a type
    whose records all have a key.
    """
    node = collection.node
    table = state.tables[node.table.name]
    # Asked for once, so that keys within the parent need no further question.
    children = state.children_of(table, collection.owner_column, owner.id)
    is_keyed = any(node.table.keys[index].is_unique for index in node.match_keys)
    if is_keyed or not children:
        return [None] * len(elements)
    one_of_them = children[0].values
    alike = AlikeChildren(table, collection.owner_column, owner.id)
    paired: set[int] = set()
    pairs: list[Record | None] = []
    for fields, findings in elements:
        found = None
        if not findings and not _names_itself(collection, fields):
            # All children of a record have its currency.
            settled = cents_in_place(state, node, one_of_them, fields)
            shape, values = _compared(node, settled, state)
            if shape:
                found = alike.next(shape, values, paired.__contains__)
        if found is not None:
            paired.add(found.id)
        pairs.append(found)
    return pairs


def _compared(node: Node, fields: Sequence[Any], state: ChunkState) -> tuple[Shape, list[Hashable]]:
    """What fields name of a record, and the values that it must have to be equal to them."""
    shape: list[Aspect] = []
    values: list[Hashable] = []
    for slot, column in node.create_assigns:
        value = fields[slot]
        if value is ABSENT:
            continue
        is_key_text = slot in node.key_slots
        if is_key_text and value.__class__ is str:
            value = key_text(value)
        shape.append(Aspect(column, is_key_text=is_key_text))
        values.append(value)
    for object_ in node.objects:
        given = given_keys(object_, fields)
        if given:
            shape.append(Aspect(object_.column, keys=tuple(given)))
            values.append(tuple(map(canonical_json, given.values())))
    for step in node.targets:
        if step.id_slot is not None and step.column is not None:
            id = fields[step.id_slot]
            if id is not ABSENT:
                shape.append(Aspect(step.column))
                values.append(id)
        if step.keyed is not None and step.column is not None:
            id = _id_by_keys(step, step.keyed, fields, state)
            if id is not ABSENT:
                shape.append(Aspect(step.column))
                values.append(id)
    return tuple(shape), values


def _id_by_keys(
    step: TargetStep, keyed: KeyedTarget, fields: Sequence[Any], state: ChunkState
) -> Hashable:
    """The id of the target that keys name; NO_ID, which nothing has, where it is not one."""
    wanted = fields[step.type_slot] if step.type_slot is not None else ABSENT
    records = records_named(keyed, fields, holders_in(state), ignore, wanted=wanted)
    if records is ABSENT or records is None:
        none: Hashable = records
        return none
    return records[0].id if len(records) == 1 else NO_ID


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


def match_by_signature(draft: RowDraft, place: ElementPlace) -> Record | None:
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
    column, owner = collection.owner_column, place.owner.id
    if not draft.row.state.children_of(draft.table, column, owner):
        return None
    # Releases before 0.2 stored codes as they were given.
    shape = tuple([Aspect(step.column, is_key_text=step.is_key_text) for step, _ in wanted])
    return place.alike.next(shape, [value for _, value in wanted], place.is_given_out)


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
