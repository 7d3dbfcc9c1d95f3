"""What is wrong with a row: told once each, in the order in which it was found."""

from itertools import count

from longshore.database import NewIds
from longshore.engine.row.chunk_state import ChunkState
from longshore.engine.row.draft import RowAtHand
from longshore.engine.values.converters import INVALID, MUST_EXIST, NOT_A_NUMBER, TAKEN
from longshore.identifiers import first_id
from tests.unit.engine.plans import plan_of

PLAN = plan_of("orders", ["number", "line_items"])
(LINES,) = (each.node for each in PLAN.root.collections)


class Counted:
    """A value that counts how often it is compared."""

    comparisons = 0

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return self is other


def fresh() -> RowAtHand:
    numbers = count(1)
    ids = NewIds(first_id(1), lambda wanted: [next(numbers) for _ in range(wanted)])
    row = RowAtHand(ChunkState(PLAN.tables.values(), ids), now=0)
    row.begin()
    return row


def test_same_finding_is_told_once_at_its_first_place() -> None:
    row = fresh()
    for value in ("a", "b", "a"):
        row.report(PLAN.root, "number", TAKEN, value)
    row.report(LINES, "sku", MUST_EXIST, "a")
    assert row.findings == [
        ("number", TAKEN, "a"),
        ("number", TAKEN, "b"),
        ("line_items.sku", MUST_EXIST, "a"),
    ]


def test_values_of_json_without_a_hash_are_told_once() -> None:
    row = fresh()
    for value in ([1], {"a": [2]}, [1], [True], {"a": [2]}):
        row.report(PLAN.root, "tags", INVALID, value)
    assert [value for _, _, value in row.findings] == [[1], {"a": [2]}, [True]]


def test_what_conversion_found_is_not_told_again() -> None:
    row = fresh()
    row.take_over(LINES, [("quantity", NOT_A_NUMBER, "x")])
    row.report(LINES, "quantity", NOT_A_NUMBER, "x")
    assert row.findings == [("line_items.quantity", NOT_A_NUMBER, "x")]


def test_dropped_finding_may_come_again_unless_it_stands_there_before() -> None:
    row = fresh()
    row.take_over(LINES, [("name", TAKEN, "x")])
    start = len(row.findings)
    row.take_over(LINES, [("name", TAKEN, "x"), ("reference", TAKEN, "y")])
    row.keep(start, lambda _finding: False)
    row.report(LINES, "name", TAKEN, "x")
    row.report(LINES, "reference", TAKEN, "y")
    assert row.findings == [
        ("line_items.name", TAKEN, "x"),
        ("line_items.reference", TAKEN, "y"),
    ]


def test_finding_is_compared_with_no_other_one() -> None:
    row = fresh()
    Counted.comparisons = 0
    for _ in range(1000):
        row.report(LINES, "sku", MUST_EXIST, Counted())
    assert len(row.findings) == 1000
    # Only those whose hashes meet in the table.
    assert Counted.comparisons < 100
