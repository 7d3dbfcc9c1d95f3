"""The row at hand while it is applied: what was found wrong with it, and the records it drafts."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from longshore.catalogue import key_text
from longshore.engine.plan.nodes import Collection, MoneyStep, Node
from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.row.chunk_state import ChunkState, Record, TableState
from longshore.engine.row.record_index import Shape
from longshore.engine.values.candidate import FieldAt, Finding
from longshore.engine.values.outcomes import FoundAmount
from longshore.error_codes import Message
from longshore.spellings import Amount


class ElementAtHand(NamedTuple):
    """An element of a nested collection while it is applied."""

    outer: "ElementAtHand | None"  # that it is an element of
    path: str  # of its fields, such as `line_items.`
    at: int  # its index

    def steps_to(self, name: str) -> tuple[str | int, ...]:
        """The keys and indexes that lead to one of its fields."""
        return (*self._steps, *name.removeprefix(self.path).split("."))

    @property
    def _steps(self) -> tuple[str | int, ...]:
        path = self.path[:-1]
        if self.outer is None:
            return (*path.split("."), self.at)
        inside = path.removeprefix(self.outer.path).split(".")
        return (*self.outer._steps, *inside, self.at)


class RowAtHand:
    """Shared by everything that takes part in applying a row; begun anew for each row."""

    __slots__ = (
        "_told",
        "amounts",
        "element",
        "findings",
        "foreign_ids",
        "key",
        "now",
        "state",
        "wants_amounts",
        "warnings",
    )

    def __init__(self, state: ChunkState, *, now: int) -> None:
        self.state = state
        self.now = now  # milliseconds; one value of the database's clock for the chunk
        self.findings: list[Finding] = []
        self._told: dict[Hashable, int] = {}  # how often each of them stands there
        self.warnings: list[str] = []
        self.foreign_ids: list[str] = []  # fields whose ids are none of this environment
        self.wants_amounts = False  # amounts are to be shown as money
        self.amounts: list[FoundAmount] = []
        self.element: ElementAtHand | None = None  # the innermost one
        self.key: KeyPlan | None = None  # by which the row's own record was sought

    def begin(self) -> None:
        self.state.begin_row()
        self.findings = []
        self._told = {}
        self.warnings = []
        self.foreign_ids = []
        self.amounts = []
        self.element = None
        self.key = None

    def report(self, node: Node, field: str, message: Message, value: object) -> None:
        """Note what is wrong with a field of a record, once."""
        finding = (self._name(node, field), message, value)
        key = _comparable(finding)
        if key not in self._told:
            self._told[key] = 1
            self.findings.append(finding)

    def take_over(self, node: Node, findings: Sequence[Finding]) -> None:
        """Note what was found when the values of a record were converted."""
        told = self._told
        for name, message, value in findings:
            finding = (self._name(node, name), message, value)
            key = _comparable(finding)
            told[key] = told.get(key, 0) + 1
            self.findings.append(finding)

    def _name(self, node: Node, field: str) -> str:
        name, element = node.path + field, self.element
        if element is None or not name.startswith(element.path):
            return name
        return FieldAt(name, element.steps_to(name))

    def keep(self, start: int, is_kept: Callable[[Finding], bool]) -> None:
        """Drop findings from index `start` on that are not to be kept."""
        kept = []
        for finding in self.findings[start:]:
            if is_kept(finding):
                kept.append(finding)
                continue
            key = _comparable(finding)
            self._told[key] -= 1
            if not self._told[key]:
                del self._told[key]
        self.findings[start:] = kept


def _comparable(finding: Finding) -> Hashable:
    """A finding such that it can be looked up: a value of JSON may have no hash."""
    try:
        hash(finding)
    except TypeError:
        name, message, value = finding
        return (name, message, repr(value))
    return finding


class AlikeChildren:
    """The children of one record, given out one by one to those who look for alike ones.

    Looked at is each of them once for all who look for the same, so whoever is not free may not
    become so again.
    """

    __slots__ = ("_column", "_parent", "_reached", "_table")

    def __init__(self, table: TableState, column: int, parent: int) -> None:
        self._table = table
        self._column = column
        self._parent = parent
        self._reached: dict[Hashable, int] = {}  # what was looked for -> the last id looked at

    def next(
        self, shape: Shape, values: Sequence[Hashable], is_taken: Callable[[int], bool]
    ) -> Record | None:
        """The first child in id order that has these values and is free."""
        ids = self._table.index(self._column, shape).ids(self._parent, *values)
        key = (shape, *values)
        for at in range(bisect_right(ids, self._reached.get(key, 0)), len(ids)):
            id = self._reached[key] = ids[at]
            if not is_taken(id):
                return self._table.record(id)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementPlace:
    """Where an element stands in a nested collection."""

    collection: Collection
    owner: Record  # that holds the collection
    alike: AlikeChildren
    taken: set[int]  # children that earlier elements have become
    equal: Record | None  # the child that has all that the element says
    reserved: Set[int]  # children that other elements equal

    def is_given_out(self, child: int) -> bool:
        """Whether another element means a child."""
        return child in self.taken or child in self.reserved


class RowDraft:
    """A record as a row wants it, before it is saved."""

    __slots__ = (
        "fields",
        "given",
        "key",
        "node",
        "record",
        "row",
        "start",
        "table",
        "unsettled",
        "values",
    )

    def __init__(self, row: RowAtHand, node: Node, fields: Any, start: int) -> None:
        self.row = row
        self.node = node
        self.table: TableState = row.state.tables[node.table.name]
        self.fields = fields  # by slot
        self.given: Any = None  # fields as releases before 0.2 sought them, where that differs
        for slot in node.key_slots:
            text = fields[slot]
            if text.__class__ is str and not text.isascii() and (spelled := key_text(text)) != text:
                if self.given is None:
                    self.given = fields
                    self.fields = list(fields)
                self.fields[slot] = spelled
        self.key: KeyPlan | None = None  # by which the record was sought
        self.start = start  # findings from here on are about this record and what is in it
        self.values: list[Any] = []  # by column; as the record would become
        self.record: Record | None = None  # None: it is about to be created
        self.unsettled: list[tuple[MoneyStep, Amount]] = []  # decimals without a currency

    def report(self, field: str, message: Message, value: object = None) -> None:
        self.row.report(self.node, field, message, value)

    def has_wrong(self, field: str) -> bool:
        """Whether the field has an error, as where its cell cannot be read."""
        findings = self.row.findings
        return len(findings) > self.start and field in self.failed

    @property
    def failed(self) -> set[str]:
        """The fields that have an error already, themselves or in what is nested in them."""
        path = self.node.path
        names = [
            name[len(path) :]
            for name, _, _ in self.row.findings[self.start :]
            if name.startswith(path)
        ]
        return {*names, *(name.partition(".")[0] for name in names)}
