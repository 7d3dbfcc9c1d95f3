"""Every transaction that writes records counts the tables of these, and no other one does."""

from collections.abc import Callable

from longshore.records import read_table_counters
from tests.behaviour.engine.organization import Organization
from tests.behaviour.engine.test_destroying import destroy
from tests.behaviour.engine.test_record_writer import update
from tests.behaviour.engine.undoing import undo


def counters(shop: Organization) -> dict[str, int]:
    """How often each table of records was written."""
    with shop.longshore.database.read() as tx:
        tables = shop.longshore.catalogue.tables
        found = read_table_counters(tx, shop.environment.number, tables.keys())
    return {table: count for table, count in found.items() if count}


def grown(shop: Organization, write: Callable[[], object]) -> dict[str, int]:
    """By how much each counter grows."""
    before = counters(shop)
    write()
    after = counters(shop)
    return {
        table: count - before.get(table, 0)
        for table, count in after.items()
        if count != before.get(table, 0)
    }


def test_an_import_counts_each_chunk_once_for_each_table(shop: Organization) -> None:
    rows = [{"email": f"{number}@example.com", "tags.name": "red"} for number in range(4)]
    work = shop.in_chunks(2)
    assert grown(shop, lambda: work.load("customers", rows)) == {"customers": 2, "tags": 1}
    assert grown(shop, lambda: work.load("customers", rows)) == {}  # they are as they were
    changed = [{**rows[0], "reference": "new"}, {"email": "no email"}]
    assert grown(shop, lambda: shop.load("customers", changed)) == {"customers": 1}
    tagged = [{"email": "0@example.com", "tags.name": "blue"}]
    assert grown(shop, lambda: shop.load("customers", tagged)) == {"customers": 1, "tags": 1}


def test_lines_count_the_orders_whose_sums_follow(shop: Organization) -> None:
    order = shop.have("orders", number="N1")
    row = {"order_id": order, "name": "wrap", "quantity": 1, "unit_amount_cents": 100}
    assert grown(shop, lambda: shop.load("line_items", [row])) == {"line_items": 1, "orders": 1}
    (line,) = [each["id"] for each in shop.all("line_items")]
    assert grown(shop, lambda: destroy(shop, line_items=[line])) == {"line_items": 1, "orders": 1}


def test_single_writes_count(shop: Organization) -> None:
    assert grown(shop, lambda: shop.have("tags", name="red")) == {"tags": 1}
    (tag,) = [each["id"] for each in shop.all("tags")]
    assert grown(shop, lambda: update(shop, "tags", tag, {"name": "blue"})) == {"tags": 1}
    assert grown(shop, lambda: update(shop, "tags", tag, {"name": "blue"})) == {}
    # whoever bore the tag bears it no more
    taggable = {each.name for each in shop.longshore.catalogue.tables.values() if each.linked}
    assert grown(shop, lambda: destroy(shop, tags=[tag])) == dict.fromkeys(taggable | {"tags"}, 1)


def test_environments_count_for_themselves(shop: Organization) -> None:
    elsewhere = shop.in_mode("live")
    assert grown(shop, lambda: elsewhere.have("tags", name="red")) == {}
    assert counters(elsewhere) == {"tags": 1}


def test_an_undo_counts_what_each_step_writes(shop: Organization) -> None:
    order = shop.have("orders", number="N1")
    row = {"order_id": order, "name": "wrap", "quantity": 1, "unit_amount_cents": 100}
    loaded = shop.load("line_items", [row]).import_
    (line,) = shop.values("line_items", "id")
    changed = shop.load("line_items", [{"id": line, "quantity": 2}]).import_
    both = {"line_items": 1, "orders": 1}
    assert grown(shop, lambda: undo(shop, changed)) == both
    again = shop.load("line_items", [row]).import_
    assert grown(shop, lambda: undo(shop, again)) == both
    assert grown(shop, lambda: undo(shop, loaded)) == {}  # somebody has changed the line since
