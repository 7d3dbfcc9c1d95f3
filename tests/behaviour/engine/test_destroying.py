"""Records are destroyed as sets: what nothing else refers to goes, in the same few statements
however many there are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pytest

from longshore.assembly import open_longshore
from longshore.engine.destroyer import Destroyer, Destruction
from longshore.journal import requested_by
from longshore.settings import Settings
from tests.behaviour.engine.cost_meter import CostMeter
from tests.behaviour.engine.organization import SOMEBODY, Organization, found


def destroy(shop: Organization, **named: Collection[str]) -> dict[str, Destruction]:
    """Destroy records of several types at once; what became of each."""
    inside = {name: [shop.inside(id) for id in ids] for name, ids in named.items()}
    with shop.longshore.database.write() as tx:
        done = Destroyer(shop.longshore.catalogue).destroy(
            tx, inside, environment=shop.environment.number, actor=requested_by(SOMEBODY)
        )
    return {shop.longshore.public_ids.encode(id): each for id, each in done.items()}


def kept(done: Mapping[str, Destruction]) -> dict[str, list[str]]:
    """The records that stay, and in which tables those are that refer to them."""
    assert all(each.is_found for each in done.values())
    return {id: list(each.referrers) for id, each in done.items() if not each.is_done}


def order_with_a_line(shop: Organization, number: str, **fields: object) -> tuple[str, str]:
    order = shop.have("orders", number=number, **fields)
    return order, shop.have("line_items", order_id=order)


def transfer(shop: Organization, line: str) -> None:
    """Something that refers to a line, and stays."""
    row = {
        "sku_id": shop.some("skus"),
        "quantity": 1,
        "origin_stock_location_id": shop.some("stock_locations"),
        "destination_stock_location_id": shop.some("stock_locations"),
        "line_item_id": line,
    }
    assert shop.load("stock_transfers", [row]).counts == (1, 0, 0, 0)


def test_of_many_those_go_that_nothing_else_refers_to(shop: Organization) -> None:
    free, priced, listed = (shop.have("skus", code=code) for code in "ABC")
    shop.have("prices", sku_id=priced)
    shop.load("sku_lists", [{"name": "L", "sku_list_items": [{"sku_code": "C"}]}])
    done = destroy(shop, skus=[free, priced, listed])
    assert kept(done) == {priced: ["prices"], listed: ["sku_list_items"]}
    assert {"A", "B", "C"} & {*shop.values("skus", "code")} == {"B", "C"}
    assert [entry.event for entry in shop.history(free)] == ["destroy"]
    assert shop.history(priced) == []


def test_what_refers_to_a_record_and_goes_with_it_keeps_nothing(shop: Organization) -> None:
    sku = shop.have("skus", code="A")
    price = shop.have("prices", sku_id=sku)
    assert kept(destroy(shop, skus=[sku], prices=[price])) == {}
    assert "A" not in shop.values("skus", "code")
    assert shop.all("prices") == []


def test_a_record_that_stays_keeps_what_it_refers_to(shop: Organization) -> None:
    """A transfer keeps the line of an order, so the order stays, and its market with it."""
    used, unused = shop.have("markets", name="used"), shop.have("markets", name="unused")
    order, line = order_with_a_line(shop, "1", market_id=used)
    gone, _ = order_with_a_line(shop, "2", market_id=unused)
    transfer(shop, line)
    done = destroy(shop, markets=[used, unused], orders=[order, gone])
    assert kept(done) == {order: ["stock_transfers"], used: ["orders"]}
    assert order in shop.values("orders", "id")
    assert gone not in shop.values("orders", "id")
    assert shop.values("line_items", "id") == [line]
    assert "used" in shop.values("markets", "name")
    assert "unused" not in shop.values("markets", "name")


def test_a_line_that_is_named_goes_although_its_order_stays(shop: Organization) -> None:
    order, line = order_with_a_line(shop, "1")
    other = shop.have("line_items", order_id=order, name="other")
    transfer(shop, other)
    done = destroy(shop, orders=[order], line_items=[line])
    assert kept(done) == {order: ["stock_transfers"]}
    assert shop.values("line_items", "id") == [other]
    assert shop.one("orders", order)["subtotal_amount_cents"] == 100


def test_a_line_that_is_named_beside_its_order_goes_once(shop: Organization) -> None:
    order, line = order_with_a_line(shop, "1")
    assert kept(destroy(shop, line_items=[line], orders=[order])) == {}
    assert [len(shop.history(id)) for id in (order, line)] == [1, 1]


def test_a_line_that_must_stay_keeps_its_order(shop: Organization) -> None:
    order, line = order_with_a_line(shop, "1")
    transfer(shop, line)
    done = destroy(shop, orders=[order], line_items=[line])
    assert kept(done) == {order: ["stock_transfers"], line: ["stock_transfers"]}


def test_sums_of_what_stays_follow(shop: Organization) -> None:
    order, _ = order_with_a_line(shop, "1")
    lines = [shop.have("line_items", order_id=order, name=name) for name in "abc"]
    assert kept(destroy(shop, line_items=lines[:2])) == {}
    assert shop.one("orders", order)["subtotal_amount_cents"] == 200


def test_records_of_others_and_of_other_types_are_not_found(
    shop: Organization, elsewhere: Organization
) -> None:
    sku, theirs = shop.have("skus"), elsewhere.have("skus")
    done = destroy(shop, skus=[sku, theirs], customers=[])
    assert [each.is_found for each in done.values()] == [True, False]
    assert theirs in elsewhere.values("skus", "id")
    assert not destroy(shop, skus=[shop.have("customers")]).popitem()[1].is_found


@pytest.fixture
def meter() -> Iterator[CostMeter]:
    with CostMeter().listens() as meter:
        yield meter


@pytest.fixture
def measured(meter: CostMeter, settings: Settings) -> Iterator[Organization]:
    """An organization of a process whose heart does not beat meanwhile."""
    settings = replace(settings, heartbeat_seconds=60, takeover_seconds=600)
    with open_longshore(settings) as longshore:
        yield found(longshore)


def test_statements_do_not_grow_with_the_records(measured: Organization, meter: CostMeter) -> None:
    """Orders with a line each, 8 and 64 of them: SQLite takes the entries of either in one
    statement, or in two, and PostgreSQL takes those of many by COPY."""
    market = measured.some("markets")
    costs = []
    for count in (1, 8, 64):
        orders = [
            {
                "number": f"{count}-{number}",
                "market_id": market,
                "line_items": [{"name": "x", "quantity": 1, "unit_amount_cents": 1}],
            }
            for number in range(count)
        ]
        assert measured.load("orders", orders).counts == (count, 0, 0, 0)
        ids = measured.values("orders", "id")
        with meter.counting() as cost:
            done = destroy(measured, orders=ids)
        assert (len(done), kept(done)) == (count, {})
        costs.append(cost)
    _, few, many = costs
    assert 0 < few.statements <= many.statements <= few.statements + 2
    # For COPY, and to prepare the statement that counts tables, which has been used often by then.
    assert many.round_trips <= few.round_trips + 3
