"""Rows to candidates: every value typed, every wrong value noted, nothing looked up.

A converter is made once per plan and works on the raw values of many rows. An error of a value
travels with its candidate: whether the row fails for more reasons is judged when it is applied.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from longshore.engine.plan import Candidate, Finding, Node, Plan
from longshore.engine.values import INVALID, ValueRefused

NOT_AN_OBJECT = "is not an object"


class RowConverter(Protocol):
    """Turns the raw values of rows into candidates, one for each."""

    def __call__(self, rows: Iterable[Any]) -> list[Candidate]: ...


def row_converter(
    plan: Plan,
    columns: Sequence[str],
    *,
    is_tabular: bool,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> RowConverter:
    """The converter of a plan's rows; `columns` are those of the header, after renaming.

    Objects still have their own keys: `renamed` says what those mean.
    """
    return _Cells(plan.root, columns) if is_tabular else _Objects(plan.root, renamed)


class _Binding:
    """Which cells feed one node, and the nodes inside it."""

    __slots__ = ("cells", "inside", "node")

    def __init__(self, node: Node, columns: Sequence[str]) -> None:
        self.node = node
        self.cells = [
            (position, slot, node.converters[slot])
            for position, column in enumerate(columns)
            if column.startswith(node.path)
            if (slot := node.slots.get(column.removeprefix(node.path))) is not None
            if slot not in node.nested
        ]
        self.inside = [
            (slot, _Binding(nested, columns), slot in node.collection_slots)
            for slot, nested in node.nested.items()
        ]


class _Cells:
    """Rows of text: an empty cell, or one of white space only, names nothing."""

    def __init__(self, root: Node, columns: Sequence[str]) -> None:
        self._binding = _Binding(root, columns)
        self._width = len(columns)

    def __call__(self, rows: Iterable[Any]) -> list[Candidate]:
        binding = self._binding
        node = binding.node
        template = node.template
        bound = binding.cells
        inside = binding.inside
        width = self._width
        candidates: list[Candidate] = []
        append = candidates.append
        for cells in rows:
            if len(cells) != width:
                excess = _excess(cells, width)
                if excess is not None:
                    append((template[:], (excess,)))
                    continue
                cells = [*cells[:width], *([""] * (width - len(cells)))]
            fields = template[:]
            findings: Sequence[Finding] = ()
            for position, slot, convert in bound:
                cell = cells[position]
                if cell and not cell.isspace():
                    if convert is None:
                        fields[slot] = cell
                        continue
                    try:
                        fields[slot] = convert(cell)
                    except ValueRefused as refused:
                        findings = (*findings, _finding(node, slot, refused, cell))
            for slot, below, is_many in inside:
                candidate = _element(below, cells)
                if candidate is not None:
                    fields[slot] = [candidate] if is_many else candidate
            append((fields, findings))
        return candidates


def _element(binding: _Binding, cells: Sequence[str]) -> Candidate | None:
    """The one nested element that a row of cells can hold; None when all its cells are blank."""
    node = binding.node
    fields = node.template[:]
    findings: list[Finding] = []
    is_named = False
    for position, slot, convert in binding.cells:
        cell = cells[position]
        if cell and not cell.isspace():
            is_named = True
            try:
                fields[slot] = cell if convert is None else convert(cell)
            except ValueRefused as refused:
                findings.append(_finding(node, slot, refused, cell))
    for slot, below, is_many in binding.inside:
        candidate = _element(below, cells)
        if candidate is not None:
            is_named = True
            fields[slot] = [candidate] if is_many else candidate
    return (fields, findings) if is_named else None


def _excess(cells: Sequence[str], width: int) -> Finding | None:
    """What is wrong with a row that has other than `width` cells; blank ones do not matter."""
    if all(not cell or cell.isspace() for cell in cells[width:]):
        return None
    return ("base", f"has {len(cells)} cells, the header has {width}", None)


class _Objects:
    """Rows of JSON: an absent key names nothing, null is a value."""

    def __init__(self, root: Node, renamed: Mapping[str, str]) -> None:
        self._root = root
        meanings = {name: slot for name, slot in root.slots.items() if name not in renamed}
        meanings |= {key: root.slots[name] for key, name in renamed.items() if name in root.slots}
        self._slots = meanings

    def __call__(self, rows: Iterable[Any]) -> list[Candidate]:
        root, slots = self._root, self._slots
        return [_of_object(root, row, slots) for row in rows]


def _of_object(node: Node, row: Any, slots: Mapping[str, int]) -> Candidate:
    fields = node.template[:]
    if row.__class__ is not dict:
        return fields, (("base", NOT_AN_OBJECT, None),)
    findings: Sequence[Finding] = ()
    converters = node.converters
    nested = node.nested
    for name, value in row.items():
        slot = slots.get(name)
        if slot is None:
            continue
        if slot in nested:
            below = nested[slot]
            if value is None:
                continue
            if slot in node.collection_slots:
                elements = value if isinstance(value, list) else [value]
                fields[slot] = [_of_object(below, element, below.slots) for element in elements]
            elif isinstance(value, dict):
                fields[slot] = _of_object(below, value, below.slots)
            else:
                findings = (*findings, (name, INVALID, value))
        elif value is None:
            fields[slot] = None
        else:
            convert = converters[slot]
            try:
                fields[slot] = value if convert is None else convert(value)
            except ValueRefused as refused:
                findings = (*findings, _finding(node, slot, refused, value))
    return fields, findings


def _finding(node: Node, slot: int, refused: ValueRefused, value: object) -> Finding:
    name = refused.field or next(name for name, each in node.slots.items() if each == slot)
    return (name, refused.message, None if slot in node.masked else value)
