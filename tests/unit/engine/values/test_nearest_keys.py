"""The key of a record that somebody meant; None: nobody can tell."""

import pytest

from longshore.engine import nearest_key, other_spellings

SHIRTS = ("SHIRT-S", "SHIRT-M", "SHIRT-L", "MUG-0001", "Merchandise", "BLANKET-RED-140")

CASES = [
    ("shirt-s", SHIRTS, "SHIRT-S"),
    ("SHIRT S", SHIRTS, "SHIRT-S"),
    ("SHIRT/S ", SHIRTS, "SHIRT-S"),
    ("SHIRTS", SHIRTS, None),
    ("SHIRT_M", SHIRTS, "SHIRT-M"),
    ("SHIRT-XL", SHIRTS, None),
    ("SHIRT", SHIRTS, None),
    ("SHRIT-S", SHIRTS, None),
    ("MUG-1", SHIRTS, "MUG-0001"),
    ("MUG-0002", SHIRTS, None),
    ("Mug 1", SHIRTS, "MUG-0001"),
    ("Merch", SHIRTS, None),
    ("Merchandis", SHIRTS, None),
    ("Merchandises", SHIRTS, None),
    ("Mrechandise", SHIRTS, "Merchandise"),
    ("Merchandize", SHIRTS, "Merchandise"),
    ("BLANKT-RED-140", SHIRTS, "BLANKET-RED-140"),
    ("BLANKET-RED-150", SHIRTS, None),
    ("BLANKET-BLUE-140", SHIRTS, None),
    ("7", ("0007", "70"), "0007"),
    ("7", ("07", "007"), None),
    ("A-1-12", ("A-11-2",), None),
    ("1.5", ("1.05",), None),
    ("400 6381 333931", ("4006381333931",), "4006381333931"),
    ("4006381-333931", ("4006381333931",), None),
    ("A1", (), None),
    ("a1", ("A1", "A-1"), "A1"),
    ("EPL2", ("EPL-2",), "EPL-2"),
    ("part_7/b", ("PART-07-B",), "PART-07-B"),
    # Where separators stand, and which signs there are, tells keys apart
    ("A BC", ("AB-C",), None),
    ("1 12", ("112",), None),
    ("1-5", ("1.5",), None),
    ("1-2", ("1/2",), None),
    ("1_2", ("1-2",), "1-2"),
    ("SIZE-0", ("SIZE-00",), None),
    ("A B", ("A-B", "AB"), None),
    ("LENS+2", ("LENS-2",), None),
    ("LENS -2", ("LENS-2",), None),
    ("LENS 2", ("LENS-2",), "LENS-2"),
    ("LENS 2", ("LENS-2", "LENS+2"), None),
    ("lens 2", ("LENS+2",), None),
    ("SIZE<10", ("SIZE>10",), None),
    ("SIZE 10", ("SIZE>10",), None),
    ("C", ("C++",), None),
    ("C+", ("C++",), None),
    ("PEN+", ("PEN",), None),
    ("PEN-", ("PEN",), None),
    ("PEN#1", ("PEN-1",), None),
    ("PEN&CAP", ("PEN-CAP",), None),
    ("PEN%", ("PEN",), None),
    # Words that differ by a letter or two are other words
    ("XXXL", ("XXXXL",), None),
    ("AA", ("AAA",), None),
    ("BATTERY-AA", ("BATTERY-AAA",), None),
    ("MINI", ("MIDI",), None),
    ("ROSE", ("ROSA",), None),
    ("WIDE", ("WISE",), None),
    ("CREAMY", ("CREASY",), None),
    ("PEN-S", ("PEN-SLIM",), None),
    ("X", ("XL",), None),
    ("B", ("BB",), None),
    ("PENCIL-GREEN", ("PENCIL-GREENISH",), None),
    ("GREENISH", ("GREEN",), None),
    ("ON", ("ONE",), None),
    ("INDOOR", ("INDOORS",), None),
    ("STRIPED", ("STRIPPED",), None),
    ("FIGHTER", ("LIGHTER",), None),
    ("MARTIAN", ("MARTIAL",), None),
    ("BLANNKET", ("BLANKET",), None),
    ("BLAMKET", ("BLANKET",), "BLANKET"),
    ("BLAKNET", ("BLANKET",), "BLANKET"),
    ("BLAKNET", ("BLANKET", "BLANKETS"), "BLANKET"),
    ("BLANET", ("BLANKET", "BLANDET"), None),
    ("BLANKT RED", ("BLANKET-RED",), None),
    ("BLANKT-ERD", ("BLANKET-RED",), None),
    ("BLANKT7", ("BLANKET7",), None),
    ("BLANKT+7", ("BLANKET-7",), None),
]


@pytest.mark.parametrize(("text", "keys", "meant"), CASES)
def test_a_key_that_no_record_has_has_the_suggestion_of_a_person(text, keys, meant) -> None:
    assert nearest_key(text, keys) == meant


def test_only_another_spelling_is_taken_where_not_all_keys_are_known() -> None:
    assert nearest_key("shirt-s", SHIRTS, are_all=False) == "SHIRT-S"
    assert nearest_key("Merchandize", SHIRTS, are_all=False) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ann.Lee@Example.com ", "ann.lee@example.com"),
        ("ann.lee @example.com", "ann.lee@example.com"),
        ("annlee@example.com", None),
        ("ann-lee@example.com", None),
        ("ann.lee@exmaple.com", None),
    ],
)
def test_addresses_differ_in_case_and_blanks_alone(text, meant) -> None:
    keys = ("ann.lee@example.com", "bob@example.com")
    assert nearest_key(text, keys, is_address=True) == meant


@pytest.mark.parametrize("keys", [("A-1", "a_1"), ("a_1", "A-1"), ("LENS-2", "LENS 2"), ()])
def test_of_several_keys_none_is_meant(keys) -> None:
    assert nearest_key("A 1", keys) is None


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
