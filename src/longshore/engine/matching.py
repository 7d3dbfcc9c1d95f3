"""Which record a row means."""

from typing import Any, Final

from longshore.catalogue import key_text
from longshore.engine.plan import ABSENT, Collection, Node, SignatureStep
from longshore.engine.row import Draft
from longshore.engine.state import ChunkState, Record, TableState
from longshore.engine.tables import KeyPlan, ValuesByColumn
from longshore.engine.values import MUST_EXIST


class _NoKey:
    """The row names no key in full."""


class _Refused:
    """There is no record to save; why has been reported."""


NO_KEY: Final = _NoKey()
REFUSED: Final = _Refused()


def match_by_id(draft: Draft, *, owner: Record | None, collection: Collection | None) -> Any:
    """The record whose id a row gives; NO_KEY when it gives none, REFUSED when there is none."""
    node = draft.node
    id: Any = ABSENT if node.id_slot is None else draft.fields[node.id_slot]
    if id is ABSENT or id is None:
        return NO_KEY
    record = draft.row.state.find(draft.table, id)
    if record is None or not _is_of(node, record) or not _belongs_to(record, owner, collection):
        draft.report("id", MUST_EXIST)
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


def match_by_signature(
    draft: Draft, collection: Collection, owner: Record, taken: set[int]
) -> Record | None:
    """The first child that is alike and that no earlier element of the row has taken."""
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
    for child in draft.row.state.children_of(draft.table, collection.owner_column, owner.id):
        is_alike = all(_agrees(child, step, value) for step, value in wanted)
        if is_alike and child.id not in taken:
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


def _belongs_to(record: Record, owner: Record | None, collection: Collection | None) -> bool:
    """Whether an element's record is a child of the record that holds the element."""
    if owner is None or collection is None:
        return True
    return bool(record.values[collection.owner_column] == owner.id)
