"""What the cells of a workbook of Office Open XML are, however its XML is written."""

import io

import pytest

from longshore.workbooks import NOT_CALCULATED, WorkbookRefused, open_workbook
from tests.unit.workbooks.building import xlsx

STYLES = (
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="[$-407]d. mmmm yyyy;@"/>'
    '<numFmt numFmtId="166" formatCode="&quot;day&quot; 0.00"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="46"/><xf numFmtId="165"/>'
    '<xf numFmtId="166"/></cellXfs>'
)


def rows_of(file: io.BytesIO) -> dict[int, list[str]]:
    with open_workbook(file) as workbook:
        (sheet,) = workbook.sheets
        return {row.number: row.cells for row in workbook.rows(sheet.name)}


def heard(rows: str) -> str:
    """The same rows in a form that is heard, not cut."""
    return rows.replace("</row>", "<!-- so it is heard --></row>")


# What stands in a cell, and its text.
CELLS = (
    ('<c r="A1"><v>12</v></c>', "12"),
    ('<c r="A1"><v>1.0</v></c>', "1"),
    ('<c r="A1"><v>0.10000000000000001</v></c>', "0.1"),
    ('<c r="A1"><v>1234567890123456789</v></c>', "1234567890123456789"),
    ('<c r="A1"><v>1E-3</v></c>', "0.001"),
    ('<c r="A1"><v>1.5E+20</v></c>', "150000000000000000000"),
    ('<c r="A1"><v>-0.5</v></c>', "-0.5"),
    ('<c r="A1" s="1"><v>123</v></c>', "00123"),
    ('<c r="A1" s="1"><v>123.5</v></c>', "123.5"),
    ('<c r="A1" s="2"><v>46357</v></c>', "2026-12-01"),
    ('<c r="A1" s="2"><v>46357.35416666666</v></c>', "2026-12-01T08:30:00"),
    ('<c r="A1" s="3"><v>46357</v></c>', "2026-12-01T00:00:00"),
    ('<c r="A1" s="2"><v>1</v></c>', "1900-01-01"),
    ('<c r="A1" s="2"><v>61</v></c>', "1900-03-01"),
    ('<c r="A1" s="4"><v>0.35416666666666669</v></c>', "08:30:00"),
    ('<c r="A1" s="5"><v>1.5</v></c>', "36:00:00"),
    ('<c r="A1" s="6"><v>46357</v></c>', "2026-12-01"),
    ('<c r="A1" s="7"><v>46357</v></c>', "46357"),
    ('<c r="A1" s="2"><v>99999999999</v></c>', "#VALUE!"),
    ('<c r="A1" t="b"><v>1</v></c>', "true"),
    ('<c r="A1" t="b"><v>0</v></c>', "false"),
    ('<c r="A1" t="s"><v>0</v></c>', "shared"),
    ('<c r="A1" t="s"><v>1</v></c>', " a b "),
    ('<c r="A1" t="s"><v>2</v></c>', "rich text"),
    ('<c r="A1" t="s"><v>3</v></c>', "東京"),
    ('<c r="A1" t="inlineStr"><is><t>own</t></is></c>', "own"),
    ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> own </t></is></c>', " own "),
    ('<c r="A1" t="inlineStr"><is><r><t>o</t></r><r><t>wn</t></r></is></c>', "own"),
    ('<c r="A1" t="inlineStr"><is><t>&lt;b&gt; &amp; &#228;&#xe4; "</t></is></c>', '<b> & ää "'),
    ('<c r="A1" t="inlineStr"><is><t>a_x000A_b</t></is></c>', "a\nb"),
    ('<c r="A1" t="inlineStr"><is><t>a<![CDATA[<b>]]></t></is></c>', "a<b>"),
    ('<c r="A1" t="str"><f>A2&amp;"x"</f><v>joined</v></c>', "joined"),
    ('<c r="A1"><f>1+1</f><v>2</v></c>', "2"),
    ('<c r="A1"><f>1+1</f></c>', NOT_CALCULATED),
    ('<c r="A1"><f>1+1</f><v/></c>', NOT_CALCULATED),
    ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
    ('<c r="A1" t="e"><v>#NEU!</v></c>', "#VALUE!"),
    ('<c r="A1" t="d"><v>2026-12-01</v></c>', "2026-12-01"),
    ('<c t="s" r="A1"><v>0</v></c>', "shared"),
    ("<c><v>7</v></c>", "7"),
)
STRINGS = (
    '<si><t>shared</t></si><si><t xml:space="preserve"> a b </t></si>'
    "<si><r><t>rich</t></r><r><rPr><b/></rPr><t> text</t></r></si>"
    '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>'
)


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_text_of_a_cell(cell: str, text: str) -> None:
    rows = f'<row r="1">{cell}</row>'
    for written in (rows, heard(rows), rows.replace("\n", "")):
        assert rows_of(xlsx(written, strings=STRINGS, styles=STYLES)) == {1: [text]}
    prefixed = rows.replace("</", "</x:").replace("<x:", "<").replace("</", "</")
    assert prefixed  # the form with prefixes is tested as a whole below


def test_sheet_with_prefixes_and_one_in_utf_16_read_the_same() -> None:
    plain = '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>'
    prefixed = plain.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    wanted = {1: ["1", "", "2"]}
    assert rows_of(xlsx(plain)) == wanted
    assert rows_of(xlsx(prefixed, prefix="x")) == wanted
    head = '<?xml version="1.0" encoding="UTF-16"?>'
    assert rows_of(xlsx(plain, head=head, encoding="utf-16")) == wanted


def test_days_of_1904() -> None:
    rows = '<row r="1"><c r="A1" s="2"><v>44895</v></c></row>'
    sheets = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
    workbook = f'<workbookPr date1904="1"/>{sheets}'
    assert rows_of(xlsx(rows, styles=STYLES, workbook=workbook)) == {1: ["2026-12-01"]}


def test_rows_without_numbers_and_empty_ones_are_counted() -> None:
    rows = '<row/><row r="3"><c><v>1</v></c></row><row r="4"/><row><c><v>2</v></c></row>'
    assert rows_of(xlsx(rows)) == {3: ["1"], 5: ["2"]}


def test_hidden_rows_say_so() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2" spans="1:1" hidden="1"><c r="A2"><v>2</v></c></row>'
    )
    for written in (rows, heard(rows)):
        with open_workbook(xlsx(written)) as workbook:
            assert [row.is_hidden for row in workbook.rows("Sheet1")] == [False, True]


def test_sheets_are_named_in_their_order_with_those_that_are_hidden() -> None:
    sheets = (
        '<sheets><sheet name="A &amp; B" sheetId="1" state="hidden" r:id="rId1"/>'
        '<sheet name="Chart" sheetId="2" r:id="rId2"/></sheets>'
    )
    with open_workbook(xlsx("", workbook=sheets)) as workbook:
        assert [(each.name, each.is_hidden) for each in workbook.sheets] == [("A & B", True)]


# XML of rows, and a part of what is said.
REFUSED = (
    ('<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>', "row 1 behind row 2"),
    ('<row r="1048577"><c r="A1"><v>1</v></c></row>', "row 1048577 behind row 0"),
    ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "out of its order"),
    ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "out of its order"),
    ('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', "a text in row 1 that"),
    ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "a text in row 1 that"),
    ('<row r="1"><c r="A1"><v>1</c></row>', "cannot be read"),
    ('<row r="1"><c r="A1" t="str"><v>&other;</v></c></row>', "cannot be read"),
    ('<row r="1"><c r="A1" t="str"><v>&#0;</v></c></row>', "cannot be read"),
    ('<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>', "cannot be read"),
    ('<row r="1"><c r="A1"><v>1</v></c>', "cannot be read"),
)


@pytest.mark.parametrize(("rows", "message"), REFUSED)
def test_sheet_that_no_program_writes_is_refused(rows: str, message: str) -> None:
    with pytest.raises(WorkbookRefused, match=message):
        rows_of(xlsx(rows, strings=STRINGS))


def test_column_beyond_the_last_but_one_is_read() -> None:
    cells = rows_of(xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>'))[1]
    assert (len(cells), cells[-1]) == (16_384, "1")


def test_row_in_several_blocks_is_whole() -> None:
    cells = "".join(f'<c r="{letter}2" t="str"><v>{"x" * 100_000}</v></c>' for letter in "ABC")
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cells}</row>'
    assert rows_of(xlsx(rows))[2] == ["x" * 100_000] * 3
