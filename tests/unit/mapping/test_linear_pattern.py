"""Patterns find the first of the leftmost matches, in a time that grows with the text alone."""

import pytest

from longshore.mapping.linear_pattern import LinearPattern, PatternRefused


@pytest.mark.parametrize(
    ("text", "searched", "group", "found"),
    [
        (r"\d+", "Größe 12 und 13", 0, "12"),
        (r"(\d+)\s*(cm)?", "Größe 12", 1, "12"),
        (r"(\d+)\s*(cm)?", "Größe 12", 2, ""),
        (r"^[A-Z]{2}-(.*?)-", "AB-ü-c-", 1, "ü"),
        ("(?i)ÄRMEL", "kurze ärmel", 0, "ärmel"),
        (r"\p{L}+", "1 Öl", 0, "Öl"),
        ("a|ab", "ab", 0, "a"),
        ("x", "Größe", 0, None),
        ("x", "\udcff", 0, None),
    ],
)
def test_the_first_of_the_leftmost_is_found(
    text: str, searched: str, group: int, found: str | None
) -> None:
    assert LinearPattern(text).find(searched, group) == found


@pytest.mark.parametrize(
    "text", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^a*a*a*a*a*a*$", "(.*)(.*)(.*)x"]
)
def test_patterns_that_go_back_for_years_are_done_at_once(text: str) -> None:
    assert LinearPattern(text).find("a" * 2_000 + "b", 0) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(a", "missing )"),
        ("a)", "unexpected )"),
        ("*a", "no argument for repetition operator"),
        ("(?=a)", "(?="),
        (r"(a)\1", r"\1"),
        ("[b-a]", "b-a"),
        ("[a", "missing ]"),
        ("a{2000}", "{2000}"),
        ("(a{900}){900}", "{900}"),
        (r"(\pL{900}|\pN{900})" * 20, "too large"),
        ("a" * 501, "has more than 500 characters"),
        ("\ud800", "no text can have"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        LinearPattern(text)
    assert reason in str(refused.value)
