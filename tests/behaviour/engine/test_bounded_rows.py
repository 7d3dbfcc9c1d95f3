"""A row holds so many elements at most, and what it costs grows with them and no faster."""

import gc
import json
import sys
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import Any

import pytest

from longshore.readers import Format
from tests.behaviour.engine.examples import EXAMPLES
from tests.behaviour.engine.organization import Organization

_FOUND = "has at least 4 nested elements, a row may have 3: divide them among several rows"


@pytest.fixture
def bounded(shop: Organization) -> Organization:
    """The shop, whose rows may have three elements."""
    return shop.working(nested_elements_max=3)


def order(shop: Organization, number: str, lines: int, **more: Any) -> dict[str, Any]:
    """A row of an order that is right but for its number of line items."""
    line_items = [
        {"name": f"x{line}", "quantity": 1, "unit_amount_cents": 1} for line in range(lines)
    ]
    return {
        "number": number,
        "market_id": shop.some("markets"),
        "line_items": line_items,
        **more,
    }


# The bound


@pytest.mark.parametrize("format_", [Format.JSON, Format.NDJSON])
def test_row_with_too_many_elements_has_one_error(bounded: Organization, format_: Format) -> None:
    """Whatever else is wrong with it; the rows beside it are stored."""
    rows = [
        order(bounded, "A", 3),
        order(bounded, "B", 3, language_code=7, tags=[{"name": ""}]),
        order(bounded, "C", 2, tags=[{"name": "t"}, {"name": "u"}]),
        order(bounded, "D", 1, tags=[{"name": "t"}, {"name": "u"}]),
    ]
    texts = [json.dumps(row) for row in rows]
    source = "\n".join(texts) if format_ is Format.NDJSON else f"[{','.join(texts)}]"
    outcome = bounded.run(bounded.submit("orders", source.encode(), format_))
    assert outcome.counts == (2, 0, 0, 2)
    assert outcome.errors == {2: {"base": [_FOUND]}, 3: {"base": [_FOUND]}}
    assert set(outcome.errors_log) == {"B", "C"}
    assert bounded.values("orders", "number") == ["A", "D"]
    assert len(bounded.values("line_items", "id")) == 4
    assert sorted(bounded.values("tags", "name")) == ["t", "u"]


def test_cells_are_bounded_too(bounded: Organization) -> None:
    text = 'code,name,do_not_ship,tags\nA,x,true,"a,b,c"\nB,x,true,"a,b,c,d"\nC,x,true,\n'
    outcome = bounded.load_csv("skus", text)
    assert outcome.counts == (2, 0, 0, 1)
    assert outcome.errors == {2: {"base": [_FOUND]}}


def test_dry_run_tells_the_same(bounded: Organization) -> None:
    dry_run = bounded.dry_run("orders", [order(bounded, "A", 4), order(bounded, "B", 3)])
    assert (dry_run.created, dry_run.failed) == (1, 1)
    assert [(each.row, each.attribute, each.message) for each in dry_run.errors] == [
        (1, "base", _FOUND)
    ]


def test_single_write_is_bounded(bounded: Organization) -> None:
    row = {"code": "A", "name": "x", "do_not_ship": True}
    made = bounded.writer.create(
        bounded.environment, "skus", {**row, "tags": [{"name": "t"}] * 4}, creator=1
    )
    assert made.record_id is None
    assert [(name, message) for name, message, _ in made.findings] == [("base", _FOUND)]
    made = bounded.writer.create(
        bounded.environment, "skus", {**row, "tags": [{"name": "t"}] * 3}, creator=1
    )
    assert made.record_id is not None


def test_row_may_hold_more_records_than_a_chunk(shop: Organization) -> None:
    """A chunk ends behind a row that fills it: the row itself is never cut."""
    same = shop.working(chunk_records=2)
    rows = [order(shop, "A", 10), order(shop, "B", 10)]
    assert same.load("orders", rows).counts == (2, 0, 0, 0)
    assert len(shop.values("line_items", "id")) == 20


# The cost


def counted(do: Callable[[], object]) -> int:
    """How many functions are called, of Python or of C."""
    calls = count()

    def note(_frame: FrameType, what: str, _called: object) -> None:
        if what in ("call", "c_call"):
            next(calls)

    # A collection calls what others have left, and Python 3.11.2 crashes in it while it profiles.
    gc.disable()
    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
        gc.enable()
    return next(calls)


Case = Callable[[Organization, int], Callable[[], object]]


def unknown_skus(shop: Organization, size: int) -> Callable[[], object]:
    lines = [{"sku_code": f"U{line}", "quantity": 1} for line in range(size)]
    row = order(shop, f"unknown-{size}", 0, line_items=lines)

    def load() -> None:
        outcome = shop.load("orders", [row])
        assert outcome.counts == (0, 0, 0, 1)
        assert len(outcome.errors[1]["line_items.sku"]) == size

    return load


def same_lines(shop: Organization, size: int) -> Callable[[], object]:
    """Lines that are alike, imported again: each means a line of its own."""
    row = order(shop, f"same-{size}", 0, line_items=[order(shop, "", 1)["line_items"][0]] * size)
    assert shop.load("orders", [row]).counts == (1, 0, 0, 0)

    def load() -> None:
        assert shop.load("orders", [row]).counts == (0, 0, 1, 0)

    return load


def changed_lines(shop: Organization, size: int) -> Callable[[], object]:
    """Lines that are known by their code or name, and all changed."""
    row = order(shop, f"changed-{size}", size)
    assert shop.load("orders", [row]).counts == (1, 0, 0, 0)
    lines = [{**line, "quantity": 2} for line in row["line_items"]]

    def load() -> None:
        assert shop.load("orders", [{**row, "line_items": lines}]).counts == (0, 1, 0, 0)

    return load


def one_line_a_row(shop: Organization, size: int) -> Callable[[], object]:
    """Rows that each add a line to the same order."""
    lines = order(shop, "", size)["line_items"]
    rows = [order(shop, f"rows-{size}", 0, line_items=[line]) for line in lines]

    def load() -> None:
        assert shop.load("orders", rows).counts[3] == 0
        assert len(shop.values("line_items", "id")) >= size

    return load


def list_items(shop: Organization, size: int) -> dict[str, Any]:
    skus = [{"code": f"L{size}-{n}", "name": "x", "do_not_ship": True} for n in range(size)]
    assert shop.load("skus", skus).counts == (size, 0, 0, 0)
    items = [{"sku_code": sku["code"], "quantity": 1} for sku in skus]
    return {"name": f"list-{size}", "sku_list_items": items}


def first_list(shop: Organization, size: int) -> Callable[[], object]:
    row = list_items(shop, size)

    def load() -> None:
        assert shop.load("sku_lists", [row]).counts == (1, 0, 0, 0)

    return load


def second_list(shop: Organization, size: int) -> Callable[[], object]:
    row = list_items(shop, size)
    assert shop.load("sku_lists", [row]).counts == (1, 0, 0, 0)

    def load() -> None:
        assert shop.load("sku_lists", [row]).counts == (0, 0, 1, 0)

    return load


def address_book(shop: Organization, size: int) -> Callable[[], object]:
    """Rows that each name an address of the same customer, imported again."""
    rows = [
        {
            "customer_email": f"book-{size}@example.com",
            "address": {**EXAMPLES["addresses"], "company": f"{n}"},
        }
        for n in range(size)
    ]
    assert shop.load("customer_addresses", rows).counts == (size, 0, 0, 0)

    def load() -> None:
        assert shop.load("customer_addresses", rows).counts == (0, 0, size, 0)

    return load


@pytest.mark.parametrize(
    "case",
    [
        unknown_skus,
        same_lines,
        changed_lines,
        one_line_a_row,
        first_list,
        second_list,
        address_book,
    ],
    ids=lambda case: case.__name__,
)
def test_calls_grow_with_the_elements_and_no_faster(shop: Organization, case: Case) -> None:
    few, many = (counted(case(shop, size)) for size in (250, 1000))
    assert many < 5 * few
