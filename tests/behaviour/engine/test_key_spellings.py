"""What stands around a key is nothing, and what has found a record by its key never renames it."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

CREATES, UPDATES, KEEPS = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)

# Blanks, the no-break space, the mark at the head of a file, and what has no width.
UNSEEN = [
    " {}",
    "{}\t",
    "{}\xa0",
    "\ufeff{}",
    "{}\u200b",
    "\u200b \u2060{}\u200d",
    "\u202a{}\u202c",
]
SPELLINGS = [*(each.format("É1") for each in UNSEEN), "E\u03011", "\ufeffE\u03011 "]

SKU = {"name": "x", "do_not_ship": True}


@pytest.mark.parametrize("chunk_rows", [1, 2000])
@pytest.mark.parametrize("code", SPELLINGS, ids=ascii)
def test_any_spelling_of_a_code_is_the_code(shop: Organization, code: str, chunk_rows: int) -> None:
    shop = shop.in_chunks(chunk_rows)
    assert shop.load("skus", [SKU | {"code": code}]).counts == CREATES
    assert shop.load("skus", [SKU | {"code": "É1"}, {"code": code}]).counts == (0, 0, 2, 0)
    assert shop.values("skus", "code") == ["É1"]


@pytest.mark.parametrize("code", SPELLINGS, ids=ascii)
def test_code_that_found_its_record_is_not_written(shop: Organization, code: str) -> None:
    id = shop.have("skus", code="É1")
    row = {"code": code, "name": "new"}
    foreseen = shop.dry_run("skus", [row])
    assert (foreseen.created, foreseen.updated) == (0, 1)
    outcome = shop.load("skus", [row])
    assert outcome.changes == [(1, {"name": ("Some SKU", "new")})]
    assert shop.values("skus", "id", "code") == [(id, "É1")]


def test_long_column_of_spelled_codes_is_as_each_of_them(shop: Organization) -> None:
    """So many rows go together, where nothing is odd; they must mean the same."""
    rows = [SKU | {"code": f"C{number} "} for number in range(200)]
    assert shop.load("skus", rows).counts == (200, 0, 0, 0)
    assert shop.values("skus", "code") == [f"C{number}" for number in range(200)]
    again = [SKU | {"code": f"C{number}\xa0"} for number in range(200)]
    assert shop.load("skus", again).counts == (0, 0, 200, 0)
    text = "code,name\n" + "".join(f"\u200bC{number},y\n" for number in range(200))
    assert shop.load_csv("skus", text).counts == (0, 200, 0, 0)
    assert shop.values("skus", "code") == [f"C{number}" for number in range(200)]


def test_case_of_an_address_is_kept_as_it_was_first(shop: Organization) -> None:
    shop.have("customers", email="Ada@example.com")
    rows = [
        {"email": f" {each}\u200b", "reference": each}
        for each in ("ADA@EXAMPLE.COM", "ada@example.com")
    ]
    assert shop.load("customers", rows).counts == (0, 2, 0, 0)
    assert shop.values("customers", "email", "reference") == [
        ("Ada@example.com", "ada@example.com")
    ]
    many = [{"email": f"{number}@example.com"} for number in range(100)]
    assert shop.load("customers", many).counts == (100, 0, 0, 0)
    shouted = [{"email": f"{number}@EXAMPLE.com", "reference": "r"} for number in range(100)]
    assert shop.load("customers", shouted).counts == (0, 100, 0, 0)
    assert shop.values("customers", "email")[1:] == [each["email"] for each in many]


def test_id_renames_and_what_is_stored_is_trimmed(shop: Organization) -> None:
    id = shop.have("skus", code="A1")
    assert shop.load("skus", [{"id": id, "code": "\u200bB1 "}]).counts == UPDATES
    assert shop.values("skus", "code") == ["B1"]
    customer = shop.have("customers", email="ada@example.com")
    assert shop.load("customers", [{"id": customer, "email": "Ada@example.com"}]).counts == UPDATES
    assert shop.values("customers", "email") == ["Ada@example.com"]


def test_key_that_did_not_find_the_record_is_written(shop: Organization) -> None:
    shop.have("price_lists", code="c", name="old")
    assert shop.load("price_lists", [{"code": "c\xa0", "name": " new\u200b"}]).counts == UPDATES
    assert shop.values("price_lists", "code", "name") == [("c", "new")]


@pytest.mark.parametrize("code", ["", " ", "\xa0", "\u200b", "\ufeff \u2060"], ids=ascii)
def test_code_of_nothing_but_blanks_is_blank(shop: Organization, code: str) -> None:
    row = SKU | {"code": code}
    assert shop.load("skus", [row]).errors == {1: {"code": ["can't be blank"]}}
    assert shop.dry_run("skus", [row]).failed == 1
    id = shop.have("skus", code="A1")
    assert shop.load("skus", [{"id": id, "code": code}]).errors == {1: {"code": ["can't be blank"]}}


def test_what_has_no_width_stays_inside_a_code(shop: Organization) -> None:
    codes = ["A\u200bB", "AB", "A B", "A\xa0B"]
    assert shop.load("skus", [SKU | {"code": code} for code in codes]).counts == (4, 0, 0, 0)
    assert shop.values("skus", "code") == codes


@pytest.mark.parametrize(
    ("resource_type", "row", "name", "stored"),
    [
        ("orders", {"number": "N1\u200b", "market_id": "@markets"}, "number", "N1"),
        ("sku_lists", {"name": "\ufeffL1"}, "name", "L1"),
        ("tags", {"name": "Red\u200b"}, "name", "red"),
        (
            "gift_cards",
            {"code": "CARD-0001\xa0", "balance_cents": 1, "currency_code": "EUR"},
            "code",
            "CARD-0001",
        ),
        (
            "customer_subscriptions",
            {"customer_email": "a@example.com\u200b", "reference": "r\xa0"},
            "reference",
            "r",
        ),
        (
            "line_items",
            {
                "order_id": "@orders",
                "reference": " r",
                "name": "x ",
                "quantity": 1,
                "unit_amount_cents": 1,
            },
            "reference",
            "r",
        ),
    ],
)
def test_texts_of_every_key_are_trimmed(
    shop: Organization, resource_type: str, row: dict[str, Any], name: str, stored: str
) -> None:
    row = {key: shop._filled(value) for key, value in row.items()}
    assert shop.load(resource_type, [row]).counts == CREATES
    assert shop.one(resource_type)[name] == stored
    assert shop.load(resource_type, [row]).counts == KEEPS


@pytest.mark.parametrize("code", ["A\xa0", "\u200bA", "\ufeffA "], ids=ascii)
def test_shortcuts_find_by_any_spelling(shop: Organization, code: str) -> None:
    shop.have("skus", code="A")
    parent = shop.some("price_lists")
    assert (
        shop.load("prices", [{"sku_code": code, "amount_cents": 1}], parent=parent).counts
        == CREATES
    )
    assert shop.values("prices", "sku_code") == ["A"]
    order = {"number": "N", "market_id": shop.some("markets")}
    line = {"sku_code": code, "quantity": 1, "unit_amount_cents": 1}
    assert shop.load("orders", [order | {"line_items": [line]}]).counts == CREATES
    assert shop.values("line_items", "sku_code", "item_type") == [("A", "skus")]
    again = order | {"line_items": [line | {"sku_code": "A"}]}
    assert shop.load("orders", [again]).counts == KEEPS


def test_customer_made_on_the_way_has_a_clean_address(shop: Organization) -> None:
    row = {
        "number": "N",
        "market_id": shop.some("markets"),
        "customer_email": "\u200bAda@example.com\xa0",
    }
    assert shop.load("orders", [row]).counts == CREATES
    assert shop.values("customers", "email") == ["Ada@example.com"]
    assert shop.load("orders", [row | {"customer_email": "ada@EXAMPLE.com"}]).counts == KEEPS


def test_parent_is_found_by_any_spelling(shop: Organization) -> None:
    id = shop.have("price_lists", code="list", name="List")
    for number, text in enumerate(("list\u200b", "\ufefflist", " list\xa0", "List\u200b")):
        row = {"sku_id": shop.have("skus", code=f"A{number}"), "amount_cents": 1}
        assert shop.load("prices", [row], parent=text).counts == CREATES
    assert set(shop.values("prices", "price_list_id")) == {id}


def test_single_writes_are_trimmed_and_meet(shop: Organization) -> None:
    write = {
        "code": "A\u200b",
        "shipping_category_id": shop.some("shipping_categories"),
        "name": "x",
    }
    made = shop.writer.create(shop.environment, "skus", write, creator=1)
    assert made.record_id is not None
    assert shop.values("skus", "code") == ["A"]
    taken = shop.writer.create(shop.environment, "skus", write | {"code": "\xa0A"}, creator=1)
    assert [(name, message) for name, message, _ in taken.findings] == [
        ("code", "has already been taken")
    ]
    shop.writer.update(shop.environment, "skus", made.record_id, {"code": "B\u200b"}, creator=1)
    assert shop.values("skus", "code") == ["B"]


@pytest.mark.parametrize("code", ["A1", "A1 ", "\u200bA1", "A1\xa0"], ids=ascii)
def test_filter_finds_a_code_by_any_spelling(shop: Organization, code: str) -> None:
    shop.have("skus", code="A1")
    shop.have("skus", code="B1")
    for name in ("code_eq", "code_in"):
        assert [each["code"] for each in shop.all("skus", (name, code))] == ["A1"]
    assert [each["code"] for each in shop.all("skus", ("code_not_eq", code))] == ["B1"]
    row = {"sku_code": "A1", "amount_cents": 1, "price_list_id": shop.some("price_lists")}
    assert shop.load("prices", [row]).counts == CREATES
    assert len(shop.all("prices", ("sku_code_eq", code))) == 1


# What releases before 0.2 have stored


def age(shop: Organization, resource_type: str, id: str, name: str, text: str) -> None:
    """Let a record have a text and its key as releases before 0.2 stored them."""
    key = f"{shop.environment.number}:{text.strip()}"
    with shop.longshore.database.write() as tx:
        statement = f'UPDATE "{resource_type}" SET {name} = ?, {name}_key = ? WHERE id = ?'
        assert tx.execute(statement, (text, key, shop.inside(id))) == 1


@pytest.mark.parametrize("chunk_rows", [1, 2000])
def test_record_with_an_older_key_is_found_by_it(shop: Organization, chunk_rows: int) -> None:
    shop = shop.in_chunks(chunk_rows)
    age(shop, "skus", shop.have("skus", code="A1"), "code", "A1\u200b")
    rows = [{"code": "A1\u200b", "name": "new"}, {"code": " A1\u200b"}]
    foreseen = shop.dry_run("skus", rows)
    assert (foreseen.created, foreseen.updated, foreseen.unchanged) == (0, 1, 1)
    assert shop.load("skus", rows).counts == (0, 1, 1, 0)
    assert shop.values("skus", "code", "name") == [("A1\u200b", "new")]
    parent = shop.some("price_lists")
    price = {"sku_code": "A1\u200b", "amount_cents": 1}
    assert shop.load("prices", [price], parent=parent).counts == CREATES
    taken = shop.writer.create(shop.environment, "skus", SKU | {"code": "A1\u200b"}, creator=1)
    assert [name for name, _, _ in taken.findings] == ["code"]


@pytest.mark.parametrize("chunk_rows", [1, 2000])
def test_rows_that_mean_a_record_by_an_older_key_and_by_id_count_in_order(
    shop: Organization, chunk_rows: int
) -> None:
    shop = shop.in_chunks(chunk_rows)
    id = shop.have("skus", code="A1", name="old")
    age(shop, "skus", id, "code", "A1\u200b")
    rows = [{"code": "A1\u200b", "name": "x"}, {"id": id, "name": "y"}]
    outcome = shop.load("skus", rows)
    assert [changes["name"] for _, changes in outcome.changes] == [("old", "x"), ("x", "y")]
    assert shop.values("skus", "name") == ["y"]


@pytest.mark.parametrize("chunk_rows", [1, 2000])
def test_rows_that_name_a_target_by_an_older_key_and_by_id_count_in_order(
    shop: Organization, chunk_rows: int
) -> None:
    shop = shop.in_chunks(chunk_rows)
    id = shop.have("skus", code="A1")
    age(shop, "skus", id, "code", "A1\u200b")
    rows = [{"sku_id": shop.have("skus", code=f"B{number}")} for number in range(3)]
    rows += [{"sku_code": "A1\u200b"}, {"sku_id": id}]
    prices = [{**row, "amount_cents": cents} for cents, row in enumerate(rows)]
    parent = shop.some("price_lists")
    foreseen = shop.dry_run("prices", prices, parent=parent)
    assert (foreseen.created, foreseen.updated) == (4, 1)
    assert shop.load("prices", prices, parent=parent).counts == (4, 1, 0, 0)
    assert shop.values("prices", "amount_cents") == [0, 1, 2, 4]


def test_older_key_comes_after_the_one_that_is_meant(shop: Organization) -> None:
    age(shop, "skus", shop.have("skus", code="x"), "code", "A1\u200b")
    shop.have("skus", code="A1")
    assert shop.load("skus", [{"code": "A1\u200b", "name": "new"}]).counts == UPDATES
    assert shop.values("skus", "code", "name") == [("A1\u200b", "Some SKU"), ("A1", "new")]


def test_spelling_of_a_stored_key_stays_until_somebody_renames_it(shop: Organization) -> None:
    """Its key is the one that is sought, only its text is not: an import does not touch it."""
    id = shop.have("skus", code="A1")
    with shop.longshore.database.write() as tx:
        tx.execute("UPDATE skus SET code = ? WHERE id = ?", ("A1 ", shop.inside(id)))
    rows = [{"code": "A1", "name": "y"}]
    assert shop.load("skus", rows).counts == UPDATES
    many = rows + [SKU | {"code": f"C{number}"} for number in range(100)]
    assert shop.load("skus", many).counts == (100, 0, 1, 0)
    assert shop.one("skus", id)["code"] == "A1 "
    assert shop.load("skus", [{"id": id, "code": "A1"}]).counts == UPDATES
    assert shop.one("skus", id)["code"] == "A1"
