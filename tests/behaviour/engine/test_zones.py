"""Whoever creates records closes the zones behind them, so lists are short work."""

import pytest
from sqlalchemy import select

from longshore.identifiers import environment_range
from longshore.records import ZoneKeeper
from longshore.records.zones import ZONE_IDS, record_zones
from tests.behaviour.engine.organization import Organization
from tests.behaviour.engine.test_destroying import destroy
from tests.behaviour.engine.undoing import undo


def closed(shop: Organization) -> dict[str, int]:
    """How many records of each type the closed zones of the environment hold."""
    columns = record_zones.c
    query = select(columns.resource_type, columns.records_count).where(
        columns.last_id.between(*environment_range(shop.environment.number))
    )
    found: dict[str, int] = {}
    with shop.longshore.database.read() as tx:
        for type_, count in tx.connection.execute(query):
            found[type_] = found.get(type_, 0) + count
    return found


def count(shop: Organization, resource_type: str) -> int:
    with shop.longshore.database.read() as tx:
        return shop.reader.count(tx, resource_type)


def pass_zones(shop: Organization, zones: int = 1) -> None:
    """Give away the ids of whole zones, as others of the installation do."""
    with shop.longshore.database.write() as tx:
        tx.reserve_ids(shop.environment.number, zones * ZONE_IDS)


def customers(first: int, count: int) -> list[dict[str, str]]:
    return [
        {"email": f"{number}@example.com", "tags.name": f"t{number}"}
        for number in range(first, first + count)
    ]


def test_an_import_closes_the_zones_of_all_that_it_creates(shop: Organization) -> None:
    shop.load("customers", customers(0, 5))
    assert closed(shop) == {}
    pass_zones(shop)
    shop.in_chunks(2).load("customers", customers(5, 5))
    assert closed(shop) == {"customers": 5, "tags": 5}
    assert (count(shop, "customers"), count(shop, "tags")) == (10, 10)


def test_a_single_write_closes_them_as_well_and_a_deletion_opens_none(shop: Organization) -> None:
    first = shop.have("tags", name="a")
    shop.have("tags", name="b")
    pass_zones(shop, 3)
    shop.have("tags", name="c")
    assert closed(shop) == {"tags": 2}
    destroy(shop, tags=[first])
    assert closed(shop) == {"tags": 1}
    assert count(shop, "tags") == 2


def test_what_an_older_release_creates_meanwhile_is_counted(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.load("customers", customers(0, 3))
    pass_zones(shop)
    with monkeypatch.context() as older:
        older.setattr(ZoneKeeper, "keep", lambda *_: False)
        shop.load("customers", customers(3, 3))
        pass_zones(shop)
        shop.load("customers", customers(6, 3))
    assert closed(shop) == {}
    assert count(shop, "customers") == 9
    pass_zones(shop)
    shop.load("customers", customers(9, 1))
    assert closed(shop) == {"customers": 9, "tags": 9}
    assert count(shop, "customers") == 10


def test_an_undo_of_an_undo_counts_what_comes_back(shop: Organization) -> None:
    loaded = shop.in_chunks(2).load("customers", customers(0, 5)).import_
    pass_zones(shop)
    shop.have("customers", email="a@example.com")
    shop.have("tags", name="a")
    assert closed(shop) == {"customers": 5, "tags": 5}
    done = undo(shop, loaded).undo
    assert closed(shop) == {"customers": 0, "tags": 0}
    undo(shop, done)
    assert closed(shop) == {"customers": 5, "tags": 5}
    assert (count(shop, "customers"), count(shop, "tags")) == (6, 6)
