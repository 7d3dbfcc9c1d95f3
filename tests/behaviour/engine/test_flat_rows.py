"""Flat rows are judged as columns, with the same result as odd ones that are applied in order.

Whoever imports cannot tell the ways apart.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.assembly import Longshore
from longshore.engine.chunk.flat_rows import FlatWay
from tests.behaviour.engine.organization import Organization, Outcome, found

Row = dict[str, Any]


def sku(number: int, **fields: Any) -> Row:
    return {"code": f"S{number}", "name": "x", **fields}


CATEGORY = "@shipping_categories"  # stands in a row for the id of one


def load(
    shop: Organization, rows: Sequence[Row], *, parent: str | None = CATEGORY, **request: Any
) -> Outcome:
    """Import SKUs, all of one shipping category unless they say otherwise."""
    category = shop.some("shipping_categories")
    named = [
        {name: category if value == CATEGORY else value for name, value in row.items()}
        for row in rows
    ]
    return shop.load("skus", named, parent=category if parent == CATEGORY else None, **request)


@contextmanager
def all_odd() -> Iterator[None]:
    """Every row goes the way of odd ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlatWay, "is_open_to", lambda _plan: False)
        yield


def load_oddly(shop: Organization, rows: Sequence[Row], **request: Any) -> Outcome:
    with all_odd():
        return load(shop, rows, **request)


# Rows of few codes, most of them as they should be.
CODES = st.sampled_from([f"S{number}" for number in range(12)] + [" S1 ", "s1", "é", "e\u0301"])
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["x", "y", "z"]),
    "do_not_ship": st.sampled_from([True, "yes", 1]),
    "weight": st.sampled_from([None, 1, 1.5, "1.5", "0.0"]),
    "pieces_per_pack": st.sampled_from([None, 0, 5, "5"]),
    "unit_of_weight": st.sampled_from([None, "gr", "oz"]),
    "metadata": st.sampled_from([{}, {"a": 1}, '{"a":1}']),
    "description": st.sampled_from([None, "", " ", "text"]),
    "reference": st.sampled_from(["r", None]),
    "shipping_category_id": st.just(CATEGORY),
}
FLAWS: dict[str, st.SearchStrategy[Any]] = {
    "code": st.sampled_from([None, "", " ", "x" * 600, 7, []]),
    "name": st.sampled_from([None, "", " ", "\0"]),
    "do_not_ship": st.sampled_from([False, None, "", "maybe"]),
    "weight": st.sampled_from(["x", True]),
    "pieces_per_pack": st.sampled_from(["1.5", 2**63]),
    "shipping_category_id": st.sampled_from(["nowhere", None, ""]),
}


@st.composite
def files(draw: st.DrawFn) -> list[Row]:
    """A file: which columns it has is drawn once, as in real files."""
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=4, unique=True))
    if draw(st.integers(0, 5)) > 0 and "name" not in names:
        names.append("name")
    codes = draw(st.lists(CODES, min_size=1, max_size=8, unique=draw(st.booleans())))
    rows: list[Row] = []
    for code in codes:
        row = {"code": code, **{name: draw(FIELDS[name]) for name in names}}
        if draw(st.integers(0, 9)) == 0:
            row.pop(draw(st.sampled_from(sorted(row))))
        if draw(st.integers(0, 9)) == 0:
            name = draw(st.sampled_from(sorted(FLAWS)))
            row[name] = draw(FLAWS[name])
        rows.append(row)
    return rows


OWN = ("id", "created_at", "updated_at", "shipping_category_id")  # differ between organizations


def told(shop: Organization, outcome: Outcome) -> tuple[object, ...]:
    """What an import tells and leaves; of ids and times, whether they are there."""
    records = [
        {name: value is not None if name in OWN else value for name, value in record.items()}
        for record in shop.all("skus")
    ]
    changes = [
        (row, {name: name in OWN or values for name, values in changed.items()})
        for row, changed in outcome.changes
    ]
    return outcome.status, outcome.counts, outcome.errors, changes, records


@settings(max_examples=30)
@given(
    imports=st.lists(files(), min_size=1, max_size=2),
    chunk_rows=st.sampled_from([1, 3, 2000]),
    parent=st.sampled_from([CATEGORY, None]),
    skip_errors=st.booleans(),
)
def test_both_ways_give_the_same(
    installation: Longshore,
    imports: list[list[Row]],
    chunk_rows: int,
    parent: str | None,
    skip_errors: bool,
) -> None:
    in_bulk, one_by_one = found(installation), found(installation)
    how: dict[str, Any] = {"parent": parent, "skip_errors": skip_errors}
    for rows in imports:
        bulk = load(in_bulk.in_chunks(chunk_rows), rows, **how)
        single = load_oddly(one_by_one, rows, **how)
        assert told(in_bulk, bulk) == told(one_by_one, single)


@pytest.mark.parametrize("chunk_rows", [70, 2000])
def test_both_ways_give_the_same_for_long_files(
    shop: Organization, elsewhere: Organization, chunk_rows: int
) -> None:
    """Long enough that some chunks have odd rows and some have none."""
    for shift in (0, 1):
        rows = [
            sku(number % 240, name=None if number in (30, 205) else f"n{(number + shift) % 7}")
            for number in range(300)
        ]
        bulk = load(shop.in_chunks(chunk_rows), rows)
        single = load_oddly(elsewhere, rows)
        assert told(shop, bulk) == told(elsewhere, single)


def test_both_ways_fill_a_parent_and_find_targets(shop: Organization) -> None:
    category, other = shop.some("shipping_categories"), shop.have("shipping_categories", name="X")
    expected = [category, category, other]
    rows = [sku(0), sku(1, shipping_category_id=None), sku(2, shipping_category_id=other)]
    assert load(shop, rows).counts == (3, 0, 0, 0)
    assert shop.values("skus", "shipping_category_id") == expected
    assert load_oddly(shop, rows).counts == (0, 0, 3, 0)


@pytest.mark.parametrize("shipped", [True, False])
def test_condition_of_a_target_is_judged_where_rows_leave_it_open(
    shop: Organization, shipped: bool
) -> None:
    """Some rows name a category and some do not; whether they must depends on the row."""
    rows = [sku(number, do_not_ship=not shipped) for number in range(80)]
    rows[70]["shipping_category_id"] = CATEGORY
    outcome = load(shop, rows, parent=None)
    assert outcome.counts == ((1, 0, 0, 79) if shipped else (80, 0, 0, 0))
    assert load_oddly(shop, rows, parent=None).counts[3] == outcome.counts[3]


def test_condition_of_a_target_is_judged_over_stored_records_too(shop: Organization) -> None:
    """What is to be shipped from now on needs a category, which only one of the rows names."""
    rows = [sku(number, do_not_ship=True) for number in range(80)]
    assert load(shop, rows, parent=None).counts == (80, 0, 0, 0)
    rows = [sku(number, do_not_ship=False) for number in range(80)]
    rows[70]["shipping_category_id"] = CATEGORY
    assert load(shop, rows, parent=None).counts == (0, 1, 0, 79)


@pytest.mark.parametrize("id", ["nowhere", "another type"])
def test_target_that_is_not_there_fails_its_row_alone(shop: Organization, id: str) -> None:
    wrong = shop.some("price_lists") if id == "another type" else id
    rows = [sku(number) for number in range(100)]
    rows[70]["shipping_category_id"] = wrong
    outcome = load(shop, rows)
    assert outcome.counts == (99, 0, 0, 1)
    assert outcome.errors == {71: {"shipping_category": ["must exist"]}}


@pytest.mark.parametrize(
    ("resource_type", "rows"),
    [
        ("customers", [{"email": f"C{number}@x.com", "reference": "r"} for number in range(80)]),
        ("tags", [{"name": f"T{number}"} for number in range(80)]),
    ],
)
def test_other_types_are_the_same_in_both_ways(
    shop: Organization, elsewhere: Organization, resource_type: str, rows: list[Row]
) -> None:
    flat = shop.load(resource_type, rows)
    with all_odd():
        odd = elsewhere.load(resource_type, rows)
    assert flat.counts == odd.counts == (80, 0, 0, 0)
    (name, *_) = rows[0]
    assert shop.values(resource_type, name) == elsewhere.values(resource_type, name)
    again = [{**row, name: row[name].upper(), "reference": "s"} for row in rows]
    assert shop.load(resource_type, again).changes == elsewhere.load(resource_type, again).changes


@pytest.mark.parametrize("item", [{}, {"item_id": None}])
def test_type_that_rows_name_without_its_target_is_kept(
    shop: Organization, item: dict[str, None]
) -> None:
    """The same field says of which type the target is where there is one."""
    line: Row = {"order_id": shop.some("orders"), "quantity": 1, "unit_amount_cents": 5}
    rows = [{**line, "name": "x", "item_type": "adjustments", **item} for _ in range(9)]
    rows.append({**line, "item_id": shop.some("skus"), "item_type": "skus"})
    before = len(shop.all("line_items"))
    assert shop.load("line_items", rows).counts == (10, 0, 0, 0)
    types = shop.values("line_items", "item_type")[before:]
    assert types == ["adjustments"] * 9 + ["skus"]


def test_type_that_elements_name_without_its_target_is_kept(shop: Organization) -> None:
    line: Row = {"quantity": 1, "unit_amount_cents": 5}
    lines = [
        {**line, "name": "x", "item_type": "adjustments"},
        {**line, "item_id": shop.some("skus")},
    ]
    order = {"market_id": shop.some("markets"), "customer_email": "a@x.com", "line_items": lines}
    rows = [{**order, "number": f"N{number}"} for number in range(9)]
    before = len(shop.all("line_items"))
    assert shop.load("orders", rows).counts == (9, 0, 0, 0)
    types = shop.values("line_items", "item_type")[before:]
    assert types == ["adjustments", "skus"] * 9


def test_chunk_that_ends_before_its_first_elements_is_stored(shop: Organization) -> None:
    """Too many rows have failed, and only those behind them hold line items."""
    order = {"market_id": shop.some("markets"), "customer_email": "a@x.com"}
    rows: list[Row] = [{**order, "number": f"N{number}"} for number in range(10)]
    rows[1]["market_id"] = rows[2]["market_id"] = "nowhere"
    for row in rows[3:]:
        row["line_items"] = [{"name": "x", "quantity": 1, "unit_amount_cents": 5}]
    outcome = shop.load("orders", rows, skip_errors=False)
    assert (outcome.status, outcome.counts) == ("interrupted", (1, 0, 0, 2))
    assert shop.all("line_items") == []
