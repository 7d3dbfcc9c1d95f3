"""What cannot be read is refused whole, with the place of the fault and what to do."""

import csv
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from longshore.readers import Format, UnreadableSource, read_rows, survey

CSV, JSON, NDJSON = Format.CSV, Format.JSON, Format.NDJSON
DEEP = b"[" * 65 + b"]" * 65

REFUSALS = [
    # format, source, line, column, message
    (None, b"", None, None, "the source is empty"),
    (None, b"\xef\xbb\xbf", None, None, "the source is empty"),
    (CSV, b"\n\r\n\n", None, None, "the source is empty"),
    (CSV, b"code,name\n", 2, None, "a header but no rows"),
    (CSV, b"code,name\n\n\n", 4, None, "a header but no rows"),
    (CSV, b',,\n  ,\n"",\n', None, None, "the source is empty"),
    (CSV, b'code,name\n,,\n"",\n', 4, None, "a header but no rows"),
    (CSV, b"code, name,code ,name\n1,2,3,4\n", 1, None, "twice: 'code', 'name'"),
    (CSV, "code,name\nA,b\n".encode("utf-32"), 1, None, "the header holds NUL characters"),
    (CSV, b"\x01\x02 damaged", 1, None, "this is not text: it holds the control character U+0001"),
    (CSV, 'é,"name\nA,b\n'.encode(), 1, 3, "never closed"),
    (CSV, b'code,"na"me\nA,b\n', 1, 6, "the header cannot be read: broken quoting"),
    (
        CSV,
        b"code,name\r\nA,b\r\nx\x81x\xb0x\xf0x\xffx\xf5x,y\r\n",
        3,
        2,
        "the byte 0x81 is not UTF-8, and in",
    ),
    (CSV, "a,b\nÁ,1\n".encode() + b"\xe9,2\n", 3, 1, "the byte 0xE9 is not UTF-8, which"),
    (CSV, b"\xef\xbb\xbfa,b\n1,\xe9\n", 2, 3, "the byte 0xE9 is not UTF-8, which"),
    (CSV, "a,b\nÁ,1\nÉÉ,Ü".encode()[:-1], 3, 4, "the source ends inside a character of UTF-8"),
    (CSV, b"\xff\xfea\0\n\0b\0\n\0c", 3, 1, "is not valid UTF-16"),
    (CSV, b'[{"code": "A"}]', 1, 1, "expected CSV with a header line, found a JSON array"),
    (CSV, b'{"code": "A"}', 1, 1, "expected CSV with a header line, found JSON objects"),
    (None, b"PK\x03\x04\0\0", None, None, "this is not text: it looks like a ZIP archive"),
    (None, b"PAR1\0\0", None, None, "this is not text: it looks like a Parquet file"),
    (JSON, b"code,name\nA,b\n", 1, 1, "expected a JSON array, found 'c'"),
    (JSON, b'\n  "text"', 2, 3, "expected a JSON array, found '\"'"),
    (NDJSON, b'[{"code": "A"}]', 1, 1, "expected JSON objects, found a JSON array"),
    (JSON, b" [ ] ", 1, None, "the array is empty"),
    (JSON, b"[1", 1, 3, "expected ',' or ']' after the element, found the end"),
    (JSON, b"[1, ", 1, 5, "ends before its array is closed"),
    (JSON, b"[", 1, 2, "ends before its array is closed"),
    (JSON, b'[{"a": 1}\n{"a": 2}]', 2, 1, "expected ',' or ']' after the element, found '{'"),
    (JSON, b'[{"a": 1},\n]', 2, 1, "expected an element after the comma, found ']'"),
    (JSON, b'[{"a": 1,\n "b": 2,\n}]', 2, 8, "a comma with nothing after it"),
    (JSON, b'[{"a": [1, 2, ]}]', 1, 13, "a comma with nothing after it"),
    (JSON, b'[{"a" 1}]', 1, 7, "expected ':' after the name, found '1'"),
    (JSON, b'[{"a": 1 "b": 2}]', 1, 10, "expected ',' or the end of the object or array"),
    (JSON, b"[{a: 1}]", 1, 3, "expected a name in double quotes, found 'a'"),
    (JSON, b'[{"a": }]', 1, 8, "expected a value, found '}'"),
    (JSON, b'[{"a": "b}]', 1, 8, "the string that starts here is never closed"),
    (JSON, b'[{"a": "b\n"}]', 1, 10, "a control character in a string has to be escaped"),
    (JSON, b'[{"a": "\\x"}]', 1, 9, "this escape does not exist in JSON"),
    (JSON, b'[1]\n{"a": 1}', 2, 1, "expected the end after the array, found '{'"),
    (JSON, b'[{"NaN": "NaN"},\n{"a": NaN}]', 2, 7, "NaN is not JSON"),
    (JSON, b'[{"a": -Infinity}]', 1, 8, "-Infinity is not JSON"),
    (JSON, b'[{"a": ' + b"1" * 5000 + b"}]", 1, 8, "a number of more than 4,300 digits"),
    (JSON, '[{"é": 1},\n{"é":'.encode() + b'"\xe9"}]', 2, 7, "the byte 0xE9 is not UTF-8"),
    (JSON, b"[\n" + DEEP + b"]", 2, 65, "nested deeper than 64 levels"),
    (JSON, b"[" * 100_000, 1, 66, "nested deeper than 64 levels"),
    (JSON, b'\xff\xfe[\0{\0"\0', 1, 1, "this looks like UTF-16"),
    (JSON, b'[\0{\0"\0', 1, 1, "this looks like UTF-16"),
    (NDJSON, b'{"a": 1}\n\n{"a": }\n', 3, 7, "expected a value, found '}'"),
    (NDJSON, b'{"a": 1}\n{"a": 1} {"b": 1}\n', 2, 10, "expected the end of the line"),
    (NDJSON, b'{"a": 1}\n{"a":\n', 3, 1, "expected a value, found the end"),
    (NDJSON, b'{"a": 1}\n{"a":\n1}{"a": 2}\n', 3, 3, "expected the end of the line"),
    (NDJSON, b'{"a": 1\n{"a": 2}\n', 2, 1, "expected ',' or the end of the object or array"),
    (NDJSON, b'{\n"a": 1,\n}\n', 2, 7, "a comma with nothing after it"),
    (NDJSON, b'{\n"a": "b\n}\n', 2, 8, "a control character in a string has to be escaped"),
    (NDJSON, '{\n"é": "'.encode() + b'\xff"\n}', 2, 7, "the byte 0xFF is not UTF-8"),
    (NDJSON, b'{\n"[": ' + DEEP[1:-1] + b"\n}", 2, 69, "nested deeper than 64 levels"),
    (None, b'{"data": [1, 2', 1, 15, "expected ',' or ']' after the element, found the end"),
    (None, b'{"data": [', 1, 11, "ends before its array is closed"),
    (None, b'{"data": [1]', 1, 13, "expected ',' or the end of the object or array"),
    (None, b'{"data": [1],\n "meta": }', 2, 10, "expected a value, found '}'"),
    (None, b'{"data": [1],\n}', 1, 13, "a comma with nothing after it"),
    (None, b'{"data": [1]}\n{"data": [2]}', 2, 1, "expected the end after the document"),
    (None, b'{"data": [1], "data": [2]}', 1, 12, "rows under data twice"),
    (None, '{"data": [1], "é": "'.encode() + b'\xff"}', 1, 21, "the byte 0xFF is not UTF-8"),
    (None, b'{"data": [1], "meta": ' + DEEP + b"}", 1, 86, "nested deeper than 64 levels"),
    (None, b'{"data": []}', 1, None, "the array is empty"),
    (None, b'{"items": [{"a": 1}]}', 1, 1, "an object with an array under 'items'"),
    (NDJSON, b'{"a": 1}\n{"a": NaN}', 2, 7, "NaN is not JSON"),
    (NDJSON, '{"a": 1}\n{"é": "'.encode() + b'\xff"}', 2, 8, "the byte 0xFF is not UTF-8"),
    (NDJSON, b'{}\n{"[": ' + DEEP[1:-1] + b"}", 2, 70, "nested deeper than 64 levels"),
    (NDJSON, b"\n \n", 1, None, "the source has no rows"),
]


@pytest.mark.parametrize("window_bytes", [1, 7, 1 << 18])
@pytest.mark.parametrize(("format", "source", "line", "column", "message"), REFUSALS)
def test_unreadable_source_is_refused_with_its_place(
    format: Format | None,
    source: bytes,
    line: int | None,
    column: int | None,
    message: str,
    window_bytes: int,
) -> None:
    with pytest.raises(UnreadableSource) as refused:
        survey(
            [source],
            format=format,
            window_bytes=window_bytes,
            is_field={"code", "name"}.__contains__,
        )
    assert message in refused.value.message
    assert (refused.value.line, refused.value.column) == (line, column)


@pytest.mark.parametrize(
    "element", [b"[" * 64 + b"]" * 64, b'{"a": "' + b"[{" * 100 + b'\\"[["}', b"[[],{}]"]
)
@pytest.mark.parametrize("format", [JSON, NDJSON])
def test_nesting_up_to_the_bound_and_brackets_in_strings_are_read(
    element: bytes, format: Format
) -> None:
    source = b"[1," + element + b"]" if format is JSON else b"1\n" + element
    found = survey([source], format=format)
    assert [value for rows in read_rows([source], found.layout) for value in rows.values] == [
        1,
        json.loads(element),
    ]


@pytest.mark.parametrize(
    ("format", "start", "filler", "message"),
    [
        (CSV, b'a,b\n1,"', b"x,y\n", "line 2: the row that starts here is larger than 32 MiB"),
        (CSV, b"a,b\n1,", b"xxxx", "line 2: the row that starts here is larger than 32 MiB"),
        (CSV, b"a", b"xxxx", "line 1: the row that starts here is larger than 32 MiB"),
        (JSON, b'[1, {"a": "', b"xx: ", "line 1, column 5: the element that starts here is larger"),
        (JSON, b'[1, {"a": [', b"10, ", "line 1, column 5: the element that starts here is larger"),
        (NDJSON, b'{}\n{"a": "', b"xxxx", "line 2: the line is larger than 32 MiB"),
    ],
)
def test_endless_row_is_refused_before_it_fills_the_memory(
    format: Format, start: bytes, filler: bytes, message: str
) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield start
        block = filler * (1 << 16)
        while True:
            taken += len(block)
            yield block

    with pytest.raises(UnreadableSource, match=message):
        survey(endless(), format=format)
    assert taken < 36 << 20


def test_unclosed_quote_over_millions_of_lines_is_refused_in_bounded_memory() -> None:
    def endless() -> Iterator[bytes]:
        yield b'a,b\n1,"'
        while True:
            yield b"x\n" * (1 << 18)

    tracemalloc.start()
    try:
        with pytest.raises(UnreadableSource, match="larger than 32 MiB"):
            survey(endless(), format=CSV)
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_rows() -> None:
    def peak(rows_count: int) -> int:
        block = b'{"code": "A", "name": "a name"},\n' * 1000
        blocks = [b"[", *[block] * (rows_count // 1000), b"1]"]
        tracemalloc.start()
        try:
            assert survey(iter(blocks), format=JSON).rows_count == rows_count + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(100_000) < 1.15 * peak(40_000)


def test_cell_of_five_megabytes_is_read_whatever_the_bound_of_the_csv_module() -> None:
    csv.field_size_limit(1000)
    cell = "x" * 5_000_000
    for source in (f"a,b\n1,{cell}\n", f'a,b\n1,"{cell}"\n'):
        found = survey([source.encode()])
        csv.field_size_limit(1000)
        assert [rows.values for rows in read_rows([source.encode()], found.layout)] == [
            [["1", cell]]
        ]
