"""Pages and lengths of lists that zones tell are those that going through all records gives."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from longshore.records import ZoneKeeper, close_all_zones
from longshore.records.zones import ZONE_IDS, record_zones
from tests.behaviour.reading.factory import CATALOGUE, NOW, TABLES, Records
from tests.behaviour.steps import counting

SORTS = ("id", "-id", "created_at", "-created_at")
PER_ZONE = 4


def add(records: Records, times: Sequence[int], *, per_zone: int = PER_ZONE) -> list[int]:
    """SKUs created at these times, so many in each zone; their ids."""
    with records.database.write() as tx:
        step = ZONE_IDS // per_zone
        given = tx.reserve_ids(records.environment.number, len(times) * step)
        ids = list(given[::step])
        rows = [
            {"id": id_, "created_at": at, "updated_at": at, "metadata": "{}"}
            for id_, at in zip(ids, times, strict=True)
        ]
        tx.connection.execute(TABLES["skus"].insert(), rows)
    return ids


def close(records: Records, table: str, ids: Sequence[int]) -> None:
    keeper = ZoneKeeper(CATALOGUE, records.environment.number)
    with records.database.write() as tx:
        while keeper.keep(tx, table, ids[-1], ids[-1]):
            pass


def zones(records: Records) -> list[tuple[Any, ...]]:
    with records.database.read() as tx:
        query = select(record_zones).order_by(*record_zones.primary_key.columns)
        return [tuple(row) for row in tx.connection.execute(query)]


def count(records: Records, resource_type: str) -> int:
    with records.database.read() as tx:
        return records.reader.count(tx, resource_type)


def in_order(records: Records, sort: str) -> list[int]:
    """The ids of all SKUs in the order of a criterion, as Python has it."""
    with records.database.read() as tx:
        found = [(at, id_) for id_, at in tx.fetch("SELECT id, created_at FROM skus")]
    if sort.endswith("id"):
        found = [(0, id_) for _, id_ in found]
    return [id_ for _, id_ in sorted(found, reverse=sort.startswith("-"))]


TIMES = {
    "in order": lambda _random, count: [NOW + number // 3 for number in range(count)],
    "all at once": lambda _random, count: [NOW] * count,
    "a clock set back": lambda _random, count: [
        NOW + number - (50 if number > count // 2 else 0) for number in range(count)
    ],
    "in no order": lambda random, count: [NOW + random.randrange(20) for _ in range(count)],
}


@pytest.mark.parametrize("times", TIMES)
def test_pages_are_those_of_all_records_in_order(records: Records, times: str) -> None:
    random = Random(11)
    ids = add(records, TIMES[times](random, 90))
    for state in ("open", "closed", "thinned", "grown"):
        if state == "closed":
            close(records, "skus", ids)
            assert len(zones(records)) == 90 // PER_ZONE
        elif state == "thinned":
            with records.database.write() as tx:
                tx.execute("DELETE FROM skus WHERE id IN (?integers)", (random.sample(ids, 30),))
        elif state == "grown":  # by an older release, which closes no zones
            add(records, TIMES[times](random, 9))
        total = count(records, "skus")
        for sort in SORTS:
            expected = in_order(records, sort)
            assert total == len(expected)
            for offset in (0, 1, 7, 24, 25, total - 3, total, total + 5):
                page = records.ids("skus", sort=[sort], offset=offset, limit=10)
                assert page == expected[offset : offset + 10], (state, sort, offset)


def test_a_zone_is_closed_when_no_record_comes_into_it_any_more(records: Records) -> None:
    ids = add(records, [NOW + number for number in range(2 * PER_ZONE + 1)])
    close(records, "skus", ids)
    last = ids[0] | (ZONE_IDS - 1)
    assert [zone[1:] for zone in zones(records)] == [
        (last, PER_ZONE, NOW, NOW + PER_ZONE - 1),
        (last + ZONE_IDS, PER_ZONE, NOW + PER_ZONE, NOW + 2 * PER_ZONE - 1),
    ]
    close(records, "skus", ids)
    assert len(zones(records)) == 2


def test_what_leaves_a_closed_zone_is_counted_out_of_its_type(records: Records) -> None:
    names = {"percentage_discount_promotions": 6, "fixed_price_promotions": 3}
    ids: list[int] = []
    for type_, number in names.items():
        rows = [{"type": type_, "metadata": "{}"}] * number
        ids += records.add_many("promotions", rows)
    with records.database.write() as tx:
        tx.reserve_ids(records.environment.number, ZONE_IDS)
    last = records.add("promotions", type="fixed_price_promotions", metadata="{}")
    close(records, "promotions", [last])
    with records.database.write() as tx:
        tx.execute("DELETE FROM promotions WHERE id IN (?integers)", ([ids[0], ids[1], ids[-1]],))
    assert {zone[0]: zone[2] for zone in zones(records)} == {
        "percentage_discount_promotions": 4,
        "fixed_price_promotions": 2,
    }
    assert count(records, "percentage_discount_promotions") == 4
    assert count(records, "fixed_price_promotions") == 3
    assert count(records, "promotions") == 7
    assert len(records.ids("promotions", sort=["-created_at"], limit=25)) == 7
    assert records.ids("fixed_price_promotions", limit=1, offset=2) == [last]


def test_a_record_that_comes_back_with_its_id_is_counted(records: Records) -> None:
    ids = add(records, [NOW + number for number in range(3 * PER_ZONE)])
    close(records, "skus", ids)
    keeper = ZoneKeeper(CATALOGUE, records.environment.number)
    with records.database.write() as tx:
        tx.execute("DELETE FROM skus WHERE id = ?", (ids[1],))
    assert count(records, "skus") == len(ids) - 1
    row = {"id": ids[1], "created_at": NOW - 5, "updated_at": NOW, "metadata": "{}"}
    with records.database.write() as tx:
        tx.connection.execute(TABLES["skus"].insert(), [row])
        keeper.keep(tx, "skus", ids[1], ids[1])
    assert count(records, "skus") == len(ids)
    assert records.ids("skus", sort=["created_at"], limit=1) == [ids[1]]


def test_all_zones_can_be_closed_where_nobody_writes(records: Records) -> None:
    add(records, [NOW] * 300, per_zone=2)
    with records.database.write() as tx:
        close_all_zones(tx, CATALOGUE)
    assert len(zones(records)) == 149
    assert count(records, "skus") == 300


def steps_of(records: Records, **page: Any) -> float:
    """What a page takes, with the length of the list."""
    with records.database.read() as tx, counting(records.database, tx) as steps:
        records.reader.count(tx, "skus")
        records.reader.find_ids(tx, "skus", limit=5, **page)
    return steps.count


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_takes_the_same_however_many_records_there_are(records: Records, sort: str) -> None:
    """Zones grow with the records, but there is one for hundreds of them, not for each."""
    per_zone, found = 512, []
    for turn in range(2):
        first = NOW + turn * 3 * per_zone
        ids = add(records, range(first, first + 3 * per_zone), per_zone=per_zone)
        close(records, "skus", ids)
        total = count(records, "skus")
        pages = [{"sort": [sort], "offset": offset} for offset in (0, total - 5)]
        found.append([steps_of(records, **page) for page in pages])
    few, many = found
    assert all(later < before * 1.3 for before, later in zip(few, many, strict=True)), found
