"""How many nested elements a row has, counted in its raw values before any of them is converted.

A row is applied as a whole, in the write lock, whatever it holds: so it may hold no more than a
chunk. Counted are the elements of all its collections on all levels, and its tags.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.engine.plan.nodes import Node
from longshore.error_codes import ErrorCode, Message, message


def too_many_elements(count: int, most: int) -> Message:
    """The error of a row with at least so many elements."""
    return message(ErrorCode.TOO_MANY_ELEMENTS, f"{count:,}", f"{most:,}")


class ElementCounter:
    """Counts what rows of one node hold inside them."""

    def __init__(self, node: Node, slots: Mapping[str, int]) -> None:
        """`slots` are the names of the source's own keys."""
        self._known = slots.keys()
        self._inside = {
            name: (slot in node.collection_slots, ElementCounter(below, below.slots))
            for name, slot in slots.items()
            if (below := node.nested.get(slot)) is not None
        }
        tags = tag_slots(node)
        self._tags = [name for name, slot in slots.items() if slot in tags]

    def __bool__(self) -> bool:
        """Whether rows can have any."""
        return bool(self._inside or self._tags)

    def count(self, row: Any, most: int) -> int:
        """The elements of a row of JSON; where they are more than `most`, any number beyond it."""
        if row.__class__ is not dict:
            return 0
        count = 0
        for name in self._tags:
            count += tags_count(row.get(name))
        for name, (is_many, below) in self._inside.items():
            value = row.get(name)
            if value is None:
                continue
            elements = value if is_many and value.__class__ is list else (value,)
            if is_many:
                count += len(elements)
            if below:
                for element in elements:
                    if count > most:
                        return count
                    count += below.count(element, most - count)
        if not row.keys() <= self._known:
            count += self._dotted_count(row)
        return count

    def _dotted_count(self, row: Mapping[str, Any]) -> int:
        """The elements that a row gives by keys with a dot: one of each collection at most."""
        first = {name.partition(".")[0] for name in row if "." in name}
        return sum(
            is_many and row.get(name) is None
            for name, (is_many, _) in self._inside.items()
            if name in first
        )


def tag_slots(node: Node) -> frozenset[int]:
    """The slots in which rows of a node name tags."""
    if node.tags is None:
        return frozenset()
    named = (*node.tags.set_slots, node.tags.add_slot, node.tags.remove_slot)
    return frozenset(slot for slot in named if slot is not None)


def tags_count(value: object) -> int:
    """The tags that a list, or a text of names with commas, may hold."""
    if isinstance(value, str):
        return value.count(",") + 1 if value and not value.isspace() else 0
    return len(value) if isinstance(value, Sequence) else 0
