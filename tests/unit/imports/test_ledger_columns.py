"""What became of rows, packed and unpacked, and how many bytes it takes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.imports.ledger_columns import LedgerColumns, LedgerDamaged, pack, unpack
from longshore.imports.row_outcome import RowOutcome

CREATED, UPDATED, UNCHANGED, FAILED, SKIPPED = RowOutcome
# A chunk of an embedded database, and ids of the second environment.
ROWS = 2000
FIRST_ID = 2 << 40
STORED = 1_000_000  # records that are there

IDS = st.one_of(st.integers(1, 300), st.integers(FIRST_ID, FIRST_ID + 300), st.integers(1, 1 << 62))
TABLES = st.sampled_from(["line_items", "tags", "customers"])


@st.composite
def ledger_columns(draw: st.DrawFn) -> LedgerColumns:
    rows = draw(st.integers(1, 60))
    outcomes = draw(st.lists(st.sampled_from(RowOutcome), min_size=rows, max_size=rows))
    may_lack = {FAILED, SKIPPED}
    return LedgerColumns(
        outcomes=bytes(outcomes),
        records=[draw(IDS | st.just(0) if each in may_lack else IDS) for each in outcomes],
        lines=draw(st.lists(st.integers(1, 1 << 40), min_size=rows, max_size=rows)),
        further=draw(st.lists(st.tuples(st.integers(0, rows - 1), TABLES, IDS), max_size=20)),
    )


@given(ledger_columns())
def test_columns_come_back(columns: LedgerColumns) -> None:
    assert unpack(pack(columns), len(columns.outcomes)) == columns


@given(ledger_columns(), st.data())
def test_what_is_cut_is_no_ledger(columns: LedgerColumns, data: st.DataObject) -> None:
    packed = pack(columns)
    whole = len(packed)
    if columns.further:  # what stands before them is whole without them
        whole = min(
            whole,
            len(
                pack(
                    LedgerColumns(
                        outcomes=columns.outcomes, records=columns.records, lines=columns.lines
                    )
                )
            ),
        )
    cut = packed[: data.draw(st.integers(0, whole - 1))]
    with pytest.raises(LedgerDamaged):
        unpack(cut, len(columns.outcomes))


def test_a_ledger_of_a_later_release_is_told() -> None:
    with pytest.raises(LedgerDamaged, match="does not know: 9"):
        unpack(b"\x09", 1)


def test_rows_that_create_records_take_at_most_one_byte_each() -> None:
    """Also where their lines are not consecutive, since cells go on in the next one, and where
    each creates further records, so that ids are not consecutive either."""
    chance = random.Random(1)
    lines, line, records, id = [], 2, [], FIRST_ID
    for _ in range(ROWS):
        lines.append(line)
        records.append(id)
        line += chance.choice((1, 1, 1, 2, 5))
        id += chance.randint(1, 9)
    plain = LedgerColumns(
        outcomes=bytes([CREATED]) * ROWS,
        records=range(FIRST_ID, FIRST_ID + ROWS),
        lines=range(2, ROWS + 2),
    )
    assert len(pack(plain)) <= ROWS / 50
    odd = LedgerColumns(outcomes=bytes([CREATED]) * ROWS, records=records, lines=lines)
    assert len(pack(odd)) <= ROWS


def test_rows_that_find_records_in_any_order_take_at_most_four_bytes_each() -> None:
    """A million records, of which the rows update some, leave others as they are, and fail."""
    chance = random.Random(2)
    found = chance.sample(range(FIRST_ID, FIRST_ID + STORED), ROWS)
    lines = range(2, ROWS + 2)
    updated = LedgerColumns(outcomes=bytes([UPDATED]) * ROWS, records=found, lines=lines)
    assert len(pack(updated)) <= 4 * ROWS
    outcomes = bytes(chance.choices([UPDATED, UNCHANGED, FAILED, SKIPPED], k=ROWS))
    mixed = LedgerColumns(outcomes=outcomes, records=found, lines=lines)
    assert len(pack(mixed)) <= 4 * ROWS


def test_a_further_record_takes_at_most_six_bytes() -> None:
    """Four line items for each order, and here and there a customer and tags; or, at worst, records
    that lie anywhere."""
    chance = random.Random(3)
    records, further, id = [], [], FIRST_ID
    for index in range(ROWS):
        nested = [("line_items", 4), ("customers", index % 3 == 0), ("tags", index % 7 == 0)]
        for table, count in nested:
            for _ in range(count):
                id += 1
                further.append((index, table, id))
        id += 1
        records.append(id)
    outcomes, lines = bytes([CREATED]) * ROWS, range(2, ROWS + 2)
    alone = LedgerColumns(outcomes=outcomes, records=records, lines=lines)
    ordered = LedgerColumns(outcomes=outcomes, records=records, lines=lines, further=further)
    assert len(pack(ordered)) - len(pack(alone)) <= 6 * len(further)
    anywhere = [
        (index, table, chance.randrange(FIRST_ID, FIRST_ID + 100 * STORED))
        for index, table, _ in further
    ]
    scattered = LedgerColumns(outcomes=outcomes, records=records, lines=lines, further=anywhere)
    assert len(pack(scattered)) - len(pack(alone)) <= 6 * len(further)
