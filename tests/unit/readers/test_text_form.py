"""Which cells have quotes that they do not need, and that lines are written like that again."""

import csv
import io
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.readers import CellKind, CsvRules, LineWriter, TextForm
from longshore.readers.text_form import ALL_KINDS, quoted_kinds

RULES = CsvRules(encoding="utf-8", delimiter=";")
NONE: frozenset[CellKind] = frozenset()
TEXTS = frozenset({CellKind.TEXT})


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('a;b\n1;"x;y"\n', NONE),
        ('"a";"b"\n"1";"x"\n', ALL_KINDS),
        ('"a";"b"\r\n"1";""\r\n', ALL_KINDS),
        ('"a";"b"\n1;"x"\n2.5;"y"\n', TEXTS),
        ('"a";"b"\n1;"x"\n;"y"\n', TEXTS),
        ('"a";"b"\n"1";"x"\n;"y"\n', frozenset({CellKind.TEXT, CellKind.NUMBER})),
        ('"a";"b"\n\n"1";"x"\n', ALL_KINDS),
        ('"a";"b"\n"1";"x ""2""\n3"\n"cut', ALL_KINDS),
        ("a;b\n1;2\n", NONE),
        ('a;b\n"1";"2"\n', NONE),
        ("", NONE),
    ],
)
def test_quotes_that_no_cell_needs(text: str, quoted: frozenset[CellKind]) -> None:
    assert quoted_kinds(text, RULES) == quoted


def test_quotes_are_looked_for_from_the_header_on() -> None:
    assert quoted_kinds('Title\n\n"a";"b"\n"1";"x"\n', RULES, header_line=3) == ALL_KINDS


def test_escaped_quotes_end_no_cell() -> None:
    rules = CsvRules(encoding="utf-8", delimiter=",", escape="\\")
    assert quoted_kinds('"a","b"\n"x \\", y","1"\n', rules) == ALL_KINDS


@given(
    rows=st.lists(
        st.lists(st.sampled_from(["", "1", "2.5", "-3e4", "x", "x;y", 'a"b', " 1"]), min_size=2),
        min_size=1,
    ),
    all_quoted=st.booleans(),
)
def test_lines_are_written_as_the_source_was(rows: list[list[str]], all_quoted: bool) -> None:
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=";", quoting=quoting, lineterminator="\n")
    writer.writerows([["code", "name"], *rows])
    form = TextForm(quoted=quoted_kinds(text.getvalue(), RULES))
    line = LineWriter(RULES, form)
    assert "".join(map(line.of, [["code", "name"], *rows])) == text.getvalue()
