"""The key of a record that somebody meant; None: nobody can tell."""

import pytest

from longshore.engine import nearest_key, other_spellings

SHIRTS = ("SHIRT-S", "SHIRT-M", "SHIRT-L", "MUG-0001", "Merchandise", "BLANKET-RED-140")

CASES = [
    ("shirt-s", SHIRTS, "SHIRT-S"),
    ("SHIRT S", SHIRTS, "SHIRT-S"),
    ("SHIRTS", SHIRTS, "SHIRT-S"),
    ("SHIRT_M", SHIRTS, "SHIRT-M"),
    ("SHIRT-XL", SHIRTS, None),
    ("SHIRT", SHIRTS, None),
    ("SHRIT-S", SHIRTS, "SHIRT-S"),
    ("MUG-1", SHIRTS, "MUG-0001"),
    ("MUG-0002", SHIRTS, None),
    ("Mug 1", SHIRTS, "MUG-0001"),
    ("Merch", SHIRTS, "Merchandise"),
    ("Merchandize", SHIRTS, "Merchandise"),
    ("BLANKT-RED-140", SHIRTS, "BLANKET-RED-140"),
    ("BLANKET-RED-150", SHIRTS, None),
    ("BLANKET-BLUE-140", SHIRTS, None),
    ("7", ("0007", "70"), "0007"),
    ("7", ("07", "007"), None),
    ("A-1-12", ("A-11-2",), None),
    ("1.5", ("1.05",), None),
    ("400 6381 333931", ("4006381333931",), "4006381333931"),
    ("A1", (), None),
]


@pytest.mark.parametrize(("text", "keys", "meant"), CASES)
def test_a_key_that_no_record_has_has_the_suggestion_of_a_person(text, keys, meant) -> None:
    assert nearest_key(text, keys) == meant


def test_only_another_spelling_is_taken_where_not_all_keys_are_known() -> None:
    assert nearest_key("shirt-s", SHIRTS, are_all=False) == "SHIRT-S"
    assert nearest_key("Merchandize", SHIRTS, are_all=False) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("shirt-s", "SHIRT-S"),
        ("SHIRT S", "SHIRT-S"),
        ("A_B_C", "ABC"),
        ("7", "0007"),
        ("0007", "7"),
    ],
)
def test_other_spellings_are_told_beforehand(text, key) -> None:
    assert key in other_spellings(text)
