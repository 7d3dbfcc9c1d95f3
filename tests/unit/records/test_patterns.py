import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.records.matchers import Question
from longshore.records.patterns import (
    PATTERN_CHARACTERS_MAX,
    glob_pattern,
    regular_expression,
    wildcards_count,
)

TEXTS = st.text(st.sampled_from("aAbBéÉßİıſK*?[]^-%_\\ x"), max_size=8)


def matches(question: Question, pattern: str, text: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as database:
        statement = "SELECT ? GLOB ?"
        return bool(
            database.execute(statement, (text, glob_pattern(question, pattern))).fetchone()[0]
        )


@pytest.mark.parametrize(
    ("question", "pattern", "text", "found"),
    [
        (Question.STARTS, "ab", "ABC", True),
        (Question.STARTS, "bc", "abc", False),
        (Question.ENDS, "BC", "abc", True),
        (Question.HOLDS_TEXT, "", "anything", True),
        (Question.HOLDS_TEXT, "É", "café au lait", True),
        (Question.HOLDS_TEXT, "straße", "Straße", True),
        (Question.HOLDS_TEXT, "%", "100 percent", False),
        (Question.HOLDS_TEXT, "%", "100%", True),
        (Question.HOLDS_TEXT, "_", "ab", False),
        (Question.HOLDS_TEXT, "[a]", "a", False),
        (Question.HOLDS_TEXT, "[a]", "x[A]x", True),
        (Question.HOLDS_TEXT, "*", "ab", False),
        (Question.HOLDS_TEXT, "^a", "^A", True),
        (Question.MATCHES, "a%c", "ABC", True),
        (Question.MATCHES, "a_c", "abc", True),
        (Question.MATCHES, "a_c", "abbc", False),
        (Question.MATCHES, "abc", "abcd", False),
        (Question.MATCHES, "100\\%", "100%", True),
        (Question.MATCHES, "100\\%", "1000", False),
        (Question.MATCHES, "a\\\\b", "a\\b", True),
        (Question.MATCHES, "a\\", "a\\", True),
        (Question.MATCHES, "?", "a", False),
        (Question.MATCHES, "ÀB%", "àbc", True),
    ],
)
def test_a_pattern_finds_what_it_means(
    question: Question, pattern: str, text: str, found: bool
) -> None:
    assert matches(question, pattern, text) is found


@given(before=TEXTS, text=TEXTS, after=TEXTS)
def test_any_text_is_found_where_it_stands_in_either_case(
    before: str, text: str, after: str
) -> None:
    whole = before + text + after
    assert matches(Question.STARTS, before, whole)
    assert matches(Question.ENDS, after, whole)
    assert matches(Question.HOLDS_TEXT, text, whole)
    assert matches(Question.HOLDS_TEXT, text.swapcase() if text.isascii() else text, whole)


def test_the_longest_allowed_pattern_is_one_that_the_database_takes() -> None:
    assert matches(Question.HOLDS_TEXT, "é" * PATTERN_CHARACTERS_MAX, "É" * PATTERN_CHARACTERS_MAX)


@pytest.mark.parametrize(
    ("text", "glob", "expression", "wildcards"),
    [
        ("%%%", "*", "^.*$", 1),
        ("a%%b", "[Aa]*[Bb]", "^[Aa].*[Bb]$", 1),
        ("%_%_%", "??*", "^...*$", 1),
        ("_%_", "??*", "^...*$", 1),
        ("%a%", "*[Aa]*", "^.*[Aa].*$", 2),
        ("\\%\\%", "%%", "^\\%\\%$", 0),
        ("%" * 5000, "*", "^.*$", 1),
    ],
)
def test_neighbouring_wildcards_are_one(
    text: str, glob: str, expression: str, wildcards: int
) -> None:
    assert glob_pattern(Question.MATCHES, text) == glob
    assert regular_expression(Question.MATCHES, text) == expression
    assert wildcards_count(text) == wildcards
