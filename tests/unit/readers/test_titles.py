"""Titles stand above a header of which no name is known, where the rows below are sure of that."""

import pytest

from longshore.notices import NoticeCode
from longshore.readers import read_rows, survey

FOUND = [
    ("Stock in June\n\ncode,name,count\nA1,Mug,3\nA2,Cup,\n", 3),
    ("Stock,,\n,,\ncode,name,count\nA1,Mug,3\n", 3),
    ('"Stock of 2026; all"\nShop\ncode;name\nA1;Mug\nA2;Cup\n', 3),
    ("Stock,,\nOf us,,\ncode,name,note\nA1,Mug,\n,Cup,x\n", 3),
    ("Stock\r\ncode\tname\tcount\r\nA1\tMug\t3\r\n", 2),
    ("Stock\ncode, name, count\nA1, Mug, 3\n", 2),
]


@pytest.mark.parametrize(("text", "line"), FOUND)
@pytest.mark.parametrize("window_bytes", [1, 7, 1 << 18])
def test_titles_are_passed_over_and_told(text: str, line: int, window_bytes: int) -> None:
    data = text.encode()
    found = survey([data], window_bytes=window_bytes)
    assert found.layout.header_line == line
    assert found.layout.columns[:2] == ("code", "name")
    assert [each.code for each in found.notices] == [NoticeCode.LINES_ABOVE_HEADER]
    (first, *_) = (cells for rows in read_rows([data], found.layout) for cells in rows.values)
    assert list(first[:2]) == ["A1", "Mug"]


KEPT = [
    "name\nSmith,John\nDoe,Jane\n",  # no column of numbers or codes
    "a\n1,2,3\n4,5,6\n",  # no names
    "a,,\nx,y,2\n",
    "a,\nx,y\nz,w\n",
    "a,,\nx,y,z\n",
    "a\nx,1\ny,2\n",
    "list\ncode,code\nA1,3\n",
    "list\ncode,,count\nA1,x,3\n",
    "list\ncode,name\n",  # no row
    "code,name\nA1,3\n",
    "a,b\ncode,name,count\nA1,Mug,3\n",
    "list\ncode,name,count\nA1,Mug\nA2,Cup,4\nx\n",
]


@pytest.mark.parametrize("text", KEPT)
def test_first_line_is_the_header_where_nothing_else_is_sure(text: str) -> None:
    found = survey([text.encode()])
    assert found.layout.header_line == 1
    assert NoticeCode.LINES_ABOVE_HEADER not in [each.code for each in found.notices]


def test_a_field_in_the_first_line_makes_it_the_header() -> None:
    text = b"code\nname,count\nA1,3\n"
    assert survey([text]).layout.header_line == 2
    assert survey([text], is_field="code".__eq__).layout.header_line == 1
