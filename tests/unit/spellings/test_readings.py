"""Numbers, weights, dates and truth values as people write them: what each text means."""

from itertools import combinations

import pytest

from longshore.spellings import (
    BOOLEAN_WORDS,
    DateOrder,
    DecimalMark,
    Spelling,
    SpellingRefused,
    clear_date,
    read_boolean,
    read_date,
    read_number,
    read_weight,
    weight_unit_of,
)

COMMA, POINT = DecimalMark.COMMA, DecimalMark.POINT


@pytest.mark.parametrize(
    ("text", "comma", "point", "alone"),
    [
        ("12.50", None, "12.50", "12.50"),
        ("12,50", "12.50", None, "12.50"),
        ("1.234,50", "1234.50", None, "1234.50"),
        ("1,234.50", None, "1234.50", "1234.50"),
        ("1'234.50", None, "1234.50", "1234.50"),
        ("1.234", "1234", "1.234", None),
        ("1,234", "1.234", "1234", None),
        ("0.350", None, "0.350", "0.350"),
        ("1.234.567", "1234567", None, "1234567"),
        (".5", None, "0.5", "0.5"),
        ("1\N{THIN SPACE}234,5", "1234.5", None, "1234.5"),
        ("1\N{NO-BREAK SPACE}234", "1234", "1234", "1234"),
        ("1 234,567", "1234.567", None, "1234.567"),
        ("\N{MINUS SIGN}7", "-7", "-7", "-7"),
        ("'007", "007", "007", "007"),
        ("50,-", "50", None, "50"),
        ("12,34,567", None, None, None),
        ("1.23.456", None, None, None),
        ("1 23", None, None, None),
        ("12,50 EUR", None, None, None),
        ("4,00638E+12", None, None, None),
        ("٣", None, None, None),
        ("", None, None, None),
    ],
)
def test_number_is_read_under_each_mark(
    text: str, comma: str | None, point: str | None, alone: str | None
) -> None:
    assert (read_number(text, COMMA), read_number(text, POINT)) == (comma, point)
    assert read_number(text, None) == alone


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("0,35 kg", None, "350"),
        ("0,35", "kg", "350"),
        ("900g", "kg", "900"),
        ("1.250,5", "g", "1250.5"),
        ("500 mg", None, "0.5"),
        ("0,002 t", None, "2000"),
        ("12 oz", None, "12"),
        ("12 oz", "kg", None),
        ("2 lbs.", "lb", "2"),
        ("0,35", None, "0.35"),
        ("0,35 km", None, None),
        ("kg 5", None, None),
    ],
)
def test_weight_is_converted_to_the_unit_of_the_wire(
    text: str, unit: str | None, expected: str | None
) -> None:
    assert read_weight(text, COMMA, unit) == expected


@pytest.mark.parametrize(
    ("text", "day_first", "month_first", "alone"),
    [
        ("01.12.2026", "2026-12-01", "2026-12-01", "2026-12-01"),
        ("12/31/2026", None, "2026-12-31", "2026-12-31"),
        ("31/12/2026", "2026-12-31", None, "2026-12-31"),
        ("03/04/2026", "2026-04-03", "2026-03-04", None),
        ("4/4/2026", "2026-04-04", "2026-04-04", "2026-04-04"),
        ("2026/12/01 8:30", "2026-12-01T08:30:00", "2026-12-01T08:30:00", "2026-12-01T08:30:00"),
        ("1 Dez 2026", "2026-12-01", "2026-12-01", "2026-12-01"),
        ("12.31.2026", None, None, None),
        ("01.12.26", None, None, None),
    ],
)
def test_date_is_read_in_each_order(
    text: str, day_first: str | None, month_first: str | None, alone: str | None
) -> None:
    assert read_date(text, DateOrder.DAY_FIRST) == day_first
    assert read_date(text, DateOrder.MONTH_FIRST) == month_first
    assert clear_date(text) == alone
    if "/" in text and not text.startswith("2026"):
        assert read_date(text, DateOrder.YEAR_FIRST) is None


def test_word_means_the_same_in_all_languages_that_have_it() -> None:
    """So it does not matter which of them a column is read in."""
    for one, other in combinations(BOOLEAN_WORDS.values(), 2):
        common = one.keys() & other.keys()
        assert {word: one[word] for word in common} == {word: other[word] for word in common}


def test_word_is_read_in_its_language_only() -> None:
    assert read_boolean(" Ja ", "de") is True
    assert read_boolean("nein", "de") is False
    assert read_boolean("oui", "de") is None
    assert read_boolean("X", "cross") is True


@pytest.mark.parametrize(
    "text", ["decimal", "decimal-comma", "kg,decimal-point", "dmy", "words-de"]
)
def test_spelling_is_told_as_it_was_given(text: str) -> None:
    assert str(Spelling.of(text)) == text


def test_what_is_no_spelling_is_refused() -> None:
    with pytest.raises(SpellingRefused):
        Spelling.of("words-xx")


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("KG", "kg"),
        (" kg. ", "kg"),
        ("Kilogramme", "kg"),
        ("KGM", "kg"),
        ("GRM", "g"),
        ("Milligramm", "mg"),
        ("Tonnen", "t"),
        ("ton", None),
        ("st", None),
        ("", None),
    ],
)
def test_a_unit_of_weight_is_known_by_its_words(word: str, unit: str | None) -> None:
    assert weight_unit_of(word) == unit
