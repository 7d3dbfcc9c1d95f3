"""A small shop in one workbook: imported into an empty store by one command, no id known."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

ADDRESS = ("business", "company", "line_1", "city", "zip_code", "country_code", "phone")
# Sheets as people name and order them: what is named stands behind what names it.
SHEETS: dict[str, Sequence[Sequence[Any]]] = {
    "Notes": [["for those who keep this file"]],
    "Stock": [
        ["sku_code", "stock_location.code", "quantity"],
        *(["MUG", "HAM", 3], ["MUG", "MUC", 4], ["CUP", "HAM", 5]),
    ],
    "Prices": [
        ["sku_code", "price_list.code", "amount_cents"],
        *(["MUG", "eur", 1250], ["MUG", "usd", 1400], ["CUP", "eur", 990], ["CUP", "usd", 1100]),
    ],
    "Customers": [
        ["email", "customer_group.name"],
        *(["a@example.com", "Friends"], ["b@example.com", None]),
    ],
    "SKU list items": [
        ["sku_list.name", "sku_code", "position"],
        *(["Drinking", "MUG", 1], ["Drinking", "CUP", 2]),
    ],
    "Categories": [["name"], ["Drinking"]],
    "SKUs": [
        ["code", "name", "shipping_category.code"],
        *(["MUG", "Mug", "goods"], ["CUP", "Cup", "goods"], ["LID", "Lid", "goods"]),
    ],
    "Price lists": [
        ["code", "name", "currency_code"],
        *(["eur", "Euro", "EUR"], ["usd", "Dollar", "USD"]),
    ],
    "02 Stock locations": [
        ["code", "name", *(f"address.{name}" for name in ADDRESS)],
        ["HAM", "Hamburg", True, "Shop", "Kai 1", "Hamburg", "20457", "DE", "1"],
        ["MUC", "Munich", True, "Shop", "Platz 1", "Munich", "80331", "DE", "1"],
    ],
    "Customer groups": [["name"], ["Friends"]],
    "01 Shipping categories": [["code", "name"], ["goods", "Goods"]],
}
CREATED = {
    "shipping_categories": 1,
    "price_lists": 2,
    "customer_groups": 1,
    "stock_locations": 2,
    "skus": 3,
    "customers": 2,
    "sku_lists": 1,
    "prices": 4,
    "stock_items": 3,
    "sku_list_items": 2,
}


@pytest.fixture
def shop(make_file):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return make_file("shop.xlsx", file.getvalue())


def counts_of(document: Any, count: str) -> dict[str, int]:
    """A count of each member, by its type, in the order of the members."""
    members = document["included"]
    return {each["attributes"]["resource_type"]: each["meta"][count] for each in members}


def test_one_command_imports_the_shop_and_a_second_one_changes_nothing(run, shop) -> None:
    first = run("import", shop, "--json")
    assert first.code == 0, first.err
    assert counts_of(first.json, "created_count") == CREATED
    (notice,) = first.data["meta"]["warnings"]
    assert "'Notes'" in notice["message"]
    assert stock_at(run, "HAM") == {"MUG": 3, "CUP": 5}
    assert stock_at(run, "MUC") == {"MUG": 4}
    second = run("import", shop, "--json")
    assert second.code == 0, second.err
    assert counts_of(second.json, "unchanged_count") == CREATED


def test_one_command_takes_the_shop_back_to_the_empty_store(run, shop) -> None:
    imported = run("import", shop, "--json")
    assert imported.code == 0, imported.err
    made = records_of_all_types(run)
    assert {name: made.get(name) for name in CREATED} == CREATED
    undone = run("undo", imported.data["id"], "--json")
    assert undone.code == 0, undone.err
    meta = undone.json["meta"]
    assert (meta["restored_count"], meta["kept_count"]) == (0, 0)
    assert meta["removed_count"] == sum(made.values())
    assert records_of_all_types(run) == {}


def records_of_all_types(run) -> dict[str, int]:
    """How many records there are of each type that has any, of those that rows make inside too."""
    types = {*CREATED, *(each["type"] for each in run("types", "--json").data)}
    found = {name: len(run("records", name, "--json").data) for name in types}
    return {name: count for name, count in found.items() if count}


def stock_at(run, code: str) -> dict[str, int]:
    """The quantities of SKUs at a stock location."""
    found = run("records", "stock_items", "--filter", f"stock_location_code_eq={code}", "--json")
    items = (each["attributes"] for each in found.data)
    return {each["sku_code"]: each["quantity"] for each in items}
