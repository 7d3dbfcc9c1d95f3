"""Counting the records of a CSV tells what cutting them into cells tells."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from hypothesis import example, given, target
from hypothesis import strategies as st

from longshore.readers import CsvOptions, Format, Position, Rows, Survey, UnreadableSource, survey
from longshore.readers.csv_rules import CsvRules
from longshore.readers.decision import decide
from longshore.readers.delimited import Parser
from longshore.readers.delimited_notices import RowFindings
from longshore.readers.encodings import whole_lines_size
from longshore.readers.record_counter import RecordCounter
from longshore.readers.rows import Unreadable

HEADER = ("code", "name", "note")
ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16-le", "cp932", "gb18030")
PLACE = Position(row=5, line=7, offset=11)

CELL = st.one_of(
    st.text(alphabet="ab1é", max_size=4),
    st.text(alphabet=" ab,;|\"'\\\n\r\t\x0b\u3000é", max_size=5),
    st.sampled_from([*HEADER, "", '""', "a\nb,c,d", "a\r\nb", 'say ""hi""', '"\n"', "\\\\"]),
)
FRIENDLY = st.one_of(
    st.text(alphabet="ab1é", min_size=1, max_size=4),
    st.sampled_from(["a,b", 'say ""hi""', "a\nb", "a;b\n, c", "", "x|y"]),
)


@st.composite
def bodies(draw: Callable[..., Any]) -> tuple[CsvRules, bytes]:
    """Lines of a CSV, mostly of one that is written well."""
    delimiter = draw(st.sampled_from(",,,,;|\t §"))
    quote = draw(st.sampled_from(['"', '"', '"', "'", ""]))
    rules = CsvRules(
        encoding=draw(st.sampled_from(ENCODINGS)),
        delimiter=delimiter,
        quote=quote,
        escape=draw(st.sampled_from(["", "", "", "", "\\"])),
        header=draw(st.sampled_from([HEADER, HEADER, ("", *HEADER), ('"', "co"), ("é ", "b")])),
    )
    line_ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"], ["\n", "\r", "\r\n"]]))
    cell = draw(st.sampled_from([CELL, FRIENDLY, FRIENDLY]))
    width = len(rules.header)
    widths = draw(st.sampled_from([[width], [width], [width - 1, width, width + 1]]))
    is_quoted = draw(st.sampled_from([st.just(True), st.just(False), st.booleans()]))
    pieces = []
    for _ in range(draw(st.integers(1, 6))):
        cells = [draw(cell) for _ in range(draw(st.sampled_from(widths)))]
        if draw(st.integers(0, 9)) == 0:
            cells = list(rules.header)
        written = [
            quote + cell.replace(quote, quote * 2) + quote
            if quote and (draw(is_quoted) or any(each in cell for each in (delimiter, quote, "\n")))
            else cell
            for cell in cells
        ]
        pieces.append(delimiter.join(written) + draw(st.sampled_from(line_ends)))
    text = "".join(pieces)
    if draw(st.integers(0, 3)) == 0:
        index = draw(st.integers(0, len(text)))
        damage = draw(st.sampled_from([quote, delimiter, "\n", " ", "\r", "x", "\\"]))
        text = text[:index] + damage + text[index + draw(st.integers(0, 1)) :]
    return rules, text.encode(rules.encoding, "replace")


@given(bodies(), st.booleans())
@example(
    (CsvRules(encoding="utf-8", delimiter=",", escape="\\", header=HEADER), b'1,2,""""\n'), True
)
def test_what_is_counted_is_what_the_parser_reads(
    source: tuple[CsvRules, bytes], ended: bool
) -> None:
    rules, data = source
    headers: list[int] = []
    parser = Parser(rules, headers.append)
    body = data if ended else data[: whole_lines_size(data, rules.encoding)]
    try:
        counted = RecordCounter(rules, parser).count(body, ended=ended, line=PLACE.line)
        rows = parser.parse(data, ended, PLACE)
    except UnreadableSource:
        return  # the bytes of a character that is no text of this encoding
    if counted is None:
        return
    target(float(counted.rows_count))
    end = Position(
        PLACE.row + counted.rows_count,
        PLACE.line + counted.lines_count,
        PLACE.offset + counted.size,
    )
    # A record after those may be broken rather than open: it is left for the next window.
    assert len(rows) == counted.rows_count or not ended
    rows = rows.slice(0, counted.rows_count)
    assert rows.position(len(rows)) == end
    assert not any(isinstance(each, Unreadable) for each in rows.values)
    widths = list(map(len, rows.values))
    assert widths == (list(counted.widths) or [len(rules.header)] * len(rows))
    assert headers == []
    assert told(rules, rows) == told(rules, None, counted.widths)


def told(rules: CsvRules, rows: Rows | None, widths: Any = ()) -> Any:
    findings = RowFindings(decide(b"code,name\n", CsvOptions(escape=""), HEADER.__contains__))
    findings.begin(rules)
    if rows is None:
        findings.note_widths(widths, PLACE)
    else:
        findings.note(rows, has_backslashes=True)
    return findings.notices()


@given(bodies(), st.integers(1, 40))
@example((CsvRules(encoding="utf-8", delimiter=",", header=HEADER), b'1,"a\nb",3\n"4'), 40)
def test_survey_that_counts_tells_what_one_that_parses_tells(
    source: tuple[CsvRules, bytes], window_bytes: int
) -> None:
    rules, body = source
    header = rules.delimiter.join(rules.header) + "\n"
    data = header.encode(rules.encoding, "replace") + body
    options = CsvOptions(delimiter=rules.delimiter, quote=rules.quote, escape=rules.escape or None)
    counting = surveyed(data, options, window_bytes)
    with mock.patch.object(RecordCounter, "count", return_value=None):
        parsing = surveyed(data, options, window_bytes)
    assert counting == parsing


def surveyed(data: bytes, options: CsvOptions, window_bytes: int) -> Survey | str:
    try:
        return survey(
            [data],
            format=Format.CSV,
            csv=options,
            is_field=HEADER.__contains__,
            window_bytes=window_bytes,
        )
    except UnreadableSource as refused:
        return refused.message
