"""Which lines of a CSV are counted at once, and which are left to the parser."""

import pytest

from longshore.readers.csv_rules import CsvRules
from longshore.readers.delimited import Parser
from longshore.readers.record_counter import Counted, RecordCounter

HEADER = ("code", "name", "note")


def count(
    body: bytes,
    *,
    ended: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    escape: str = "",
) -> Counted | None:
    rules = CsvRules(encoding=encoding, delimiter=delimiter, escape=escape, header=HEADER)
    return RecordCounter(rules, Parser(rules)).count(body, ended=ended, line=1)


@pytest.mark.parametrize(
    ("body", "rows_count", "lines_count"),
    [
        (b"1,2,3\n", 1, 1),
        (b"1,2,3\r\n4,5,6", 2, 2),
        (b'"1","2","3"\n"4","5","6"\n', 2, 2),
        (b'1,"2, and a half",3\n', 1, 1),
        (b'1,"",""\n', 1, 1),
        (b'1,"say ""hi""",3\n', 1, 1),
        (b'1,"""",3\n', 1, 1),
        (b'1,"two\nlines",3\n4,5,6\n', 2, 3),
        (b'1,"two\r\nlines",3\r\n', 1, 2),
        (b'1,"a ""b""\nc",3', 1, 2),
        ("Ä,ö,ü\n".encode(), 1, 1),
        ('Ä,"ö, ü",\n'.encode(), 1, 1),
        (b"C:\\new,2,3\n", 1, 1),
    ],
)
def test_rows_of_the_width_of_the_header_are_counted(
    body: bytes, rows_count: int, lines_count: int
) -> None:
    assert count(body) == Counted(rows_count, lines_count, len(body), ())


@pytest.mark.parametrize(
    ("body", "widths"), [(b"1,2\n3,4,5\n", [2, 3]), (b'1\n"2,3",4,5,6', [1, 4]), (b"1\n", [1])]
)
def test_other_widths_are_listed(body: bytes, widths: list[int]) -> None:
    counted = count(body)
    assert counted is not None
    assert counted.widths == widths


def test_record_that_is_open_is_counted_with_the_next_bytes() -> None:
    whole = b'1,"2",3\n4,"5\n6",7\n'
    assert count(whole + b'8,"9\n10,11\n', ended=False) == Counted(2, 3, len(whole), ())
    assert count(b'8,"9\n10,11\n', ended=False) is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp932", "latin-1", "cp1252", "koi8-r"])
def test_rows_are_counted_in_every_encoding(encoding: str) -> None:
    body = '1,"2, 3",4\r\n5,6,7\r\n'.encode(encoding)
    assert count(body, encoding=encoding) == Counted(2, 2, len(body), ())


@pytest.mark.parametrize(
    ("body", "escape", "delimiter"),
    [
        (b'1,2",3\n', "", ","),  # a quote inside of a cell
        (b'1,"2"x,3\n', "", ","),  # broken
        (b'1, "2",3\n', "", ","),  # blanks around quotes
        (b'1,"2" ,3\n', "", ","),
        (b'1,"2,3\n', "", ","),  # never closed
        (b"1,2,3\r4,5,6\n", "", ","),  # CR ends a line
        (b"\n", "", ","),  # blank lines are no rows
        (b"1,2,3\n , ,\n", "", ","),
        (b'1,2,3\n"","",""\n', "", ","),
        ("1,2,3\n\xa0,\n".encode(), "", ","),
        (b"1,2,3\n  ", "", ","),
        (b"1,2,3\ncode,name,note\n", "", ","),  # the header again
        (b'"code", "name","note"\n', "", ","),
        (b'1,"2\n3,4,5",6\n', "", ","),  # a cell that holds rows
        (b'1,"2\n3,""4"",5",6\n', "", ","),
        (b'1,"2\\"",3\n', "", ","),  # backslashes that may be escapes
        (b"1,\\\\,3\n", "", ","),
        (b'1,"2\\"",3\n', "\\", ","),
        (b'1,"2""",3\n', "\\", ","),
        ("1§2§3\n".encode(), "", "§"),
    ],
)
def test_what_has_to_be_told_or_is_rare_is_left_to_the_parser(
    body: bytes, escape: str, delimiter: str
) -> None:
    assert count(body, escape=escape, delimiter=delimiter) is None
