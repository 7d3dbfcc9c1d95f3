"""Rows to candidates: every value typed, every wrong value noted, nothing looked up.

Values are converted column by column, see `columns`; a chunk's candidates keep that form, and are
handed out row by row where rows have to be gone through. An error of a value travels with its
candidate: whether the row fails for more reasons is judged when it is applied.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any, Protocol

from longshore.engine.chunk.element_counter import (
    ElementCounter,
    tag_slots,
    tags_count,
    too_many_elements,
)
from longshore.engine.chunk.keyed_objects import laid_out
from longshore.engine.plan.nodes import Node, Plan
from longshore.engine.values.candidate import ABSENT, Candidate, Finding
from longshore.engine.values.converters import INVALID, ValueRefused, given_twice
from longshore.engine.values.whole_columns import ColumnConverter
from longshore.error_codes import ErrorCode, message
from longshore.mapping import MappingFailure, MappingLayer, failures_by_row
from longshore.readers import Unreadable

NOT_AN_OBJECT = message(ErrorCode.NOT_AN_OBJECT)


class Candidates:
    """Consecutive rows once converted."""

    def __init__(
        self,
        columns: Sequence[Sequence[Any]],
        findings: Mapping[int, Sequence[Finding]],
        *,
        count: int,
        start: int = 0,
    ) -> None:
        self._columns = columns
        self._findings = findings  # by index of the row
        self._start = start
        self._stop = start + count

    def __len__(self) -> int:
        return self._stop - self._start

    def column(self, slot: int) -> Sequence[Any]:
        """The values of one slot."""
        return self._columns[slot][self._start : self._stop]

    def slice(self, start: int, stop: int) -> "Candidates":
        stop = min(stop, len(self))
        return Candidates(
            self._columns, self._findings, count=stop - start, start=self._start + start
        )

    def with_findings(self, more: Mapping[int, Sequence[Finding]]) -> "Candidates":
        """The same with more findings, by index of the row; they come before those it has."""
        findings = dict(self._findings)
        for index, found in more.items():
            at = self._start + index
            findings[at] = (*found, *findings.get(at, ()))
        return Candidates(self._columns, findings, count=len(self), start=self._start)

    def with_findings_of_fields(self, found: Mapping[int, Sequence[Finding]]) -> "Candidates":
        """The same with these findings, by index of the row, in place of those that it has about
        the same fields."""
        findings = dict(self._findings)
        for index, instead in found.items():
            at = self._start + index
            names = {name for name, _, _ in instead}
            kept = (each for each in findings.get(at, ()) if each[0] not in names)
            findings[at] = (*instead, *kept)
        return Candidates(self._columns, findings, count=len(self), start=self._start)

    def with_invalid(self, cells: Iterable[tuple[int, int]]) -> "Candidates":
        """The same without the values of some (slot, index of the row), which are wrong."""
        columns = list(self._columns)
        copied: set[int] = set()
        for slot, index in cells:
            if slot not in copied:
                copied.add(slot)
                columns[slot] = list(columns[slot])
            columns[slot][self._start + index] = INVALID  # type: ignore[index]
        return Candidates(columns, self._findings, count=len(self), start=self._start)

    def with_column(self, slot: int, values: Sequence[Any]) -> "Candidates":
        """The same with other values of one slot."""
        columns = [column[self._start : self._stop] for column in self._columns]
        columns[slot] = values
        findings = {at - self._start: found for at, found in self._findings.items()}
        return Candidates(columns, findings, count=len(self))

    def wrong_rows(self) -> list[int]:
        """The indexes of the rows with a finding."""
        start = self._start
        return [index - start for index in self._findings if start <= index < self._stop]

    def picked(self, rows: Sequence[int]) -> "Candidates":
        """Some of the rows, as consecutive ones."""
        start, findings = self._start, self._findings
        columns = [[column[start + row] for row in rows] for column in self._columns]
        found = {
            index: findings[start + row]
            for index, row in enumerate(rows)
            if start + row in findings
        }
        return Candidates(columns, found, count=len(rows))

    def rows(self) -> list[Candidate]:
        """The candidates one by one: fields by slot, and findings."""
        columns = [column[self._start : self._stop] for column in self._columns]
        fields: Iterable[Any] = zip(*columns, strict=True) if columns else repeat((), len(self))
        if not self._findings:
            return list(zip(fields, repeat(())))
        findings = self._findings
        return [(each, findings.get(index, ())) for index, each in enumerate(fields, self._start)]


class RowConverter(Protocol):
    """Turns the raw values of rows into candidates, one for each."""

    def __call__(self, rows: Sequence[Any]) -> Candidates: ...


def row_converter(
    plan: Plan,
    columns: Sequence[str],
    *,
    is_tabular: bool,
    elements_max: int,
    renamed: Mapping[str, str] = MappingProxyType({}),
    layer: MappingLayer | None = None,
) -> RowConverter:
    """The converter of a plan's rows; `columns` are those of the header, after renaming.

    Objects still have their own keys: `renamed` says what those mean. A row with more than
    `elements_max` nested elements has that error and no other one. Rows go through the `layer`
    first; fields that it makes stand behind the columns of the header.
    """
    if is_tabular:
        return _Cells(plan.root, columns, elements_max, layer)
    return _Objects(plan.root, columns, elements_max, renamed, layer)


def one_candidate(fields: Sequence[Any], findings: Sequence[Finding]) -> Candidates:
    """Candidates of a single row."""
    return Candidates([(value,) for value in fields], {0: findings} if findings else {}, count=1)


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

    @property
    def collections_count(self) -> int:
        """The elements of collections that a row can hold at most."""
        return sum(is_many + below.collections_count for _, below, is_many in self.inside)

    @property
    def tag_positions(self) -> list[int]:
        """The cells that hold tags."""
        tags = tag_slots(self.node)
        own = [position for position, slot, _ in self.cells if slot in tags]
        return own + [at for _, below, _ in self.inside for at in below.tag_positions]


class _Cells:
    """Rows of text."""

    def __init__(
        self,
        root: Node,
        columns: Sequence[str],
        elements_max: int,
        layer: MappingLayer | None = None,
    ) -> None:
        self._layer = layer
        self._has_nulls = layer is not None and layer.has_nulls
        self._binding = _Binding(root, columns)
        self._elements_max = elements_max
        self._collections_count = self._binding.collections_count
        self._tag_positions = self._binding.tag_positions
        self._width = len(columns) - (0 if layer is None else layer.added_count)
        self._columns = [
            (position, slot, ColumnConverter(convert, root.whole_columns[slot]))
            for position, slot, convert in self._binding.cells
        ]

    def __call__(self, rows: Sequence[Any]) -> Candidates:
        node = self._binding.node
        findings: dict[int, Sequence[Finding]] = {}
        if not _all_of_width(rows, self._width):
            rows = [self._fitted(index, row, findings) for index, row in enumerate(rows)]
        if self._layer is not None:
            rows = self._mapped(self._layer, rows, findings)
        if self._may_be_many(rows):
            rows = [self._bounded(index, row, findings) for index, row in enumerate(rows)]
        count = len(rows)
        columns: list[Sequence[Any]] = [[value] * count for value in node.template]
        cells = list(zip(*rows, strict=True))
        for position, slot, converter in self._columns:
            if self._has_nulls:
                columns[slot], refusals = converter.texts_or_nulls(cells[position])
                if slot in node.nulls:
                    meant = node.nulls[slot]
                    columns[slot] = [meant if value is None else value for value in columns[slot]]
            else:
                columns[slot], refusals = converter.texts(cells[position])
            for index, refused in refusals:
                finding = _finding(node, slot, refused, cells[position][index])
                findings[index] = (*findings.get(index, ()), finding)
        for slot, below, is_many in self._binding.inside:
            elements = (_element(below, row) for row in rows)
            columns[slot] = [
                ABSENT if each is None else [each] if is_many else each for each in elements
            ]
        return Candidates(columns, findings, count=count)

    def _mapped(
        self,
        layer: MappingLayer,
        rows: Sequence[Sequence[str]],
        findings: dict[int, Sequence[Finding]],
    ) -> Sequence[Sequence[Any]]:
        """The rows as the wire knows them; those that are wrong as a whole stay without values."""
        mapped, failures = layer.table(list(zip(*rows, strict=True)), len(rows))
        wrong = set(findings)
        for index, found in failures_by_row(failures).items():
            if index not in wrong:
                findings[index] = tuple(failure_finding(self._binding.node, each) for each in found)
        mapped_rows = list(zip(*mapped, strict=True))
        for index in wrong:
            mapped_rows[index] = ("",) * len(mapped)
        return mapped_rows

    def _fitted(
        self, index: int, row: Sequence[str], findings: dict[int, Sequence[Finding]]
    ) -> Sequence[str]:
        """A row of the header's width; cells beyond it are an error, unless they are blank."""
        width = self._width
        if isinstance(row, Unreadable):
            findings[index] = (("base", row.message, None),)
            return [""] * width
        if any(cell and not cell.isspace() for cell in row[width:]):
            said = message(ErrorCode.TOO_MANY_CELLS, len(row), width)
            findings[index] = (("base", said, None),)
            return [""] * width
        return [*row[:width], *([""] * (width - len(row)))]

    def _may_be_many(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether some row could have too many elements: each tag takes two characters."""
        left = self._elements_max - self._collections_count
        if left < 0:
            return True
        longest = (
            max(len(row[position] or "") for row in rows) for position in self._tag_positions
        )
        return bool(self._tag_positions) and sum(longest) > left

    def _bounded(
        self, index: int, row: Sequence[str], findings: dict[int, Sequence[Finding]]
    ) -> Sequence[str]:
        """A row, without its cells where it has too many elements."""
        count = _elements_count(self._binding, row)
        count += sum(tags_count(row[position] or "") for position in self._tag_positions)
        if count <= self._elements_max:
            return row
        findings[index] = (("base", too_many_elements(count, self._elements_max), None),)
        return [""] * len(row)


def _elements_count(binding: _Binding, cells: Sequence[str | None]) -> int:
    """The elements of collections that a row of cells holds: one of each that it names."""
    return sum(
        (is_many and _is_named(below, cells)) + _elements_count(below, cells)
        for _, below, is_many in binding.inside
    )


def _is_named(binding: _Binding, cells: Sequence[str | None]) -> bool:
    return any((cells[position] or "").strip() for position, _, _ in binding.cells) or any(
        _is_named(below, cells) for _, below, _ in binding.inside
    )


def _all_of_width(rows: Sequence[Sequence[str]], width: int) -> bool:
    return set(map(len, rows)) == {width}


def _element(binding: _Binding, cells: Sequence[str | None]) -> Candidate | None:
    """The one nested element that a row of cells can hold; None when all its cells are blank, or
    null."""
    node = binding.node
    fields = list(node.template)
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
        elif cell is None:
            fields[slot] = node.nulls.get(slot)
    for slot, below, is_many in binding.inside:
        candidate = _element(below, cells)
        if candidate is not None:
            is_named = True
            fields[slot] = [candidate] if is_many else candidate
    return (fields, findings) if is_named else None


class _Objects:
    """Rows of JSON: an absent key names nothing, null is a value."""

    def __init__(
        self,
        root: Node,
        columns: Sequence[str],
        elements_max: int,
        renamed: Mapping[str, str],
        layer: MappingLayer | None = None,
    ) -> None:
        self._root = root
        self._layer = layer
        self._elements_max = elements_max
        meanings = {name: slot for name, slot in root.slots.items() if name not in renamed}
        meanings |= {key: root.slots[name] for key, name in renamed.items() if name in root.slots}
        self._slots = meanings
        self._elements = ElementCounter(root, meanings)
        self._columns = {
            slot: ColumnConverter(root.converters[slot], root.whole_columns[slot])
            for slot in meanings.values()
        }
        # Keys that say with a dot what stands inside a nested record, by the field they mean.
        self._dotted = {
            name: name for name in columns if name not in renamed and _is_inside(root, name)
        }
        self._dotted |= {key: name for key, name in renamed.items() if _is_inside(root, name)}
        self._keyed = {name: of for name, of in root.keyed.items() if name not in renamed}

    def __call__(self, rows: Sequence[Any]) -> Candidates:
        root = self._root
        findings: dict[int, Sequence[Finding]] = {}
        if set(map(type, rows)) != {dict}:
            for index, row in enumerate(rows):
                if row.__class__ is not dict:
                    findings[index] = (("base", NOT_AN_OBJECT, None),)
            rows = [row if row.__class__ is dict else {} for row in rows]
        if self._layer is not None:
            rows, failures = self._layer.objects(rows)
            for index, found in failures_by_row(failures).items():
                told = tuple(failure_finding(root, each) for each in found)
                findings[index] = (*findings.get(index, ()), *told)
        if self._elements:
            rows = [self._bounded(index, row, findings) for index, row in enumerate(rows)]
        if self._dotted and not all(map(self._dotted.keys().isdisjoint, rows)):
            rows = [self._undotted(row, index, findings) for index, row in enumerate(rows)]
        if self._keyed and not all(map(self._keyed.keys().isdisjoint, rows)):
            rows = [self._laid_out(row, index, findings) for index, row in enumerate(rows)]
        columns: list[Sequence[Any]] = [[value] * len(rows) for value in root.template]
        for name, slot in self._slots.items():
            default = root.template[slot]
            cells = [row.get(name, default) for row in rows]
            if slot in root.nested:
                columns[slot] = [
                    self._inside(name, slot, cell, index, findings)
                    for index, cell in enumerate(cells)
                ]
                continue
            columns[slot], refusals = self._columns[slot].values(cells)
            if slot in root.nulls:
                meant = root.nulls[slot]
                columns[slot] = [meant if value is None else value for value in columns[slot]]
            for index, refused in refusals:
                finding = _finding(root, slot, refused, cells[index])
                findings[index] = (*findings.get(index, ()), finding)
        return Candidates(columns, findings, count=len(rows))

    def _bounded(
        self, index: int, row: Mapping[str, Any], findings: dict[int, Sequence[Finding]]
    ) -> Mapping[str, Any]:
        """A row, without its values where it has too many elements."""
        most = self._elements_max
        count = self._elements.count(row, most)
        if count <= most:
            return row
        findings[index] = (("base", too_many_elements(count, most), None),)
        return {}

    def _undotted(
        self, row: Mapping[str, Any], index: int, findings: dict[int, Sequence[Finding]]
    ) -> Mapping[str, Any]:
        if self._dotted.keys().isdisjoint(row):
            return row
        plain, found = _undotted(row, self._dotted)
        if found:
            findings[index] = (*findings.get(index, ()), *found)
        return plain

    def _laid_out(
        self, row: Mapping[str, Any], index: int, findings: dict[int, Sequence[Finding]]
    ) -> Mapping[str, Any]:
        if self._keyed.keys().isdisjoint(row):
            return row
        plain, found = laid_out(row, self._keyed)
        if found:
            findings[index] = (*findings.get(index, ()), *found)
        return plain

    def _inside(
        self,
        name: str,
        slot: int,
        value: Any,
        index: int,
        findings: dict[int, Sequence[Finding]],
    ) -> Any:
        """What a row holds inside itself, as candidates of its own."""
        if value is ABSENT or value is None:
            return ABSENT
        candidate = _nested(self._root, slot, value)
        if candidate is None:
            findings[index] = (*findings.get(index, ()), (name, INVALID, value))
            return ABSENT
        return candidate


def _nested(node: Node, slot: int, value: Any) -> Any:
    """Candidates of a collection or of one record; None when the value can be neither."""
    below = node.nested[slot]
    if slot in node.collection_slots:
        elements = value if isinstance(value, list) else [value]
        return [_of_object(below, element) for element in elements]
    return _of_object(below, value) if isinstance(value, dict) else None


def _of_object(node: Node, row: Any) -> Candidate:
    fields = list(node.template)
    if row.__class__ is not dict:
        return fields, (("base", NOT_AN_OBJECT, None),)
    findings: Sequence[Finding] = ()
    slots = node.slots
    converters = node.converters
    nested = node.nested
    nulls = node.nulls
    dotted = {name: name for name in row if name not in slots and _is_inside(node, name)}
    if dotted:
        row, findings = _undotted(row, dotted)
    if node.keyed and not node.keyed.keys().isdisjoint(row):
        row, found = laid_out(row, node.keyed)
        findings = (*findings, *found)
    for name, value in row.items():
        slot = slots.get(name)
        if slot is None:
            continue
        if slot in nested:
            if value is not None:
                candidate = _nested(node, slot, value)
                if candidate is None:
                    findings = (*findings, (name, INVALID, value))
                else:
                    fields[slot] = candidate
        elif value is None:
            fields[slot] = nulls.get(slot)
        else:
            convert = converters[slot]
            try:
                fields[slot] = value if convert is None else convert(value)
            except ValueRefused as refused:
                findings = (*findings, _finding(node, slot, refused, value))
    return fields, findings


def _is_inside(node: Node, name: str) -> bool:
    """Whether a name says with a dot what stands inside a nested record: `price_tiers.name`."""
    first, dot, _ = name.partition(".")
    return bool(dot) and node.slots.get(first) in node.nested


def _undotted(
    row: Mapping[str, Any], dotted: Mapping[str, str]
) -> tuple[dict[str, Any], Sequence[Finding]]:
    """A row whose `dotted` keys stand where they mean, as the columns of a table do.

    A row that gives a nested record in both ways is refused: nobody knows which one it means.
    """
    plain = {key: value for key, value in row.items() if key not in dotted}
    inside: dict[str, dict[str, Any]] = {}
    for key, name in dotted.items():
        if key in row:
            first, _, rest = name.partition(".")
            inside.setdefault(first, {})[rest] = row[key]
    findings = []
    for first, values in inside.items():
        if plain.get(first) is not None:
            findings.append((first, given_twice(first, f"{first}.{next(iter(values))}"), None))
        elif any(value is not None for value in values.values()):
            plain[first] = values
    return plain, findings


def failure_finding(node: Node, failure: MappingFailure) -> Finding:
    """What a mapping has found wrong with a cell; a value that is not to be seen is left out."""
    at, name = node, failure.field
    while (slot := at.slots.get(name)) is None or slot in at.nested:
        first, dot, name = name.partition(".")
        slot = at.slots.get(first)
        if not dot or slot is None or slot not in at.nested:
            return (failure.field, failure.message, failure.value)
        at = at.nested[slot]
    value = None if slot in at.masked else failure.value
    return (failure.field, failure.message, value)


def _finding(node: Node, slot: int, refused: ValueRefused, value: object) -> Finding:
    name = refused.field or next(name for name, each in node.slots.items() if each == slot)
    return (name, refused.message, None if slot in node.masked else value)
