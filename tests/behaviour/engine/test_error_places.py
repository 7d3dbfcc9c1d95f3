"""Where an error stands: code, column of the source and pointer into the row, stored and tried."""

from typing import Any

import pytest

from longshore.imports import LoggedError, errors_of
from tests.behaviour.engine.organization import Organization

Place = tuple[str, str | None, str | None, str]  # attribute, code, column, pointer


def places(errors: list[LoggedError]) -> list[Place]:
    return [(each.attribute, each.code, each.column, each.pointer) for each in errors]


def told(shop: Organization, resource_type: str, row: Any, **request: Any) -> list[Place]:
    """The places of the errors of an import's only row, as a dry run tells them."""
    tried = places([*shop.dry_run(resource_type, [row], **request).errors])
    import_ = shop.load(resource_type, [row], **request).import_
    with shop.longshore.database.read() as tx:
        stored = places(list(errors_of(tx, import_.id)))
    assert tried == stored
    return stored


@pytest.mark.parametrize(
    ("resource_type", "row", "place"),
    [
        ("skus", {"weight": "x"}, ("weight", "not_a_number", "weight", "/weight")),
        ("skus", {"code": "A"}, ("name", "blank", None, "/name")),
        ("skus", {"metadata.a": 2**70}, ("metadata.a", "too_large", "metadata.a", "/metadata.a")),
        ("skus", 5, ("base", "not_an_object", None, "")),
        ("prices", {"sku_code": "X"}, ("sku", "must_exist", "sku_code", "/sku_code")),
        ("prices", {"sku_id": "X"}, ("sku", "must_exist", "sku_id", "/sku_id")),
        ("prices", {"amount_cents": 1}, ("sku", "must_exist", None, "/sku")),
        ("orders", {"line_items": [{"quantity": 1}, {"quantity": "x"}]},
         ("line_items.quantity", "not_a_number", "line_items.quantity", "/line_items/1/quantity")),
        ("orders", {"line_items": {"quantity": "x"}},
         ("line_items.quantity", "not_a_number", "line_items.quantity", "/line_items/quantity")),
        ("orders", {"line_items.quantity": "x"},
         ("line_items.quantity", "not_a_number", "line_items.quantity", "/line_items.quantity")),
        ("orders", {"line_items": [{"quantity": 1}, {"sku_code": "GONE"}]},
         ("line_items.sku", "must_exist", "line_items.sku_code", "/line_items/1/sku_code")),
        ("orders", {"line_items": [{"quantity": 1}, 5]},
         ("line_items.base", "not_an_object", "line_items", "/line_items/1")),
        ("orders", {"line_items": [{"line_item_options": [{}, {"quantity": "x"}]}]},
         ("line_items.line_item_options.quantity", "not_a_number",
          "line_items.line_item_options.quantity", "/line_items/0/line_item_options/1/quantity")),
        ("customer_addresses", {"address": {"country_code": "XX"}},
         ("address.country_code", "not_in_list", "address.country_code", "/address/country_code")),
        ("skus", {"tags": [{"name": "a b"}]}, ("tags.name", "invalid", "tags", "/tags")),
    ],
)  # fmt: skip
def test_place_in_an_object(shop: Organization, resource_type: str, row: Any, place: Place) -> None:
    assert place in told(shop, resource_type, row)


def test_key_that_is_mapped_is_told_as_the_source_has_it(shop: Organization) -> None:
    found = told(
        shop, "skus", {"peso": "x", "a/b": 5}, column_map={"peso": "weight", "a/b": "name"}
    )
    assert ("weight", "not_a_number", "peso", "/peso") in found


def test_cells_are_told_by_the_columns_of_the_header(shop: Organization) -> None:
    text = (
        "Code,Weight,shipping_category_id,shipping_category_name,Note/1\n"
        "A,x,gone,,n\nB,1,,,n\nC,1,,lost,n\nD,1,,,n,6\n"
    )
    import_ = shop.load_csv("skus", text, column_map={"Note/1": "unit_of_weight"}).import_
    with shop.longshore.database.read() as tx:
        found = {
            (each.row, *place) for each in errors_of(tx, import_.id) for place in places([each])
        }
    assert found >= {
        (1, "weight", "not_a_number", "Weight", "/Weight"),
        (1, "unit_of_weight", "not_in_list", "Note/1", "/Note~11"),
        (1, "shipping_category", "must_exist", "shipping_category_id", "/shipping_category_id"),
        (2, "shipping_category", "must_exist", "shipping_category_id", "/shipping_category_id"),
        (2, "name", "blank", None, "/name"),
        (4, "base", "too_many_cells", None, ""),
    }
