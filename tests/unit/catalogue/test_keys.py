"""The spelling of keys."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import key_text, load_catalogue, older_key_text

AROUND = " \t\xa0\u3000\u200b\u200d\u2060\ufeff\u202a"


@given(st.text(alphabet=AROUND), st.text(max_size=5), st.text(alphabet=AROUND))
def test_what_stands_around_a_text_is_nothing(before: str, text: str, after: str) -> None:
    assert key_text(before + text + after) == key_text(text)


@given(st.text(alphabet=st.sampled_from("aé\u0301e\u212bÅ" + AROUND)))
def test_spelling_is_the_same_twice_and_for_all_forms_of_letters(text: str) -> None:
    spelled = key_text(text)
    assert key_text(spelled) == spelled
    assert key_text(unicodedata.normalize("NFD", text)) == spelled


def test_every_blank_that_python_knows_is_one() -> None:
    blanks = [chr(each) for each in range(sys.maxunicode + 1) if chr(each).isspace()]
    assert [each for each in blanks if key_text(f"{each}é{each}") != "é"] == []
    ascii_blanks = [each for each in blanks if each.isascii()]
    assert [each for each in ascii_blanks if key_text(f"{each}e{each}") != "e"] == []


@pytest.mark.parametrize(
    "text", ["👩\u200d👩", "می\u200cخواهم", "A\u200bB", "🏴\U000e0067\U000e007f"]
)
def test_what_stands_inside_a_text_stays(text: str) -> None:
    assert key_text(text) == text


def test_older_spelling_left_what_has_no_width() -> None:
    assert older_key_text(" \xa0A\u200b ") == "A\u200b"


def test_texts_of_keys_are_those_of_keys_and_of_what_names_records() -> None:
    types = load_catalogue().types
    named = {
        name: {each.name for each in types[name].attributes if types[name].is_key_text(each)}
        for name in ("skus", "prices", "price_tiers", "line_items", "addresses")
    }
    assert named == {
        "skus": {"code"},
        "prices": {"sku_code"},
        "price_tiers": set(),
        "line_items": {"sku_code", "bundle_code", "reference"},
        "addresses": set(),
    }
