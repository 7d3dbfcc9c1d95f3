"""A source that is cut into parts says the same as it did whole."""

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.cli.remote import parts
from longshore.cli.remote.parts import StoredSource
from longshore.json_text import encode_json
from longshore.readers import Format, Unreadable, read_rows, survey
from longshore.sources import AttachmentStore, Source

CELLS = st.text(st.sampled_from('ab ,;"\t\r\n|é☃'), max_size=6)


def stored(folder: Path, content: bytes, name: str, **column_map: str) -> StoredSource:
    attachments = AttachmentStore(folder)
    source = Source.from_stream(io.BytesIO(content), name=name)
    attachment = attachments.write(source)
    columns = [column_map.get(each, each) for each in attachment.layout.columns]
    return StoredSource(
        resource_type="skus",
        name=name,
        attachments=attachments,
        stored=attachment,
        columns=columns,
        column_map=column_map,
    )


def rows_of_table(text: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """Columns and rows as a server reads them."""
    blocks = [text.encode()]
    layout = survey(blocks, format=Format.CSV).layout
    return layout.columns, [row for rows in read_rows(blocks, layout) for row in rows.values]


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=12),
    size=st.integers(1, 5),
)
def test_the_parts_of_a_table_hold_its_rows_in_order(rows: list[list[str]], size: int) -> None:
    rows = [[f"A{row[0]}", *row[1:]] for row in rows]  # a row of blank cells is none
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["code", "name", "note"], *rows])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART_ROWS_MAX", size)
        source = stored(Path(folder), text.getvalue().encode(), "s.csv")
        found: list[list[str]] = []
        for part in source.parts():
            assert part.first == len(found) + 1
            inputs = source.inputs(part)
            assert isinstance(inputs, str)
            columns, of_part = rows_of_table(inputs)
            assert columns == ("code", "name", "note")
            assert len(of_part) == part.rows_count <= size
            found += of_part
    assert found == rows


def test_row_of_broken_quoting_is_one_in_its_part_too(tmp_path: Path) -> None:
    lines = ['A1;"Mug;x', 'A2;"Cup";y', 'A3;"say \\"hi\\"";z', "A4;Pan;x"]
    content = "\n".join(["code;name;note", *lines])
    source = stored(tmp_path, content.encode(), "s.csv")
    (part,) = source.parts()
    inputs = source.inputs(part)
    assert isinstance(inputs, str)
    _, rows = rows_of_table(inputs)
    assert [type(row) for row in rows] == [Unreadable, Unreadable, list]
    assert part.rows_count == 3


def test_keys_of_json_are_renamed_and_what_is_no_object_stays(tmp_path: Path) -> None:
    rows: list[Any] = [{"title": "A", "code": 1}, 5, {"code": 2**70}, {"title": "\ud800"}]
    source = stored(tmp_path, json.dumps(rows).encode(), "s.json", title="name")
    (only,) = source.parts()
    renamed: list[Mapping[str, Any] | int] = [
        {"name": "A", "code": 1},
        5,
        {"code": 2**70},
        {"name": "\ud800"},
    ]
    assert source.inputs(only) == renamed
    assert json.loads(encode_json({"inputs": renamed}))["inputs"] == renamed


def test_large_rows_make_smaller_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES_MAX", 100)
    content = "code\n" + "".join("x" * 59 + "\n" for _ in range(5))
    source = stored(tmp_path, content.encode(), "s.csv")
    assert [(part.first, part.last) for part in source.parts()] == [(1, 2), (3, 4), (5, 5)]
