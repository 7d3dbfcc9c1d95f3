"""What a raw value becomes, or why it cannot be: one line per case."""

import math
from typing import Any, NamedTuple

import pytest

from longshore.catalogue import ORGANIZATION_FLAGS, Attribute, Form, ValueType
from longshore.engine.values.converters import ValueRefused, canonical_json, converter, to_boolean

BYTES_MAX = 1024


class Refused(NamedTuple):
    """The message of a value that cannot be."""

    message: str


INTEGER_TOO_BIG = Refused("must be less than or equal to 9223372036854775807")
INTEGER_TOO_SMALL = Refused("must be greater than or equal to -9223372036854775808")
NOT_A_NUMBER = Refused("is not a number")
NOT_AN_INTEGER = Refused("must be an integer")
INVALID = Refused("is invalid")
NOT_INCLUDED = Refused("is not included in the list")
TOO_LONG = Refused("is too long (maximum is 1024 bytes)")


def nested(depth: int) -> object:
    """An object of so many levels."""
    value: object = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def of(type_: str, **traits: Any) -> Attribute:
    """An attribute with these traits."""
    return Attribute(name="field", type=ValueType(type_), **traits)


STRING = of("string")
INTEGER = of("integer")
FLOAT = of("float")
BOOLEAN = of("boolean")
DATETIME = of("datetime")
OBJECT = of("object")
METADATA = of("object", default={})
ARRAY = of("array")
UNIT = of("string", enum=("gr", "oz"), spellings={"gram": "gr"})
LETTER = of("string", enum=("a", "A", "b", "BB"))
TWICE = of("string", enum=("ab", "AB"))
EMAIL = of("string", form=Form.EMAIL)
COUNTRY = of("string", form=Form.COUNTRY)
CURRENCY = of("string", form=Form.CURRENCY)
REGEX = of("string", form=Form.REGEX, length_max="api_max_regex_length")
TAG = of("string", form=Form.TAG_NAME, lower=True, length_max="tags_max_name_length")
CODE = of("string", length_min="coupons_min_code_length", length_max="coupons_max_code_length")
CENTS = of("integer", minimum=0)
COUNT = of("integer", above=0)
PERCENTAGE = of("integer", minimum=1, maximum=100)
QUANTITY = of("integer", nonzero=True)
RATE = of("float", minimum=0, above=-1, maximum=1)
STRICT = of("string", enum=("a", "abcdefgh"), length_min=2, length_max=3)

CASES: list[tuple[Attribute, object, object]] = [
    # texts stay as they are, white space included
    (STRING, "x", "x"),
    (STRING, "", ""),
    (STRING, " x ", " x "),
    (STRING, "007", "007"),
    (STRING, "日本", "日本"),
    (STRING, 7, "7"),
    (STRING, 1.5, "1.5"),
    (STRING, True, "true"),
    (STRING, False, "false"),
    (STRING, "x" * 1024, "x" * 1024),
    (STRING, "é" * 512, "é" * 512),
    (STRING, "x" * 1025, TOO_LONG),
    (STRING, "é" * 513, TOO_LONG),
    (STRING, "a\0b", INVALID),
    (STRING, "a\ud800b", INVALID),
    (STRING, "\0" * 2000, INVALID),
    (STRING, math.inf, INVALID),
    (STRING, math.nan, INVALID),
    (STRING, [], INVALID),
    (STRING, {"a": 1}, INVALID),
    # integers
    (INTEGER, 12, 12),
    (INTEGER, "12", 12),
    (INTEGER, " +12 ", 12),
    (INTEGER, "-12", -12),
    (INTEGER, "0012", 12),
    (INTEGER, "12.", 12),
    (INTEGER, "12.00", 12),
    (INTEGER, 12.0, 12),
    (INTEGER, "", None),
    (INTEGER, " \t", None),
    (INTEGER, "12.5", NOT_AN_INTEGER),
    (INTEGER, 12.5, NOT_AN_INTEGER),
    (INTEGER, ".5", NOT_AN_INTEGER),
    (INTEGER, "1e3", NOT_AN_INTEGER),
    (INTEGER, "1,000", NOT_A_NUMBER),
    (INTEGER, "1_000", NOT_A_NUMBER),
    (INTEGER, "0x10", NOT_A_NUMBER),
    (INTEGER, "١٢", NOT_A_NUMBER),
    (INTEGER, "１２", NOT_A_NUMBER),
    (INTEGER, "x", NOT_A_NUMBER),
    (INTEGER, "-", NOT_A_NUMBER),
    (INTEGER, ".", NOT_A_NUMBER),
    (INTEGER, "nan", NOT_A_NUMBER),
    (INTEGER, True, NOT_A_NUMBER),
    (INTEGER, [], NOT_A_NUMBER),
    (INTEGER, math.inf, NOT_A_NUMBER),
    (INTEGER, math.nan, NOT_A_NUMBER),
    (INTEGER, 2**63 - 1, 2**63 - 1),
    (INTEGER, str(2**63 - 1), 2**63 - 1),
    (INTEGER, -(2**63), -(2**63)),
    (INTEGER, str(-(2**63)), -(2**63)),
    (INTEGER, 2**63, INTEGER_TOO_BIG),
    (INTEGER, str(2**63), INTEGER_TOO_BIG),
    (INTEGER, "9" * 5000, INTEGER_TOO_BIG),
    (INTEGER, 1e30, INTEGER_TOO_BIG),
    (INTEGER, -(2**63) - 1, INTEGER_TOO_SMALL),
    (INTEGER, str(-(2**63) - 1), INTEGER_TOO_SMALL),
    (INTEGER, "-" + "9" * 5000, INTEGER_TOO_SMALL),
    # floats
    (FLOAT, 1.5, 1.5),
    (FLOAT, 2, 2.0),
    (FLOAT, "1.5", 1.5),
    (FLOAT, " -.5 ", -0.5),
    (FLOAT, "1e3", 1000.0),
    (FLOAT, "5.", 5.0),
    (FLOAT, "-0.0", 0.0),
    (FLOAT, -0.0, 0.0),
    (FLOAT, "", None),
    (FLOAT, " ", None),
    (FLOAT, "1e999", NOT_A_NUMBER),
    (FLOAT, 10**400, NOT_A_NUMBER),
    (FLOAT, math.inf, NOT_A_NUMBER),
    (FLOAT, math.nan, NOT_A_NUMBER),
    (FLOAT, "nan", NOT_A_NUMBER),
    (FLOAT, "inf", NOT_A_NUMBER),
    (FLOAT, "1,5", NOT_A_NUMBER),
    (FLOAT, "x", NOT_A_NUMBER),
    (FLOAT, True, NOT_A_NUMBER),
    (FLOAT, [1.5], NOT_A_NUMBER),
    # booleans
    (BOOLEAN, True, True),
    (BOOLEAN, False, False),
    (BOOLEAN, "true", True),
    (BOOLEAN, " TRUE ", True),
    (BOOLEAN, "t", True),
    (BOOLEAN, "yes", True),
    (BOOLEAN, "Y", True),
    (BOOLEAN, "on", True),
    (BOOLEAN, "1", True),
    (BOOLEAN, 1, True),
    (BOOLEAN, 1.0, True),
    (BOOLEAN, "false", False),
    (BOOLEAN, "F", False),
    (BOOLEAN, "no", False),
    (BOOLEAN, "n", False),
    (BOOLEAN, "off", False),
    (BOOLEAN, "0", False),
    (BOOLEAN, 0, False),
    (BOOLEAN, "", None),
    (BOOLEAN, " ", None),
    (BOOLEAN, "maybe", NOT_INCLUDED),
    (BOOLEAN, 2, NOT_INCLUDED),
    (BOOLEAN, [], NOT_INCLUDED),
    # datetimes are milliseconds
    (DATETIME, "1970-01-01T00:00:01.500Z", 1500),
    (DATETIME, "1970-01-01", 0),
    (DATETIME, " 1970-01-01T01:00:00+01:00 ", 0),
    (DATETIME, "0001-01-01T00:00:00Z", -62_135_596_800_000),
    (DATETIME, "9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    (DATETIME, "", None),
    (DATETIME, "0001-01-01T00:00:00+00:01", INVALID),
    (DATETIME, "9999-12-31T23:59:59-00:01", INVALID),
    (DATETIME, "2024-02-30", INVALID),
    (DATETIME, "10000-01-01", INVALID),
    (DATETIME, "yesterday", INVALID),
    (DATETIME, 1500, INVALID),
    (DATETIME, True, INVALID),
    # objects and arrays are canonical JSON
    (OBJECT, {}, "{}"),
    (OBJECT, {"b": 1, "a": [None, True, 1.5, "ä"]}, '{"a":[null,true,1.5,"ä"],"b":1}'),
    (OBJECT, ' {"b": 1, "a": 2} ', '{"a":2,"b":1}'),
    (OBJECT, "", None),
    (OBJECT, " ", None),
    (OBJECT, [], INVALID),
    (OBJECT, "[]", INVALID),
    (OBJECT, "null", INVALID),
    (OBJECT, "{", INVALID),
    (OBJECT, "x", INVALID),
    (OBJECT, 5, INVALID),
    (OBJECT, True, INVALID),
    (OBJECT, {"a": "\0"}, INVALID),
    (OBJECT, {"\0": 1}, INVALID),
    (OBJECT, {"a": "\ud800"}, INVALID),
    (OBJECT, '{"a": "\\ud800"}', INVALID),
    (OBJECT, '{"a": "\\u0000"}', INVALID),
    (OBJECT, '{"a": NaN}', INVALID),
    (OBJECT, {"a": math.nan}, NOT_A_NUMBER),
    (OBJECT, {"a": [math.inf]}, NOT_A_NUMBER),
    (OBJECT, '{"a": 1e999}', NOT_A_NUMBER),
    (OBJECT, {"a": 2**63}, INTEGER_TOO_BIG),
    (OBJECT, '{"a": 9223372036854775808}', INTEGER_TOO_BIG),
    (OBJECT, {"a": -(2**63) - 1}, INTEGER_TOO_SMALL),
    (OBJECT, {"a": 2**63 - 1}, '{"a":9223372036854775807}'),
    (OBJECT, '{"a": ' + "9" * 1000 + "}", INTEGER_TOO_BIG),
    (OBJECT, nested(64), '{"a":' * 64 + "1" + "}" * 64),
    (OBJECT, nested(65), Refused("is nested too deep")),
    (OBJECT, {"a": "x" * 1020}, TOO_LONG),
    (OBJECT, '{"a": "' + "x" * 1020 + '"}', TOO_LONG),
    # one that is never null takes its default instead
    (METADATA, "", "{}"),
    (METADATA, {"a": 1}, '{"a":1}'),
    (ARRAY, [2, 1], "[2,1]"),
    (ARRAY, "[2, 1]", "[2,1]"),
    (ARRAY, "", None),
    (ARRAY, {}, INVALID),
    (ARRAY, "{}", INVALID),
    (ARRAY, "a,b", INVALID),
    # lists of values: a list comes before a length
    (UNIT, "gr", "gr"),
    (UNIT, " oz ", "oz"),
    (UNIT, "gram", "gr"),
    (UNIT, "", None),
    (UNIT, " ", None),
    (UNIT, "GR", "gr"),
    (UNIT, " Oz ", "oz"),
    (UNIT, "Gram", "gr"),
    (LETTER, "a", "a"),
    (LETTER, "A", "A"),
    (LETTER, "B", "b"),
    (LETTER, "Bb", "BB"),
    (LETTER, "bB", "BB"),
    (TWICE, "Ab", NOT_INCLUDED),
    (UNIT, "lb", NOT_INCLUDED),
    (UNIT, 5, NOT_INCLUDED),
    (UNIT, [], INVALID),
    (STRICT, "b", NOT_INCLUDED),
    (STRICT, "a", Refused("is too short (minimum is 2 characters)")),
    (STRICT, "abcdefgh", Refused("is too long (maximum is 3 characters)")),
    # forms of texts
    (EMAIL, "a@example.com", "a@example.com"),
    (EMAIL, " A@Example.com ", "A@Example.com"),
    (EMAIL, "jürgen@exämple.com", "jürgen@exämple.com"),
    (EMAIL, "", ""),
    (EMAIL, "a", INVALID),
    (EMAIL, "a@b", INVALID),
    (EMAIL, "a@@example.com", INVALID),
    (EMAIL, "a b@example.com", INVALID),
    (EMAIL, "a@example.com, b@example.com", INVALID),
    (EMAIL, "a@example..com", INVALID),
    (EMAIL, "x" * 2000, TOO_LONG),
    (COUNTRY, "IT", "IT"),
    (COUNTRY, " it ", "IT"),
    (COUNTRY, "", ""),
    (COUNTRY, "Italy", NOT_INCLUDED),
    (COUNTRY, "XX", NOT_INCLUDED),
    (CURRENCY, "eur", "EUR"),
    (CURRENCY, "€", NOT_INCLUDED),
    (REGEX, "^A+$", "^A+$"),
    (REGEX, "(", INVALID),
    (REGEX, "a{2,1}", INVALID),
    (REGEX, "a{99999999999999999999}", INVALID),
    (TAG, "Red:new_1-2", "red:new_1-2"),
    (TAG, " red ", "red"),
    (TAG, "", ""),
    (TAG, "two words", INVALID),
    (TAG, "rød", INVALID),
    (TAG, "x" * 25, "x" * 25),
    (TAG, "x" * 26, Refused("is too long (maximum is 25 characters)")),
    (TAG, "two words" * 5, INVALID),
    # lengths are those of the organization; a blank is judged by presence
    (CODE, "12345678", "12345678"),
    (CODE, "x" * 40, "x" * 40),
    (CODE, 12345678, "12345678"),
    (CODE, "", ""),
    (CODE, "1234567", Refused("is too short (minimum is 8 characters)")),
    (CODE, "x" * 41, Refused("is too long (maximum is 40 characters)")),
    # bounds come last
    (CENTS, 0, 0),
    (CENTS, -1, Refused("must be greater than or equal to 0")),
    (CENTS, "-0.5", NOT_AN_INTEGER),
    (CENTS, -(2**64), INTEGER_TOO_SMALL),
    (CENTS, "", None),
    (COUNT, 1, 1),
    (COUNT, 0, Refused("must be greater than 0")),
    (PERCENTAGE, 1, 1),
    (PERCENTAGE, 100, 100),
    (PERCENTAGE, 0, Refused("must be greater than or equal to 1")),
    (PERCENTAGE, "101", Refused("must be less than or equal to 100")),
    (QUANTITY, -5, -5),
    (QUANTITY, "0", Refused("must be other than 0")),
    (RATE, "0.5", 0.5),
    (RATE, "-0.1", Refused("must be greater than or equal to 0")),
    (RATE, 1.5, Refused("must be less than or equal to 1")),
]


def converted(attribute: Attribute, value: object) -> object:
    """The value as it is stored, or the message."""
    try:
        return converter(attribute, ORGANIZATION_FLAGS, BYTES_MAX)(value)
    except ValueRefused as refused:
        return Refused(refused.message)


@pytest.mark.parametrize(("attribute", "value", "expected"), CASES)
def test_value_becomes_what_is_stored_or_is_refused(
    attribute: Attribute, value: object, expected: object
) -> None:
    found = converted(attribute, value)
    assert (found, type(found)) == (expected, type(expected))


def test_both_zeros_are_stored_as_one() -> None:
    assert [repr(converted(FLOAT, zero)) for zero in ("-0.0", -0.0, 0)] == ["0.0", "0.0", "0.0"]


def test_lengths_follow_the_flags_of_the_organization() -> None:
    convert = converter(CODE, {**ORGANIZATION_FLAGS, "coupons_min_code_length": 2}, BYTES_MAX)
    assert convert("ab") == "ab"


def test_equal_objects_have_one_text() -> None:
    one = {"a": 1, "b": [{"d": 1, "c": 2}]}
    other = {"b": [{"c": 2, "d": 1}], "a": 1}
    assert canonical_json(one) == canonical_json(other)


def test_different_objects_have_different_texts() -> None:
    values = [{}, {"a": None}, {"a": 0}, {"a": "0"}, {"a": False}, {"a": []}, {"a": {}}]
    assert len({canonical_json(value) for value in values}) == len(values)


def test_trigger_with_a_word_that_is_no_boolean_is_refused() -> None:
    with pytest.raises(ValueRefused, match="is not included in the list"):
        to_boolean("perhaps")
