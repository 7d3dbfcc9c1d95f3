"""What an error shows beside its message: what was found, and what was expected."""

from typing import Any

import pytest

from longshore.imports import LoggedError, errors_of
from tests.behaviour.engine.organization import Organization

Row = dict[str, Any]
Shown = dict[str, tuple[str, str | None, str | None]]  # attribute -> message, value, expected


def shown(errors: list[LoggedError]) -> Shown:
    return {each.attribute: (each.message, each.value, each.expected) for each in errors}


def told(shop: Organization, resource_type: str, row: Row, **request: Any) -> Shown:
    """What an import tells of its only row, as a dry run does."""
    tried = shown([*shop.dry_run(resource_type, [row], **request).errors])
    import_ = shop.load(resource_type, [row], **request).import_
    with shop.longshore.database.read() as tx:
        found = shown(list(errors_of(tx, import_.id)))
    assert tried == found
    return found


@pytest.mark.parametrize(
    ("resource_type", "row", "field", "expected"),
    [
        ("customers", {"email": "ann"}, "email", "an e-mail address, such as ann@example.com"),
        ("orders", {"customer_email": "x"}, "customer_email", "an e-mail address"),
        ("skus", {"metadata": "[1]"}, "metadata", 'an object, such as {"color": "red"}'),
        ("skus", {"name": "\0"}, "name", "a text without NUL"),
        ("skus", {"tags": [{"name": "a b"}]}, "tags.name", "letters, digits, _, - and :"),
        ("skus", {"tags": "a"}, "tags", "names of tags"),
        ("coupons", {"expires_at": "x"}, "expires_at", "a date and time (ISO 8601), such as"),
        ("sku_lists", {"sku_code_regex": "("}, "sku_code_regex", "a regular expression"),
        ("customer_addresses", {"address": "x"}, "address", "an object with the fields"),
    ],
)
def test_what_is_invalid_says_what_was_expected(
    shop: Organization, resource_type: str, row: Row, field: str, expected: str
) -> None:
    message, _, said = told(shop, resource_type, row)[field]
    assert message == "is invalid"
    assert said is not None
    assert said.startswith(expected)


def test_a_choice_says_which_there_are(shop: Organization) -> None:
    found = told(shop, "skus", {"unit_of_weight": "stone"})
    expected = ("is not included in the list", "stone", "one of gr, oz, lb")
    assert found["unit_of_weight"] == expected


def test_a_field_inside_a_row_says_it_too(shop: Organization) -> None:
    row = {"market_id": shop.some("markets"), "line_items": [{"item_type": "cars"}]}
    message, value, expected = told(shop, "orders", row)["line_items.item_type"]
    assert (message, value) == ("is not included in the list", "cars")
    assert expected is not None
    assert expected.startswith("one of skus, ")


@pytest.mark.parametrize(
    ("resource_type", "row", "field", "message", "expected"),
    [
        ("skus", {"weight": "x"}, "weight", "is not a number", "a number, such as 12"),
        ("prices", {"amount_cents": "x"}, "amount_cents", "is not a number",
         "a whole number, such as 12"),
        ("prices", {"amount_cents": "1.5"}, "amount_cents", "must be an integer", "a whole number"),
        ("prices", {"amount_cents": -1}, "amount_cents", "must be greater than or equal to 0",
         "0 or more"),
        ("skus", {"code": "a" * 600}, "code", "is too long (maximum is 512 bytes)",
         "at most 512 bytes of UTF-8"),
        ("orders", {"coupon_code": "x"}, "coupon_code", "doesn't exist",
         "the code of one of the coupons"),
        ("skus", {"do_not_ship": "x"}, "do_not_ship", "is not included in the list",
         "true or false"),
        ("skus", {"name": ""}, "name", "can't be blank", None),
        ("prices", {"sku_code": "x"}, "sku", "must exist", "the id or code of one of the SKUs"),
        ("skus", {"tags": [{"id": "x"}]}, "tags", "must exist",
         "the id or name of one of the tags"),
    ],
)  # fmt: skip
def test_other_errors_say_it_where_it_can_be_said(
    shop: Organization, resource_type: str, row: Row, field: str, message: str, expected: str | None
) -> None:
    said, _, found = told(shop, resource_type, row)[field]
    assert said == message
    assert (found or "").startswith(expected or "")
    assert (found is None) == (expected is None)


def test_what_must_exist_shows_what_was_given(shop: Organization) -> None:
    tag = shop.some("tags")
    rows: list[tuple[str, Row, str, str | None]] = [
        ("skus", {"code": "A"}, "shipping_category", None),
        ("skus", {"code": "A", "shipping_category_id": None}, "shipping_category", None),
        ("skus", {"code": "A", "shipping_category_id": "gone"}, "shipping_category", "gone"),
        ("skus", {"code": "A", "shipping_category_id": 5}, "shipping_category", "5"),
        ("skus", {"code": "A", "shipping_category_id": tag}, "shipping_category", tag),
        ("skus", {"id": "gone"}, "id", "gone"),
        ("skus", {"id": tag}, "id", tag),
        ("skus", {"code": "A", "tags": [{"id": "gone"}]}, "tags", "gone"),
        ("prices", {"sku_code": "GONE", "amount_cents": 1}, "sku", "GONE"),
        ("prices", {"sku_id": "gone", "amount_cents": 1}, "sku", "gone"),
        ("prices", {"amount_cents": 1}, "sku", None),
        ("orders", {"line_items": [{"sku_code": "GONE"}]}, "line_items.sku", "GONE"),
        ("orders", {"line_items": [{"id": "gone"}]}, "line_items.id", "gone"),
        (
            "orders",
            {"line_items": [{"item_type": "skus", "item_id": "gone"}]},
            "line_items.item",
            "gone",
        ),
    ]
    for resource_type, row, field, value in rows:
        found = told(shop, resource_type, row)
        assert found[field][:2] == ("must exist", value), row


def test_a_parent_that_is_gone_is_shown(shop: Organization) -> None:
    parent = shop.have("shipping_categories", name="Gone")
    import_ = shop.submit("skus", b'[{"code": "A", "name": "x"}]', parent=parent)
    shop.writer.delete(shop.environment, "shipping_categories", shop.inside(parent), creator=1)
    ended = shop.run(import_).import_
    with shop.longshore.database.read() as tx:
        found = shown(list(errors_of(tx, ended.id)))
    assert found["shipping_category"][:2] == ("must exist", parent)


def test_cells_of_csv_show_the_same(shop: Organization) -> None:
    text = "code,name,shipping_category_id,tags.id\nA,x,gone,lost\nB,x,,\n"
    import_ = shop.load_csv("skus", text).import_
    with shop.longshore.database.read() as tx:
        found = [(each.row, each.attribute, each.value) for each in errors_of(tx, import_.id)]
    assert found == [
        (1, "shipping_category", "gone"),
        (1, "tags", "lost"),
        (2, "shipping_category", None),
    ]
