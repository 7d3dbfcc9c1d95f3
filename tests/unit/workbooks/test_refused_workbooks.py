"""Workbooks that cannot or must not be read are refused, with what they are."""

import io
import tracemalloc
import zipfile
from itertools import pairwise

import pytest

from longshore.workbooks import WorkbookRefused, open_workbook
from longshore.workbooks.package import Package
from tests.unit.workbooks.building import archive, ods, xlsx

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefgh"))
    + "]>"
)


def read(file: io.BytesIO) -> int:
    with open_workbook(file) as workbook:
        return sum(1 for _ in workbook.rows(workbook.sheets[0].name))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_document_type_is_refused_in_any_part(part: str) -> None:
    file = xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="<si><t>x</t></si>")
    with zipfile.ZipFile(file) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts[part] = LAUGHS.encode() + parts[part]
    with pytest.raises(WorkbookRefused, match="declares a document type"):
        read(archive(parts))


def test_document_type_is_refused_in_a_sheet() -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>&h;</v></c></row>'
    with pytest.raises(WorkbookRefused, match="declares a document type"):
        read(xlsx(rows, head=LAUGHS))


def test_old_and_encrypted_workbooks_say_what_they_are() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    with pytest.raises(WorkbookRefused, match=r"old format \.xls"):
        read(io.BytesIO(old))
    with pytest.raises(WorkbookRefused, match="encrypted with a password"):
        read(io.BytesIO(old + "EncryptedPackage".encode("utf-16-le")))
    manifest = {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    with pytest.raises(WorkbookRefused, match="encrypted with a password"):
        read(ods("", parts=manifest))


@pytest.mark.parametrize("size", [0, 10, 400, 700])
def test_workbook_that_was_cut_off_is_refused(size: int) -> None:
    whole = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>').getvalue()
    with pytest.raises(WorkbookRefused):
        read(io.BytesIO(whole[:size]))


def test_damaged_part_is_refused() -> None:
    file = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>' * 1)
    data = bytearray(file.getvalue())
    with zipfile.ZipFile(file) as opened:
        info = opened.getinfo("xl/worksheets/sheet1.xml")
    start = info.header_offset + 30 + len(info.filename)
    data[start + 5 : start + 40] = bytes(35)
    with pytest.raises(WorkbookRefused, match=r"sheet1\.xml of the workbook cannot be read"):
        read(io.BytesIO(bytes(data)))


def test_part_that_unpacks_to_more_than_it_may_is_refused() -> None:
    package = Package(archive({"a.xml": b" " * 1_000_000}))
    with pytest.raises(WorkbookRefused, match="more than 1,000 bytes"):
        package.read("a.xml", 1_000)


def test_names_that_lead_out_of_the_archive_are_only_names() -> None:
    file = xlsx(
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        parts={"../../../etc/passwd": b"x", "/etc/passwd": b"x"},
    )
    assert read(file) == 1


def test_million_of_empty_rows_take_no_memory() -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(2, 200_001))
    file = xlsx(f'<row r="1"><c r="A1"><v>1</v></c></row>{rows}')
    tracemalloc.start()
    try:
        assert read(file) == 1
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_sheet_full_of_one_repeated_cell_is_refused() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}<text:p>x</text:p>'
    table = f'<table:table table:name="T">{row}</table:table-cell></table:table-row></table:table>'
    with pytest.raises(WorkbookRefused, match="cells"):
        read(ods(table))


def test_archive_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(WorkbookRefused, match="no workbook"):
        read(archive({"[Content_Types].xml": b"<Types/>"}))
