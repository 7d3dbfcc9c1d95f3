"""The state of a chunk: what it answers, what it demands, and that undoing leaves no trace."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.database import NewIds
from longshore.engine.row.chunk_state import ChunkState, Missing, Record, TableState
from longshore.identifiers import first_id
from tests.unit.engine.plans import id_in, plan_of

STORED = 10  # records of each table are there before
SEQUENCE = 100
FIRST_NEW = id_in(1, SEQUENCE + 1)


def new_ids() -> NewIds:
    """Ids of the environment, behind those of what is stored."""
    numbers = count(SEQUENCE + 1)
    return NewIds(first_id(1), lambda wanted: [next(numbers) for _ in range(wanted)])


def fresh() -> ChunkState:
    """The state of a chunk of prices with tiers, over which nothing is loaded yet."""
    plan = plan_of("prices", ["sku_code", "price_list_id", "amount_cents", "price_tiers"])
    return ChunkState(plan.tables.values(), new_ids())


def tagged() -> ChunkState:
    plan = plan_of("price_lists", ["name", "code"])
    return ChunkState(plan.tables.values(), new_ids())


def values_of(table: TableState, **given_: Any) -> list[Any]:
    """Values of a record, with the keys that follow from them."""
    values = [given_.get(name) for name in table.plan.columns]
    for key in table.plan.keys:
        values[key.column] = key.of(values)
    return values


def load(state: ChunkState, table: TableState, id: int, **given_: Any) -> Record:
    """What a loader does with a stored record."""
    (record,) = state.adopt(table, [(id, *values_of(table, **given_))])
    return record


def with_other(record: Record, **given_: Any) -> list[Any]:
    plan = record.table.plan
    named = dict(zip(plan.columns, record.values, strict=True)) | given_
    return values_of(record.table, **named)


# Lookups


def test_only_ids_of_the_chunk_itself_are_asked_of_nobody() -> None:
    state = fresh()
    prices = state.tables["prices"]
    first = state.ids.take()
    state.ids.wind_to(0)
    assert state.find(prices, first) is None
    assert not state.demands
    # an id that nobody was given yet is asked for like any other
    with pytest.raises(Missing):
        state.find(prices, first + (1 << 30))
    assert state.demands["prices"].ids == {first + (1 << 30)}


def test_what_nobody_asked_for_is_demanded() -> None:
    state = fresh()
    prices = state.tables["prices"]
    with pytest.raises(Missing):
        state.find(prices, id_in(1, 5))
    with pytest.raises(Missing):
        state.find_by_key(prices, 0, "1:5\x1f6")
    with pytest.raises(Missing):
        state.children_of(state.tables["price_tiers"], _price_column(state), id_in(1, 5))
    demands = state.demands
    assert demands["prices"].ids == {id_in(1, 5)}
    assert demands["prices"].keys == {0: {"1:5\x1f6"}}
    assert demands["price_tiers"].children == {_price_column(state): {id_in(1, 5)}}
    assert all(demands.values())


def test_collecting_notes_demands_and_goes_on() -> None:
    state = fresh()
    state.collecting = True
    assert state.find(state.tables["prices"], id_in(1, 5)) is None
    assert state.find_by_key(state.tables["prices"], 0, "1:x") is None
    assert state.demands["prices"].ids == {id_in(1, 5)}


def test_what_is_no_id_is_known_not_to_be_there() -> None:
    state = fresh()
    assert state.find(state.tables["prices"], 0) is None
    assert state.demands == {}


def test_ids_of_the_chunk_itself_are_never_demanded() -> None:
    state = fresh()
    tiers = state.tables["price_tiers"]
    assert state.ids.next == FIRST_NEW
    assert state.find(state.tables["prices"], FIRST_NEW) is None
    assert not state.children_of(tiers, _price_column(state), FIRST_NEW)
    assert state.demands == {}


def test_created_record_is_found_by_id_key_and_parent() -> None:
    state = fresh()
    prices, tiers = state.tables["prices"], state.tables["price_tiers"]
    state.begin_row()
    price = state.create(prices, values_of(prices, sku_id=1, price_list_id=2))
    tier = state.create(tiers, values_of(tiers, price_id=price.id, type="price_volume_tiers"))
    assert (price.id, tier.id) == (FIRST_NEW, FIRST_NEW + 1)
    assert state.ids.next == FIRST_NEW + 2
    assert state.find(prices, price.id) is price
    assert state.find_by_key(prices, 0, price.values[prices.plan.keys[0].column]) is price
    assert state.children_of(tiers, _price_column(state), price.id)[:] == [tier]


def test_replaced_record_gives_up_its_key_and_its_parent() -> None:
    state = fresh()
    prices = state.tables["prices"]
    key = prices.plan.keys[0].column
    price = load(state, prices, id_in(1, 5), sku_id=1, price_list_id=2)
    state.begin_row()
    before = price.values[key]
    state.replace(price, with_other(price, price_list_id=3))
    assert state.find_by_key(prices, 0, before) is None
    assert state.find_by_key(prices, 0, price.values[key]) is price
    assert price.stored != price.values


def test_loaded_record_does_not_undo_what_the_chunk_has_made_of_it() -> None:
    state = fresh()
    prices = state.tables["prices"]
    price = load(state, prices, id_in(1, 5), amount_cents=1)
    state.begin_row()
    state.replace(price, with_other(price, amount_cents=2))
    again = load(state, prices, id_in(1, 5), amount_cents=1)
    assert again is price
    assert again.values[prices.plan.index["amount_cents"]] == 2


def test_holders_of_a_key_that_is_not_unique_come_in_id_order() -> None:
    state = tagged()
    lists = state.tables["price_lists"]
    by_name = next(index for index, key in enumerate(lists.plan.keys) if not key.is_unique)
    second = load(state, lists, id_in(1, 6), name="EU")
    first = load(state, lists, id_in(1, 5), name="EU")
    lists.by_key[by_name]["1:EU"] = None  # its holders are here
    state.begin_row()
    third = state.create(lists, values_of(lists, name="EU"))
    assert list(state.find_by_key(lists, by_name, "1:EU")) == [first, second, third]
    state.replace(first, with_other(first, name="US"))
    assert list(state.find_by_key(lists, by_name, "1:EU")) == [second, third]
    state.undo_row()
    assert list(state.find_by_key(lists, by_name, "1:EU")) == [first, second]


def test_tags_of_a_stored_record_are_demanded_and_those_of_a_new_one_are_none() -> None:
    plan = plan_of("skus", ["code", "tags"])
    state = ChunkState(plan.tables.values(), new_ids())
    skus = state.tables["skus"]
    state.begin_row()
    assert state.tags_of(state.create(skus, values_of(skus, code="A"))) == ()
    stored = load(state, skus, id_in(1, 5), code="B")
    with pytest.raises(Missing):
        state.tags_of(stored)
    assert state.demands["skus"].tags == {stored.id}


# Undoing


@dataclass(frozen=True, slots=True)
class Operation:
    """One change that a row makes; what it chooses is taken modulo what there is."""

    kind: str  # create, replace, retag
    table: str
    which: int
    parent: int
    code: int


OPERATIONS = st.builds(
    Operation,
    kind=st.sampled_from(["create", "replace", "retag"]),
    table=st.sampled_from(["prices", "price_tiers"]),
    which=st.integers(0, 30),
    parent=st.integers(0, 3),
    code=st.integers(0, 3),
)
ROWS = st.lists(st.tuples(st.lists(OPERATIONS, max_size=6), st.booleans()), max_size=5)


@given(ROWS)
def test_undone_rows_leave_no_trace(rows: list[tuple[list[Operation], bool]]) -> None:
    """Rows, some of them undone, leave what the others alone would have left."""
    state, without = stored_prices(), stored_prices()
    for operations, is_undone in rows:
        state.begin_row()
        before = picture(state)
        for operation in operations:
            perform(state, operation)
        if is_undone:
            state.undo_row()
            assert picture(state) == before
            continue
        without.begin_row()
        for operation in operations:
            perform(without, operation)
    assert picture(state) == picture(without)


def stored_prices() -> ChunkState:
    """A state with loaded prices and tiers."""
    state = fresh()
    prices, tiers = state.tables["prices"], state.tables["price_tiers"]
    for number in range(1, STORED):
        load(state, prices, id_in(1, number), sku_id=number, price_list_id=1)
        load(
            state,
            tiers,
            id_in(1, STORED + number),
            price_id=id_in(1, 1 + number % 3),
            type="price_volume_tiers",
            up_to=number,
        )
    tiers.children[_price_column(state)] |= {id_in(1, number) for number in range(1, 4)}
    return state


def perform(state: ChunkState, operation: Operation) -> None:
    table = state.tables[operation.table]
    parent = id_in(1, operation.parent) if operation.parent else None
    given_: dict[str, Any] = (
        {"sku_id": operation.code, "price_list_id": parent}
        if operation.table == "prices"
        else {"price_id": parent, "type": "price_volume_tiers", "up_to": operation.code}
    )
    if operation.kind == "create":
        state.create(table, values_of(table, **given_))
        return
    records = [record for record in table.by_id.values() if record is not None]
    record = records[operation.which % len(records)]
    if operation.kind == "replace":
        state.replace(record, with_other(record, **given_))
    else:
        state.retag(record, (operation.code,))


def picture(state: ChunkState) -> dict[str, Any]:
    """Everything that a state holds, in comparable form."""
    return {
        "next": state.ids.next,
        **{
            name: {
                "records": {
                    id: record and (record.values, record.tags)
                    for id, record in table.by_id.items()
                },
                "keys": [
                    {key: holder and holder.id for key, holder in of_key.items()}
                    for of_key in table.by_key
                ],
                "children": {
                    (column, parent): [each.id for each in state.children_of(table, column, parent)]
                    for column, parents in table.children.items()
                    for parent in parents
                },
            }
            for name, table in state.tables.items()
        },
    }


def _price_column(state: ChunkState) -> int:
    """The column of a tier's price."""
    (column,) = state.tables["price_tiers"].children
    return column
