"""Values of Parquet files become the texts of a CSV, and no file takes too much memory."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longshore.parquet import ParquetRefused, open_parquet
from longshore.parquet import table as table_module


def written(columns: dict[str, Any], **how: Any) -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **how)
    file.seek(0)
    return file


def text_of(file: io.BytesIO) -> str:
    with open_parquet(file) as table:
        return b"".join(table.blocks()).decode()


def rows_of(file: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(file))))


NOON = datetime(2026, 12, 1, 12, 0, 0, 250_000)


@pytest.mark.parametrize(
    ("type_", "values", "texts"),
    [
        (pa.string(), ["00123", " a ", "", None, 'x,"y"\nz'], ["00123", " a ", "", "", 'x,"y"\nz']),
        (pa.large_string(), ["a"], ["a"]),
        (pa.dictionary(pa.int32(), pa.string()), ["b", "a", None, "b"], ["b", "a", "", "b"]),
        (pa.bool_(), [True, False, None], ["true", "false", ""]),
        (pa.int8(), [-1], ["-1"]),
        (pa.uint64(), [2**64 - 1], ["18446744073709551615"]),
        (
            pa.float64(),
            [1.0, 12.5, 1e21, 1e-7, -0.0],
            ["1", "12.5", "1" + "0" * 21, "0.0000001", "0"],
        ),
        (pa.float64(), [float("nan"), float("inf")], ["nan", "inf"]),
        (pa.float32(), [0.1], ["0.1"]),
        (pa.decimal128(10, 2), [Decimal("12.50"), Decimal("3.00")], ["12.50", "3"]),
        (pa.decimal256(60, 30), [Decimal(1).scaleb(-30)], ["0." + "0" * 29 + "1"]),
        (pa.date32(), [date(2026, 12, 1)], ["2026-12-01"]),
        (pa.date64(), [date(2026, 12, 1)], ["2026-12-01"]),
        (
            pa.timestamp("us"),
            [NOON, datetime(2026, 12, 1)],
            ["2026-12-01T12:00:00.25", "2026-12-01T00:00:00"],
        ),
        (pa.timestamp("s"), [datetime(2026, 12, 1, 8)], ["2026-12-01T08:00:00"]),
        (pa.timestamp("ns"), [1], ["1970-01-01T00:00:00.000000001"]),
        (pa.timestamp("ms", "Europe/Berlin"), [NOON], ["2026-12-01T12:00:00.25Z"]),
        (pa.time64("us"), [time(8, 30), time(8, 30, 1, 5)], ["08:30:00", "08:30:01.000005"]),
        (pa.binary(), [b"M\xc3\xa4rz", None], ["März", ""]),
        (pa.uuid(), [UUID(int=5).bytes], [str(UUID(int=5))]),
        (pa.null(), [None, None], ["", ""]),
        (pa.list_(pa.string()), [["a", "ü"], [], None], ['["a","ü"]', "[]", ""]),
        (pa.list_(pa.decimal128(4, 2)), [[Decimal("1.50")]], ['["1.50"]']),
        (pa.map_(pa.string(), pa.int64()), [[("k", 1)]], ['{"k":1}']),
        (pa.json_(), ['{"a": 1}'], ['{"a": 1}']),
    ],
    ids=str,
)
def test_values_become_texts(type_: Any, values: Sequence[Any], texts: Sequence[str]) -> None:
    file = written({"n": range(len(values)), "value": pa.array(values, type_)})
    assert [row[1] for row in rows_of(file)] == ["value", *texts]


def test_fields_of_structs_are_columns_with_a_dot() -> None:
    type_ = pa.struct({"name": pa.string(), "deep": pa.struct({"x": pa.int32()})})
    values = [{"name": "Mugs", "deep": {"x": 1}}, None, {"name": None, "deep": None}]
    rows = rows_of(written({"n": range(3), "category": pa.array(values, type_)}))
    assert rows[0] == ["n", "category.name", "category.deep.x"]
    assert rows[1:] == [["0", "Mugs", "1"], ["1", "", ""], ["2", "", ""]]


@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY", None])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["snappy", "zstd", "none"])
def test_every_way_to_store_texts_is_read_alike(
    encoding: str | None, version: str, compression: str
) -> None:
    count = 3000
    columns = {
        "code": [f"SKU-{number:05}" for number in range(count)],
        "kind": [f"kind {number % 7}" for number in range(count)],
        "tags": [["a", "b"][: number % 3] for number in range(count)],
        "weight": [number / 2 for number in range(count)],
    }
    how = (
        {} if encoding is None else {"use_dictionary": False, "column_encoding": {"code": encoding}}
    )
    file = written(
        columns,
        row_group_size=1000,
        data_page_size=500,
        data_page_version=version,
        compression=compression,
        write_page_checksum=True,
        **how,
    )
    rows = rows_of(file)
    assert len(rows) == count + 1
    assert rows[2001] == ["SKU-02000", "kind 5", '["a","b"]', "1000"]
    with open_parquet(file) as table:
        assert table.row_groups == (1000, 2000, 3000)


def test_a_file_without_rows_has_its_header() -> None:
    assert (
        text_of(written({"code": pa.array([], pa.string()), "n": pa.array([], pa.int8())}))
        == "code,n\n"
    )


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([b"\xff"]), "row group 1, column 'bad': it has bytes that are no text"),
        (pa.array([timedelta(1)]), r"row group 1, column 'bad': duration\[us\] is a type that"),
    ],
)
def test_columns_without_texts_are_refused_by_row_group_and_column(
    column: Any, message: str
) -> None:
    with pytest.raises(ParquetRefused, match=message) as refused:
        text_of(written({"code": ["a"], "bad": column}))
    assert refused.value.hint == "write the file without this column"


def test_damage_is_refused_with_its_place_where_there_is_one() -> None:
    whole = written({"code": ["a" * 50, "b" * 50], "n": [1, 2]}, compression="none").getvalue()
    for cut in (5, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ParquetRefused, match="the Parquet file is damaged"):
            text_of(io.BytesIO(whole[:cut]))
    with pytest.raises(
        ParquetRefused, match="row group 1, column 'code': the Parquet file is damaged"
    ):
        text_of(io.BytesIO(whole[:4] + b"\xff" * 40 + whole[44:]))


def test_random_damage_ends_in_a_refusal_or_in_rows() -> None:
    whole = written(
        {"code": [f"c{n}" for n in range(50)], "tags": [["x"]] * 50, "n": range(50)}
    ).getvalue()
    for place in range(4, len(whole), 3):
        damaged = bytearray(whole)
        damaged[place] ^= 0x55
        try:
            text_of(io.BytesIO(bytes(damaged)))
        except (ParquetRefused, UnicodeDecodeError):
            pass


def test_few_bytes_that_mean_many_are_read_in_bounded_pieces() -> None:
    """A text of a megabyte again and again: in the file once, as a reference."""
    values = ["x" * (1 << 20)] * 60
    blocks = []
    with open_parquet(written({"code": values, "n": range(60)})) as table:
        for block in table.blocks():
            blocks.append(len(block))
    assert sum(blocks) > 60 << 20
    assert max(blocks) < 16 << 20


@pytest.mark.parametrize(
    "how", [{}, {"column_encoding": {"code": "DELTA_BYTE_ARRAY"}}, {"data_page_size": 1}]
)
def test_rows_are_read_the_fewer_at_once_the_longer_their_texts_can_be(how: dict[str, Any]) -> None:
    file = written({"code": ["x" * (1 << 20)] * 100}, use_dictionary=False, **how)
    with open_parquet(file) as table:
        assert table._rows_at_once(0) <= 8
    file = written({"code": ["short"] * 100, "n": range(100)})
    with open_parquet(file) as table:
        assert table._rows_at_once(0) == 10_000


def test_pages_that_would_take_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "_PAGE_BYTES_MAX", 1000)
    zeros = written({"n": [1], "code": ["0" * 100_000]}, compression="zstd", use_dictionary=False)
    assert len(zeros.getvalue()) < 2000
    with pytest.raises(
        ParquetRefused, match="row group 1, column 'code': a page has more than 1,000"
    ):
        text_of(zeros)
    monkeypatch.setattr(table_module, "_PAGE_ELEMENTS_MAX", 10)
    with pytest.raises(ParquetRefused, match="more than 10 elements of lists"):
        text_of(written({"tags": [[1] * 20]}))


def test_text_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "_TEXT_BYTES_MAX", 1000)
    with pytest.raises(ParquetRefused, match="more than 1,000 bytes of text"):
        text_of(written({"code": ["x"] * 10_000}))


def test_without_the_extra_the_message_says_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    file = written({"code": ["a"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetRefused, match="is not installed") as refused, open_parquet(file):
        pass
    assert "longshore[parquet]" in str(refused.value.hint)


def test_metadata_of_other_programs_does_no_harm() -> None:
    schema = pa.schema(
        [pa.field("code", pa.string())], metadata={b"pandas": json.dumps([1]).encode()}
    )
    file = io.BytesIO()
    pq.write_table(pa.table({"code": ["a"]}, schema=schema), file)
    file.seek(0)
    assert text_of(file) == "code\na\n"
