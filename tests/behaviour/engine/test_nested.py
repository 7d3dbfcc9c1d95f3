"""Rows inside rows: which child an element means, and what its errors do."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

Element = dict[str, Any]


@pytest.fixture
def market(shop: Organization) -> str:
    return shop.some("markets")


def line(name: str = "x", quantity: int = 1, **more: Any) -> Element:
    return {"name": name, "quantity": quantity, "unit_amount_cents": 100, **more}


def load_lines(shop: Organization, *lines: Any, number: str = "N", **more: Any) -> Any:
    """Import an order with these line items."""
    row = {"number": number, "market_id": shop.some("markets"), "line_items": list(lines), **more}
    return shop.load("orders", [row])


# Matching elements


def test_elements_of_a_new_record_are_created_in_their_order(shop: Organization) -> None:
    assert load_lines(shop, line("a"), line("b")).counts == (1, 0, 0, 0)
    order = shop.one("orders")["id"]
    assert shop.values("line_items", "name", "order_id") == [("a", order), ("b", order)]


def test_equal_elements_match_children_one_by_one_in_id_order(shop: Organization) -> None:
    """The k-th element that is alike means the k-th such child; what is left over is created."""
    load_lines(shop, line("a", 1), line("b", 2), line("a", 3))
    before = shop.values("line_items", "id")
    outcome = load_lines(shop, line("a", 10), line("a", 30), line("a", 50), line("b", 20))
    assert outcome.counts == (0, 1, 0, 0)
    assert shop.values("line_items", "quantity") == [10, 20, 30, 50]
    assert shop.values("line_items", "id")[:3] == before


def test_children_that_no_element_means_stay(shop: Organization) -> None:
    load_lines(shop, line("a"), line("b"))
    assert load_lines(shop, line("c")).counts == (0, 1, 0, 0)
    assert load_lines(shop).counts == (0, 0, 1, 0)
    assert shop.values("line_items", "name") == ["a", "b", "c"]


def test_elements_are_compared_with_children_before_the_row(shop: Organization) -> None:
    """Two alike elements of a new order are two lines, not one that is updated."""
    load_lines(shop, line("a", 1), line("a", 2))
    assert shop.values("line_items", "quantity") == [1, 2]


def test_kind_is_compared_where_the_element_names_it(shop: Organization) -> None:
    shop.have("skus", code="A")
    load_lines(shop, line("a", item_type="skus"), line("a", item_type="gift_cards"))
    load_lines(shop, line("a", 5, item_type="gift_cards"))
    assert shop.values("line_items", "item_type", "quantity") == [("skus", 1), ("gift_cards", 5)]
    load_lines(shop, line("a", 7))
    assert shop.values("line_items", "quantity") == [7, 5]


def test_code_tells_more_than_a_name(shop: Organization) -> None:
    """An element that names a code means a line with that code, whatever either is called."""
    shop.have("skus", code="A")
    load_lines(shop, line("a", sku_code="A"), line("b"))
    load_lines(shop, line("b", 5, sku_code="A"))
    assert shop.values("line_items", "name", "quantity") == [("b", 5), ("b", 1)]


def test_line_with_another_code_is_another_line(shop: Organization) -> None:
    shop.have("skus", code="A")
    shop.have("skus", code="B")
    load_lines(shop, line("same", sku_code="A"))
    load_lines(shop, line("same", sku_code="B"))
    assert shop.values("line_items", "sku_code") == ["A", "B"]


def test_reference_comes_before_likeness(shop: Organization) -> None:
    load_lines(shop, line("a", 1, reference="r1"), line("a", 2, reference="r2"))
    load_lines(shop, line("a", 20, reference="r2"), line("a", 10, reference="r1"))
    assert shop.values("line_items", "quantity") == [10, 20]


def test_new_reference_is_a_new_line_however_alike(shop: Organization) -> None:
    load_lines(shop, line("a", 1, reference="r1"))
    load_lines(shop, line("a", 2, reference="r2"))
    assert shop.values("line_items", "quantity") == [1, 2]


def test_reference_counts_within_its_order(shop: Organization) -> None:
    load_lines(shop, line(reference="r"), number="N1")
    load_lines(shop, line(reference="r"), number="N2")
    assert len(shop.all("line_items")) == 2


def test_one_reference_twice_in_a_row_is_one_line(shop: Organization) -> None:
    assert load_lines(shop, line("a", 1, reference="r"), line("b", 2, reference="r")).errors == {}
    assert shop.values("line_items", "name", "quantity") == [("b", 2)]


def test_id_means_the_child_that_has_it(shop: Organization) -> None:
    load_lines(shop, line("a", 1), line("a", 2))
    _, second = shop.values("line_items", "id")
    load_lines(shop, {"id": second, "name": "b"}, line("a", 5))
    assert shop.values("line_items", "name", "quantity") == [("a", 5), ("b", 2)]


def test_id_of_a_child_of_another_record_is_an_error(shop: Organization) -> None:
    load_lines(shop, line("a"), number="N1")
    (other,) = shop.values("line_items", "id")
    outcome = load_lines(shop, {"id": other, "quantity": 9}, number="N2")
    assert outcome.errors == {1: {"line_items.id": ["must exist"]}}
    assert [order["number"] for order in shop.all("orders")] == ["N1"]


def test_tier_matches_by_its_limit_and_null_is_one(shop: Organization) -> None:
    shop.have("skus", code="A")
    parent = shop.some("price_lists")
    tiers: list[Element] = [
        {"name": "ten", "up_to": 10, "price_amount_cents": 90},
        {"name": "more", "up_to": None, "price_amount_cents": 80},
    ]
    row: Element = {"sku_code": "A", "amount_cents": 100, "price_tiers": tiers}
    assert shop.load("prices", [row], parent=parent).counts == (1, 0, 0, 0)
    assert shop.load("prices", [row], parent=parent).counts == (0, 0, 1, 0)
    # a limit that is not named is the open one, too
    changed = [{"name": "open", "price_amount_cents": 70}, {**tiers[0], "price_amount_cents": 95}]
    shop.load("prices", [{**row, "price_tiers": changed}], parent=parent)
    assert shop.values("price_tiers", "name", "up_to", "price_amount_cents") == [
        ("ten", 10, 95),
        ("open", None, 70),
    ]


@pytest.mark.parametrize(
    "spelling", ["price_frequency_tiers", "price_frequency_tier", "PriceFrequencyTier"]
)
def test_type_of_a_tier_has_several_spellings(shop: Organization, spelling: str) -> None:
    tier = {"type": spelling, "name": "t", "price_amount_cents": 1}
    shop.have("prices", price_tiers=[tier])
    assert shop.values("price_tiers", "type") == ["price_frequency_tiers"]


def test_tier_without_a_type_is_one_of_volume(shop: Organization) -> None:
    shop.have("prices", price_tiers=[{"name": "t", "price_amount_cents": 1}])
    assert shop.values("price_tiers", "type") == ["price_volume_tiers"]


def test_same_tier_twice_in_a_row_is_one(shop: Organization) -> None:
    tier = {"name": "t", "up_to": 5, "price_amount_cents": 1}
    shop.have("prices", price_tiers=[tier, {**tier, "name": "u"}])
    assert shop.values("price_tiers", "name") == ["u"]


def test_list_item_matches_by_its_sku(shop: Organization) -> None:
    shop.have("skus", code="A")
    shop.have("skus", code="B")
    items = [{"sku_code": "A"}, {"sku_code": "B", "quantity": 2}]
    assert shop.load("sku_lists", [{"name": "L", "sku_list_items": items}]).counts == (1, 0, 0, 0)
    changed = [{"sku_code": "A", "quantity": 5}]
    outcome = shop.load("sku_lists", [{"name": "L", "sku_list_items": changed}])
    assert outcome.counts == (0, 1, 0, 0)
    assert shop.values("sku_list_items", "sku_code", "quantity") == [("A", 5), ("B", 2)]


def test_rows_of_csv_build_a_collection_together(shop: Organization) -> None:
    shop.have("skus", code="A")
    shop.have("skus", code="B")
    text = "name,sku_list_items.sku_code\nL,A\nL,B\nL,A\nM,\n"
    assert shop.load_csv("sku_lists", text).counts == (2, 1, 1, 0)
    assert shop.values("sku_list_items", "sku_code") == ["A", "B"]


def test_collections_go_as_deep_as_they_are_declared(shop: Organization) -> None:
    option = shop.some("sku_options")
    options = [{"sku_option_id": option, "quantity": 2, "options": {"text": "x"}}]
    row = line(line_item_options=options)
    assert load_lines(shop, row).counts == (1, 0, 0, 0)
    assert load_lines(shop, row).counts == (0, 0, 1, 0)
    options[0]["quantity"] = 3
    assert load_lines(shop, row).counts == (0, 1, 0, 0)
    assert shop.values("line_item_options", "quantity") == [3]


# Errors


@pytest.mark.parametrize(
    ("element", "errors"),
    [
        ({"quantity": 1, "name": "x"}, {"line_items.unit_amount_cents": ["can't be blank"]}),
        (line(quantity=0), {"line_items.quantity": ["must be other than 0"]}),
        (
            {"quantity": "x", "unit_amount_cents": 1, "name": "x"},
            {"line_items.quantity": ["is not a number"]},
        ),
        ({"name": "x", "unit_amount_cents": 1}, {"line_items.quantity": ["can't be blank"]}),
        (line(item_type="cars"), {"line_items.item_type": ["is not included in the list"]}),
        (line(id="nowhere"), {"line_items.id": ["must exist"]}),
        (5, {"line_items.base": ["is not an object"]}),
        (
            line(line_item_options=[{"quantity": 0, "options": {}}]),
            {
                "line_items.line_item_options.quantity": ["must be greater than 0"],
                "line_items.line_item_options.sku_option": ["must exist"],
            },
        ),
        (
            {"sku_code": "nothing", "quantity": 1},
            {"line_items.sku": ["must exist"]},
        ),
    ],
)
def test_error_of_an_element_fails_the_whole_row(
    shop: Organization, element: object, errors: dict[str, list[str]]
) -> None:
    outcome = load_lines(shop, line("fine"), element, customer_email="new@example.com")
    assert outcome.errors == {1: errors}
    assert [shop.all(each) for each in ("orders", "line_items", "customers")] == [[], [], []]


def test_errors_of_all_elements_and_of_the_row_are_told_together(shop: Organization) -> None:
    row = {
        "number": "N",
        "language_code": [],
        "line_items": [line(quantity=0), {"name": "x"}, {"quantity": "y"}],
    }
    outcome = shop.load("orders", [row])
    assert outcome.errors == {
        1: {
            "language_code": ["is invalid"],
            "market": ["must exist"],
            "line_items.quantity": ["must be other than 0", "can't be blank", "is not a number"],
            "line_items.unit_amount_cents": ["can't be blank"],
        }
    }


def test_failing_row_leaves_stored_children_as_they_were(shop: Organization) -> None:
    load_lines(shop, line("a", 1), line("b", 1))
    outcome = load_lines(shop, line("a", 5), line("b", 0), language_code="it")
    assert outcome.counts == (0, 0, 0, 1)
    assert shop.values("line_items", "quantity") == [1, 1]
    assert shop.one("orders")["language_code"] == "en"


@pytest.mark.parametrize("inside", ["x", 5, True])
def test_collection_of_anything_but_objects_is_an_error(shop: Organization, inside: object) -> None:
    row = {"number": "N", "market_id": shop.some("markets"), "line_items": inside}
    outcome = shop.load("orders", [row])
    assert list(outcome.errors[1]) == ["line_items.base"]
    assert outcome.errors[1]["line_items.base"] == ["is not an object"]


# Nested records


ADDRESS = {
    "business": True,
    "company": "Acme",
    "line_1": "Via Roma 1",
    "city": "Prato",
    "zip_code": "59100",
    "country_code": "IT",
    "phone": "1",
}


def test_nested_address_is_created_with_its_record_and_then_updated(shop: Organization) -> None:
    row = {"name": "Prato", "address": ADDRESS}
    assert shop.load("stock_locations", [row]).counts == (1, 0, 0, 0)
    address = shop.one("addresses")["id"]
    assert shop.one("stock_locations")["address_id"] == address
    assert shop.load("stock_locations", [row]).counts == (0, 0, 1, 0)
    moved = {"name": "Prato", "address": {"line_1": "Via Po 2"}}
    assert shop.load("stock_locations", [moved]).counts == (0, 1, 0, 0)
    assert shop.one("addresses")["line_1"] == "Via Po 2"


def test_nested_address_by_id_links_and_updates_it(shop: Organization) -> None:
    address = shop.have("addresses")
    row = {"name": "Prato", "address": {"id": address, "line_1": "Via Po 2"}}
    assert shop.load("stock_locations", [row]).counts == (1, 0, 0, 0)
    assert shop.one("stock_locations")["address_id"] == address
    assert shop.values("addresses", "line_1") == ["Via Po 2"]


def test_nested_address_that_is_wrong_fails_the_row(shop: Organization) -> None:
    row = {"name": "Prato", "address": {**ADDRESS, "country_code": "XX", "city": None}}
    outcome = shop.load("stock_locations", [row])
    assert outcome.errors == {
        1: {
            "address.country_code": ["is not included in the list"],
            "address.city": ["can't be blank"],
        }
    }
    assert shop.all("addresses") == []


def test_address_inside_a_customer_address_is_the_equal_one_of_the_customer(
    shop: Organization,
) -> None:
    columns = {f"address.{name}": value for name, value in ADDRESS.items()}
    text = f"customer.email,{','.join(columns)}\n"
    text += f"a@example.com,{','.join(map(str, columns.values()))}\n"
    assert shop.load_csv("customer_addresses", text).counts == (1, 0, 0, 0)
    assert shop.load_csv("customer_addresses", text).counts == (0, 0, 1, 0)
    assert [len(shop.all(each)) for each in ("customers", "addresses")] == [1, 1]
    assert shop.values("customer_addresses", "customer_email") == ["a@example.com"]
    assert shop.load_csv("customer_addresses", text.replace("a@", "b@")).counts == (1, 0, 0, 0)
    assert len(shop.all("addresses")) == 2, "another customer has another one"


@pytest.mark.parametrize("chunk_rows", [1, 2, 2000])
def test_equal_addresses_of_one_customer_are_one(shop: Organization, chunk_rows: int) -> None:
    """Equal is what has all that is given, as it is stored: `it` is `IT`."""
    shop = shop.in_chunks(chunk_rows)
    first = {"customer_email": "a@example.com", "address": ADDRESS}
    same = {"customer_email": "A@example.com", "address": {**ADDRESS, "country_code": "it"}}
    fewer = {**first, "address": {"city": "Prato"}}
    other = {**first, "address": {**ADDRESS, "phone": "2"}}
    rows = [first, same, fewer, other, other]
    foreseen = shop.dry_run("customer_addresses", rows)
    assert (foreseen.created, foreseen.unchanged) == (2, 3)
    assert shop.load("customer_addresses", rows).counts == (2, 0, 3, 0)
    assert shop.load("customer_addresses", rows).counts == (0, 0, 5, 0)
    assert shop.values("addresses", "phone") == ["1", "2"]


def test_equal_address_takes_what_else_its_row_says(shop: Organization) -> None:
    customer = shop.have("customers", email="a@example.com")
    row = {"address": ADDRESS}
    assert shop.load("customer_addresses", [row], parent=customer).counts == (1, 0, 0, 0)
    more = {"address": ADDRESS | {"tags": [{"name": "home"}]}, "reference": "r"}
    assert shop.load("customer_addresses", [more], parent=customer).counts == (0, 1, 0, 0)
    assert shop.values("customer_addresses", "reference") == ["r"]
    assert shop.values("addresses", "tags") == [["home"]]


def test_address_that_says_nothing_equals_none(shop: Organization) -> None:
    customer = shop.have("customers", email="a@example.com")
    shop.load("customer_addresses", [{"address": ADDRESS}], parent=customer)
    outcome = shop.load("customer_addresses", [{"address": {}}], parent=customer)
    assert outcome.counts == (0, 0, 0, 1)
    assert "address.line_1" in outcome.errors[1]


def test_id_beside_a_nested_address_says_which_one_it_is(shop: Organization) -> None:
    address = shop.have("addresses")
    row = {"customer_email": "a@example.com", "address_id": address, "address": {"city": "Bari"}}
    assert shop.load("customer_addresses", [row]).counts == (1, 0, 0, 0)
    assert shop.load("customer_addresses", [row]).counts == (0, 0, 1, 0)


def test_line_that_equals_one_is_that_one_though_others_are_alike(shop: Organization) -> None:
    """Likeness comes second, so a file of some of the lines changes none of the others."""
    load_lines(shop, line("a", 1), line("a", 2), line("a", 3))
    assert load_lines(shop, line("a", 3), line("a", 2)).counts == (0, 0, 1, 0)
    assert load_lines(shop, line("a", 5), line("a", 1)).counts == (0, 1, 0, 0)
    assert shop.values("line_items", "quantity") == [1, 5, 3]


def test_line_without_anything_to_know_it_by_is_the_equal_one(shop: Organization) -> None:
    sku = shop.some("skus")
    row = {"item_id": sku, "item_type": "skus", "quantity": 1, "unit_amount_cents": 5}
    assert load_lines(shop, row, row).counts == (1, 0, 0, 0)
    assert load_lines(shop, row, row).counts == (0, 0, 1, 0)
    assert len(shop.all("line_items")) == 2, "two of a row are two"
    assert load_lines(shop, {**row, "quantity": 2}).counts == (0, 1, 0, 0)
    assert shop.values("line_items", "quantity") == [1, 1, 2]


def test_customer_address_by_an_address_that_is_there_matches(shop: Organization) -> None:
    address = shop.have("addresses")
    text = f"customer.email,address.id\na@example.com,{address}\n"
    assert shop.load_csv("customer_addresses", text).counts == (1, 0, 0, 0)
    assert shop.load_csv("customer_addresses", text).counts == (0, 0, 1, 0)
    assert len(shop.all("addresses")) == 1
