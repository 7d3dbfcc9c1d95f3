"""Readings that the start of a CSV suggests hold for all of it, or not at all."""

from typing import Any

import pytest

from longshore.errors import RequestRefused
from longshore.notices import NoticeCode
from longshore.readers import CsvOptions, Survey, Unreadable, read_rows, survey

WINDOWS = [1, 7, 1 << 18]
MANY = 5000  # rows, which are more than the decision looks at
FIELDS = frozenset(("code", "name", "price"))


def found(
    text: str, fields: frozenset[str] = frozenset(), window_bytes: int = 1 << 18, **options: Any
) -> tuple[Survey, list[Any]]:
    data = text.encode()
    surveyed = survey(
        [data],
        window_bytes=window_bytes,
        is_field=fields.__contains__,
        csv=CsvOptions.parse(**options),
    )
    batches = read_rows([data], surveyed.layout, window_bytes=window_bytes)
    rows = [
        cells.text if isinstance(cells, Unreadable) else cells
        for batch in batches
        for cells in batch.values
    ]
    assert len(rows) == surveyed.rows_count
    return surveyed, rows


READ = [
    # A blank behind each delimiter belongs to no cell.
    ("code, name\nA1, Mug\nA2, Cup\n", ", ", [["A1", "Mug"], ["A2", "Cup"]]),
    ("code; name\nA1; 1,5\nA2; \n", "; ", [["A1", "1,5"], ["A2", ""]]),
    (
        'code, name\nA1, "Mug,red, blue"\nA2,  Cup\n',
        ", ",
        [["A1", "Mug,red, blue"], ["A2", " Cup"]],
    ),
    ("code | name\nA1 | Mug\n |  | \nA2 | Cup\n", " | ", [["A1", "Mug"], ["A2", "Cup"]]),
    ('code | name\n"A1" | "a | b"\n', " | ", [["A1", "a | b"]]),
    ("code| name\nA1| Mug\n", "| ", [["A1", "Mug"]]),
    # Where one has none, all have none.
    ("code, name\nA1,Mug\nA2, Cup\n", ",", [["A1", "Mug"], ["A2", " Cup"]]),
    ("code, name\nA1, Mug\nA2,\n", ",", [["A1", " Mug"], ["A2", ""]]),
    ('code, name\nA1,"Mug"\nA2, Cup\n', ",", [["A1", "Mug"], ["A2", " Cup"]]),
    ("code,name\nA1, Mug\nA2, Cup\n", ",", [["A1", " Mug"], ["A2", " Cup"]]),
    # Several characters.
    ("code::name\nA1::Mug: red\nA2::a,b\n", "::", [["A1", "Mug: red"], ["A2", "a,b"]]),
    ('code::name\n"A1::1"::Mug\n', "::", [["A1::1", "Mug"]]),
    ("code||name||price\nA1||||3\nA2||a,b||4\n", "||", [["A1", "", "3"], ["A2", "a,b", "4"]]),
    ("code;;name\nA1;;Mug\n", ";;", [["A1", "Mug"]]),
    ("code||name\nA1||Mug\nA2|x|Cup\n", "|", [["A1", "", "Mug"], ["A2", "x", "Cup"]]),
    (
        "code,name\nA1,std::string\nA2,std::list\n",
        ",",
        [["A1", "std::string"], ["A2", "std::list"]],
    ),
    # Blanks, where each line has as many.
    ("code name price\nA1 Mug 3\nA2 Cup 4\n", " ", [["A1", "Mug", "3"], ["A2", "Cup", "4"]]),
    ('code name price\nA1 "Mug red" 3\nA2 "" 4\n', " ", [["A1", "Mug red", "3"], ["A2", "", "4"]]),
    ("code name price\nA1 Mug red 3\nA2 Cup 4\n", ",", [["A1 Mug red 3"], ["A2 Cup 4"]]),
    ("full name\nAnna Smith\nBert Jones\n", ",", [["Anna Smith"], ["Bert Jones"]]),
    ("full postal name\nAnna B Smith\nBert C Jones\n", ",", [["Anna B Smith"], ["Bert C Jones"]]),
]


@pytest.mark.parametrize(("text", "delimiter", "rows"), READ)
@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_delimiter_is_found(
    text: str, delimiter: str, rows: list[list[str]], window_bytes: int
) -> None:
    surveyed, read = found(text, window_bytes=window_bytes)
    assert (surveyed.layout.delimiter, read) == (delimiter, rows)
    assert not surveyed.notices


def test_blanks_separate_two_columns_where_both_are_fields() -> None:
    surveyed, rows = found("code name\nA Mug\nB Cup\n", FIELDS)
    assert (surveyed.layout.delimiter, rows) == (" ", [["A", "Mug"], ["B", "Cup"]])
    surveyed, rows = found("code remark\nA Mug\nB Cup\n", FIELDS)
    assert (surveyed.layout.delimiter, rows) == (",", [["A Mug"], ["B Cup"]])


# What the first rows say, a row behind them that does not agree, and how both are read.
REFUTED = [
    ("code, name\n", "A1, Mug\n", "A2,Cup\n", ",", ["A1", " Mug"], ["A2", "Cup"]),
    ("code, name\n", "A1, Mug\n", 'A2,"a, b"\n', ",", ["A1", " Mug"], ["A2", "a, b"]),
    ("code | name\n", "A1 | Mug\n", "A2 |Cup\n", "|", ["A1 ", " Mug"], ["A2 ", "Cup"]),
    ("code||name\n", "A1||Mug\n", "A2|x|Cup\n", "|", ["A1", "", "Mug"], ["A2", "x", "Cup"]),
    ("code name price\n", "A1 Mug 3\n", "A2 Cup red 4\n", ",", ["A1 Mug 3"], ["A2 Cup red 4"]),
    ("'code','name'\n", "'A','Mug'\n", "'B',''tis'\n", ",", ["'A'", "'Mug'"], ["'B'", "''tis'"]),
]  # fmt: skip


@pytest.mark.parametrize(("header", "row", "other", "delimiter", "first", "last"), REFUTED)
@pytest.mark.parametrize("is_last", [True, False])
def test_one_row_that_does_not_agree_refutes_a_guess(
    header: str, row: str, other: str, delimiter: str, first: Any, last: Any, is_last: bool
) -> None:
    rows = [row] * MANY
    index = MANY if is_last else MANY // 2
    rows.insert(index, other)
    surveyed, read = found(header + "".join(rows))
    assert (surveyed.layout.delimiter, surveyed.layout.quote) == (delimiter, '"')
    assert (read[0], read[index], len(read)) == (first, last, MANY + 1)


QUOTED = [
    ("'code','name'\n'A1','Mug, red'\n", [["A1", "Mug, red"]]),
    ("code,name\nA1,'Mug, red'\nA2,Men's\n", [["A1", "Mug, red"], ["A2", "Men's"]]),
    ("code;name\nA1;'don''t; ever'\n", [["A1", "don't; ever"]]),
    ("'code', 'name'\n'A1', 'Mug'\n", [["A1", "Mug"]]),
    ("'code','name'\n'A1','Mug\nred'\n", [["A1", "Mug\nred"]]),
]


@pytest.mark.parametrize(("text", "rows"), QUOTED)
@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_apostrophes_quote_cells_where_all_is_consistent_with_that(
    text: str, rows: list[list[str]], window_bytes: int
) -> None:
    surveyed, read = found(text, window_bytes=window_bytes)
    assert (surveyed.layout.columns, read) == (("code", "name"), rows)
    assert [each.code for each in surveyed.notices] == [NoticeCode.APOSTROPHES_QUOTE]
    surveyed, read = found(text, window_bytes=window_bytes, quote='"')
    assert surveyed.layout.quote == '"'
    assert read != rows
    assert NoticeCode.APOSTROPHES_QUOTE not in [each.code for each in surveyed.notices]


TEXT = [
    "code,name\nA1,'Mug'\nA2,'Cup'\n",  # nothing that they would have to enclose
    "code,name\nA1,'tis, x\nA2,'twas, y\n",
    "code,name\nA1,'Mug, red'\nA2,\"Cup\"\n",
    "code,name\n'0123,Mug\n'0124,Cup\n",
    "code,name\nA1,'don't, ever'\nA2,'Cup'\n",
    "code,name\nA1,'Mug, red\n",
]


@pytest.mark.parametrize("text", TEXT)
def test_apostrophes_are_text_where_anything_is_against_it(text: str) -> None:
    surveyed, _ = found(text)
    assert surveyed.layout.quote == '"'
    assert NoticeCode.APOSTROPHES_QUOTE not in [each.code for each in surveyed.notices]


def test_what_was_asked_for_is_never_a_guess() -> None:
    surveyed, rows = found("code, name\nA1, Mug\nA2,Cup\n", delimiter=", ")
    assert (surveyed.layout.delimiter, rows) == (", ", [["A1", "Mug"], ["A2,Cup"]])
    surveyed, rows = found("code, name\nA1, Mug\n", delimiter=",")
    assert rows == [["A1", " Mug"]]
    _, rows = found("code~|~name\nA1~|~Mug\n", delimiter="~|~")
    assert rows == [["A1", "Mug"]]
    _, rows = found("code name\nA1 Mug\n", delimiter="blank")
    assert rows == [["A1", "Mug"]]
    _, rows = found("sep=,\ncode, name\nA1, Mug\n")
    assert rows == [["A1", " Mug"]]
    _, rows = found("sep=~|~\ncode~|~name\nA1~|~Mug\n")
    assert rows == [["A1", "Mug"]]


def test_an_escape_character_takes_what_separates_as_text_and_no_blank() -> None:
    _, rows = found("code::name\nA\\:1::C\\::\\dir\n", delimiter="::", escape="\\")
    assert rows == [["A:1", "C::\\dir"]]
    _, rows = found("code, name\nA\\ 1, a\\, b\n", delimiter=", ", escape="\\")
    assert rows == [["A\\ 1", "a, b"]]


def test_a_cell_may_hold_the_character_that_stands_for_a_delimiter() -> None:
    for text in ("A1", '"A1"'):
        _, rows = found(f'code::name\n{text}::"a\ue000::b"\nA2::\ue000\n', delimiter="::")
        assert rows == [["A1", "a\ue000::b"], ["A2", "\ue000"]]


@pytest.mark.parametrize("delimiter", ["", "ab", ":a", ":\n", "::::-::::", ':"', "\\,", "\ufeff;"])
def test_a_delimiter_that_cannot_be_is_refused(delimiter: str) -> None:
    with pytest.raises(RequestRefused, match="delimiter"):
        CsvOptions.parse(delimiter=delimiter, escape="\\")


@pytest.mark.parametrize("delimiter", [", ", "::", " | ", "||"])
def test_reading_restarts_at_any_row(delimiter: str) -> None:
    lines = [("code", "name"), ("A1", '"a\nb"'), ("", ""), ("A2", '"c"'), ("é", f'"{delimiter}"')]
    data = "\r\n".join(map(delimiter.join, lines)).encode()
    layout = survey([data]).layout
    assert layout.delimiter == delimiter
    rows = [
        (batch.position(index), batch.values[index])
        for batch in read_rows([data], layout)
        for index in range(len(batch))
    ]
    assert [cells for _, cells in rows] == [["A1", "a\nb"], ["A2", "c"], ["é", delimiter]]
    for index, (start, _) in enumerate(rows):
        again = [
            cells
            for batch in read_rows([data[start.offset :]], layout, start)
            for cells in batch.values
        ]
        assert again == [cells for _, cells in rows[index:]]
