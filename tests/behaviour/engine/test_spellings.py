"""Columns as people write them: decided over all rows, told, and read alike from then on."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from longshore.errors import RequestRefused
from longshore.imports import ImportRequest
from longshore.mapping import MappingDocument, read_mapping
from longshore.notices import NoticeCode
from longshore.sources import Source
from longshore.spellings import DecimalMark
from tests.behaviour.engine.organization import Organization, Outcome

DECIMAL = {"Preis": "amount_cents:decimal"}


def told(outcome: Outcome, code: NoticeCode) -> list[str]:
    return [notice.message for notice in outcome.import_.notices if notice.code == code]


def euro_list(shop: Organization, currency: str = "EUR") -> str:
    return shop.have("price_lists", name=f"in {currency}", currency_code=currency)


# Amounts


def test_one_value_decides_how_the_amounts_of_a_column_are_read(shop: Organization) -> None:
    for code in "ABC":
        shop.have("skus", code=code)
    text = 'sku_code,Preis\nA,"1.234"\nB,"12,50"\nC,"1.234,50 €"\n'
    outcome = shop.load_csv("prices", text, column_map=DECIMAL, parent=euro_list(shop))
    assert outcome.counts == (3, 0, 0, 0)
    assert sorted(shop.values("prices", "amount_cents")) == [1250, 123400, 123450]
    assert told(outcome, NoticeCode.VALUES_SPELLED) == [
        "column 'Preis' is read as decimal comma: 12,50 is 12.50 (row 2), 1.234 is 1234 (row 1)"
    ]
    assert outcome.import_.column_map == {"Preis": "amount_cents:decimal-comma"}
    text = 'sku_code,Preis\nA,1.234\nB,"12.50"\n'
    outcome = shop.load_csv("prices", text, column_map=DECIMAL, parent=euro_list(shop, "KWD"))
    assert outcome.counts == (2, 0, 0, 0)
    assert sorted(shop.values("prices", "amount_cents"))[:2] == [1234, 1250]


def test_amounts_that_may_mean_two_things_are_refused_until_somebody_says_which(
    shop: Organization,
) -> None:
    shop.have("skus", code="A")
    parent = euro_list(shop)
    text = "sku_code,Preis\nA,1.234\n"
    with pytest.raises(RequestRefused, match=r"'1\.234'.*may be 1234 or 1\.234") as refused:
        shop.load_csv("prices", text, column_map=DECIMAL, parent=parent)
    assert refused.value.hint is not None
    assert "--decimal comma reads it as 1234" in refused.value.hint
    asked: dict[str, Any] = {"column_map": DECIMAL, "parent": parent}
    outcome = shop.load_csv("prices", text, decimal=DecimalMark.COMMA, **asked)
    assert outcome.counts == (1, 0, 0, 0)
    assert shop.values("prices", "amount_cents") == [123400]
    outcome = shop.load_csv("prices", text, decimal=DecimalMark.POINT, **asked)
    assert outcome.errors == {1: {"amount_cents": ["has 3 decimals, and EUR has 2"]}}


def test_amounts_of_both_marks_are_read_one_by_one_and_told(shop: Organization) -> None:
    for code in "ABC":
        shop.have("skus", code=code)
    text = 'sku_code,Preis\nA,"12,50"\nB,13.50\nC,1.234\n'
    outcome = shop.load_csv("prices", text, column_map=DECIMAL, parent=euro_list(shop))
    assert outcome.counts == (2, 0, 0, 1)
    assert list(outcome.errors) == [3]
    (message,) = told(outcome, NoticeCode.SPELLING_CONTRADICTED)
    assert "'12,50' (row 1) and '13.50' (row 2)" in message


def test_what_stands_for_no_value_is_blank_and_told(shop: Organization) -> None:
    for code in "ABC":
        shop.have("skus", code=code)
    asked = {**DECIMAL, "UVP": "compare_at_amount_cents:decimal"}
    text = 'sku_code,Preis,UVP\nA,"12,50",-\nB,"13,50","#N/V"\nC,"9,00","9,5"\n'
    outcome = shop.load_csv("prices", text, column_map=asked, parent=euro_list(shop))
    assert outcome.counts == (3, 0, 0, 0)
    assert shop.values("prices", "compare_at_amount_cents") == [None, None, 950]
    assert told(outcome, NoticeCode.VALUES_BLANK) == [
        "column 'UVP': 2 values such as '-' (row 1) are read as blank"
    ]


# Columns that nobody says anything of


def test_columns_of_a_table_are_read_as_people_write_them(shop: Organization) -> None:
    text = 'code,name,weight,do_not_ship\nA,a,"0,35 kg",ja\nB,b,900 g,nein\nC,c,"1,5 kg",nein\n'
    outcome = shop.load_csv("skus", text, parent=shop.some("shipping_categories"))
    assert outcome.counts == (3, 0, 0, 0)
    assert shop.values("skus", "weight") == [350.0, 900.0, 1500.0]
    assert shop.values("skus", "unit_of_weight") == ["gr", "gr", "gr"]
    assert shop.values("skus", "do_not_ship") == [True, False, False]
    assert told(outcome, NoticeCode.VALUES_SPELLED) == [
        "column 'weight' is read as decimal comma, in gr: 0,35 kg is 350 gr (row 1)",
        "column 'do_not_ship' is read as words of German: ja is true (row 1)",
    ]


def test_weight_of_another_unit_than_its_row_gives_is_an_error(shop: Organization) -> None:
    text = 'code,name,weight,unit_of_weight\nA,a,"0,35 kg",lb\nB,b,"0,5 kg",gr\nC,c,"1 kg",\n'
    outcome = shop.load_csv("skus", text, parent=shop.some("shipping_categories"))
    assert list(outcome.errors) == [1]
    assert list(outcome.errors[1]) == ["unit_of_weight"]
    assert shop.values("skus", "weight", "unit_of_weight") == [(500.0, "gr"), (1000.0, "gr")]


def test_columns_as_the_wire_spells_them_are_left_alone(shop: Organization) -> None:
    text = "code,name,weight,do_not_ship\nA,a,1.234,true\nB,b,2,0\n"
    outcome = shop.load_csv("skus", text, parent=shop.some("shipping_categories"))
    assert outcome.counts == (2, 0, 0, 0)
    assert shop.values("skus", "weight", "unit_of_weight") == [(1.234, None), (2.0, None)]
    assert (outcome.import_.notices, outcome.import_.column_map) == ((), {})


def test_dates_are_read_in_the_order_that_one_of_them_shows(shop: Organization) -> None:
    text = (
        "name,currency_code,starts_at,expires_at,total_usage_limit,percentage\n"
        "A,EUR,03/04/2026,31.12.2026,5,10\nB,EUR,13/04/2026,01.01.2027,5,10\n"
    )
    outcome = shop.load_csv("percentage_discount_promotions", text)
    assert outcome.counts == (2, 0, 0, 0), outcome.errors
    found = shop.values("percentage_discount_promotions", "starts_at")
    assert [each[:10] for each in found] == ["2026-04-03", "2026-04-13"]


def test_dates_that_may_mean_two_things_fail_with_a_notice(shop: Organization) -> None:
    text = (
        "name,currency_code,starts_at,expires_at,total_usage_limit,percentage\n"
        "A,EUR,03/04/2026,2026-12-31,5,10\n"
    )
    outcome = shop.load_csv("percentage_discount_promotions", text)
    assert list(outcome.errors[1]) == ["starts_at"]
    (message,) = told(outcome, NoticeCode.SPELLING_OPEN)
    assert "'03/04/2026' (row 1) may be 2026-04-03 or 2026-03-04" in message
    asked = {"starts_at": "starts_at:mdy"}
    outcome = shop.load_csv("percentage_discount_promotions", text, column_map=asked)
    assert outcome.counts == (1, 0, 0, 0)


def test_spelling_that_no_value_of_the_field_has_is_refused(shop: Organization) -> None:
    for meaning in ("name:kg", "weight:dmy", "do_not_ship:kg"):
        with pytest.raises(RequestRefused):
            shop.load_csv("skus", "X,code\n1,A\n", column_map={"X": meaning})


def test_decisions_hold_for_retries_and_takeovers(shop: Organization) -> None:
    """Rows behind the one that decides are read alike when they are taken by another runner."""
    text = 'code,name,weight\nA,a,"0,35"\n' + "".join(f'{n},{n},"1.234"\n' for n in range(8))
    whole = shop.load_csv("skus", text, parent=shop.some("shipping_categories"))
    assert whole.counts == (9, 0, 0, 0)
    assert set(shop.values("skus", "weight")) == {0.35, 1234.0}
    assert whole.import_.column_map == {"weight": "weight:decimal-comma"}
    again = shop.in_chunks(1).load_csv("skus", text, parent=shop.some("shipping_categories"))
    assert again.counts == (0, 0, 9, 0)


# Transforms of a mapping


def mapping(**fields: Any) -> MappingDocument:
    return read_mapping({"version": 1, "fields": fields})


def test_transforms_are_decided_over_all_rows_and_kept_with_the_import(shop: Organization) -> None:
    document = mapping(
        code="Nr",
        name="Nr",
        weight={"column": "Gewicht", "transforms": ["trim", "number"]},
        unit_of_weight={"constant": "gr"},
    )
    text = 'Nr,Gewicht\nA,1.234\nB,"0,35"\n'
    outcome = shop.load_csv("skus", text, mapping=document, parent=shop.some("shipping_categories"))
    assert outcome.counts == (2, 0, 0, 0)
    assert shop.values("skus", "weight") == [1234.0, 0.35]
    assert outcome.import_.mapping is not None
    (_, use) = outcome.import_.mapping.fields["weight"].transforms
    assert use.parameters == {"decimal": "comma"}
    assert "is read as decimal comma" in told(outcome, NoticeCode.VALUES_SPELLED)[0]
    with pytest.raises(RequestRefused, match=r"may be 1234 or 1\.234"):
        shop.load_csv(
            "skus",
            "Nr,Gewicht\nC,1.234\n",
            mapping=document,
            parent=shop.some("shipping_categories"),
        )


def test_a_mapping_is_told_in_the_unit_that_it_says(shop: Organization) -> None:
    unit = {"name": "unit", "from": "kg"}
    document = mapping(code="code", name="name", weight={"column": "G", "transforms": [unit]})
    text = 'code,name,G\nA,a,"1,5"\n'
    outcome = shop.load_csv("skus", text, mapping=document, parent=shop.some("shipping_categories"))
    assert shop.values("skus", "weight") == [1500.0]
    assert told(outcome, NoticeCode.VALUES_SPELLED) == [
        "column 'G' is read as decimal comma, in kg: 1,5 is 1500 gr (row 1)"
    ]


def test_money_of_a_mapping_is_in_the_currency_that_it_says(shop: Organization) -> None:
    for code in "AB":
        shop.have("skus", code=code)
    money = {"name": "money", "currency": "EUR"}
    document = mapping(sku_code="Nr", amount_cents={"column": "Preis", "transforms": [money]})
    text = 'Nr,Preis\nA,1.234\nB,"12,50"\n'
    outcome = shop.load_csv("prices", text, mapping=document, parent=euro_list(shop))
    assert outcome.counts == (2, 0, 0, 0)
    assert shop.values("prices", "amount_cents") == [123400, 1250]
    outcome = shop.load_csv("prices", text, mapping=document, parent=euro_list(shop, "JPY"))
    assert [*outcome.errors.values()] == [
        {"amount_cents": ["is in EUR, and the currency is JPY"]}
    ] * 2


def test_money_is_rounded_where_a_mapping_says_so(shop: Organization) -> None:
    shop.have("skus", code="A")
    transforms = ["trim", {"name": "money", "round": "half_even"}]
    document = mapping(sku_code="Nr", amount_cents={"column": "Preis", "transforms": transforms})
    text = "Nr,Preis\nA,12.5050\n"
    outcome = shop.load_csv("prices", text, mapping=document, parent=euro_list(shop))
    assert outcome.counts == (1, 0, 0, 0), outcome.errors
    assert shop.values("prices", "amount_cents") == [1250]


def test_columns_of_a_mapping_are_read_as_people_write_them(shop: Organization) -> None:
    document = mapping(code="Nr", name="Nr", weight="Gewicht", do_not_ship="Aktiv")
    text = 'Nr,Gewicht,Aktiv\nA,"0,35 kg",nein\n'
    outcome = shop.load_csv("skus", text, mapping=document, parent=shop.some("shipping_categories"))
    assert outcome.counts == (1, 0, 0, 0), outcome.errors
    assert shop.values("skus", "weight", "do_not_ship") == [(350.0, False)]


# The price list of a supplier, as a spreadsheet saves it

LIST = (
    "Artikel-Nr;Bezeichnung;Preis;UVP;Bestand;Gewicht;EAN;Gültig ab;Aktiv\r\n"
    "2001;Teekanne „rund“ – 0,8 l;9,50;11,90;12;0,45;4006381333100;01.12.2026;ja\r\n"
    "00042;Schüssel tief;19,99;;0;1,1;4,00638E+12;01.12.2026;ja\r\n"
    'Z-9;"Vase; hoch";2.345,60 €;2.500,00 €;3;2,75;4006381333117;31.12.2026;nein\r\n'
    ";;;;;;;;\r\n"
)
OF_SKUS = {"Artikel-Nr": "code", "Bezeichnung": "name", "Gewicht": "weight:kg"}
OF_PRICES = {
    "Artikel-Nr": "sku_code",
    "Preis": "amount_cents:decimal",
    "UVP": "compare_at_amount_cents:decimal",
}
OF_STOCK = {"Artikel-Nr": "sku_code", "Bestand": "quantity"}


def workbook() -> bytes:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Liste"
    for row in (
        ["Lieferant Kai GmbH"],
        ["Stand", datetime(2026, 11, 1)],
        [],
        ["Artikel-Nr", "Bezeichnung", "Preis", "UVP", "Bestand", "Gewicht", "EAN"],
        [2001, "Teekanne", 9.5, 11.9, 12, 0.45, 4006381333100],
        ["00042", "Schüssel", 19.99, None, 0, 1.1, "4006381333124"],
        ["Z-9", "Vase", 2345.6, 2500, 3, 2.75, 4006381333117],
        [],
        ["Summe", None, "=SUM(C5:C7)"],
    ):
        sheet.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("source", "failed"),
    [
        (LIST.encode("cp1252"), 0),
        (("sep=;\r\n" + LIST).encode("cp1252"), 0),
        (workbook(), 1),
    ],
    ids=["cp1252", "sep", "xlsx"],
)
def test_price_list_of_a_supplier_is_imported_as_it_is(
    shop: Organization, source: bytes, failed: int
) -> None:
    parents = {
        "skus": shop.some("shipping_categories"),
        "prices": euro_list(shop),
        "stock_items": shop.some("stock_locations"),
    }
    for type_, column_map in (("skus", OF_SKUS), ("prices", OF_PRICES), ("stock_items", OF_STOCK)):
        request = ImportRequest(
            resource_type=type_,
            parent=parents[type_],
            column_map=column_map,
            skip_errors=True,
        )
        name = "liste.xlsx" if failed else "liste.csv"
        stream = Source.from_stream(io.BytesIO(source), name=name)
        submitted = shop.longshore.submissions.submit(shop.environment, stream, request)
        outcome = shop.run(submitted)
        assert outcome.counts == (3, 0, 0, failed), (type_, outcome.errors)
        assert len(told(outcome, NoticeCode.BARCODES_SCIENTIFIC)) == 1 - failed
        if failed:
            assert told(outcome, NoticeCode.TOTAL_ROWS) == [
                "1 failed row looks like a total: Summe in row 4 (line 9)"
            ]
    assert shop.values("skus", "code") == ["2001", "00042", "Z-9"]
    assert shop.values("skus", "weight", "unit_of_weight") == [
        (450.0, "gr"),
        (1100.0, "gr"),
        (2750.0, "gr"),
    ]
    assert shop.values("prices", "amount_cents", "compare_at_amount_cents") == [
        (950, 1190),
        (1999, None),
        (234560, 250000),
    ]
    assert shop.values("stock_items", "quantity") == [12, 0, 3]


@pytest.mark.parametrize("decimal", [None, DecimalMark.COMMA])
def test_a_number_of_a_workbook_keeps_its_point_beside_texts_with_commas(
    shop: Organization, decimal: DecimalMark | None
) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["sku_code", "Preis"], ["A", 1.234], ["B", "0,500"]):
        book.worksheets[0].append(row)
    book.save(file)
    asked = ImportRequest(
        resource_type="prices",
        column_map=DECIMAL,
        parent=euro_list(shop, "KWD"),
        decimal=decimal,
    )
    source = Source.from_stream(io.BytesIO(file.getvalue()), name="p.xlsx")
    with pytest.raises(
        RequestRefused, match=r"'1\.234' \(row 1\) may be 1234 or 1\.234"
    ) as refused:
        shop.longshore.submissions.submit(shop.environment, source, asked)
    assert refused.value.hint == (
        "where all are texts, --map 'Preis=amount_cents:decimal-comma' reads it as 1234; "
        "--decimal point reads it as 1.234"
    )


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    ("to", "weight", "unit"), [("gr", 500.0, "gr"), ("kg", 500.0, "gr"), ("lb", 1.102311, "lb")]
)
def test_a_transform_of_weights_says_their_unit(
    shop: Organization, form: str, to: str, weight: float, unit: str
) -> None:
    shop.have("skus", code="A", weight=5.0, unit_of_weight="oz")
    transform = {"name": "unit", "to": to, "decimal": "comma"}
    document = mapping(code="Nr", weight={"column": "G", "transforms": [transform]})
    if form == "csv":
        outcome = shop.load_csv("skus", 'Nr,G\nA,"0,5 kg"\n', mapping=document)
    else:
        outcome = shop.load("skus", [{"Nr": "A", "G": "0,5 kg"}], mapping=document)
    assert outcome.counts == (0, 1, 0, 0), outcome.errors
    assert shop.values("skus", "weight", "unit_of_weight") == [(weight, unit)]


def test_a_row_that_gives_another_unit_than_its_transform_fails(shop: Organization) -> None:
    shop.have("skus", code="A", weight=5.0, unit_of_weight="oz")
    document = mapping(
        code="Nr", weight={"column": "G", "transforms": ["unit"]}, unit_of_weight="E"
    )
    outcome = shop.load_csv("skus", 'Nr,G,E\nA,"0,5 kg",oz\n', mapping=document)
    assert outcome.counts == (0, 0, 0, 1)
    assert list(outcome.errors[1]) == ["unit_of_weight"]
