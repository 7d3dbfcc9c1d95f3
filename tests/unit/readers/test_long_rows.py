"""A row much larger than the window, with small ones around it, is read like all others."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from longshore.readers import Format, Position, read_rows, survey

LONG = 3 << 18
SMALL_COUNT = 30_000


def csv_source(long_cell: str) -> str:
    small = "a,b\n" * SMALL_COUNT
    return f"one,two\n{small}c,{long_cell}\n{small}d,{long_cell}\n"


def cut(data: bytes) -> Iterator[bytes]:
    return (data[start : start + (1 << 20)] for start in range(0, len(data), 1 << 20))


def read(data: bytes, format: Format) -> list[tuple[int, int, Any]]:
    found = survey(cut(data), format=format)
    rows = [
        (line, offset, value)
        for rows in read_rows(cut(data), found.layout)
        for line, offset, value in zip(rows.lines, rows.offsets, rows.values, strict=True)
    ]
    assert found.rows_count == len(rows)
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize(
    "long_cell",
    ["x" * LONG, '"' + "x\n" * (LONG // 2) + '"', '"' + 'é""\r' * (LONG // 5) + 'z"'],
)
def test_long_csv_rows(long_cell: str, encoding: str) -> None:
    text = csv_source(long_cell)
    data = (b"" if encoding == "utf-8" else b"\xff\xfe") + text.encode(encoding)
    rows = read(data, Format.CSV)
    expected = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [value for *_, value in rows] == expected
    lines = len(list(io.StringIO(long_cell, newline="")))
    last_line, last_offset, _ = rows[-1]
    assert last_line == 2 + 2 * SMALL_COUNT + lines
    tail = data[last_offset:]
    assert tail.decode(encoding) == f"d,{long_cell}\n"
    layout = survey(cut(data)).layout
    start = Position(len(rows), last_line, last_offset)
    assert [again.values for again in read_rows(cut(tail), layout, start)] == [expected[-1:]]


@pytest.mark.parametrize("format", [Format.JSON, Format.NDJSON])
@pytest.mark.parametrize("value", ["x" * LONG, ["x"] * (LONG // 8)])
def test_long_json_rows(format: Format, value: Any) -> None:
    small = ["1"] * SMALL_COUNT
    texts = [*small, json.dumps({"a": value}), *small, json.dumps([value])]
    if format is Format.NDJSON:
        data = "\n".join(texts).encode()
    else:
        data = ("[" + ",\n".join(texts) + "]").encode()
    rows = read(data, format)
    assert [value for *_, value in rows] == list(map(json.loads, texts))
    assert [line for line, *_ in rows] == list(range(1, len(texts) + 1))
    decoder = json.JSONDecoder()
    for _, offset, value in rows[:: SMALL_COUNT // 3] + rows[-1:]:
        assert decoder.raw_decode(data[offset:].decode())[0] == value


def test_small_rows_after_a_long_one_are_read_in_small_windows() -> None:
    data = ('a,b\n1,"' + "x" * (2 << 20) + '"\n' + "1,2\n" * 600_000).encode()
    layout = survey([data]).layout
    assert max(len(rows) for rows in read_rows([data], layout)) < 200_000
