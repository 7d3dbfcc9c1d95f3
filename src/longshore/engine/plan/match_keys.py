"""The keys by which the rows of a node are matched, in a table that is laid out."""

from collections.abc import Iterator, Sequence
from itertools import product

from longshore.catalogue import Key
from longshore.engine.plan.node_drafts import NodeDraft
from longshore.engine.plan.nodes import NestedKey, TargetStep
from longshore.engine.plan.table_plans import TablePlan


def match_keys_of(draft: NodeDraft, table: TablePlan) -> tuple[int, ...]:
    """The keys by which records are matched, in the order in which they are tried."""
    if not draft.matches_by_key:
        return ()
    indexes = (key_index(table, key) for key in draft.resource_type.keys)
    return tuple(each for each in indexes if each >= 0 and table.keys[each].matches)


def key_index(table: TablePlan, key: Key) -> int:
    """Where a table's key stands; -1 when the plan does not have it."""
    for position, each in enumerate(table.keys):
        if table.columns[each.column] == key.column:
            return position
    return -1


def nested_keys_of(
    table: TablePlan, match_keys: Sequence[int], deferred: Sequence[TargetStep]
) -> Iterator[NestedKey]:
    """The keys of a node that end in a nested record without a key."""
    for index, step in product(match_keys, deferred):
        parts = table.keys[index].parts
        others = [part for part in parts if part.column != step.column]
        parent = next((part for part in others if part.is_target), None)
        if len(others) < len(parts) and parent is not None:
            yield NestedKey(
                step=step,
                parent_column=parent.column,
                others=tuple(
                    (part.column, part.is_nullable) for part in others if part is not parent
                ),
            )
