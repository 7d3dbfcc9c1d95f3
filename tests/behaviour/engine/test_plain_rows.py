"""Rows that concern one record each are written in bulk, with the same result as one by one.

Whoever imports cannot tell the ways apart. A column `id` without values changes nothing of what
rows mean, but such rows are gone through one by one; so the two ways can be compared.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.assembly import Longshore
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


def singly(rows: Sequence[Row]) -> list[Row]:
    """The same rows, with a column that has them gone through one by one."""
    return [{**row, "id": None} for row in rows]


def points_of(shop: Organization, rows: Sequence[Row]) -> list[str]:
    """The moments that an import passes; bulk has none at which records are loaded."""
    passed: list[str] = []
    load(shop.working(passed.append, chunk_rows_first=2000), rows)
    return passed


def test_plain_rows_are_written_in_bulk(shop: Organization) -> None:
    rows = [sku(number) for number in range(5)]
    assert "loaded" not in points_of(shop, rows)
    assert "loaded" not in points_of(shop, [{**row, "name": "y"} for row in rows])
    assert "loaded" in points_of(shop, singly(rows))


def test_row_that_is_not_plain_ends_the_bulk(shop: Organization) -> None:
    rows = [sku(number) for number in range(200)]
    rows[150] = sku(0, name="again")
    passed = points_of(shop, rows)
    assert passed.count("committed") > passed.count("loaded")
    assert shop.values("skus", "name")[0] == "again"


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
        single = load(one_by_one, singly(rows), **how)
        assert told(in_bulk, bulk) == told(one_by_one, single)


@pytest.mark.parametrize("chunk_rows", [70, 2000])
def test_both_ways_give_the_same_for_long_files(
    shop: Organization, elsewhere: Organization, chunk_rows: int
) -> None:
    """Long enough that bulk begins again after what is not plain."""
    for shift in (0, 1):
        rows = [
            sku(number % 240, name=None if number in (30, 205) else f"n{(number + shift) % 7}")
            for number in range(300)
        ]
        bulk = load(shop.in_chunks(chunk_rows), rows)
        single = load(elsewhere, singly(rows))
        assert told(shop, bulk) == told(elsewhere, single)


def test_both_ways_fill_a_parent_and_find_targets(shop: Organization) -> None:
    category, other = shop.some("shipping_categories"), shop.have("shipping_categories", name="X")
    expected = [category, category, other]
    rows = [sku(0), sku(1, shipping_category_id=None), sku(2, shipping_category_id=other)]
    assert load(shop, rows).counts == (3, 0, 0, 0)
    assert shop.values("skus", "shipping_category_id") == expected
    assert load(shop, singly(rows)).counts == (0, 0, 3, 0)


@pytest.mark.parametrize("shipped", [True, False])
def test_condition_of_a_target_is_judged_where_rows_leave_it_open(
    shop: Organization, shipped: bool
) -> None:
    """Some rows name a category and some do not; whether they must depends on the row."""
    rows = [sku(number, do_not_ship=not shipped) for number in range(80)]
    rows[70]["shipping_category_id"] = CATEGORY
    outcome = load(shop, rows, parent=None)
    assert outcome.counts == ((1, 0, 0, 79) if shipped else (80, 0, 0, 0))
    assert load(shop, singly(rows), parent=None).counts[3] == outcome.counts[3]


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
def test_other_types_are_written_in_bulk_too(
    shop: Organization, elsewhere: Organization, resource_type: str, rows: list[Row]
) -> None:
    passed: list[str] = []
    bulk = shop.working(passed.append).load(resource_type, rows)
    assert "loaded" not in passed
    single = elsewhere.load(resource_type, singly(rows))
    assert bulk.counts == single.counts == (80, 0, 0, 0)
    (name, *_) = rows[0]
    assert shop.values(resource_type, name) == elsewhere.values(resource_type, name)
    again = [{**row, name: row[name].upper(), "reference": "s"} for row in rows]
    assert shop.load(resource_type, again).changes == elsewhere.load(resource_type, again).changes
