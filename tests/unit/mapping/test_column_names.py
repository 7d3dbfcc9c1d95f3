"""Names are the same whatever their case, accents, blanks and punctuation."""

import pytest

from longshore.mapping.column_names import name_keys, shorter_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gültig ab", "gueltig_ab"),
        ("Gültig ab", "GULTIG AB"),
        ("Gu\u0308ltig-ab", "gültig ab"),  # the accent is a character of its own
        ("Straße", "STRASSE"),
        ("Art.-Nr.", "art nr"),
        ("\ufeffBody (HTML)", "body html"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert set(name_keys(one)) & set(name_keys(other))


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("Variant Price", ["Price"]),
        ("Weight (kg)", ["Weight"]),
        ("Preis €", ["Preis"]),
        ("Price EUR", ["Price"]),
        ("SKU Name", ["Name"]),
        ("productImageUrl", ["Image Url"]),
        ("VK brutto", ["VK"]),
        ("Price tax excluded", ["Price"]),
        ("Product", []),
        ("EUR", []),
        ("(kg)", []),
        ("", []),
    ],
)
def test_words_that_say_nothing_of_a_column_are_left_out(name: str, shorter: list[str]) -> None:
    assert list(shorter_names(name, about=("sku",))) == shorter
