"""Lists of articles, as suppliers send them: one file, several types."""

from pathlib import Path
from typing import Any

import pytest

from longshore.dialects import DialectRefused
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file

LIST = """\
Artikel-Nr;Bezeichnung;Preis;UVP;Bestand;Gewicht;EAN;Gültig ab
1001;Becher „blau“;12,50;14,90;40;0,35;4006381333931;01.12.2026
00123;Schüssel groß;29,99;;0;0,9;4,00638E+12;01.12.2026
K-7;"Krug; mit Deckel";1.234,50 €;1.500,00 €;7;1,25;4006381333955;31.12.2026
Summe;;1.277,49;;;;;
;;;;;;;
"""


def write(folder: Path, text: str, encoding: str = "cp1252") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def test_list_of_a_supplier(shop: Organization, tmp_path: Path) -> None:
    shop.load("stock_locations", [WAREHOUSE])
    path = write(tmp_path, LIST)
    group = import_file(shop, path)
    assert counts(group) == {
        "shipping_categories": (1, 0, 0, 0),
        "skus": (3, 0, 0, 1),
        "price_lists": (1, 0, 0, 0),
        "prices": (3, 0, 0, 0),
        "stock_items": (3, 0, 0, 0),
    }
    assert shop.values("skus", "code", "weight", "unit_of_weight") == [
        ("1001", 350, "gr"),
        ("00123", 900, "gr"),
        ("K-7", 1250, "gr"),
    ]
    assert shop.values("prices", "amount_cents", "compare_at_amount_cents", "currency_code") == [
        (1250, 1490, "EUR"),
        (2999, None, "EUR"),
        (123450, 150000, "EUR"),
    ]
    assert shop.values("stock_items", "quantity") == [40, 0, 7]
    again = import_file(shop, path)
    assert counts(again) == {
        "skus": (0, 0, 3, 1),
        "prices": (0, 0, 3, 0),
        "stock_items": (0, 0, 3, 0),
    }
    told = " ".join(each.message for each in group.notices)
    assert "the price list 'eur' in EUR is made on the way" in told
    assert "1 row has a barcode that a spreadsheet has made a number of" in told
    assert "without a unit, which is read as kilograms" in told


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("Code;Name;Price\nA;a;12.50\n", {}, "in which currency its prices are"),
        ("Code;Name;Preis\nA;a;1.234\n", {"currency": "EUR"}, "may mean two things, as 1.234"),
        ("Code;Name;Preis\nA;a;1 €\nB;b;2 $\n", {}, "several currencies"),
        ("Code;Name;Bestand\nA;a;1\n", {}, "there is no stock location"),
        ("Code;Name;Price\nA;a;1\n", {"currency": "Euro"}, "'Euro' is no currency"),
    ],
)
def test_what_is_missing_is_refused(
    shop: Organization, tmp_path: Path, text: str, options: dict[str, Any], message: str
) -> None:
    folder = shop.longshore.attachments.folder
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    with pytest.raises(DialectRefused, match=message):
        import_file(shop, write(tmp_path, text), **options)
    assert set(folder.iterdir()) == before
