"""An import that goes through its ranges right after their plan finds the pins of the plan.

Random files of every importable type are judged over an overlay, then written range by range as a
pinned import does; every range must have read the same, though ids and generated values are others.
Which types are taken, and how hard is tried, is said as for the properties of all types.
"""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from longshore.engine.plan.table_plans import PinnedAs
from tests.property.seeds_of_all_types import ALL_SEEDS
from tests.property.sides import EngineSide, Planted, PlantedFolder, engine_side
from tests.property.strategies import ImportCall, Ref
from tests.property.strategies_of_all_types import imports_of

_RANGE_ROWS = 3  # so that small files have several ranges
_CHUNK_RECORDS = 7  # so that some ranges have several chunks


@pytest.fixture(scope="module")
def seeds() -> Sequence[ImportCall]:
    """Records of every type."""
    return ALL_SEEDS


def test_ranges_read_what_their_plan_has_read(
    planted: Planted, importable_type: str, types_examples: int, types_hint: str
) -> None:
    is_embedded = isinstance(planted, PlantedFolder)

    @settings(max_examples=max(types_examples // (2 if is_embedded else 4), 2))
    @given(imports_of(importable_type))
    def run(calls: list[ImportCall]) -> None:
        note(types_hint)
        with engine_side(planted, chunk_records=_CHUNK_RECORDS) as engine:
            for call in calls:
                compare(engine, call)

    run()


_LINES = [{"sku_code": "WRITTEN-1", "quantity": 1, "unit_amount_cents": 5}]
_MARKET = Ref("markets", 0)


@pytest.mark.parametrize(
    ("resource_type", "rows"),
    [
        ("gift_cards", [{"balance_cents": 5, "currency_code": "EUR", "tags": [{"name": "new"}]}]),
        ("orders", [{"market_id": _MARKET, "customer_email": "new@x.it", "line_items": _LINES}]),
        # rows that make a customer and a tag, and change them, and rows that fail
        (
            "customers",
            [
                {"email": "new@x.it", "tags": [{"name": "new"}]},
                {"email": "NEW@x.it", "reference": "r", "_add_tags": "red"},
                {"email": "no email", "tags": [{"name": "never"}]},
                {"email": "new@x.it", "reference": "s", "tags": [{"name": "new"}]},
            ],
        ),
        # keys made of what the same rows make
        (
            "prices",
            [
                {
                    "price_list_id": Ref("price_lists", 0),
                    "sku_code": "WRITTEN-4",
                    "amount_cents": 5,
                },
                {
                    "price_list_id": Ref("price_lists", 0),
                    "sku_code": "WRITTEN-4",
                    "amount_cents": 6,
                },
            ],
        ),
    ],
    ids=["gift cards without code", "orders without number", "customers and tags", "prices"],
)
def test_ranges_read_what_their_plan_has_read_of_what_the_rows_make(
    planted: Planted, resource_type: str, rows: Sequence[object]
) -> None:
    with engine_side(planted, chunk_records=_CHUNK_RECORDS) as engine:
        call = ImportCall(resource_type, tuple(rows) * 5, skip_errors=True)
        assert compare(engine, call) == -(-len(rows) * 5 // _RANGE_ROWS)


def test_any_value_that_was_read_changes_the_pin_of_who_has_read_it(
    planted: Planted, importable_type: str, types_examples: int, types_hint: str
) -> None:
    is_embedded = isinstance(planted, PlantedFolder)

    @settings(max_examples=max(types_examples // (2 if is_embedded else 4), 2))
    @given(imports_of(importable_type), st.randoms(use_true_random=False))
    def run(calls: list[ImportCall], random: Random) -> None:
        note(types_hint)
        with engine_side(planted) as engine:
            disturb(engine, calls[0], random)

    run()


def disturb(engine: EngineSide, call: ImportCall, random: Random) -> None:
    """Change one value of one record that was read; the range that reads it first tells."""
    before = engine.judge(call, range_rows=_RANGE_ROWS)
    plan = engine.plan_of(call)
    read = [
        (name, id)
        for reads in before
        for name, table in reads.tables.items()
        for id in table.names
        if id > 0 and plan.tables[name].pinned
    ]
    if not read:
        return
    name, id = random.choice(read)
    table = plan.tables[name]
    pinned = {table.columns[at]: how for at, how in table.pinned if table.columns[at] != "type"}
    values = engine.values_of(name, id, list(pinned)) if pinned else {}
    filled = [column for column, value in values.items() if value is not None]
    if not filled:
        return
    column = random.choice(filled)
    engine.disturb(name, id, column, changed(pinned[column], values[column]))
    after = engine.judge(call, range_rows=_RANGE_ROWS)
    first = next(
        at
        for at, reads in enumerate(before)
        if name in reads.tables and id in reads.tables[name].names
    )
    for was, now in zip(before[:first], after, strict=False):
        assert now.pin == was.pin
    moved = after[first].moved_since(before[first].pin)
    # A record whose target was taken away may not be found any more.
    assert (name, id) in [(each.table, each.record) for each in moved]


def changed(how: PinnedAs, value: object) -> object:
    """Another value that a column may have."""
    match value:
        case bool():
            return not value
        case int() | float() if how is PinnedAs.BOOLEAN:
            return not value
        case int() | float() if how in (PinnedAs.PLAIN, PinnedAs.FLOAT):
            return value + 1 if value < 1 << 62 else 0
        case str() if value[:1] in ("{", "["):
            return '{"disturbed":1}' if value[0] == "{" else '["disturbed"]'
        case str() if len(value) == 3 and value.isupper():
            return "EUR" if value != "EUR" else "USD"  # there are no other currencies
        case str():
            return f"{value}x"
    return None  # a target, or the time at which something happened


def compare(engine: EngineSide, call: ImportCall) -> int:
    """Judge the rows twice, and write them; all three have read the same. How many ranges."""
    judged = engine.judge(call, range_rows=_RANGE_ROWS)
    again = engine.judge(call, range_rows=_RANGE_ROWS)
    written = engine.write_ranges(call, range_rows=_RANGE_ROWS)
    for others in (again, written):
        assert len(others) == len(judged)
        for before, now in zip(judged, others, strict=True):
            assert now.moved_since(before.pin) == []
            assert now.pin.digest == before.pin.digest
    return len(judged)
