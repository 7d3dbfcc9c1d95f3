"""What imports cost, counted and not timed: no clock and no load of the machine changes it.

A file of two chunks and one of four are imported; the difference is what two more chunks and their
rows cost. What an import costs once, from its submission to its end, falls out of it, and what a
process does only the first time has been done by a short file before.
"""

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pytest

from benchmarks.inputs import SKU_COLUMNS, customer_rows, price_rows, sku_rows
from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.behaviour.engine.cost_meter import Cost, CostMeter
from tests.behaviour.engine.organization import Organization, found

CHUNK_ROWS = 2_000
CHUNKS = (2, 4)  # of the files that are compared
FIRST_ROWS = 100  # of the file before them
ALL_ROWS = FIRST_ROWS + sum(CHUNKS) * CHUNK_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The most that may be counted."""

    calls_per_row: float  # of Python functions, in all threads
    statements_per_chunk: float
    round_trips_per_chunk: float = 0  # SQLite has no server


# A tenth above what was counted. On SQLite most statements are inserts of many rows.
EMBEDDED = {
    "skus": Bound(calls_per_row=1.1, statements_per_chunk=85),
    "prices": Bound(calls_per_row=2.4, statements_per_chunk=52),
    "customers": Bound(calls_per_row=9, statements_per_chunk=70),
}
SHARED = {
    "skus": Bound(calls_per_row=1.45, statements_per_chunk=15, round_trips_per_chunk=18),
    "prices": Bound(calls_per_row=2.8, statements_per_chunk=16, round_trips_per_chunk=19),
    "customers": Bound(calls_per_row=9.5, statements_per_chunk=16, round_trips_per_chunk=20),
}


@pytest.fixture
def meter() -> Iterator[CostMeter]:
    with CostMeter().listens() as meter:
        yield meter


@pytest.fixture
def shop(meter: CostMeter, settings: Settings) -> Iterator[Organization]:
    """An organization whose chunks end by their rows alone; no heart beats while it imports."""
    settings = replace(
        settings,
        chunk_rows=CHUNK_ROWS,
        chunk_rows_first=CHUNK_ROWS,
        chunk_milliseconds=0,
        heartbeat_seconds=60,
        takeover_seconds=600,
    )
    with open_longshore(settings) as longshore:
        yield found(longshore)


def test_skus_cost_no_more_than_their_bound(shop: Organization, meter: CostMeter) -> None:
    rows = sku_rows(ALL_ROWS, shipping_category_id=shop.some("shipping_categories"))
    costs = [cost_of(shop, meter, "skus", SKU_COLUMNS, part) for part in parts(rows)]
    check("skus", shop, costs)


def test_prices_by_sku_code_cost_no_more_than_their_bound(
    shop: Organization, meter: CostMeter
) -> None:
    category = shop.some("shipping_categories")
    skus = [*sku_rows(ALL_ROWS, shipping_category_id=category)]
    shop.load_csv("skus", text_of(SKU_COLUMNS, skus))
    parent = shop.some("price_lists")
    rows = price_rows(ALL_ROWS)
    costs = [
        cost_of(shop, meter, "prices", ("sku_code", "amount_cents"), part, parent=parent)
        for part in parts(rows)
    ]
    check("prices", shop, costs)


def test_a_price_list_by_name_costs_what_an_id_costs(shop: Organization, meter: CostMeter) -> None:
    category = shop.some("shipping_categories")
    chunks = (1, *CHUNKS)  # those that are compared, and before them what is done only once
    count = 2 * sum(chunks) * CHUNK_ROWS
    skus = [*sku_rows(count, shipping_category_id=category)]
    shop.load_csv("skus", text_of(SKU_COLUMNS, skus))
    ids = [shop.have("price_lists", name=f"List {number}") for number in range(3)]
    rows = [*price_rows(count)]
    ways = (("price_list_id", ids), ("price_list.name", [f"List {each}" for each in range(3)]))
    costs = []
    for (field, lists), size in itertools.product(ways, chunks):
        part, rows = rows[: size * CHUNK_ROWS], rows[size * CHUNK_ROWS :]
        named = [(*row, lists[at % 3]) for at, row in enumerate(part)]
        columns = ("sku_code", "amount_cents", field)
        costs.append(cost_of(shop, meter, "prices", columns, named))
    by_id, by_name = costs[2] - costs[1], costs[5] - costs[4]
    assert by_name.statements <= by_id.statements
    assert by_name.round_trips <= by_id.round_trips
    assert by_name.calls - by_id.calls < 0.1 * (CHUNKS[1] - CHUNKS[0]) * CHUNK_ROWS


def test_customers_with_a_tag_cost_no_more_than_their_bound(
    shop: Organization, meter: CostMeter
) -> None:
    rows = customer_rows(ALL_ROWS)
    columns = ("email", "reference", "tags.name")
    costs = [cost_of(shop, meter, "customers", columns, part) for part in parts(rows)]
    check("customers", shop, costs)


def test_rows_whose_amounts_are_null_are_gone_through_once(
    shop: Organization, meter: CostMeter
) -> None:
    """The first amounts of an import are shown; a chunk is not searched for them again and again,
    in which there are none."""
    costs = []
    for count in (100, 400, CHUNK_ROWS):
        rows = [
            {"name": f"{count}-{row}", "currency_code": "EUR", "price_amount_cents": None}
            for row in range(count)
        ]
        with meter.counting() as cost:
            assert shop.load("sku_options", rows).counts == (count, 0, 0, 0)
        costs.append(cost)
    _, few, many = costs
    assert many.calls < few.calls * CHUNK_ROWS / 400


def parts(rows: Iterator[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """The rows of three files: one to begin with, and those that are compared."""
    for count in (FIRST_ROWS, *(chunks * CHUNK_ROWS for chunks in CHUNKS)):
        yield [*islice(rows, count)]


def cost_of(
    shop: Organization,
    meter: CostMeter,
    resource_type: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    **request: str,
) -> Cost:
    """The cost of an import from its submission to its end."""
    text = text_of(columns, rows)
    with meter.counting() as cost:
        outcome = shop.load_csv(resource_type, text, **request)
    assert outcome.counts == (len(rows), 0, 0, 0)
    return cost


def check(resource_type: str, shop: Organization, costs: Sequence[Cost]) -> None:
    _, few, many = costs
    cost, chunks = many - few, CHUNKS[1] - CHUNKS[0]
    is_embedded = shop.longshore.database.is_embedded
    bound = (EMBEDDED if is_embedded else SHARED)[resource_type]
    told = Bound(
        calls_per_row=cost.calls / (chunks * CHUNK_ROWS),
        statements_per_chunk=cost.statements / chunks,
        round_trips_per_chunk=cost.round_trips / chunks,
    )
    assert 0 < told.calls_per_row <= bound.calls_per_row
    assert 0 < told.statements_per_chunk <= bound.statements_per_chunk
    assert told.round_trips_per_chunk <= bound.round_trips_per_chunk
    assert is_embedded or told.round_trips_per_chunk > 0


def text_of(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([columns, *rows])
    return file.getvalue()
