"""What a row changes in a record that is there: what it names, and nothing else."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization


@pytest.fixture
def sku(shop: Organization) -> str:
    """A SKU with a value in many fields."""
    return shop.have(
        "skus",
        code="A",
        name="a",
        description="old",
        pieces_per_pack=5,
        weight=1.5,
        unit_of_weight="gr",
        do_not_track=True,
        metadata={"a": 1},
        reference="r",
    )


def test_field_that_a_row_does_not_name_stays(shop: Organization, sku: str) -> None:
    before = shop.one("skus")
    outcome = shop.load("skus", [{"code": "A", "name": "b"}])
    after = shop.one("skus")
    assert outcome.counts == (0, 1, 0, 0)
    assert after | {"name": "a", "updated_at": None} == before | {"updated_at": None}


def test_null_empties_what_may_be_empty(shop: Organization, sku: str) -> None:
    nulls = dict.fromkeys(("description", "pieces_per_pack", "weight", "reference"))
    assert shop.load("skus", [{"code": "A", **nulls}]).counts == (0, 1, 0, 0)
    found = shop.one("skus")
    assert {name: found[name] for name in nulls} == nulls


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_blanking_what_must_be_there_is_an_error(
    shop: Organization, sku: str, blank: str | None
) -> None:
    outcome = shop.load("skus", [{"code": "A", "name": blank, "description": "new"}])
    assert outcome.errors == {1: {"name": ["can't be blank"]}}
    assert shop.one("skus")["description"] == "old"


def test_nulling_a_relationship_that_must_be_there_is_an_error(
    shop: Organization, sku: str
) -> None:
    outcome = shop.load("skus", [{"code": "A", "shipping_category_id": None}])
    assert outcome.errors == {1: {"shipping_category": ["must exist"]}}
    outcome = shop.load("skus", [{"code": "A", "shipping_category_id": None, "do_not_ship": True}])
    assert outcome.counts == (0, 1, 0, 0)


def test_condition_of_a_field_is_judged_over_the_record_as_it_would_become(
    shop: Organization,
) -> None:
    shop.load("skus", [{"code": "A", "name": "a", "do_not_ship": True}])
    outcome = shop.load("skus", [{"code": "A", "do_not_ship": False}])
    assert outcome.errors == {1: {"shipping_category": ["must exist"]}}
    category = shop.some("shipping_categories")
    row = {"code": "A", "do_not_ship": False, "shipping_category_id": category}
    assert shop.load("skus", [row]).counts == (0, 1, 0, 0)


def test_field_that_was_blank_before_is_no_error_of_a_row_that_does_not_touch_it(
    shop: Organization,
) -> None:
    """A flag of the organization makes a field required that stored records do not have."""
    shop.with_flags(addresses_phone_required=False)
    address = shop.have("addresses", phone=None)
    shop.with_flags(addresses_phone_required=True)
    assert shop.load("addresses", [{"id": address, "notes": "x"}]).counts == (0, 1, 0, 0)
    outcome = shop.load("addresses", [{"id": address, "phone": None, "notes": "y"}])
    assert outcome.errors == {1: {"phone": ["can't be blank"]}}


@pytest.mark.parametrize(
    "row",
    [
        {"code": "A"},
        {"code": "A", "name": "a", "weight": "1.50", "pieces_per_pack": "5"},
        {"code": "A", "metadata": '{ "a" : 1 }', "do_not_track": "yes"},
        {"code": "A", "created_at": "2020-01-01", "updated_at": None, "prices": []},
        {"code": "A", "colour": "red"},
    ],
)
def test_row_that_says_what_is_known_changes_nothing(
    shop: Organization, sku: str, row: dict[str, Any]
) -> None:
    before = shop.all("skus")
    outcome = shop.load("skus", [row])
    assert (outcome.counts, outcome.entries) == ((0, 0, 1, 0), [])
    assert shop.all("skus") == before


def test_update_leaves_the_time_of_creation_and_moves_the_other(
    shop: Organization, sku: str
) -> None:
    shop.load("skus", [{"code": "A", "name": "b"}])
    found = shop.one("skus")
    assert found["created_at"] <= found["updated_at"]
    with shop.longshore.database.write() as tx:
        tx.execute(
            "UPDATE skus SET created_at = 0, updated_at = 0 WHERE id = ?", (shop.inside(sku),)
        )
    shop.load("skus", [{"code": "A", "name": "c"}])
    found = shop.one("skus")
    assert found["created_at"] == "1970-01-01T00:00:00.000Z" < found["updated_at"]


def test_blank_cells_of_csv_wipe_nothing(shop: Organization, sku: str) -> None:
    before = shop.one("skus")
    text = "code,name,description,pieces_per_pack,metadata\nA,b,, ,\n"
    assert shop.load_csv("skus", text).counts == (0, 1, 0, 0)
    found = shop.one("skus")
    assert found["name"] == "b"
    assert (found["description"], found["metadata"]) == (before["description"], {"a": 1})


# Fields that only a new record takes


def test_code_of_a_gift_card_is_a_key_and_never_changes(shop: Organization) -> None:
    card = shop.have("gift_cards", code="CARD-0001")
    assert shop.load("gift_cards", [{"id": card, "code": "CARD-0002"}]).counts == (0, 0, 1, 0)
    assert shop.values("gift_cards", "code") == ["CARD-0001"]


def test_relationship_that_is_fixed_at_creation_is_left_alone(shop: Organization) -> None:
    row = {
        "code": "B",
        "name": "b",
        "sku_list_id": shop.some("sku_lists"),
        "market_id": shop.some("markets"),
        "price_amount_cents": 1,
    }
    shop.load("bundles", [row])
    bundle = shop.one("bundles")["id"]
    other = shop.have("markets", name="Other")
    changed = {"id": bundle, "market_id": other, "sku_list_id": shop.have("sku_lists", name="x")}
    assert shop.load("bundles", [changed]).counts == (0, 0, 1, 0)
    assert shop.one("bundles")["market_id"] == shop.some("markets")


def test_order_of_a_line_item_is_fixed_at_creation(shop: Organization) -> None:
    line = shop.have("line_items")
    order = shop.one("line_items")["order_id"]
    other = shop.have("orders", number="N2")
    assert shop.load("line_items", [{"id": line, "order_id": other}]).counts == (0, 0, 1, 0)
    assert shop.one("line_items")["order_id"] == order


def test_type_of_a_tier_is_fixed_at_creation(shop: Organization) -> None:
    shop.have("price_lists", name="x")
    price = shop.some("prices")
    row = {"price_id": price, "name": "t", "price_amount_cents": 1, "type": "price_volume_tiers"}
    shop.load("price_tiers", [row])
    tier = shop.one("price_tiers")["id"]
    changed = {"id": tier, "type": "price_frequency_tiers"}
    assert shop.load("price_tiers", [changed]).counts == (0, 0, 1, 0)
    assert shop.one("price_tiers")["type"] == "price_volume_tiers"


def test_default_is_given_to_a_new_record_and_never_to_one_that_is_there(
    shop: Organization,
) -> None:
    sku = shop.have("skus", do_not_track=True, metadata={"a": 1})
    shop.load("skus", [{"id": sku, "do_not_ship": True}])
    assert shop.one("skus")["do_not_track"] is True
    shop.load("skus", [{"code": "B", "name": "b", "do_not_ship": True}])
    assert shop.values("skus", "do_not_track", "metadata")[1] == (False, {})


def test_null_for_a_field_with_a_default_is_null(shop: Organization) -> None:
    shop.have("skus", do_not_track=None)
    assert shop.one("skus")["do_not_track"] is None


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_metadata_is_never_null(shop: Organization, nothing: str | None) -> None:
    row = {"code": "A", "name": "a", "do_not_ship": True, "metadata": nothing}
    assert shop.load("skus", [row]).counts == (1, 0, 0, 0)
    assert shop.one("skus")["metadata"] == {}
    shop.load("skus", [{"code": "A", "metadata": {"a": 1}}])
    assert shop.load("skus", [{"code": "A", "metadata": nothing}]).counts == (0, 1, 0, 0)
    assert shop.one("skus")["metadata"] == {}
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1, "metadata": nothing}
    order = {"number": "N", "market_id": shop.some("markets"), "line_items": [line]}
    assert shop.load("orders", [order]).counts == (1, 0, 0, 0)
    assert shop.one("line_items")["metadata"] == {}


# What is generated


def test_order_without_a_number_gets_one_that_nobody_has(shop: Organization) -> None:
    market = shop.some("markets")
    numbers: list[Any] = [None, "", "  "]
    rows = [{"market_id": market}, *({"market_id": market, "number": each} for each in numbers)]
    assert shop.load("orders", rows).counts == (4, 0, 0, 0)
    numbers = shop.values("orders", "number")
    assert len(set(numbers)) == 4
    assert all(number.isdecimal() and len(number) == 14 for number in numbers)


def test_generated_number_steps_aside_for_one_that_was_brought_along(shop: Organization) -> None:
    """Orders of another installation may have any number."""
    market = shop.some("markets")
    last = shop.inside(shop.some("orders"))
    number = shop.longshore.public_ids.number
    # each of them takes a number of the sequence, too; those after them come to theirs
    taken = [{"market_id": market, "number": number(last + ahead)} for ahead in range(30, 60)]
    outcome = shop.load("orders", [*taken, {"market_id": market}, {"market_id": market}])
    assert outcome.counts == (32, 0, 0, 0)
    numbers = shop.values("orders", "number")
    assert len(set(numbers)) == 33
    assert [number[14:] for number in numbers[-2:]] == ["2", "2"]
    assert all(number.isdecimal() for number in numbers)


def test_gift_card_without_a_code_gets_one(shop: Organization) -> None:
    row = {"balance_cents": 500, "currency_code": "EUR"}
    shop.load("gift_cards", [row, {**row, "code": None}, {**row, "code": ""}])
    codes = shop.values("gift_cards", "code")
    assert len(set(codes)) == 3
    assert {len(code) for code in codes} == {36}
    assert shop.values("gift_cards", "initial_balance_cents") == [500, 500, 500]


def test_slug_is_made_once(shop: Organization) -> None:
    shop.load("sku_lists", [{"name": "Summer Sale"}])
    record = shop.one("sku_lists")
    shop.load("sku_lists", [{"id": record["id"], "name": "Winter Sale"}])
    assert shop.values("sku_lists", "name", "slug") == [("Winter Sale", "summer-sale")]


# Passwords


def test_password_is_checked_and_kept_nowhere(shop: Organization) -> None:
    shop.load("customers", [{"email": "a@example.com", "password": "s3cret-word"}])
    customer = shop.one("customers")
    assert customer["has_password"] is True
    assert "password" not in customer
    database = shop.longshore.database
    with database.read() as tx:
        dump = [str(tx.fetch(f'SELECT * FROM "{table}"')) for table in ("customers", "entries")]
    assert "s3cret-word" not in "".join(dump)


def test_password_of_a_customer_who_is_there_is_a_change(shop: Organization) -> None:
    shop.have("customers", email="a@example.com")
    outcome = shop.load("customers", [{"email": "a@example.com", "password": "s3cret-word"}])
    assert outcome.changes == [(1, {"has_password": (False, True)})]
    again = shop.load("customers", [{"email": "a@example.com", "password": "other"}])
    assert again.counts == (0, 0, 1, 0)


@pytest.mark.parametrize("password", [None, ""])
def test_no_password_marks_nothing(shop: Organization, password: str | None) -> None:
    shop.load("customers", [{"email": "a@example.com", "password": password}])
    assert shop.one("customers")["has_password"] is False
