"""Patterns find what the engine of Python finds, in a time that grows with the text alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.mapping.linear_pattern import LinearPattern, PatternRefused

_ATOMS = st.sampled_from(
    ["a", "b", ".", r"\d", "[ab]", "[^a]", r"[\d-]", "(a|bb)", "(?:ab)", "^", "$"]
)
_QUANTIFIERS = st.sampled_from(
    ["", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{1,2}?"]
)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(_ATOMS, _QUANTIFIERS), min_size=1, max_size=4))
    text = "".join(atom if atom in "^$" else atom + times for atom, times in parts)
    if draw(st.booleans()):
        text = f"({text})" + draw(_QUANTIFIERS)
    return f"{text}|{draw(patterns())}" if draw(st.integers(0, 5)) == 0 else text


@given(patterns(), st.text(alphabet="ab1-\n", max_size=8))
def test_what_is_found_is_what_python_finds(text: str, searched: str) -> None:
    try:
        pattern = LinearPattern(text)
    except PatternRefused:
        return
    pattern._python = None  # whatever its form
    found = re.search(text, searched)
    for group in range(pattern.groups_count + 1):
        expected = None if found is None else found[group] or ""
        assert pattern.find(searched, group) == expected, (text, searched, group)


@pytest.mark.parametrize(
    "text", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^a*a*a*a*a*a*$", "(.*)(.*)(.*)x"]
)
def test_patterns_that_go_back_for_years_are_done_at_once(text: str) -> None:
    assert LinearPattern(text)._python is None
    assert LinearPattern(text).find("a" * 300 + "b", 0) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(a", "( without its )"),
        ("a)", ") without its ("),
        ("*a", "nothing stands before *"),
        ("a**", "two quantifiers stand together"),
        ("(a*)*", "what stands before * may be nothing"),
        ("(?=a)", "(? may only be (?:"),
        (r"(a)\1", r"\1 is not known"),
        (r"\bA", r"\b is not known"),
        ("[b-a]", "the range from b on has no end"),
        ("[a", "it ends too early"),
        ("a{1000}", "{1000} asks for too much"),
        ("(a{100}){100}", "says too much"),
        ("a" * 501, "has more than 500 characters"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        LinearPattern(text)
    assert reason in str(refused.value)
