"""What of records a pin compares, whatever ids and generated values they have."""

from typing import Any

from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.pinned_columns import PinnedColumns, pinned_columns
from longshore.engine.plan.nodes import Plan
from tests.unit.engine.plans import PUBLIC_IDS, id_in, plan_of

ORDERS = plan_of("orders", ["number", "market_id", "_archive", "reference"])
FIRST, LATER = id_in(1, 50), id_in(1, 1 << 39)  # ids that an import, and its plan, give


def made(*ids: int) -> MadeRecords:
    records = MadeRecords()
    records.add(ids)
    return records


def row(plan: Plan, table: str, id: int, **values: Any) -> tuple[Any, ...]:
    return (id, *(values.get(column) for column in plan.tables[table].columns))


def content(made: MadeRecords, id: int, **values: Any) -> bytes:
    (found,) = pinned_columns(ORDERS)["orders"].contents(
        made, [row(ORDERS, "orders", id, **values)]
    )
    return found


def test_values_of_stored_records_are_compared_as_they_are() -> None:
    nothing = MadeRecords()
    same = content(nothing, FIRST, number="N1", market_id=7)
    assert same == content(nothing, FIRST, number="N1", market_id=7)
    assert same != content(nothing, FIRST, number="N2", market_id=7)
    assert same != content(nothing, FIRST, number="N1", market_id=8)
    # keys follow from their parts
    assert same == content(nothing, FIRST, number="N1", number_key="1:N1", market_id=7)


def test_a_generated_value_is_the_same_word_for_any_id() -> None:
    one, other = PUBLIC_IDS.number(FIRST), PUBLIC_IDS.number(LATER)
    expected = content(made(FIRST), FIRST, number=one)
    assert content(made(LATER), LATER, number=other) == expected
    assert content(made(LATER), LATER, number=f"{other}2") == expected  # the first was taken
    for given in ("N1", one, f"{other}x", None):
        assert content(made(LATER), LATER, number=given) != expected
    # what the run has not made has a number of its own, however that came to be
    assert content(MadeRecords(), FIRST, number=one) != content(MadeRecords(), LATER, number=other)


def test_times_that_a_trigger_sets_are_there_or_not() -> None:
    nothing = MadeRecords()
    assert content(nothing, FIRST, archived_at=5) == content(nothing, FIRST, archived_at=6)
    assert content(nothing, FIRST, archived_at=5) != content(nothing, FIRST)


def test_records_that_the_run_has_made_go_by_their_order() -> None:
    plan, order = made(LATER, LATER + 5), made(FIRST, FIRST + 1)
    assert content(plan, 3, market_id=LATER + 5) == content(order, 3, market_id=FIRST + 1)
    assert content(plan, 3, market_id=LATER) != content(order, 3, market_id=FIRST + 1)


def test_keys_name_what_the_run_has_made_by_its_order() -> None:
    columns: PinnedColumns = pinned_columns(plan_of("prices", ["price_list_id", "sku_id"]))[
        "prices"
    ]

    def names(made: MadeRecords, *keys: str) -> list[str]:
        return columns.key_names(made, "price_list_sku_key", keys)

    assert names(made(LATER), f"1:7\x1f{LATER}", "1:7\x1f8") == ["1:7\x1f#1", "1:7\x1f8"]
    assert names(made(FIRST), f"1:7\x1f{FIRST}", "1:7\x1f8") == ["1:7\x1f#1", "1:7\x1f8"]
    assert columns.key_names(made(FIRST), "price_list_id", {FIRST, 8}) in (["-1", "8"], ["8", "-1"])
