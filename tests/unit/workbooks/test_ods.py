"""What the cells of a workbook of OpenDocument are."""

import io

import pytest

from longshore.workbooks import WorkbookRefused, open_workbook
from tests.unit.workbooks.building import ods


def cell(attributes: str, text: str = "", name: str = "table-cell") -> str:
    return f"<table:{name} {attributes}>{text}</table:{name}>"


def table(rows: str, attributes: str = 'table:name="T"') -> str:
    return f"<table:table {attributes}>{rows}</table:table>"


def row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def rows_of(file: io.BytesIO, sheet: str = "T") -> dict[int, list[str]]:
    with open_workbook(file) as workbook:
        return {each.number: each.cells for each in workbook.rows(sheet)}


P = "<text:p>{}</text:p>"
CELLS = (
    ('office:value-type="float" office:value="12.5"', P.format("12,50"), "12.5"),
    ('office:value-type="float" office:value="1"', P.format("1,00"), "1"),
    ('office:value-type="float" office:value="123"', P.format("00123"), "00123"),
    ('office:value-type="float" office:value="1E+05"', P.format("1E+05"), "100000"),
    ('office:value-type="currency" office:value="9.99"', P.format("9,99 €"), "9.99"),
    ('office:value-type="percentage" office:value="0.19"', P.format("19 %"), "0.19"),
    ('office:value-type="date" office:date-value="2026-12-01"', P.format("1.12."), "2026-12-01"),
    (
        'office:value-type="date" office:date-value="2026-12-01T08:30:00"',
        P.format("1.12."),
        "2026-12-01T08:30:00",
    ),
    ('office:value-type="time" office:time-value="PT08H30M00S"', P.format("8:30"), "08:30:00"),
    ('office:value-type="time" office:time-value="PT36H00M00S"', P.format("36:00"), "36:00:00"),
    ('office:value-type="boolean" office:boolean-value="true"', P.format("WAHR"), "true"),
    ('office:value-type="string"', P.format("a") + P.format("b"), "a\nb"),
    ('office:value-type="string"', P.format('a<text:s text:c="2"/>b<text:tab/>c'), "a  b\tc"),
    ('office:value-type="string"', P.format("a<text:span>b</text:span>c"), "abc"),
    (
        'office:value-type="string"',
        "<office:annotation><text:p>note</text:p></office:annotation>" + P.format("a"),
        "a",
    ),
    ('office:value-type="string" calcext:value-type="error"', P.format("#N/A"), "#N/A"),
    ('office:value-type="string" calcext:value-type="error"', P.format("Err:502"), "#VALUE!"),
)


@pytest.mark.parametrize(("attributes", "inner", "text"), CELLS)
def test_text_of_a_cell(attributes: str, inner: str, text: str) -> None:
    assert rows_of(ods(table(row(cell(attributes, inner))))) == {1: [text]}


def test_repeated_rows_and_cells_stand_where_the_program_shows_them() -> None:
    value = 'office:value-type="float" office:value="7"'
    rows = (
        row(cell('table:number-columns-repeated="16384"'), 'table:number-rows-repeated="3"')
        + row(
            cell('table:number-columns-repeated="2"')
            + cell(f'{value} table:number-columns-repeated="2"')
            + cell('table:number-columns-repeated="16380"'),
            'table:number-rows-repeated="2"',
        )
        + row(cell("", name="covered-table-cell") + cell(value), 'table:visibility="collapse"')
        + row(cell('table:number-columns-repeated="16384"'), 'table:number-rows-repeated="1048570"')
    )
    file = ods(table(rows))
    assert rows_of(file) == {4: ["", "", "7", "7"], 5: ["", "", "7", "7"], 6: ["", "7"]}
    with open_workbook(file) as workbook:
        assert [each.is_hidden for each in workbook.rows("T")] == [False, False, True]


def test_sheets_are_told_apart() -> None:
    hidden = '<style:table-properties table:display="false"/>'
    styles = f'<style:style style:name="ta2">{hidden}</style:style>'
    value = cell('office:value-type="float" office:value="1"')
    tables = table(row(value)) + table(
        row(value + value), 'table:name="Hidden" table:style-name="ta2"'
    )
    file = ods(tables, styles=styles)
    with open_workbook(file) as workbook:
        assert [(each.name, each.is_hidden) for each in workbook.sheets] == [
            ("T", False),
            ("Hidden", True),
        ]
    assert rows_of(file) == {1: ["1"]}
    assert rows_of(file, "Hidden") == {1: ["1", "1"]}


def test_too_many_columns_are_refused() -> None:
    value = 'office:value-type="float" office:value="7" table:number-columns-repeated="16385"'
    with pytest.raises(WorkbookRefused, match="more than 16,384 columns"):
        rows_of(ods(table(row(cell(value)))))
