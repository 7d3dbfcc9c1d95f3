"""Workbooks, archives and documents with rows of several types become members of a group."""

import gzip
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from longshore.catalogue import load_catalogue
from longshore.errors import RequestRefused
from longshore.imports import GroupForm
from longshore.notices import NoticeCode
from longshore.operations import GroupForms, GroupSource, type_of_name
from longshore.readers import CsvOptions, UnreadableSource
from longshore.sources import AttachmentMissing, AttachmentStore, Source, StoredAttachment
from tests.unit.workbooks.building import archive

CATALOGUE = load_catalogue()
SKUS = [["code", "name"], ["A", "Mug"], ["B", "Cup"]]
PRICES = [["sku_code", "amount_cents"], ["A", "100"]]


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path / "attachments")


@pytest.fixture
def forms(store: AttachmentStore) -> GroupForms:
    return GroupForms(CATALOGUE, store)


def workbook(sheets: Mapping[str, list[list[str]]], hidden: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def stream(data: bytes, name: str) -> Source:
    return Source.from_stream(io.BytesIO(data), name=name)


def members(
    forms: GroupForms, store: AttachmentStore, source: Source
) -> dict[str, StoredAttachment]:
    """The attachments of the members of a group, in their order."""
    with forms.open(source) as group:
        assert isinstance(group, GroupSource)
        return {each.resource_type: store.write(each.source) for each in group.members}


def rows(store: AttachmentStore, stored: StoredAttachment) -> list[Any]:
    return [row for batch in store.open(stored.name, stored.layout) for row in batch.values]


def lines(store: AttachmentStore, stored: StoredAttachment) -> list[int]:
    return [line for batch in store.open(stored.name, stored.layout) for line in batch.lines]


def test_a_sheet_for_each_type_is_read_in_the_order_of_the_types(
    forms: GroupForms, store: AttachmentStore
) -> None:
    data = workbook({"Prices": PRICES, "Notes": [["x"]], "01 SKUs": SKUS, "Price list": [["code"]]})
    with forms.open(stream(data, "shop.xlsx")) as group:
        assert isinstance(group, GroupSource)
        assert (group.form, group.name) == (GroupForm.WORKBOOK, "shop.xlsx")
        found = {each.resource_type: store.write(each.source) for each in group.members}
    assert list(found) == ["skus", "prices"]
    assert rows(store, found["skus"]) == SKUS[1:]
    assert rows(store, found["prices"]) == PRICES[1:]
    # An error says the cell, and the workbook is kept beside each member.
    assert found["prices"].layout.cell("amount_cents", 2) == "Prices!B2"
    assert found["prices"].layout.cell("price_list", 2) == "Prices!2:2"  # which it has not
    assert b"".join(store.original(found["prices"].name)) == data
    left_out, empty = group.notices
    assert left_out.code is NoticeCode.PARTS_LEFT_OUT
    assert left_out.message == (
        "the sheet 'Notes' of the workbook was left out: no resource type is called so"
    )
    assert empty.code is NoticeCode.PARTS_EMPTY
    assert empty.message == "the sheet 'Price list' of the workbook was left out: there are no rows"
    assert group.why == (
        "the workbook has sheets named after resource types: 'Prices' is prices, "
        "'01 SKUs' is skus, 'Price list' is price_lists",
    )


def test_a_workbook_is_read_the_same_from_a_file(
    forms: GroupForms, store: AttachmentStore, tmp_path: Path
) -> None:
    path = tmp_path / "shop.xlsx"
    path.write_bytes(workbook({"skus": SKUS, "prices": PRICES}))
    found = members(forms, store, Source.from_path(path))
    assert {name: rows(store, each) for name, each in found.items()} == {
        "skus": SKUS[1:],
        "prices": PRICES[1:],
    }


def test_a_large_workbook_is_not_kept_beside_each_member(
    forms: GroupForms, store: AttachmentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = workbook({"skus": SKUS, "prices": PRICES})
    module = sys.modules[GroupForms.__module__]
    monkeypatch.setattr(module, "ORIGINAL_BYTES_MAX", 2 * len(data) - 1)
    found = members(forms, store, stream(data, "shop.xlsx"))
    for each in found.values():
        with pytest.raises(AttachmentMissing):
            store.original(each.name)


def test_hidden_sheets_are_left_out(forms: GroupForms) -> None:
    data = workbook({"skus": SKUS, "prices": PRICES, "Choices": [["a"]]}, ("prices", "Choices"))
    with forms.open(stream(data, "shop.xlsx")) as group:
        assert isinstance(group, GroupSource)
        assert [each.resource_type for each in group.members] == ["skus"]
    (notice,) = group.notices
    assert notice.message == (
        "the sheet 'prices' of the workbook was left out: it is hidden, though named after a "
        "resource type"
    )


def test_a_file_for_each_type_is_read_from_an_archive(
    forms: GroupForms, store: AttachmentStore
) -> None:
    """Whatever its format, and where it lies; what programs put beside files is nothing."""
    data = archive(
        {
            "shop/prices.json": json.dumps([{"sku_code": "A"}]).encode(),
            "shop/SKUs.csv.gz": gzip.compress(as_csv(SKUS)),
            "shop/Stock locations.xlsx": workbook({"Sheet": [["name"], ["Hall"]]}),
            "shop/customers.csv": b"email\n",
            "shop/tags.json": b" [ ]\n",
            "shop/readme.txt": b"a word",
            "__MACOSX/shop/prices.json": b"x",
            "shop/.DS_Store": b"x",
        }
    ).getvalue()
    with forms.open(stream(data, "shop.zip")) as group:
        assert isinstance(group, GroupSource)
        assert group.form is GroupForm.ARCHIVE
        assert {each.resource_type: each.source.name for each in group.members} == {
            "stock_locations": "shop.zip/shop/Stock locations.xlsx",
            "skus": "shop.zip/shop/SKUs.csv.gz",
            "prices": "shop.zip/shop/prices.json",
        }
        found = {each.resource_type: store.write(each.source) for each in group.members}
    assert rows(store, found["skus"]) == SKUS[1:]
    assert rows(store, found["stock_locations"]) == [["Hall"]]
    assert rows(store, found["prices"]) == [{"sku_code": "A"}]
    assert [notice.message for notice in group.notices] == [
        "the file 'shop/readme.txt' of the archive was left out: no resource type is called so",
        "the files 'shop/customers.csv', 'shop/tags.json' of the archive were left out: there are "
        "no rows",
    ]


DAMAGED = [
    ("skus.xlsx", b"\x13\x37 no workbook", "line 1: this is not text: it holds the control charac"),
    ("skus.xlsx", b"RAP damaged", "this is no workbook, though its name ends in .xlsx"),
    ("skus.parquet", b"RAP1" * 50, "this is no Parquet file, though its name ends in .parquet"),
    ("skus.csv", b"\x01\x02\x03" * 50, "line 1: this is not text: it holds the control character"),
    ("skus.csv", b"\x00\x01" * 50, "line 1: the header holds NUL characters"),
    ("skus.json", b"code,name", "line 1, column 1: expected a JSON array, found 'c'"),
    ("skus.ndjson", b"code", "line 1, column 1: expected a value, found 'c'"),
]


@pytest.mark.parametrize(("name", "data", "message"), DAMAGED)
def test_a_damaged_file_of_an_archive_is_a_member_that_cannot_be_read(
    forms: GroupForms, store: AttachmentStore, name: str, data: bytes, message: str
) -> None:
    packed = archive({name: data, "prices.csv": as_csv(PRICES)})
    with forms.open(stream(packed.getvalue(), "shop.zip")) as group:
        assert isinstance(group, GroupSource)
        assert not group.notices
        assert [each.resource_type for each in group.members] == ["skus", "prices"]
        with pytest.raises(UnreadableSource) as refused:
            store.write(group.members[0].source)
    assert refused.value.message.startswith(message)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("skus.csv", b""),
        ("skus.csv", b"\n ,,\n"),
        ("skus.csv", "code;name\r\n".encode("utf-16")),
        ("skus.csv", b"code,name\x1a"),
        ("skus.ndjson", b"\n"),
        ("skus.xlsx", b""),
        ("skus.xlsx", workbook({"Sheet": SKUS[:1]})),
    ],
)
def test_a_file_of_an_archive_without_rows_is_left_out(
    forms: GroupForms, name: str, data: bytes
) -> None:
    packed = archive({name: data, "prices.csv": as_csv(PRICES)})
    with forms.open(stream(packed.getvalue(), "shop.zip")) as group:
        assert isinstance(group, GroupSource)
        assert [each.resource_type for each in group.members] == ["prices"]
    assert [each.code for each in group.notices] == [NoticeCode.PARTS_EMPTY]


DOCUMENT = """{
  "version": 3,
  "prices": [{"sku_code": "A"}],
  "skus": [
    {"code": "A", "tags": [{"name": "x"}]},

    {"code": "B"}
  ],
  "stock_item": [], "klingons": [1, 2]
}"""


@pytest.mark.parametrize("is_packed", [True, False])
def test_each_list_of_a_document_is_a_member_whose_rows_keep_their_lines(
    forms: GroupForms, store: AttachmentStore, *, is_packed: bool
) -> None:
    data = DOCUMENT.encode()
    with forms.open(stream(gzip.compress(data) if is_packed else data, "shop.json")) as group:
        assert isinstance(group, GroupSource)
        assert group.form is GroupForm.DOCUMENT
        found = {each.resource_type: store.write(each.source) for each in group.members}
    assert list(found) == ["skus", "prices"]
    assert rows(store, found["skus"]) == json.loads(DOCUMENT)["skus"]
    assert lines(store, found["skus"]) == [5, 7]
    assert lines(store, found["prices"]) == [3]
    left_out, empty = group.notices
    assert "'version', 'klingons'" in left_out.message
    assert "'stock_item'" in empty.message


def test_a_document_of_many_lines_is_read_whole(forms: GroupForms, store: AttachmentStore) -> None:
    """The lines above a list are more than the head of a source that is looked at."""
    note = ",\n".join(f'"note {number}": 1' for number in range(20_000))
    document = '{"tags": [{"name": "x"}],\n' + note + ',\n"skus": [{"code": "A"}]}'
    found = members(forms, store, stream(document.encode(), "shop.json"))
    assert rows(store, found["skus"]) == [{"code": "A"}]
    assert lines(store, found["skus"]) == [20_002]


PLAIN = [
    (as_csv(SKUS), "skus.csv"),
    (b'[{"code": "A"}]', "skus.json"),
    (b'{"code": "A"}\n{"code": "B"}', "skus.ndjson"),
    (b'{"data": [{"code": "A"}]}', "skus.json"),
    (b'{"products": [{"title": "A"}]}', "other.json"),  # no type by its own name
    (workbook({"Sheet1": SKUS}), "skus.xlsx"),
    (archive({"skus.csv": as_csv(SKUS)}).getvalue(), "skus.zip"),
    (archive({"a.csv": as_csv(SKUS), "b.csv": as_csv(SKUS)}).getvalue(), "ab.zip"),
]


@pytest.mark.parametrize(("data", "name"), PLAIN)
@pytest.mark.parametrize("is_file", [True, False])
def test_any_other_source_is_given_back_from_its_start(
    forms: GroupForms, data: bytes, name: str, tmp_path: Path, *, is_file: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    source = Source.from_path(path) if is_file else stream(data, name)
    with forms.open(source) as found:
        assert isinstance(found, Source)
        assert found.name == name
        with found.open() as blocks:
            assert b"".join(blocks) == data


def test_a_sheet_that_is_named_is_read_alone(forms: GroupForms) -> None:
    data = workbook({"skus": SKUS, "prices": PRICES})
    source = Source(name="shop.xlsx", sheet="prices", stream=io.BytesIO(data))
    with forms.open(source) as found:
        assert found is source


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            workbook({"SKUs": SKUS, "Products": SKUS}),
            "the workbook has two sheets of skus: 'SKUs' and 'Products'",
        ),
        (
            archive({"skus.csv": b"code\nA", "old/skus.csv": b"code\nB"}).getvalue(),
            "the archive has two files of skus: 'skus.csv' and 'old/skus.csv'",
        ),
        (
            b'{"skus": [{"code": "A"}], "skus": []}',
            "the document has two members of skus: 'skus', twice",
        ),
        (
            b'{"skus": {"code": "A"}, "prices": [{"sku_code": "A"}]}',
            "line 1, column 10: expected an array of rows under 'skus', found '{'",
        ),
        (
            workbook({"skus": SKUS[:1], "prices": []}),
            "there are no rows in the workbook: the sheets 'skus', 'prices' have none",
        ),
        (
            b'{"skus": []}',
            "there are no rows in the document: the member 'skus' has none",
        ),
        (
            b'{"skus": [{"code": "A"}], "prices": [{]}',
            "line 1, column 39: expected a name in double quotes, found ']'",
        ),
        (b"PK\x03\x04 and no archive", "the archive cannot be read: File is not a zip file"),
    ],
)
def test_a_group_that_cannot_be_read_is_refused(
    forms: GroupForms, data: bytes, message: str
) -> None:
    with pytest.raises(RequestRefused) as refused, forms.open(stream(data, "shop")):
        pass
    assert refused.value.message == message


def test_options_of_text_are_of_the_files_of_an_archive_and_not_of_a_document(
    forms: GroupForms, store: AttachmentStore
) -> None:
    data = archive({"skus.csv": b"code;name\nA;M\xfcg", "prices.csv": b"sku_code;x\nA;1"})
    source = Source(
        name="shop.zip",
        encoding="cp1252",
        csv=CsvOptions(delimiter=";"),
        stream=io.BytesIO(data.getvalue()),
    )
    found = members(forms, store, source)
    assert rows(store, found["skus"]) == [["A", "Müg"]]
    with forms.open(
        Source(name="a", csv=CsvOptions(delimiter=";"), stream=io.BytesIO(DOCUMENT.encode()))
    ) as other:
        assert isinstance(other, Source)


def test_lists_that_are_given_are_a_group(forms: GroupForms, store: AttachmentStore) -> None:
    inputs: dict[str, list[object]] = {
        "prices": [{"sku_code": "ü"}],
        "skus": [{"code": "ü"}, 3],
        "tags": [],
    }
    group = forms.of_inputs(inputs, name="inputs")
    found = {each.resource_type: store.write(each.source) for each in group.members}
    assert {name: rows(store, each) for name, each in found.items()} == {
        "skus": [{"code": "ü"}, 3],
        "prices": [{"sku_code": "ü"}],
    }


@pytest.mark.parametrize(
    ("inputs", "message", "hint"),
    [
        ({"skuz": [{}]}, "no such resource type: skuz", "did you mean skus?"),
        ({}, "expected an object with a list of rows under the name of each resource type", None),
        ({"skus": []}, "there are no rows in the document: the member 'skus' has none", None),
    ],
)
def test_lists_of_nothing_are_refused(
    forms: GroupForms, inputs: dict[str, list[object]], message: str, hint: str | None
) -> None:
    with pytest.raises(RequestRefused) as refused:
        forms.of_inputs(inputs, name="inputs")
    assert (refused.value.message, refused.value.hint) == (message, hint)


def test_lists_that_are_no_json_are_refused_with_the_place(forms: GroupForms) -> None:
    with pytest.raises(UnreadableSource) as refused:
        forms.of_lists(io.BytesIO(b'{"skus":[{"code":"a","weight":NaN}]}'), name="inputs")
    assert refused.value.message == "line 1, column 31: NaN is not JSON: numbers are finite"


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("SKUs", "skus"),
        ("Price lists", "price_lists"),
        ("stock-items.csv", "stock_items"),
        ("export/02_StockItems.ndjson.zst", "stock_items"),
        ("3. Customers", "customers"),
        ("Products.xlsx", "skus"),
        ("shipping category", "shipping_categories"),
        ("Sheet1", None),
        ("Prices EU", None),
        ("organizations", None),
        ("", None),
    ],
)
def test_names_are_taken_as_people_write_them(name: str, type_: str | None) -> None:
    assert type_of_name(CATALOGUE, name) == type_
