"""The list of a supplier as people send it: one file, read as SKUs, as prices and as stock."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.behaviour.cli.conftest import Run

MakeFile = Callable[..., Path]

TABLE = """\
Artikel-Nr;Bezeichnung;Preis;UVP;Bestand;Gewicht;EAN;Gültig ab;Aktiv
1001;Hafenbecher „blau“ – 0,3 l;12,50;14,90;40;0,35;4006381333931;01.12.2026;ja
00123;Salatschüssel groß;29,99;;0;0,9;4,00638E+12;01.12.2026;ja
K-7;"Krug; mit Deckel";1.234,50 €;1.500,00 €;7;1,25;4006381333955;31.12.2026;nein
;;;;;;;;
"""
PRICES = [(1250, 1490), (2999, None), (123450, 150000)]
STOCK = [40, 0, 7]


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Preisliste 2026"
    rows: list[list[object]] = [
        ["Preisliste 2026", None, None, "Stand: 27.11.2026"],
        ["Alle Preise in EUR"],
        [],
        ["Artikel-Nr", "Bezeichnung", "Preis €", "UVP €", "Bestand", "Gewicht (g)", "EAN", "Ab"],
        ["1001", "Becher", 12.5, 14.9, 40, 350, 4006381333931, date(2026, 12, 1)],
        ["00123", "Schüssel", 29.99, None, 0, 900, 4006381333948, datetime(2026, 12, 1, 8, 30)],
        ["1E5", "Krug", 1234.5, 1500, 7, 1250.5, 4006381333955, date(2026, 12, 1)],
        [],
        ["Summe", None, "=SUM(C5:C7)"],
    ]
    for row in rows:
        sheet.append(row)
    book.create_sheet("Hinweise").append(["Preise freibleibend"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("shape", ["cp1252", "sep", "xlsx"])
def test_a_price_list_is_skus_prices_and_stock(run: Run, make_file: MakeFile, shape: str) -> None:
    is_workbook = shape == "xlsx"
    if is_workbook:
        file = make_file("preisliste.xlsx", workbook())
        codes, weights = ["1001", "00123", "1E5"], [350, 900, 1250.5]
        price, compared, weight = "Preis €", "UVP €", "Gewicht (g)=weight:g"
    else:
        opening = "sep=;\r\n" if shape == "sep" else ""
        text = opening + TABLE.replace("\n", "\r\n")
        file = make_file("preisliste.csv", text.encode("cp1252"))
        codes, weights = ["1001", "00123", "K-7"], [350, 900, 1250]
        price, compared, weight = "Preis", "UVP", "Gewicht=weight:kg"
    failed = 1 if is_workbook else 0  # the sum below the table

    def load(type_: str, parent: str, *columns: str) -> list[dict[str, Any]]:
        maps = [word for column in columns for word in ("--map", column)]
        ended = run("import", type_, file, "--parent", parent, "--skip-errors", *maps)
        assert (ended.facts["created"], ended.facts["failed"]) == ("3", f"{failed}"), ended.err
        assert ("looks like a total: Summe" in ended.err) is is_workbook
        assert ("'4,00638E+12'" in ended.err) is not is_workbook
        found = run("records", type_, "--json").data
        return [each["attributes"] for each in found]

    def by_code(found: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        return [next(each for each in found if each[key] == code) for code in codes]

    run("import", "shipping_categories", make_file("c.csv", "name\nMain\n"))
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nRetail,EUR\n"))
    locations = make_file("s.csv", run("template", "stock_locations").out)
    assert run("import", "stock_locations", locations).code == 0

    skus = load("skus", "Main", "Artikel-Nr=code", "Bezeichnung=name", weight)
    assert [each["weight"] for each in by_code(skus, "code")] == weights
    assert {each["unit_of_weight"] for each in skus} == {"gr"}
    prices = load(
        "prices",
        "Retail",
        "Artikel-Nr=sku_code",
        f"{price}=amount_cents:decimal",
        f"{compared}=compare_at_amount_cents:decimal",
    )
    assert [
        (each["amount_cents"], each["compare_at_amount_cents"])
        for each in by_code(prices, "sku_code")
    ] == PRICES
    stock = load("stock_items", "EXAMPLE-1", "Artikel-Nr=sku_code", "Bestand=quantity")
    assert [each["quantity"] for each in by_code(stock, "sku_code")] == STOCK
