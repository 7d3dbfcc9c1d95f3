"""What a chunk needs to have for itself while it is loaded, applied and flushed."""

from longshore.catalogue import Catalogue
from longshore.database import Locks
from longshore.engine.plan.nodes import Plan


def record_tables_of(plan: Plan) -> frozenset[str]:
    """The tables of the records that rows name, those of nested records included.

    Tags and customers that rows only find or make on the way are none of them, and neither are
    the sums of records that rows belong to: whatever order they are written in, the end is one.
    """
    found: set[str] = set()
    nodes = [plan.root]
    while nodes:
        node = nodes.pop()
        found.add(node.table.name)
        nodes += (each.node for each in node.collections)
        nodes += (each.nested for each in (*node.targets, *node.deferred) if each.nested)
    return frozenset(found)


def names_by_keys(plan: Plan) -> bool:
    """Whether rows name targets by fields of these, such as `price_list.name`."""
    nodes = [plan.root]
    while nodes:
        node = nodes.pop()
        if node.keyed:
            return True
        nodes += node.nested.values()
    return False


def locks_of(plan: Plan, catalogue: Catalogue) -> Locks:
    """The tables that the plan reads and writes, those of sums over what it writes included.

    So a chunk sees of every other chunk all or nothing, and nobody changes what it has read: a
    match, a target or a free key is what it was when the chunk commits.
    """
    written = {name for name, table in plan.tables.items() if table.is_written}
    written |= {each.table for each in catalogue.sums if each.children in written}
    return Locks(
        scope=plan.environment,
        shared=frozenset(plan.tables.keys() - written),
        exclusive=frozenset(written),
    )
