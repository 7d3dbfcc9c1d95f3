"""JSON documents with several arrays of rows: what stands where, and what is none."""

import json

import pytest

from longshore.readers import RowsDocument, UnreadableSource, find_members

TYPES = {"skus", "prices", "tags"}
FIELDS = {"code", "name", "tags"}


def find(
    text: str | bytes, window_bytes: int = 1 << 18, *, is_asked: bool = False
) -> RowsDocument | None:
    data = text.encode() if isinstance(text, str) else text
    blocks = [data[start : start + 7] for start in range(0, len(data), 7)]
    return find_members(
        blocks,
        is_rows=TYPES.__contains__,
        is_field=FIELDS.__contains__,
        is_asked=is_asked,
        window_bytes=window_bytes,
    )


DOCUMENT = """\ufeff
{
  "version": 1.25, "note": "a \\" \\u00e9 日本",
  "skus": [
    {"code": "日本", "tags": [{"name": "x"}]},
    {"code": "B", "of": {"a": [1, 2]}}
  ], "meta": {"skus": []}, "orders": [1, {}, [2]],
  "tags": [], "prices": [{"amount_cents": 1}]
}
"""


@pytest.mark.parametrize("window_bytes", [1, 3, 16, 1 << 18])
def test_each_array_is_found_where_it_stands(window_bytes: int) -> None:
    """Whatever the size of the windows: the bytes between its offsets are the array."""
    found = find(DOCUMENT, window_bytes)
    assert found is not None
    data = DOCUMENT.encode()
    document = json.loads(DOCUMENT.removeprefix("\ufeff"))
    assert [each.name for each in found.members] == ["skus", "tags", "prices"]
    for each in found.members:
        text = data[each.start.offset : each.end_offset]
        assert json.loads(text) == document[each.name]
        assert each.rows_count == len(document[each.name])
        assert each.start.line == data.count(b"\n", 0, each.start.offset) + 1
    assert found.others == ("version", "note", "meta", "orders")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '[{"code": "A"}]',
        '{"skus": 1}',
        '{"data": [{"type": "skus"}], "tags": []}',  # a document of the wire
        '{"code": "A", "tags": [{"name": "x"}]}',  # a row, and what is nested in it
        '{"tags": [{"name": "x"}], "code": "A"}',
        '{"tags": [{"name": "x"}]}\n{"tags": [{"name": "y"}]}',  # lines of JSON
        '{"orders": [1]}',
        '{"broken',
        '{"note": tru',
        b'{"note": "\xff"}',
        "code,name\nA,B\n",
    ],
)
def test_a_source_of_another_kind_is_none(text: str | bytes) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"skus": [{}], "prices": [{"a": }]}', "line 1, column 33: expected a value, found '}'"),
        ('{"skus": [{}],\n "prices" [1]}', "line 2, column 11: expected ':', found '['"),
        ('{"skus": [{}],}', "line 1, column 15: expected a name in double quotes, found '}'"),
        ('{"skus": [{}]', "line 1, column 14: expected ',', found the end"),
        ('{"skus": [{}]} x', "line 1, column 16: expected the end after the document, found 'x'"),
        ('{"skus": [{}], 1: 2}', "line 1, column 16: expected a name in double quotes, found '1'"),
        ('{"skus": [{}], "note": nul}', "line 1, column 24: expected a value, found 'n'"),
        (b'{"skus": [{}], "note": "\xff"}', "the byte 0xFF is not UTF-8, which JSON has to be"),
        ('{"skus": [{}], "prices": [{}', "column 29: expected ',' or ']' after the element, found"),
        ('{"skus": [{}], "prices": [{}, ', "the source ends before its array is closed with ]"),
    ],
)
@pytest.mark.parametrize("window_bytes", [1, 1 << 18])
def test_what_is_broken_behind_the_first_rows_is_said_with_its_place(
    text: str | bytes, message: str, window_bytes: int
) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(UnreadableSource) as refused:
        find(data, window_bytes)
    assert message in refused.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"skus": [{"w": NaN}]}', "line 1, column 17: NaN is not JSON: numbers are finite"),
        ('{"skus": [{}, {"a": 1,}]}', "line 1, column 22: a comma with nothing after it"),
        (b'{"skus": [{"a": "\xff"}]}', "line 1, column 18: the byte 0xFF is not UTF-8"),
        ('{"skus": [' + "1" * 5_000 + "]}", "column 11: a number of more than 4,300 digits"),
        ('{"skus": [{"a": "\\u12x"}]}', "column 19: \\u takes four hexadecimal digits"),
        ('{"skus": ' + "[" * 70 + "]" * 70 + "}", "nested deeper than 64 levels"),
        ('{"skus": [{}, ', "the source ends before its array is closed with ]"),
    ],
)
@pytest.mark.parametrize("window_bytes", [1, 1 << 18])
def test_what_is_broken_within_the_first_rows_is_said_where_a_document_was_asked_for(
    text: str | bytes, message: str, window_bytes: int
) -> None:
    assert find(text, window_bytes) is None
    with pytest.raises(UnreadableSource) as refused:
        find(text, window_bytes, is_asked=True)
    assert message in refused.value.message


def test_a_value_beside_the_rows_that_is_too_large_is_refused() -> None:
    text = '{"skus": [{}], "note": "' + "x" * (33 << 20) + '"}'
    with pytest.raises(UnreadableSource, match="the value that starts here is larger than 32 MiB"):
        find_members([text.encode()], is_rows=TYPES.__contains__, is_field=FIELDS.__contains__)
