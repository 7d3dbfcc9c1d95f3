"""Codes that a spreadsheet has turned into numbers: `4006381333931` became `4.00638E+12`.

The digits behind those that are shown are lost, so several articles have become one code. Looked
at are texts that are part of a key, or that name a record by one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from longshore.engine.chunk.candidates import Candidates
from longshore.engine.plan.nodes import Node
from longshore.engine.values.candidate import ABSENT
from longshore.spellings import is_scientific


def scientific_codes(root: Node, candidates: Candidates) -> list[tuple[int, str, str]]:
    """The codes of rows that look so, the first of each row: (index of the row, field, code)."""
    found: dict[int, tuple[str, str]] = {}
    for slot in root.key_slots:
        column = candidates.column(slot)
        for index, text in _in_column(column):
            found.setdefault(index, (_name(root, slot), text))
    for slot, nested in root.nested.items():
        if not _looks_at(nested):
            continue
        for index, inside in enumerate(candidates.column(slot)):
            if inside is not ABSENT and index not in found:
                code = next(_in_nested(nested, inside), None)
                if code is not None:
                    found[index] = code
    return [(index, *found[index]) for index in sorted(found)]


def _looks_at(node: Node) -> bool:
    return bool(node.key_slots) or any(map(_looks_at, node.nested.values()))


def _in_column(column: Sequence[Any]) -> Iterator[tuple[int, str]]:
    if set(map(type, column)) == {str} and "+" not in "".join(column):
        return
    for index, text in enumerate(column):
        if text.__class__ is str and is_scientific(text):
            yield index, text


def _in_nested(node: Node, inside: Any) -> Iterator[tuple[str, str]]:
    """In the candidates of a collection, or in that of one record."""
    for fields, _ in inside if isinstance(inside, list) else (inside,):
        for slot in node.key_slots:
            for _, text in _in_column((fields[slot],)):
                yield node.path + _name(node, slot), text
        for slot, below in node.nested.items():
            if fields[slot] is not ABSENT:
                yield from _in_nested(below, fields[slot])


def _name(node: Node, slot: int) -> str:
    return next(name for name, each in node.slots.items() if each == slot)
