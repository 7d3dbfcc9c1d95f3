"""Records that a run has made are named by the order in which it made them."""

import random

from longshore.engine.pins.made_records import MadeRecords
from longshore.imports import LedgerColumns, LedgerEntry, RowOutcome


def made(*chunks: list[int]) -> MadeRecords:
    records = MadeRecords()
    for ids in chunks:
        records.add(ids)
    return records


def test_places_go_on_over_gaps() -> None:
    records = made([10, 11, 12], [], [13], [20, 22, 23])
    assert records.count == 7
    assert [records.place(id) for id in (10, 13, 20, 22, 23)] == [1, 4, 5, 6, 7]
    assert [records.place(id) for id in (9, 14, 21, 24)] == [0, 0, 0, 0]


def test_names_are_ids_but_for_what_was_made() -> None:
    records = made([10, 11], [20])
    ids = [3, None, 11, 15, 20]
    assert records.names(ids) == [3, None, -2, 15, -3]
    few = [3, None, 9]
    assert records.names(few) is few
    assert MadeRecords().names(ids) is ids


def test_memory_grows_with_gaps_alone() -> None:
    records = made(*([first, first + 1] for first in range(0, 10_000, 2)))
    assert len(records._firsts) == 1
    assert records.place(9_999) == 10_000


def test_what_a_range_has_made_is_forgotten_when_it_is_rolled_back() -> None:
    generator = random.Random(7)
    ids = sorted(generator.sample(range(1, 60), 30))
    for kept in range(31):
        records = made(ids)
        records.cut(kept)
        assert [records.place(id) for id in ids] == [*range(1, kept + 1), *[0] * (30 - kept)]
        records.add(ids[kept:])
        assert [records.place(id) for id in ids] == list(range(1, 31))


def test_they_are_those_of_the_ledger() -> None:
    created, updated = RowOutcome.CREATED, RowOutcome.UPDATED
    first = LedgerColumns(
        outcomes=bytes((created, updated, created)),
        records=[12, 4, 15],
        lines=[1, 2, 3],
        further=[(0, "tags", 11), (2, "tags", 14)],
    )
    second = LedgerColumns(outcomes=bytes((created,)), records=[16], lines=[4])
    entries = [LedgerEntry.of(1, first), LedgerEntry.of(4, second)]
    records = MadeRecords.of_ledger(entries)
    assert [records.place(id) for id in (11, 12, 14, 15, 16, 4, 13)] == [1, 2, 3, 4, 5, 0, 0]
