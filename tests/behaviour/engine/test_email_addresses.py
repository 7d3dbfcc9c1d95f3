"""Only e-mail addresses are stored as such; those that are stored already stay."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

WRONG = [
    "ann@example.com/",
    "ann@http://example.com",
    "mailto:ann@example.com",
    "ann@-example.com",
    "ann@1.2.3.4",
    "an\u200bn@example.com",
    "ann\x07@example.com",
    f"{'a' * 65}@example.com",
]
RIGHT = ["Ann+news@Example.com", "jörg@münchen.de", "ann@shop.test"]


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_what_is_no_address_fails_its_row(shop: Organization, text: str) -> None:
    assert list(shop.load("customers", [{"email": text}]).errors[1]) == ["email"]
    assert shop.dry_run("customers", [{"email": text}]).failed == 1
    order = {"number": "N", "market_id": shop.some("markets"), "customer_email": text}
    assert list(shop.load("orders", [order]).errors[1]) == ["customer_email"]
    address = shop.have("addresses")
    outcome = shop.load("addresses", [{"id": address, "email": text}])
    assert list(outcome.errors[1]) == ["email"]
    made = shop.writer.create(shop.environment, "customers", {"email": text}, creator=1)
    assert [name for name, _, _ in made.findings] == ["email"]
    assert shop.all("customers") == []


def test_addresses_are_stored_as_they_are_given(shop: Organization) -> None:
    rows = [{"email": f" {text}\u200b"} for text in RIGHT]
    assert shop.load("customers", rows).counts == (3, 0, 0, 0)
    assert shop.values("customers", "email") == RIGHT


def test_long_column_is_judged_as_each_of_its_cells(shop: Organization) -> None:
    texts = [f"{number}@example.com" for number in range(100)]
    text = "email\n" + "\n".join([*texts, "x@1.2.3.4", "y@example.com"])
    outcome = shop.load_csv("customers", text)
    assert outcome.counts == (101, 0, 0, 1)
    assert list(outcome.errors) == [101]


@pytest.mark.parametrize("text", ["ann@example.com/", "ann@1.2.3.4"])
def test_address_that_is_stored_already_is_not_judged_again(shop: Organization, text: str) -> None:
    """An export imports again, whatever older releases took for an address."""
    id = shop.have("customers", email="ann@example.com")
    key = f"{shop.environment.number}:{text}"
    with shop.longshore.database.write() as tx:
        statement = "UPDATE customers SET email = ?, email_key = ? WHERE id = ?"
        tx.execute(statement, (text, key, shop.inside(id)))
    row: dict[str, Any] = {"id": id, "email": text}
    assert shop.values("customers", "email") == [text]
    assert shop.load("customers", [row]).counts == (0, 0, 1, 0)
    assert shop.load("customers", [row | {"reference": "r"}]).counts == (0, 1, 0, 0)
    other = {"id": id, "email": f"b{text}"}
    assert list(shop.load("customers", [other]).errors[1]) == ["email"]
    assert shop.load("customers", [{"id": id, "email": "b@example.com"}]).counts == (0, 1, 0, 0)
