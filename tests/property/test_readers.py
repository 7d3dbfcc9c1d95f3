"""The readers agree with the standard library, wherever windows end and reading restarts."""

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from longshore.readers import (
    CsvOptions,
    Format,
    Position,
    Rows,
    Survey,
    Unreadable,
    UnreadableSource,
    read_rows,
    survey,
)

Found = list[tuple[int, int, int, Any]]

CELL = st.text(alphabet=' ab,;\t|"\n\rüé€😀ポ功й\x00\u2028', max_size=8)
JSON_TEXT = st.text(alphabet=' a"\\/,:[]{}\n\té€😀\ud800\udc00', max_size=6)
JSON_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(JSON_TEXT, inner, max_size=3),
    max_leaves=8,
)
# Those that the cells above hold, or that other encodings make of them.
BLANKS = "\t \u2028\xa0\x85\u3000"
SPACE = st.sampled_from(["", " ", "\n", "\r\n", "\t \n"])
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"),
    *("cp1252", "cp932", "gb18030", "big5", "koi8-r", "euc_kr"),
)
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOTHING_ASKED = CsvOptions()
WINDOW_BYTES = st.integers(min_value=1, max_value=9)


def cut(data: bytes, block_bytes: int) -> Iterator[bytes]:
    return (data[start : start + block_bytes] for start in range(0, len(data), block_bytes))


def flatten(batches: Iterator[Rows]) -> Found:
    return [
        (*row, value)
        for rows in batches
        for *row, value in zip(rows.numbers, rows.lines, rows.offsets, rows.values, strict=True)
    ]


def check_restarts(data: bytes, found: Survey, block_bytes: int, window_bytes: int) -> Found:
    """Read all rows, then again from each of them, and from where a row after them would be."""
    layout = found.layout
    everything = flatten(read_rows(cut(data, block_bytes), layout, window_bytes=window_bytes))
    ends = [
        rows.position(index)
        for rows in read_rows([data], layout, window_bytes=window_bytes)
        for index in range(len(rows) + 1)
    ]
    starts = [Position(number, line, offset) for number, line, offset, _ in everything]
    for start in [*starts, *ends]:
        again = flatten(
            read_rows(cut(data[start.offset :], block_bytes), layout, start, window_bytes)
        )
        assert again == everything[start.row - 1 :]
    return everything


def lines_before(text: str) -> int:
    return len(list(io.StringIO(text, newline="")))


@st.composite
def csv_sources(draw: Callable[..., Any]) -> tuple[str, bytes, str | None]:
    """Delimiter and bytes of a CSV whose header is plain, and the encoding that is named."""
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " ", "||", ", ", " | ", "  "]))
    encoding = draw(st.sampled_from(ENCODINGS))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    ragged = st.lists(CELL, min_size=1, max_size=4)
    plain = st.lists(st.text(alphabet=" abü", max_size=5), min_size=1, max_size=4)
    rows = draw(st.lists(draw(st.sampled_from([ragged, plain])), min_size=1, max_size=8))
    text = newline.join([delimiter.join(["one", "two"])] + [_line(row, delimiter) for row in rows])
    text += draw(st.sampled_from(["", newline, newline + newline]))
    if draw(st.booleans()):
        # Raw text after the last row: quotes in the middle of cells, text after closing quotes.
        text += newline + draw(st.text(alphabet='ab"\n\r' + delimiter, max_size=12))
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    has_mark = bool(mark) and draw(st.booleans())
    asked = None if has_mark or draw(st.booleans()) else encoding.removesuffix("-sig")
    return delimiter, (mark if has_mark else b"") + text.encode(encoding, "replace"), asked


def _line(row: list[str], delimiter: str) -> str:
    if len(delimiter) > 1:
        cells = (cell.replace('"', '""') for cell in row)
        return delimiter.join(cell if cell.isalnum() else f'"{cell}"' for cell in cells)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(row)
    return out.getvalue()


@given(csv_sources(), st.integers(min_value=1, max_value=9), WINDOW_BYTES)
def test_csv_reader_keeps_to_its_rules_wherever_windows_end(
    source: tuple[str, bytes, str | None], block_bytes: int, window_bytes: int
) -> None:
    delimiter, data, asked = source
    options = CsvOptions(delimiter=delimiter, escape="")
    found = survey_or_refusal(cut(data, block_bytes), Format.CSV, window_bytes, asked, options)
    at_once = survey_or_refusal([data], Format.CSV, 1 << 18, asked, options)
    if isinstance(found, UnreadableSource):
        assert isinstance(at_once, UnreadableSource)
        assert at_once.message == found.message
        check_refusal(found, data, delimiter, asked)
        return
    assert isinstance(at_once, Survey)
    assert at_once.notices == found.notices
    assert at_once.layout.encoding == found.layout.encoding
    assert at_once.layout.end_offset == found.layout.end_offset
    encoding = found.layout.encoding
    assert asked in (None, encoding)
    mark = next((len(mark) for mark in MARKS if data.startswith(mark)), 0)
    # What stands below the table is left out, behind a blank line.
    end = found.layout.end_offset
    text = data[mark:end].decode(encoding)
    assert found.layout.columns == ("one", "two")
    expected = rows_of(text, delimiter)
    assert found.rows_count == len(expected)
    assert found.bytes_count == len(data)
    everything = check_restarts(data, found, block_bytes, window_bytes)
    shown = [
        (line, cells.text if isinstance(cells, Unreadable) else cells)
        for _, line, _, cells in everything
    ]
    assert shown == expected
    for _, line, offset, _ in everything:
        assert lines_before(data[mark:offset].decode(encoding)) == line - 1


def plainly_read(text: str, delimiter: str) -> list[tuple[int, list[str] | str]]:
    """Each record with its line: its cells, or its lines where its quoting is broken.

    The rules of docs/guides/csv.md, once more and one character after the other.
    """
    lines = list(io.StringIO(text, newline=""))
    blanks = BLANKS.replace(" ", "") if delimiter.isspace() and delimiter != "\t" else BLANKS
    blanks = blanks.replace(delimiter, "")
    records: list[tuple[int, list[str] | str]] = []
    number = 0
    while number < len(lines):
        start = number
        rest = lines[number]
        cells: list[str] = []
        while True:
            inner = rest.lstrip(blanks)
            if not inner.startswith('"'):
                cell, found = _until(rest, delimiter)
                cells.append(cell)
                rest = rest[len(cell) + found * len(delimiter) :]
                if not found:
                    break
                continue
            rest, cell = inner[1:], ""
            while True:
                before, quote, rest = rest.partition('"')
                cell += before
                if quote and rest.startswith('"'):
                    cell, rest = cell + '"', rest[1:]
                elif quote:
                    break
                elif number + 1 == len(lines):
                    records.append((start + 1, _bare("".join(lines[start:]))))
                    return records
                else:
                    number += 1
                    rest = lines[number]
            cells.append(cell)
            while rest and rest[0] in blanks and not rest.startswith(delimiter):
                rest = rest[1:]
            if rest.startswith(delimiter):
                rest = rest[len(delimiter) :]
            elif rest.strip("\r\n"):
                cells = []
                break
            else:
                break
        number += 1
        records.append((start + 1, cells or _bare("".join(lines[start:number]))))
    return records


def _until(text: str, delimiter: str) -> tuple[str, bool]:
    before, found, _ = text.partition(delimiter)
    return (before, True) if found else (text.rstrip("\r\n"), False)


def _bare(lines: str) -> str:
    return lines.removesuffix("\n").removesuffix("\r")


def is_row(cells: list[str] | str) -> bool:
    if isinstance(cells, str):
        return True
    names = [cell.strip(BLANKS + "\r\n") for cell in cells]
    return any(names) and (names[:2] != ["one", "two"] or any(cells[2:]))


def check_refusal(found: UnreadableSource, data: bytes, delimiter: str, asked: str | None) -> None:
    """Sources are refused for want of rows, and when they may be damaged."""
    if "UTF-8" in found.message or "none of the encodings" in found.message:
        assert asked is None
    elif "another table" in found.message:
        assert asked is None or len(rows_of(data.decode(asked), delimiter)) > 1
    else:
        assert "no rows" in found.message
        assert asked is None or not rows_of(data.decode(asked), delimiter)


def rows_of(text: str, delimiter: str) -> list[tuple[int, list[str] | str]]:
    """The rows of a text with their lines."""
    return [each for each in plainly_read(text, delimiter)[1:] if is_row(each[1])]


def survey_or_refusal(
    blocks: Iterable[bytes],
    format: Format,
    window_bytes: int,
    encoding: str | None = None,
    options: CsvOptions = NOTHING_ASKED,
) -> Survey | UnreadableSource:
    try:
        return survey(
            blocks, format=format, window_bytes=window_bytes, encoding=encoding, csv=options
        )
    except UnreadableSource as error:
        return error


@st.composite
def json_sources(draw: Callable[..., Any]) -> bytes:
    values = draw(st.lists(JSON_VALUE, min_size=1, max_size=6))
    ascii_only = draw(st.booleans())
    indent = draw(st.sampled_from([None, 1]))
    texts = []
    for value in values:
        text = json.dumps(value, ensure_ascii=True, indent=indent)
        if not ascii_only:
            text = json.dumps(value, ensure_ascii=False, indent=indent)
            text = "".join(
                f"\\u{ord(one):04x}" if "\ud800" <= one <= "\udfff" else one for one in text
            )
        texts.append(draw(SPACE) + text + draw(SPACE))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return (mark + draw(SPACE) + "[" + ",".join(texts) + "]" + draw(SPACE)).encode()


@given(json_sources(), st.integers(min_value=1, max_value=9), WINDOW_BYTES)
def test_json_reader_agrees_with_json_loads_wherever_windows_end(
    data: bytes, block_bytes: int, window_bytes: int
) -> None:
    expected = json.loads(data.decode("utf-8-sig"))
    found = survey(cut(data, block_bytes), format=Format.JSON, window_bytes=window_bytes)
    assert found.rows_count == len(expected)
    assert found.bytes_count == len(data)
    everything = check_restarts(data, found, block_bytes, window_bytes)
    assert [repr(value) for *_, value in everything] == [repr(value) for value in expected]
    decoder = json.JSONDecoder()
    for _, line, offset, value in everything:
        assert data[:offset].count(b"\n") == line - 1
        assert repr(decoder.raw_decode(data[offset:].decode())[0]) == repr(value)


@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b"]), JSON_VALUE, min_size=1), min_size=3),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.integers(min_value=10, max_value=80),
)
def test_elements_that_are_written_alike_are_read_like_all_others(
    values: list[Any], indent: int | None, ascii_only: bool, window_bytes: int
) -> None:
    text = json.dumps(values, ensure_ascii=ascii_only, indent=indent)
    data = text.encode(errors="replace")
    expected = json.loads(data)
    found = survey([data], format=Format.JSON, window_bytes=window_bytes)
    everything = check_restarts(data, found, 100, window_bytes)
    assert [repr(value) for *_, value in everything] == [repr(value) for value in expected]
    decoder = json.JSONDecoder()
    for _, line, offset, value in everything:
        assert data[:offset].count(b"\n") == line - 1
        assert repr(decoder.raw_decode(data[offset:].decode())[0]) == repr(value)


@given(st.lists(JSON_VALUE, min_size=1, max_size=6), st.data(), WINDOW_BYTES)
def test_ndjson_reader_agrees_with_json_loads_wherever_windows_end(
    values: list[Any], draw: st.DataObject, window_bytes: int
) -> None:
    values = [{}, *values]  # a first line that starts with [ is taken for an array
    newlines = st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\r\n"])
    text = "".join(json.dumps(value) + draw.draw(newlines) for value in values)
    data = text.removesuffix(draw.draw(st.sampled_from(["", "\n"]))).encode()
    found = survey(cut(data, 3), format=Format.NDJSON, window_bytes=window_bytes)
    everything = check_restarts(data, found, 3, window_bytes)
    # Not the values themselves: two surrogates that make a pair are read as one character.
    expected = [json.loads(json.dumps(value)) for value in values]
    assert [repr(value) for *_, value in everything] == [repr(value) for value in expected]
    for _, line, offset, _ in everything:
        assert data[:offset].count(b"\n") == line - 1


@given(
    st.lists(JSON_VALUE, min_size=1, max_size=6),
    st.lists(st.sampled_from([None, 0, 1, "\t"]), min_size=6, max_size=6),
    st.data(),
    WINDOW_BYTES,
)
def test_values_on_several_lines_are_read_wherever_windows_end(
    values: list[Any], indents: list[Any], draw: st.DataObject, window_bytes: int
) -> None:
    values = [{"a": 1}, *values]
    newlines = st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\r\n"])
    text = ""
    lines = []
    for value, indent in zip(values, [None, *indents], strict=False):
        lines.append(text.count("\n") + 1)
        text += json.dumps(value, indent=indent) + draw.draw(newlines)
    data = text.removesuffix(draw.draw(st.sampled_from(["", "\n"]))).encode()
    found = survey(cut(data, 3), format=Format.NDJSON, window_bytes=window_bytes)
    assert found.bytes_count == len(data)
    everything = check_restarts(data, found, 3, window_bytes)
    expected = [json.loads(json.dumps(value)) for value in values]
    assert [repr(value) for *_, value in everything] == [repr(value) for value in expected]
    assert [line for _, line, _, _ in everything] == lines
    for _, line, offset, _ in everything:
        assert data[:offset].count(b"\n") == line - 1


MEMBERS = st.lists(
    st.tuples(st.sampled_from(["meta", "links", "included", "x"]), JSON_VALUE), max_size=3
)


@given(
    st.lists(JSON_VALUE, min_size=1, max_size=6),
    MEMBERS,
    MEMBERS,
    st.sampled_from([None, 1]),
    SPACE,
    st.integers(min_value=1, max_value=9),
    WINDOW_BYTES,
)
def test_rows_of_a_document_are_read_wherever_windows_end(
    values: list[Any],
    before: list[tuple[str, Any]],
    behind: list[tuple[str, Any]],
    indent: int | None,
    space: str,
    block_bytes: int,
    window_bytes: int,
) -> None:
    document = {**dict(before), "data": values}
    document |= {name: value for name, value in behind if name not in document}
    data = (space + json.dumps(document, indent=indent) + space).encode()
    expected = json.loads(data)["data"]
    found = survey(cut(data, block_bytes), window_bytes=window_bytes)
    assert found.layout.is_enclosed
    assert found.bytes_count == len(data)
    everything = check_restarts(data, found, block_bytes, window_bytes)
    assert [repr(value) for *_, value in everything] == [repr(value) for value in expected]
    decoder = json.JSONDecoder()
    for _, line, offset, value in everything:
        assert data[:offset].count(b"\n") == line - 1
        assert repr(decoder.raw_decode(data[offset:].decode())[0]) == repr(value)
    told = sorted(name for name in document if name in ("included", "x"))
    notices = [notice.message for notice in found.notices]
    assert len(notices) == (1 if told else 0)
    assert all(repr(name) in notices[0] for name in told)


@given(
    st.binary(max_size=60),
    st.sampled_from([b'{"data": [1', b'{\n"a": 1', b"{}\n[\n"]),
    WINDOW_BYTES,
)
def test_arbitrary_bytes_behind_an_object_are_read_or_refused_alike_wherever_windows_end(
    noise: bytes, start: bytes, window_bytes: int
) -> None:
    outcomes = []
    for size in (window_bytes, 1000):
        found = survey_or_refusal([start + noise], Format.NDJSON, size)
        if isinstance(found, UnreadableSource):
            outcomes.append(found.message)
        else:
            outcomes.append(str(check_restarts(start + noise, found, 5, size)))
    assert outcomes[0] == outcomes[1]


_JSONISH = st.lists(st.sampled_from(list('[]{}",:1ae\\u0 -N\n\n')), max_size=30)


@given(_JSONISH, st.sampled_from(['{"data": [', '{\n"a":', '{"a": [\n']), WINDOW_BYTES)
def test_arbitrary_json_in_an_object_is_read_or_refused_alike_wherever_windows_end(
    characters: list[str], start: str, window_bytes: int
) -> None:
    data = (start + "".join(characters)).encode()
    outcomes = []
    for size in (window_bytes, 1000):
        found = survey_or_refusal([data], Format.NDJSON, size)
        if isinstance(found, UnreadableSource):
            outcomes.append(found.message)
        else:
            outcomes.append(str(check_restarts(data, found, 5, size)))
    assert outcomes[0] == outcomes[1]


@given(st.binary(max_size=60), st.sampled_from(Format), WINDOW_BYTES)
def test_arbitrary_bytes_are_read_or_refused_alike_wherever_windows_end(
    noise: bytes, format: Format, window_bytes: int
) -> None:
    data = {Format.CSV: b"a,b\n", Format.JSON: b'[{"a": 1}, ', Format.NDJSON: b"{}\n"}[format]
    data += noise
    outcomes = []
    for size in (window_bytes, 1000):
        found = survey_or_refusal([data], format, size)
        if isinstance(found, UnreadableSource):
            outcomes.append(found.message)
        else:
            rows = check_restarts(data, found, 5, size)
            outcomes.append(f"{found.layout.encoding} {found.layout.columns} {rows}")
    assert outcomes[0] == outcomes[1]


def refuse_constant(name: str) -> None:
    raise ValueError(name)


@given(st.lists(st.sampled_from(list('[]{}",:1ae\\u0 -N\n')), max_size=30), WINDOW_BYTES)
def test_arbitrary_json_is_accepted_exactly_when_json_loads_accepts_it(
    characters: list[str], window_bytes: int
) -> None:
    text = "[1," + "".join(characters) + "]"
    try:
        expected = json.loads(text, parse_constant=refuse_constant)
    except ValueError:
        expected = None
    outcomes: list[str | int] = []
    for size in (window_bytes, 1000):
        found = survey_or_refusal([text.encode()], Format.JSON, size)
        if isinstance(found, UnreadableSource):
            assert found.line is not None
            assert found.column is not None
            outcomes.append(found.message)
        else:
            outcomes.append(found.rows_count)
    assert outcomes[0] == outcomes[1]
    if expected is None:
        assert isinstance(outcomes[0], str)
    else:
        assert outcomes[0] == len(expected)
