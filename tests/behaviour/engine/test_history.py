"""What the journal keeps: the net change of each row, creations by range, nothing confidential."""

from typing import Any

import pytest

from longshore.journal import created_by_import
from tests.behaviour.engine.organization import Organization, Outcome

CHUNKS = [1, 2, 2000]


def new(code: str, **fields: Any) -> dict[str, Any]:
    return {"code": code, "name": "x", "do_not_ship": True, **fields}


def creations(shop: Organization, outcome: Outcome) -> dict[str, list[tuple[int, int]]]:
    """Ranges of created ids by table."""
    found: dict[str, list[tuple[int, int]]] = {}
    with shop.longshore.database.read() as tx:
        for each in created_by_import(tx, outcome.import_.id):
            found.setdefault(each.table_name, []).append((each.first_id, each.last_id))
    return found


def ids(shop: Organization, resource_type: str) -> list[int]:
    return [shop.inside(id) for id in shop.values(resource_type, "id")]


# Creations


def test_created_records_have_a_range_and_no_entry(shop: Organization) -> None:
    outcome = shop.load("skus", [new("A"), new("B"), new("C")])
    first, _, last = ids(shop, "skus")
    assert creations(shop, outcome) == {"skus": [(first, last)]}
    assert outcome.entries == []


def test_each_chunk_has_its_range(shop: Organization) -> None:
    outcome = shop.in_chunks(2).load("skus", [new(code) for code in "ABC"])
    first, second, third = ids(shop, "skus")
    assert creations(shop, outcome) == {"skus": [(first, second), (third, third)]}


def test_records_made_on_the_way_are_created_by_the_import(shop: Organization) -> None:
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1}
    row = {"market_id": shop.some("markets"), "customer_email": "a@x.com", "line_items": [line] * 2}
    shop.some("tags")
    outcome = shop.load("orders", [{**row, "tags": [{"name": "some"}, {"name": "new"}]}])
    (order,), (customer,) = ids(shop, "orders"), ids(shop, "customers")
    lines, tags = ids(shop, "line_items"), ids(shop, "tags")
    assert creations(shop, outcome) == {
        "orders": [(order, order)],
        "customers": [(customer, customer)],
        "line_items": [(lines[0], lines[1])],
        "tags": [(tags[1], tags[1])],
    }


def test_unchanged_and_failed_rows_leave_nothing(shop: Organization) -> None:
    shop.load("skus", [new("A")])
    outcome = shop.load("skus", [new("A"), new("A", weight="x"), {"code": "B"}])
    assert (outcome.counts, creations(shop, outcome)) == ((0, 0, 1, 2), {})
    assert outcome.entries == []


# Entries


def test_entry_holds_before_and_after_of_what_changed(shop: Organization) -> None:
    shop.load("skus", [new("A", weight=1.5, metadata={"a": 1})])
    changed = new("A", weight=None, do_not_track=True, metadata={"b": 2}, pieces_per_pack=3)
    outcome = shop.load("skus", [changed])
    assert outcome.changes == [
        (
            1,
            {
                "weight": (1.5, None),
                "do_not_track": (False, True),
                "metadata": ('{"a":1}', '{"b":2}'),
                "pieces_per_pack": (None, 3),
            },
        )
    ]
    (entry,) = outcome.entries
    assert (entry.table_name, entry.record_type, entry.event) == ("skus", "skus", "update")
    assert entry.image is None


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_each_row_that_changes_a_record_is_one_entry(shop: Organization, chunk_rows: int) -> None:
    shop.load("skus", [new("A")])
    rows = [
        {"code": "A", "name": "one"},
        {"code": "A", "name": "one"},
        {"code": "A", "name": "two"},
        {"code": "A", "name": "x"},
    ]
    outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    assert outcome.changes == [
        (1, {"name": ("x", "one")}),
        (3, {"name": ("one", "two")}),
        (4, {"name": ("two", "x")}),
    ]
    assert shop.one("skus")["name"] == "x"


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_change_of_a_record_that_the_import_itself_created_is_an_entry(
    shop: Organization, chunk_rows: int
) -> None:
    outcome = shop.in_chunks(chunk_rows).load("skus", [new("A"), new("A", name="y")])
    assert outcome.changes == [(2, {"name": ("x", "y")})]


def test_row_that_changes_a_record_twice_is_one_entry_of_the_net(shop: Organization) -> None:
    """Two elements of one row mean the same tier; what lies between was never there."""
    tier = {"name": "t", "up_to": 5, "price_amount_cents": 1}
    price = shop.have("prices", price_tiers=[tier])
    twice = [{**tier, "price_amount_cents": 2}, {**tier, "price_amount_cents": 3}]
    outcome = shop.load("prices", [{"id": price, "price_tiers": twice}])
    assert outcome.changes == [(1, {"price_amount_cents": (1, 3)})]
    there_and_back = [{**tier, "price_amount_cents": 9}, {**tier, "price_amount_cents": 3}]
    outcome = shop.load("prices", [{"id": price, "price_tiers": there_and_back}])
    assert outcome.changes == []


def test_row_has_an_entry_for_every_record_that_it_changes(shop: Organization) -> None:
    lines = [{"name": name, "quantity": 1, "unit_amount_cents": 1} for name in "ab"]
    row = {"number": "N", "market_id": shop.some("markets"), "line_items": lines}
    shop.load("orders", [row])
    changed = [{**line, "quantity": 2} for line in lines]
    outcome = shop.load("orders", [{**row, "language_code": "it", "line_items": changed}])
    assert sorted((entry.table_name, entry.row_number) for entry in outcome.entries) == [
        ("line_items", 1),
        ("line_items", 1),
        ("orders", 1),
    ]


def test_relationships_are_journaled_by_their_columns(shop: Organization) -> None:
    group = shop.some("customer_groups")
    shop.have("customers", email="a@x.com")
    row = {"email": "a@x.com", "customer_group_id": group}
    outcome = shop.load("customers", [row])
    assert outcome.changes == [(1, {"customer_group_id": (None, shop.inside(group))})]


def test_record_of_a_family_is_journaled_by_its_own_type(shop: Organization) -> None:
    promotion = shop.have("percentage_discount_promotions")
    row = {"id": promotion, "percentage": 20}
    (entry,) = shop.load("percentage_discount_promotions", [row]).entries
    assert (entry.table_name, entry.record_type) == ("promotions", "percentage_discount_promotions")


def test_history_of_a_record_is_told_in_the_order_of_its_changes(shop: Organization) -> None:
    sku = shop.have("skus", code="A", name="0")
    for number in range(1, 4):
        shop.load("skus", [{"code": "A", "name": str(number)}])
    history = shop.history(sku)
    assert [entry.changes["name"] for entry in history] == [("0", "1"), ("1", "2"), ("2", "3")]
    assert len({entry.import_id for entry in history}) == 3


# What nobody may read


def dump(shop: Organization, *tables: str) -> str:
    with shop.longshore.database.read() as tx:
        return "".join(str(tx.fetch(f'SELECT * FROM "{table}"')) for table in tables)


def test_confidential_values_are_stored_and_stand_nowhere_else(shop: Organization) -> None:
    account = {"name": "Avalara", "username": "me", "company_code": "c"}
    shop.load("avalara_accounts", [{**account, "password": "s3cret-one"}])
    rows = [
        {**account, "password": "s3cret-two", "username": "you"},
        {**account, "password": "s3cret-three\0"},
        {**account, "password": ["s3cret-four"]},
    ]
    outcome = shop.load("avalara_accounts", rows)
    assert outcome.changes == [(1, {"username": ("me", "you")})]
    assert outcome.errors == {2: {"password": ["is invalid"]}, 3: {"password": ["is invalid"]}}
    assert "s3cret" not in dump(shop, "entries", "import_errors", "import_warnings", "events")
    assert "s3cret-two" in dump(shop, "tax_calculators")


def test_change_of_nothing_but_a_confidential_value_is_an_update_without_an_entry(
    shop: Organization,
) -> None:
    account = {"name": "Avalara", "username": "me", "company_code": "c", "password": "s3cret-one"}
    shop.load("avalara_accounts", [account])
    outcome = shop.load("avalara_accounts", [{**account, "password": "s3cret-two"}])
    assert (outcome.counts, outcome.entries) == ((0, 1, 0, 0), [])
    assert "s3cret-two" in dump(shop, "tax_calculators")


def test_image_of_a_destroyed_record_hides_what_is_confidential(shop: Organization) -> None:
    account = shop.have("avalara_accounts", password="s3cret-one")
    id = shop.inside(account)
    assert shop.writer.delete(shop.environment, "avalara_accounts", id, creator=1).is_done
    (entry,) = shop.history(account)
    assert entry.event == "destroy"
    assert entry.image is not None
    assert entry.image["username"] == "a"
    assert "s3cret" not in str(entry.image)
    assert "s3cret" not in dump(shop, "entries")
