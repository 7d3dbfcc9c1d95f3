"""What the first pass finds out: format, encoding, delimiter, columns, rows."""

import gzip
import io
import json

import pytest

from longshore.readers import (
    Format,
    Layout,
    Position,
    Rows,
    UnreadableSource,
    open_blocks,
    read_rows,
    survey,
)

CSV, JSON, NDJSON = Format.CSV, Format.JSON, Format.NDJSON


@pytest.mark.parametrize(
    ("name", "source", "format"),
    [
        (None, b"code\nA\n", CSV),
        (None, b'[{"code": "A"}]', JSON),
        (None, b"\n [\n1]", JSON),
        (None, b'{"code": "A"}\n{"code": "B"}', NDJSON),
        (None, b"[code],name\nA,b\n", CSV),
        ("skus.csv", b"code\nA\n", CSV),
        ("skus.CSV.GZ", b"code\nA\n", CSV),
        ("skus.tsv", b"code\tname\nA\tb\n", CSV),
        ("skus.txt", b"code\nA\n", CSV),
        ("skus.json", b'[{"code": "A"}]', JSON),
        ("skus.json.gz", b'{"code": "A"}\n', NDJSON),
        ("skus.ndjson", b'{"code": "A"}\n', NDJSON),
        ("skus.jsonl", b'[{"code": "A"}]', JSON),
        ("skus.jsonl", b"1\n2\n", NDJSON),
    ],
)
def test_format_is_found_by_name_and_content(
    name: str | None, source: bytes, format: Format
) -> None:
    assert survey([source], name=name).layout.format is format


def test_format_asked_for_wins_over_the_name() -> None:
    assert survey([b"code\nA\n"], format=CSV, name="skus.json").layout.format is CSV
    with pytest.raises(UnreadableSource, match="expected CSV"):
        survey([b'[{"code": "A"}]'], name="skus.csv")


@pytest.mark.parametrize(
    ("source", "delimiter"),
    [
        ("code,name\nA,b\n", ","),
        ("code;name\nA;b\n", ";"),
        ("code\tname\nA\tb\n", "\t"),
        ("code|name\nA|b\n", "|"),
        ("code\nA;b\n", ","),
        ("code;name;price\nA;b;1,20\nB;c;2,30\n", ";"),
        ("code;name, long;price\nA;b, c;1,2\n", ";"),
        ('"a,b,c,d";name\n"1,2,3,4";x\n', ";"),
        ("code,tags\nA,x|y|z\nB,x|y\n", ","),
        ("code,name|title\nA,b\nB,c\n", ","),
        ('code;note\n"A";"one\ntwo, three"\n', ";"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_delimiter_is_the_one_that_splits_header_and_rows_alike(
    source: str, delimiter: str, encoding: str
) -> None:
    assert survey([source.encode(encoding)]).layout.delimiter == delimiter


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        (b" code , name\t,price\nA,b,1\n", ("code", "name", "price")),
        (b"code,name,,\nA,b,,\n", ("code", "name")),
        (b'"code","a\nb"\nA,b\n', ("code", "a\nb")),
        (b"\n\r\n\ncode,name\nA,b\n", ("code", "name")),
        ("prénom,code\nA,é\n".encode("cp1252"), ("prénom", "code")),
    ],
)
def test_columns_of_a_csv_are_its_trimmed_header(source: bytes, columns: tuple[str, ...]) -> None:
    found = survey([source])
    assert found.layout.columns == columns


def test_columns_of_json_are_all_keys_in_order_of_first_sight() -> None:
    values = [
        {"number": 1, "line_items": [{"sku_code": "A"}, 1, {"quantity": 1, "sku_code": "B"}]},
        {"status": "x", "number": 2, "address": {"line_1": "y"}, "tags": [{"name": "z"}]},
        "not an object",
        {"line_items": None, "address": {"city": "Rome"}, "\ud800": 1},
    ]
    descend = frozenset({"line_items", "address"})
    source = json.dumps(values).encode()
    assert survey([source], descend=descend).layout.columns == (
        "number",
        "line_items",
        "line_items.sku_code",
        "line_items.quantity",
        "status",
        "address",
        "tags",
        "address.line_1",
        "?",
        "address.city",
    )


def test_no_more_than_a_thousand_keys_are_remembered() -> None:
    source = json.dumps([{f"key {number}": 1} for number in range(3000)]).encode()
    found = survey([source])
    assert found.rows_count == 3000
    assert len(found.layout.columns) == 1000


def test_cells_are_neither_padded_nor_cut_to_the_header() -> None:
    source = b"code,name\nA\nB,b,c,d\n,\n"
    (rows,) = read_rows([source], survey([source]).layout)
    assert rows.values == [["A"], ["B", "b", "c", "d"]]


def test_layout_survives_json() -> None:
    layout = survey(['prénom;\\"|é\nA;b\n'.encode("utf-16")]).layout
    assert Layout.from_dict(json.loads(json.dumps(layout.to_dict()))) == layout


def test_positions_told_during_a_survey_are_places_where_rows_start() -> None:
    for format, source in (
        (CSV, b"a,b\n" + b'1,"x\ny"\n\n' * 100_000),
        (JSON, b"[" + b'{"a": "x"},\n' * 100_000 + b"1]"),
        (NDJSON, b'{"a": "x"}\n\n' * 100_000),
    ):
        told: list[Position] = []
        found = survey([source], format=format, on_position=told.append)
        assert len(told) > 3
        for start in told:
            batches = list(read_rows([source[start.offset :]], found.layout, start))
            count = sum(map(len, batches))
            assert start.row + count == found.rows_count + 1
            assert source[: start.offset].count(b"\n") == start.line - 1


def test_slice_of_rows_keeps_their_positions() -> None:
    source = b"a,b\n1,2\n3,4\n\n5,6\n"
    (rows,) = read_rows([source], survey([source]).layout)
    assert [rows.position(index) for index in range(4)] == [
        Position(1, 2, 4),
        Position(2, 3, 8),
        Position(3, 5, 13),
        Position(4, 6, 17),
    ]
    part = rows.slice(1, 2)
    assert isinstance(part, Rows)
    assert (list(part.numbers), list(part.lines), list(part.offsets)) == ([2], [3], [8])
    assert part.values == [["3", "4"]]
    assert part.position(1) == Position(3, 5, 13)
    assert rows.slice(1, 99).position(2) == Position(4, 6, 17)


@pytest.mark.parametrize("block_bytes", [1, 3, 1 << 20])
def test_gzip_of_several_members_and_padding_is_read(block_bytes: int) -> None:
    packed = gzip.compress(b"code,name\n") + gzip.compress(b"") + gzip.compress(b"A,b\n") + b"\0\0"
    file = io.BytesIO(packed)
    counts: list[int] = []
    blocks = list(open_blocks(file, block_bytes, counts.append))
    assert b"".join(blocks) == b"code,name\nA,b\n"
    assert max(map(len, blocks)) <= block_bytes
    assert counts[-1] == len(packed)


def test_gzip_bomb_is_unpacked_in_blocks() -> None:
    packed = gzip.compress(b"\n" * (2 << 20))
    assert max(map(len, open_blocks(io.BytesIO(packed)))) <= 1 << 20
    with pytest.raises(UnreadableSource, match="empty"):
        survey(open_blocks(io.BytesIO(packed)))


def test_a_layout_that_an_older_release_stored_can_be_read() -> None:
    stored = {
        "format": "json",
        "encoding": "utf-8",
        "delimiter": "",
        "columns": ["a"],
        "first": [1, 1, 1],
    }
    layout = Layout.from_dict(stored)
    assert not layout.is_enclosed
    assert not layout.has_resources
    assert Layout.from_dict(layout.to_dict()) == layout


@pytest.mark.parametrize("format", [JSON, NDJSON])
def test_keys_are_found_wherever_they_come_first(format: Format) -> None:
    rows: list[dict[str, object]] = [{"code": "A", "line_items": None}] * 50
    rows += [{"line_items": {"sku_code": "S"}}, {"code": "B"}, {"name": "C"}] * 2
    rows += [{"code": "A"}] * 50
    rows.append({"code": "A", "line_items": [{"quantity": 1}, {"x": [1]}]})
    text = "\n".join(map(json.dumps, rows)) if format is NDJSON else json.dumps(rows)
    for window_bytes in (10, 100, 1 << 18):
        found = survey(
            [text.encode()], descend=frozenset({"line_items"}), window_bytes=window_bytes
        )
        assert found.layout.columns == (
            *("code", "line_items", "line_items.sku_code", "name"),
            *("line_items.quantity", "line_items.x"),
        )
        assert found.rows_count == len(rows)


def test_resource_among_rows_of_the_same_keys_is_lifted() -> None:
    rows: list[dict[str, object]] = [{"type": "skus", "id": "a", "code": "A", "data": 1}] * 50
    rows.append({"type": "skus", "id": "b", "attributes": {"code": "B"}})
    rows.append({"data": {"type": "skus", "id": "c", "attributes": {"name": "C"}}})
    data = "\n".join(map(json.dumps, rows)).encode()
    for window_bytes in (10, 100, 1 << 18):
        found = survey([data], window_bytes=window_bytes)
        assert found.layout.has_resources
        assert found.layout.columns == ("type", "id", "code", "data", "name")
        values = [value for rows in read_rows([data], found.layout) for value in rows.values]
        assert values[:50] == rows[:50]
        assert values[50:] == [
            {"id": "b", "type": "skus", "code": "B"},
            {"id": "c", "type": "skus", "name": "C"},
        ]


@pytest.mark.parametrize(
    "broken", ['{"a": 2}{"b": 3}', '{"a": {"b": 1}', '{"a": "\n"}', '{"a": 2}, , {"a": 3}', "{}}"]
)
def test_fault_among_elements_that_are_written_alike_is_found(broken: str) -> None:
    elements = [f'{{"a": {number}}}' for number in range(100)]
    elements[60] = broken
    text = "[" + ",\n".join(elements) + "]"
    for window_bytes in (40, 1 << 18):
        with pytest.raises(UnreadableSource) as refused:
            survey([text.encode()], format=JSON, window_bytes=window_bytes)
        assert refused.value.line in (61, 62)
