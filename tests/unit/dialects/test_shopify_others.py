"""Shopify's files of stock, customers and orders: which records their rows make."""

from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from tests.unit.dialects.made import SAMPLES, made_of, made_of_text, without_places

STORE = StoreNames(
    stock_locations=(
        NamedRecord(code="main", name="Main warehouse"),
        NamedRecord(code="shop", name="The shop"),
    ),
    markets=(NamedRecord(code="eu", name="Europe", currency="EUR"),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_inventory_is_what_is_on_hand_at_each_location(folder: Path) -> None:
    made = made_of(SAMPLES / "shopify_inventory.csv", store=STORE)
    assert made.recognised.dialect.name == "shopify-inventory"
    assert [
        (record.get("stock_location.code"), record.get("sku_code"), record.get("quantity"))
        for record in made.of("stock_items")
    ] == [
        ("main", "00123", "7"),  # what was entered, and not the 4 before
        ("shop", "00123", "2"),
        ("main", "wool-cap-m-dark-blue", "9"),
        ("main", "mug", "0"),
        ("main", "LAMP-1", None),
        (None, None, None),
    ]
    assert made.failures_of("stock_items") == [
        ("7", "quantity", "On hand (current)", "1.5", "not_an_integer"),
        ("8", "base", "SKU", "", "blank"),
    ]
    assert "1 row has less than nothing in stock, which counts as 0" in made.told()


def test_a_location_that_is_not_there_is_refused(folder: Path) -> None:
    store = StoreNames(stock_locations=(NamedRecord(code="main", name="Main warehouse"),))
    with pytest.raises(DialectRefused, match="there is no stock location 'shop'"):
        made_of(SAMPLES / "shopify_inventory.csv", store=store)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'Handle,SKU,Location,Available\na,A,main,1\nb,B,"12,5",2\n',
            "row 2 (line 3), column 'Location': there is no stock location '12,5'; there are main, "
            "shop",
        ),
        (
            f"Handle,SKU,Location,Available\na,A,{'x' * 70_000},1\n",
            f"row 1 (line 2), column 'Location': there is no stock location '{'x' * 99}…'; there "
            "are main, shop",
        ),
        (
            "Handle,SKU,Option1 Value,COO,Moon\na,A,,DE,1\n",
            "row 1 (line 2), column 'Moon': there is no stock location 'Moon'; there are main, "
            "shop",
        ),
    ],
)
def test_a_cell_for_which_the_file_is_refused_is_told_with_its_place(
    folder: Path, text: str, message: str
) -> None:
    path = folder / "file.csv"
    path.write_text(text)
    with pytest.raises(DialectRefused) as refused:
        made_of(path, store=STORE)
    assert refused.value.message == message
    assert refused.value.hint


def test_the_only_location_of_a_file_may_be_the_one_that_was_asked_for(folder: Path) -> None:
    path = folder / "one.csv"
    path.write_text("Handle,SKU,Location,Available\na,A,Elsewhere,1\nb,B,Elsewhere,2\n")
    made = made_of(path, store=STORE, stock_location="shop")
    assert [each["stock_location.code"] for each in made.of("stock_items")] == ["shop", "shop"]


def test_older_inventory_has_a_column_for_each_location(folder: Path) -> None:
    made = made_of(SAMPLES / "shopify_inventory_2021.csv", store=STORE)
    assert [
        (record["stock_location.code"], record["sku_code"], record["quantity"])
        for record in made.of("stock_items")
    ] == [
        *(("main", "00123", "4"), ("main", "mug", "0"), ("shop", "mug", "5")),
    ]
    assert "1 column left out: HS Code" in made.told()


def test_customers_have_their_default_address(folder: Path) -> None:
    made = made_of(SAMPLES / "shopify_customers.csv")
    assert made.recognised.dialect.name == "shopify-customers"
    ada, shop, bob = made.of("customers")
    assert (ada["email"], ada["reference"]) == ("ada@example.com", "6012345678901")
    assert ada["tags"] == "vip,early-bird"
    assert ada.get("metadata", {}) == {
        "first_name": "Ada",
        "last_name": "King",
        "note": "likes brass",
        "tax_exempt": "no",
        "accepts_email_marketing": "yes",
        "accepts_sms_marketing": "no",
        "total_spent": "120.50",
        "total_orders": "2",
    }
    assert bob["email"] == "bob@example.com"
    of_ada, of_shop = made.of("customer_addresses")
    assert {name: cell for name, cell in of_ada.items() if name.startswith("address.")} == {
        "address.first_name": "Ada",
        "address.last_name": "King",
        "address.company": "Engines Ltd",
        "address.line_1": "1 Main Street",
        "address.city": "Springfield",
        "address.zip_code": "01234",
        "address.state_code": "IL",
        "address.country_code": "US",
        "address.phone": "+15550100",
    }
    assert of_shop["address.business"] == "true"
    assert of_shop["address.phone"] == "+15550111"
    assert made.told() == [
        "1 row has an address without a street: it is left out",
        "1 row is left out: customers without an e-mail address",
        "1 column left out: Shoe Size (customer.metafields.custom.shoe)",
    ]
    assert shop["email"] == "shop@example.com"


def test_customers_of_older_files_are_the_same(folder: Path) -> None:
    made = made_of(SAMPLES / "shopify_customers_2022.csv")
    assert (
        made.recognised.dialect.name == "shopify-customers"
    )  # Spree's have some of these columns, too
    (address,) = made.of("customer_addresses")
    assert (address["customer_email"], address["address.country_code"]) == ("max@example.com", "DE")
    assert made.told() == []


def test_orders_are_their_rows_together(folder: Path) -> None:
    made = made_of(SAMPLES / "shopify_orders.csv", store=STORE)
    assert made.recognised.dialect.name == "shopify-orders"
    first = made.of("orders")[0]
    assert (first["number"], first["market.code"]) == ("#1001", "eu")
    assert (first["customer_email"], first["reference"]) == ("ada@example.com", "5012345678901")
    assert first.get("metadata", {})["financial_status"] == "paid"
    assert first.get("metadata", {})["billing_address"] == {
        "name": "Ada King",
        "street": "1 Main Street",
        "city": "Springfield",
        "zip": "01234",
        "country": "US",
    }
    assert [
        (
            record["order.number"],
            record.get("sku_code"),
            record.get("quantity"),
            record.get("unit_amount_cents"),
            record.get("compare_at_amount_cents"),
            record["reference"],
        )
        for record in made.of("line_items")
    ] == [
        ("#1001", "00123", "2", "1990", "2500", "#1001/00123"),
        ("#1001", None, "1", "2000", None, "#1001/engraving"),
        ("#1001", None, "1", "2000", None, "#1001/engraving/2"),
        ("#1002", "mug", None, None, None, "#1002/mug"),
    ]
    assert made.failures_of("line_items") == [
        ("4", "unit_amount_cents", "Lineitem price", "12.505", "too_many_decimals"),
        ("4", "quantity", "Lineitem quantity", "one", "not_a_number"),
    ]
    # Another currency than that of the market; a line item of no order.
    assert made.failures_of("orders") == [
        ("5", "base", "Currency", "USD", "other_currency"),
        ("6", "base", "Name", "", "blank"),
    ]


def test_orders_need_a_market(folder: Path) -> None:
    with pytest.raises(DialectRefused, match="there is none"):
        made_of(SAMPLES / "shopify_orders.csv", store=StoreNames())


def test_order_in_an_unknown_currency_fails_alone(tmp_path: Path) -> None:
    header = "Name,Email,Currency,Lineitem sku,Lineitem quantity,Lineitem price"
    rows = ("#1,a@b.c,usd,A,1,10", "#2,a@b.c,EURO,A,1,10", "#2,,,B,1,10", "#3,a@b.c,USD,A,1,10")
    market = NamedRecord(code="us", name="US", currency="USD")
    store = StoreNames(markets=(market,))
    made = made_of_text(tmp_path, "\n".join([header, *rows, ""]), store=store)
    assert made.failures_of("orders") == [("2", "base", "Currency", "EURO", "not_in_list")]
    assert [each.get("number") for each in made.of("orders")] == ["#1", "#2", "#3"]
    assert [each["order.number"] for each in made.of("line_items")] == ["#1", "#3"]


def test_orders_are_refused_where_nobody_says_their_currency(tmp_path: Path) -> None:
    header = "Name,Email,Currency,Lineitem sku,Lineitem quantity,Lineitem price"
    market = NamedRecord(code="us", name="US", currency="USD")
    store = StoreNames(markets=(market,))
    with pytest.raises(DialectRefused, match="in which currency"):
        made_of_text(tmp_path, f"{header}\n#1,a@b.c,,A,1,10\n", store=store)


def test_order_whose_rows_stand_apart_has_the_currency_of_its_first_row(tmp_path: Path) -> None:
    rows = ["#1,A@x.test,USD,1,5,A", "#1,A@x.test,,1,6,B", "#2,b@x.test,USD,1,7,A"]
    late = "#1,A@x.test,,2,5,A"
    head = "Name,Email,Currency,Lineitem quantity,Lineitem price,Lineitem sku\n"
    market = NamedRecord(code="us", name="US", currency="USD")
    together, apart = (
        made_of_text(tmp_path, head + "\n".join(lines), store=StoreNames(markets=(market,)))
        for lines in ([*rows[:2], late, rows[2]], [*rows, late])
    )
    for name in ("orders", "line_items"):
        assert without_places(apart.of(name)) == without_places(together.of(name))
    amounts = [each["unit_amount_cents"] for each in apart.of("line_items")]
    assert amounts == ["700", "500", "600", "500"]
