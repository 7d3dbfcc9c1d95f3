"""Header rows of all kinds of files, and the fields that their columns are.

The cells of a table are those of a file that an import would read; see the pages of the platforms
for their headers, such as help.shopify.com, "Using CSV files to import and export products".
"""

from collections.abc import Sequence
from io import BytesIO

import pytest

from longshore.catalogue import load_catalogue
from longshore.operations import Inspection, Inspections
from longshore.settings import Settings
from longshore.sources import Source

CATALOGUE = load_catalogue()


def inspect(
    header: Sequence[str], *rows: Sequence[str], type_: str | None = None, name: str = "a.csv"
) -> Inspection:
    lines = [header, *(rows or [["x"] * len(header)])]
    text = "".join("\t".join(line) + "\n" for line in lines)
    source = Source.from_stream(BytesIO(text.encode()), name=name)
    return Inspections(CATALOGUE, Settings()).inspect(source, type_)


def found(inspection: Inspection) -> dict[str, tuple[str, str, str]]:
    names = {each.number: each.name for each in inspection.columns}
    return {
        names[each.column]: (each.field, each.ground, each.confidence) for each in inspection.fields
    }


@pytest.mark.parametrize(
    ("type_", "column", "value", "field", "ground", "confidence"),
    [
        # What the catalogue calls it
        ("skus", "code", "A", "code", "name", "high"),
        ("skus", "Do Not Ship", "true", "do_not_ship", "spelling", "high"),
        ("skus", "HS-Tariff.Number", "1", "hs_tariff_number", "spelling", "high"),
        ("prices", "amount_cents", "1250", "amount_cents", "name", "high"),
        ("skus", "metadata.color", "red", "metadata.color", "name", "high"),
        # Shopify
        ("skus", "Variant SKU", "A", "code", "alias", "high"),
        ("skus", "Title", "Mug", "name", "alias", "high"),
        ("skus", "Body (HTML)", "<p>", "description", "alias", "high"),
        ("skus", "Image Src", "https://e.com/a.jpg", "image_url", "alias", "high"),
        ("skus", "Variant Weight Unit", "gr", "unit_of_weight", "alias", "high"),
        ("skus", "Handle", "mug", "reference", "alias", "high"),
        ("prices", "Variant Price", "12.50", "amount_cents", "alias", "high"),
        ("prices", "Variant Compare At Price", "12.50", "compare_at_amount_cents", "alias", "high"),
        # WooCommerce, Magento, Amazon, Google
        ("prices", "Regular price", "12.50", "amount_cents", "alias", "high"),
        ("stock_items", "qty", "7", "quantity", "alias", "high"),
        ("skus", "Weight (lbs)", "1.5", "weight", "spelling", "high"),
        ("skus", "seller-sku", "A", "code", "alias", "high"),
        ("skus", "image_link", "https://e.com/a.jpg", "image_url", "alias", "high"),
        # German
        ("skus", "Artikel-Nr", "A", "code", "alias", "high"),
        ("skus", "ART.-NR.", "A", "code", "alias", "high"),
        ("skus", "Bezeichnung", "Becher", "name", "alias", "high"),
        ("skus", "Gewicht", "0.35", "weight", "alias", "high"),
        ("prices", "Preis", "12,50", "amount_cents", "alias", "high"),
        ("prices", "Preis €", "12,50", "amount_cents", "alias", "high"),
        ("prices", "UVP", "14,90 €", "compare_at_amount_cents", "alias", "high"),
        ("prices", "Artikelnummer", "A", "sku_code", "alias", "high"),
        ("stock_items", "Lagerbestand", "4", "quantity", "alias", "high"),
        ("gift_cards", "Gueltig bis", "2026-12-01", "expires_at", "alias", "high"),
        ("addresses", "Straße", "Kai 1", "line_1", "alias", "high"),
        ("addresses", "PLZ", "20457", "zip_code", "alias", "high"),
        ("addresses", "Vorname", "Ada", "first_name", "alias", "high"),
        ("customers", "E-Mail", "a@example.com", "email", "spelling", "high"),
        # What names another record by its key
        (
            "skus",
            "Shipping Category",
            "Merchandise",
            "shipping_category.name",
            "spelling",
            "medium",
        ),
        ("prices", "price_list", "Retail", "price_list.name", "spelling", "medium"),
        ("prices", "price list code", "R", "price_list.code", "spelling", "medium"),
        # Nearly the same, and the values say so
        ("stock_items", "Quanttity", "4", "quantity", "similar", "medium"),
        ("skus", "desciption", "text", "description", "similar", "medium"),
    ],
)
def test_a_column_is_the_field(type_, column, value, field, ground, confidence) -> None:
    inspection = inspect([column, "other"], [value, "x"], type_=type_)
    assert found(inspection) == {column: (field, ground, confidence)}
    assert all(each.reason for each in inspection.fields)


@pytest.mark.parametrize(
    ("type_", "column", "value", "reason"),
    [
        # Never a trigger, whatever its spelling, nor an id
        ("orders", "_place", "true", "it is a trigger, which makes something happen"),
        ("orders", "place", "true", "orders have no such field"),
        ("skus", "id", "17", "it is named like an id, and its values are none"),
        ("skus", "shipping_category_id", "Main", "it is named like an id, and its values are none"),
        # A code of something else is no SKU
        ("stock_locations", "SKU", "A", "stock_locations have no such field"),
        ("coupons", "Artikel-Nr", "A", "coupons have no such field"),
        # Nothing says what it is
        ("prices", "Preis", "12", "cents"),
        ("prices", "Preis", "1.234", "cents"),
        ("prices", "Preis", "", "cents"),
        ("prices", "Price", "auf Anfrage", "cents"),
        # The field would refuse it
        ("skus", "Gewicht", "schwer", "weight takes 0 of 1 values"),
        ("stock_items", "Bestand", "viele", "quantity takes 0 of 1 values"),
        # Only the values say so
        ("customers", "Kontakt", "a@example.com", "its values look like those of email"),
        ("price_lists", "Geld", "EUR", "its values look like those of currency_code"),
        ("skus", "name", "", None),
        ("skus", "_errors", "x", "it is of a file of failed rows"),
    ],
)
def test_a_column_is_left_out(type_, column, value, reason) -> None:
    inspection = inspect([column, "other"], [value, "x"], type_=type_)
    told = {each.column: each.reason for each in inspection.left_out}
    if reason is None:
        assert set(told) == {2}
    else:
        assert reason in told[1]
        assert not inspection.fields


@pytest.mark.parametrize(
    ("decimals", "integers", "confidence"),
    [(1, 1, "high"), (1, 2, "medium"), (1, 19, "medium"), (1, 20, None), (0, 5, None)],
)
def test_an_amount_is_decimal_only_where_its_values_show_it(decimals, integers, confidence) -> None:
    rows = [["A", "12.50"]] * decimals + [["A", "1250"]] * integers
    inspection = inspect(["sku_code", "Price"], *rows, type_="prices")
    meant = inspection.column_map.get("Price")
    assert meant == (None if confidence is None else "amount_cents:decimal")
    if confidence is not None:
        assert found(inspection)["Price"][2] == confidence


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        (1, "perhaps shipping_category_id: its name; no id in 1 of 10 values"),
        (4, "perhaps shipping_category_id: its name; no id in 4 of 10 values"),
        (5, "it is named like an id, and its values are none"),
    ],
)
def test_a_column_of_ids_with_some_other_values_is_only_offered(others, reason) -> None:
    rows = [["aB3dE6gH9j"]] * (10 - others) + [["nope"]] * others
    inspection = inspect(["shipping_category_id"], *rows, type_="skus")
    (left_out,) = inspection.left_out
    assert left_out.reason == reason
    assert left_out.is_asked
    assert (left_out.field == "shipping_category_id") is (others < 5)
    assert not inspection.fields


def test_ids_under_their_own_names_are_taken_with_less_confidence() -> None:
    inspection = inspect(["id", "shipping_category_id"], ["aB3dE6gH9j"] * 2, type_="skus")
    assert found(inspection) == {
        "id": ("id", "name", "medium"),
        "shipping_category_id": ("shipping_category_id", "name", "medium"),
    }


def test_a_field_is_one_column_and_the_exact_name_wins() -> None:
    inspection = inspect(["SKU", "Code", "code", "Name"], type_="skus")
    assert {name: each[0] for name, each in found(inspection).items()} == {
        "code": "code",
        "Name": "name",
    }
    assert inspection.column_map == {"Code": ""}
    assert inspection.refusal is None


def test_columns_of_one_name_are_told() -> None:
    inspection = inspect(["code", "Notes", "Notes", ""], ["a", "b", "c", "d"], type_="skus")
    assert [each.reason for each in inspection.left_out] == [
        "2 columns have this name",
        "2 columns have this name",
    ]
    twice = inspect(["code", "name", "code"], type_="skus")
    assert twice.refusal is not None


@pytest.mark.parametrize(
    ("header", "name", "type_"),
    [
        ("code name shipping_category_id", "a.csv", "skus"),
        ("SKU Title do_not_ship Weight", "a.csv", "skus"),
        ("sku_code amount_cents price_list_id", "a.csv", "prices"),
        ("sku_code quantity stock_location_id", "a.csv", "stock_items"),
        ("SKU Bestand", "Lagerbestand März.csv", "stock_items"),
        ("name code currency_code", "a.csv", "price_lists"),
        ("email", "a.csv", "customers"),
        ("Vorname Nachname Straße PLZ Ort Land", "a.csv", "addresses"),
        ("name", "Tags.csv", "tags"),
        ("foo bar", "a.csv", None),
    ],
)
def test_the_type_is_the_one_of_which_most_columns_are_fields(header, name, type_) -> None:
    row = ["aB3dE6gH9j" if each.endswith("_id") else "1" for each in header.split()]
    assert inspect(header.split(), row, name=name).resource_type == type_


def test_every_alias_of_a_type_stands_for_one_of_its_fields() -> None:
    for type_ in map(CATALOGUE.types.__getitem__, CATALOGUE.creatable):
        for attribute in type_.attributes:
            for alias in attribute.aliases:
                assert alias == " ".join(alias.lower().split())
