"""Quotes that are not written by the rules take no rows into their cell, and lose nothing."""

from typing import Any

import pytest

from longshore.notices import NoticeCode
from longshore.readers import (
    CsvOptions,
    Layout,
    Position,
    Rows,
    Survey,
    Unreadable,
    UnreadableSource,
    read_rows,
    survey,
)

FIELDS = {"code", "name", "do_not_ship"}
HEADER = b"code,name,do_not_ship\n"
WINDOWS = [1, 7, 1 << 18]


def found(
    source: bytes, window_bytes: int = 1 << 18, **options: Any
) -> tuple[Survey, list[tuple[int, Any]]]:
    """The survey, and each row with its line; an unreadable one as its text."""
    surveyed = survey(
        [source], window_bytes=window_bytes, is_field=FIELDS.__contains__, csv=CsvOptions(**options)
    )
    rows = [
        (line, values.text if isinstance(values, Unreadable) else values)
        for batch in read_rows([source], surveyed.layout, window_bytes=window_bytes)
        for line, values in zip(batch.lines, batch.values, strict=True)
    ]
    assert len(rows) == surveyed.rows_count
    return surveyed, rows


def codes(surveyed: Survey) -> list[str]:
    return [notice.code for notice in surveyed.notices]


BROKEN = [
    (
        b'A1,"Mug,yes\nA2,"Cup",yes\nA3,Pan,yes\n',
        [(2, 'A1,"Mug,yes\nA2,"Cup",yes'), (4, ["A3", "Pan", "yes"])],
    ),
    (
        b'A1,"12 in pipe,yes\nA2,a,b\nA3,a,b\nA4,"14 in pipe,yes\nA5,Nut,yes\n',
        [
            (2, 'A1,"12 in pipe,yes\nA2,a,b\nA3,a,b\nA4,"14 in pipe,yes'),
            (6, ["A5", "Nut", "yes"]),
        ],
    ),
    (
        b'A1,"12" pipe,yes\r\nA2,Cup,yes\r\nA3,"pipe" 5,yes\r\n',
        [(2, 'A1,"12" pipe,yes'), (3, ["A2", "Cup", "yes"]), (4, 'A3,"pipe" 5,yes')],
    ),
    # Still open at the end of the source.
    (
        b'A1,Cup,yes\nA2,"Mug,yes\nA3,Pan,yes',
        [(2, ["A1", "Cup", "yes"]), (3, 'A2,"Mug,yes\nA3,Pan,yes')],
    ),
    # What is well-formed.
    (
        b'A1, "Cup" , yes\nA2,\t"Mug, red" ,x\n',
        [(2, ["A1", "Cup", " yes"]), (3, ["A2", "Mug, red", "x"])],
    ),
    (b'A1,12" pipe,"a ""b"""\n', [(2, ["A1", '12" pipe', 'a "b"'])]),
    (b'A1,"C:\\",x\nA2,"a\nb",y\n', [(2, ["A1", "C:\\", "x"]), (3, ["A2", "a\nb", "y"])]),
    # Rows without content are blank lines.
    (
        b'A1,a,b\n,,\n"","",""\n \xc2\xa0,\xe2\x80\x8b,\n,\n\n,,\nA2,a,b\n"\n",,\n',
        [(2, ["A1", "a", "b"]), (9, ["A2", "a", "b"])],
    ),
    (
        b"A1,a,b\r,,\nA2,a,b\r\r\n,\r\nA3,a,b\r,",
        [(2, ["A1", "a", "b"]), (4, ["A2", "a", "b"]), (7, ["A3", "a", "b"])],
    ),
]


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(("rows", "expected"), BROKEN)
def test_every_line_is_in_exactly_one_row(
    rows: bytes, expected: list[tuple[int, Any]], window_bytes: int
) -> None:
    assert found(HEADER + rows, window_bytes)[1] == expected


def test_error_names_both_places_and_what_to_do() -> None:
    source = HEADER + b'A1,"Mug,yes\nA2,"Cup",yes\nA3,"Pan,yes\n'
    surveyed, _ = found(source)
    batch = Rows.joined(list(read_rows([source], surveyed.layout)))
    closed, still_open = batch.values
    assert closed.message == (
        "broken quoting: the row begins on line 2, and its quote on line 2, column 4 is closed by "
        "the one on line 3, column 4, which 'C' follows, expected a separator or the line's end; "
        'write a quote inside of a quoted cell twice ("")'
    )
    assert "line 4, column 4 is never closed" in still_open.message


@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_reading_starts_again_at_any_row(window_bytes: int) -> None:
    source = HEADER + b'A1,"a" b,c\n,,\nA2,"x\ny",c\nA3,"Mug\nA4,"Cup",d\nA5,e,f\nA6,"g\n'
    surveyed, rows = found(source)
    layout = surveyed.layout
    batch = Rows.joined(list(read_rows([source], layout)))
    for index in range(len(batch)):
        start = batch.position(index)
        again = read_rows([source[start.offset :]], layout, start, window_bytes)
        assert [row for each in again for row in each.values] == batch.values[index:]
    assert [line for line, _ in rows] == [2, 4, 6, 8, 9]


@pytest.mark.parametrize("window_bytes", [64, 1 << 18])
@pytest.mark.parametrize(
    ("rows", "place", "message"),
    [
        (
            b'A0,"a" b,c\nA1,"12 in,x\n' + b"A,b,c\n" * 10_000 + b'A2,"14 in,x\n',
            (3, 4),
            "more than 100 lines",
        ),
        (b'A1,"12 in,x\n' + b"A,b,c\n" * 10_000, (2, 4), "never closed"),
        (b"A1,b,c\n" + b'A1,"a" b,c\n' * 1001, (3, 4), "the first of more than 1,000"),
    ],
)
def test_source_of_too_much_that_is_broken_is_refused_with_the_first_place(
    rows: bytes, place: tuple[int, int], message: str, window_bytes: int
) -> None:
    with pytest.raises(UnreadableSource, match=message) as refused:
        found(HEADER + rows, window_bytes)
    assert (refused.value.line, refused.value.column) == place


def test_as_many_as_may_be_broken_are_rows() -> None:
    assert len(found(HEADER + b'A1,"a" b,c\n' * 1000)[1]) == 1000
    assert len(found(HEADER + b'A1,"a\n' + b"A,b,c\n" * 99)[1]) == 1


@pytest.mark.parametrize("before", [0, 20_000])
@pytest.mark.parametrize("window_bytes", [61, 1 << 18])
def test_backslashes_are_recognised_where_the_whole_source_is_consistent(
    before: int, window_bytes: int
) -> None:
    plain = b"A1,a,b\n" * before
    source = HEADER + plain + b'A2,"say \\"hi\\", you",C:\\new\nA3,"a\\\\b",c\n'
    surveyed, rows = found(source.replace(b"C:\\new", b"n"), window_bytes)
    assert [values for _, values in rows[before:]] == [
        ["A2", 'say "hi", you', "n"],
        ["A3", "a\\b", "c"],
    ]
    assert codes(surveyed) == [NoticeCode.BACKSLASHES_ESCAPE]
    # A single backslash before a letter is none of a writer that doubles backslashes.
    assert [type(values) for _, values in found(source, window_bytes)[1][before:]] == [str, list]
    # Nor is a quote that is not behind one.
    broken = found(source.replace(b"C:\\new", b"n") + b'A4,"x" y,z\n', window_bytes)[1]
    assert [type(values) for _, values in broken[before:]] == [str, list, str]


def test_doubled_quotes_win_where_both_can_be_meant() -> None:
    surveyed, rows = found(HEADER + b'A1,"a\\"",y",z\n')
    assert surveyed.layout.escape == ""
    assert rows == [(2, ["A1", 'a\\",y', "z"])]
    assert codes(surveyed) == [NoticeCode.BACKSLASHES_KEPT]
    assert codes(found(HEADER + b'A1,say \\"hi\\",y\n')[0]) == [NoticeCode.BACKSLASHES_KEPT]


def test_cell_of_lines_that_look_like_rows_is_told() -> None:
    surveyed, rows = found(HEADER + b'A1,b,"x\nA2,b,c\nA3,b,y"\nA4,b,"x\ny"\n')
    assert len(rows) == 2
    (notice,) = surveyed.notices
    assert (notice.code, notice.count) == (NoticeCode.ROWS_IN_CELL, 1)
    assert notice.first == ({"row": 1, "line": 2},)


def test_short_rows_are_told_with_their_count() -> None:
    for rows in (b"A1\nA2,b,c\nA3,b\n", b'A1\nA2,b,"c"\nA3,b\n'):
        (notice,) = found(HEADER + rows)[0].notices
        assert (notice.code, notice.count) == (NoticeCode.SHORT_ROWS, 2)
        assert notice.first == ({"row": 1, "line": 2}, {"row": 3, "line": 4})


@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_header_in_the_middle_is_no_row_and_told(window_bytes: int) -> None:
    surveyed, rows = found(HEADER + b"A1,b,c\n" + HEADER + b"A2,b,c\n", window_bytes)
    assert [line for line, _ in rows] == [2, 4]
    (notice,) = surveyed.notices
    assert (notice.code, notice.count, notice.first) == (
        NoticeCode.HEADER_REPEATED,
        1,
        ({"line": 3},),
    )


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    ("above", "skipped"),
    [
        (b"", 0),
        (b",,\n \n", 0),
        (b"sep=,\r\n", 0),
        (b"Price list, spring\n\n# as of, May\n", 2),
        (b'Prices of "Spring\n', 1),
        (b'"Two\nlines"\nname,Spring list\n', 3),
    ],
)
def test_header_is_the_first_line_whose_names_are_fields(
    above: bytes, skipped: int, window_bytes: int
) -> None:
    surveyed, rows = found(above + HEADER + b"A1,b,c\n", window_bytes)
    assert surveyed.layout.columns == ("code", "name", "do_not_ship")
    assert surveyed.layout.header_line == above.count(b"\n") + 1
    assert rows == [(surveyed.layout.header_line + 1, ["A1", "b", "c"])]
    assert [(each.code, each.count) for each in surveyed.notices] == (
        [(NoticeCode.LINES_ABOVE_HEADER, skipped)] if skipped else []
    )


def test_separator_line_wins_and_delimiters_in_quotes_count_for_nothing() -> None:
    surveyed, _ = found(b"sep=;\r\ncode;name,x\r\nA;b\r\n")
    assert surveyed.layout.delimiter == ";"
    surveyed, _ = found(b'code,name,do_not_ship,"a;b;c;d;e;f"\nA,b,c,d\n')
    assert surveyed.layout.columns == ("code", "name", "do_not_ship", "a;b;c;d;e;f")


def test_columns_that_mean_nothing_may_have_no_name_or_one_twice() -> None:
    surveyed, _ = found(b",code,Notes,Notes\n0,A1,x,y\n")
    assert surveyed.layout.columns == ("", "code", "Notes", "Notes")
    assert surveyed.layout.keys == ("column 1", "code", "Notes", "Notes (column 4)")
    with pytest.raises(UnreadableSource, match="twice: 'code'"):
        found(b"code,code,name\nA1,x,y\n")


def test_options_win_over_what_would_be_found() -> None:
    source = b"x;y\ncode|name;z\nA|'b|c''d';w\n"
    surveyed, rows = found(source, delimiter="|", quote="'", header_row=2)
    assert surveyed.layout.columns == ("code", "name;z")
    assert [type(values) for _, values in rows] == [str]
    assert found(b"code,name\nA,'b'\n", quote="'")[1] == [(2, ["A", "b"])]
    assert found(b'code,name\nA,"b\n', quote="")[1] == [(2, ["A", '"b'])]
    assert found(b'code,name\nA,"b\\"c"\n', escape="")[1] == [(2, 'A,"b\\"c"')]
    assert found(b'code,name\nA,"b^"c"\n', escape="^")[1] == [(2, ["A", 'b"c'])]
    assert found(b"A,b\ncode,name\n", header_row=1)[0].layout.columns == ("A", "b")
    with pytest.raises(UnreadableSource, match="there is no line 9"):
        found(b"code,name\nA,b\n", header_row=9)
    with pytest.raises(UnreadableSource, match=r"line 2: .* which is blank"):
        found(b"code,name\n\nA,b\n", header_row=2)
    with pytest.raises(UnreadableSource, match=r"the options for CSV say nothing.*delimiter"):
        survey([b'[{"code": "A"}]'], csv=CsvOptions(delimiter=";"))


def test_layout_of_an_older_release_is_read_as_it_was_counted() -> None:
    source = b'code,name\nA,"b" c\n,\n\nB,"x\ny"\n'
    layout = Layout.from_dict(
        {
            "format": "csv",
            "encoding": "utf-8",
            "delimiter": ",",
            "columns": ["code", "name"],
            "first": [1, 2, 10],
        }
    )
    for window_bytes in WINDOWS:
        batches = list(read_rows([source], layout, window_bytes=window_bytes))
        assert [row for batch in batches for row in batch.values] == [
            ["A", "b c"],
            ["", ""],
            ["B", "x\ny"],
        ]
        assert batches[-1].position(len(batches[-1])) == Position(4, 7, len(source))
    assert Layout.from_dict(layout.to_dict()) == layout
