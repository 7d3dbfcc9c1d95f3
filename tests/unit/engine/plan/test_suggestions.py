"""What is suggested for a column that no field bears, and what never is."""

import pytest

from longshore.engine import FieldNames, Suggestions
from longshore.engine.plan.field_names import is_trigger_name
from tests.unit.engine.plans import CATALOGUE


def suggestions(resource_type: str) -> Suggestions:
    return Suggestions(CATALOGUE, CATALOGUE.types[resource_type])


@pytest.mark.parametrize(
    ("resource_type", "column", "field"),
    [
        ("skus", "descripton", "description"),
        ("skus", "Product name", "name"),
        ("skus", "SKU", "code"),
        ("skus", "Variant SKU", "code"),
        ("skus", "Article", "code"),
        ("skus", "StockCode", "code"),
        ("skus", "Title", "name"),
        ("skus", "Body (HTML)", "description"),
        ("skus", "Weight Unit", "unit_of_weight"),
        ("skus", "variantWeight", "weight"),
        ("skus", "Image Src", "image_url"),
        ("prices", "sku", "sku_code"),
        ("prices", "Variant Price", "amount_cents"),
        ("prices", "amount", "amount_cents"),
        ("prices", "Compare At Price", "compare_at_amount_cents"),
        ("prices", "price_tiers.nmae", "price_tiers.name"),
        ("stock_items", "Qty", "quantity"),
        ("customers", "E-Mail", "email"),
        ("orders", "Mail", "customer_email"),
        # nothing but looks alike, or would do damage
        ("skus", "Zzz", None),
        ("skus", "colour", None),
        ("skus", "Supplier name", None),
        ("skus", "ids", None),
        ("skus", "gid", None),
        ("skus", "add tags", None),
        ("skus", "shipping category", None),
        ("orders", "archived", None),
        ("orders", "placed", None),
        ("orders", "cancel", None),
        ("orders", "Order ID", None),
        ("orders", "Financial Status", None),
        ("customers", "Accepts Marketing", None),
        ("gift_cards", "balance change", None),
        ("skus", "", None),
        ("skus", ".", None),
    ],
)
def test_fields_are_suggested_by_their_words(
    resource_type: str, column: str, field: str | None
) -> None:
    assert suggestions(resource_type).field(column) == field


@pytest.mark.parametrize("resource_type", CATALOGUE.creatable)
def test_neither_triggers_nor_ids_are_suggested_whatever_a_column_is_called(
    resource_type: str,
) -> None:
    found = suggestions(resource_type)
    for name in FieldNames(CATALOGUE, CATALOGUE.types[resource_type]).names:
        for column in (name, name.strip("_"), f"my {name}", f"{name}s", f"x{name}", name.title()):
            suggested = found.field(column)
            assert suggested is None or not is_trigger_name(suggested), column
            assert suggested is None or not suggested.endswith(("_id", ".id")), column
            assert suggested != "id", column


@pytest.mark.parametrize(
    ("resource_type", "column", "hint"),
    [
        ("skus", "Product name", "the nearest field is name: --map 'Product name=name'"),
        ("skus", "Bob's title", None),
        ("skus", "title", "the nearest field is name: --map title=name"),
        (
            "skus",
            "shipping_category.title",
            "the nearest field is shipping_category.name: "
            "--map shipping_category.title=shipping_category.name",
        ),
        (
            "skus",
            "Shipping Category",
            "shipping_category_id takes the id of the shipping category, or "
            "shipping_category.code or shipping_category.name its key",
        ),
        (
            "prices",
            "sku.weight",
            "sku_id takes the id of the sku, or sku_code or sku.code its key",
        ),
        (
            "skus",
            "prices.amount_cents",
            "prices are imported as rows of their own: longshore import prices",
        ),
        ("prices", "price_tiers", "its fields are written with a dot, such as price_tiers.name"),
        ("skus", "events.name", None),
    ],
)
def test_hints_say_what_works(resource_type: str, column: str, hint: str | None) -> None:
    assert suggestions(resource_type).hint(column) == hint


def test_names_of_other_systems_lead_to_fields_that_exist() -> None:
    from longshore.catalogue.aliases import FIELD_ALIASES

    fields = {
        name
        for type_ in CATALOGUE.creatable
        for name in FieldNames(CATALOGUE, CATALOGUE.types[type_]).names
    }
    assert fields.issuperset(FIELD_ALIASES)
    for field, aliases in FIELD_ALIASES.items():
        assert all(each == " ".join(each.lower().split()) for each in aliases), field
        assert len(set(aliases)) == len(aliases), field
