"""What a person would write in place of a wrong value; None: nobody can tell."""

import pytest

from longshore.catalogue import Attribute, Form, ValueType
from longshore.engine.values.converters import converter
from longshore.engine.values.mending import mended

UNIT = Attribute(name="unit_of_weight", type=ValueType.STRING, enum=("gr", "oz", "lb"))
GENDER = Attribute(name="gender", type=ValueType.STRING, enum=("male", "female", "other"))
STATUS = Attribute(
    name="payment_status",
    type=ValueType.STRING,
    enum=("unpaid", "authorized", "partially_authorized", "paid", "partially_paid", "voided"),
)
FORMAT = Attribute(name="label_format", type=ValueType.STRING, enum=("PDF", "ZPL", "EPL2", "PNG"))
ORDER = Attribute(name="order_status", type=ValueType.STRING, enum=("placed", "cancelled"))
TYPE = Attribute(
    name="type",
    type=ValueType.STRING,
    enum=("price_volume_tiers", "price_frequency_tiers"),
    spellings={"price_volume_tier": "price_volume_tiers", "PriceVolumeTier": "price_volume_tiers"},
)
COUNTRY = Attribute(name="country_code", type=ValueType.STRING, form=Form.COUNTRY)
CURRENCY = Attribute(name="currency_code", type=ValueType.STRING, form=Form.CURRENCY)
EMAIL = Attribute(name="email", type=ValueType.STRING, form=Form.EMAIL)
TAG = Attribute(name="name", type=ValueType.STRING, form=Form.TAG_NAME)
REGEX = Attribute(name="sku_code_regex", type=ValueType.STRING, form=Form.REGEX)
TEXT = Attribute(name="name", type=ValueType.STRING, length_max=5)
CENTS = Attribute(name="amount_cents", type=ValueType.INTEGER)
INTEGER = Attribute(name="quantity", type=ValueType.INTEGER)
POSITIVE = Attribute(name="quantity", type=ValueType.INTEGER, minimum=1)
FLOAT = Attribute(name="weight", type=ValueType.FLOAT)
BOOLEAN = Attribute(name="do_not_ship", type=ValueType.BOOLEAN)
DATETIME = Attribute(name="placed_at", type=ValueType.DATETIME)
OBJECT = Attribute(name="metadata", type=ValueType.OBJECT)
ARRAY = Attribute(name="options", type=ValueType.ARRAY)

CASES = [
    # Choices
    (UNIT, "g", "gr"),
    (UNIT, "Grams", "gr"),
    (UNIT, "g.", "gr"),
    (UNIT, "kg", None),
    (UNIT, "kgr", None),
    (UNIT, "lbs", "lb"),
    (UNIT, "Pound", "lb"),
    (UNIT, "ounces", "oz"),
    (UNIT, "mg", None),
    (UNIT, "t", None),
    (GENDER, "mael", "male"),
    (GENDER, "femal", "female"),
    (GENDER, "fmale", None),
    (GENDER, "M", None),
    (GENDER, "none", None),
    (STATUS, "Partially Paid", "partially_paid"),
    (STATUS, "partialy-paid", "partially_paid"),
    (STATUS, "partially", None),
    (STATUS, "upaid", None),
    (STATUS, "authorised", "authorized"),
    (STATUS, "auth", "authorized"),
    (FORMAT, "pdf.", "PDF"),
    (FORMAT, "PGN", None),
    (FORMAT, "EPL-2", "EPL2"),
    (ORDER, "canceled", "cancelled"),
    (TYPE, "Price volume tier", "price_volume_tiers"),
    (TYPE, "price", None),
    (STATUS, "unauthorized", None),
    (STATUS, "!paid", None),
    (STATUS, "-paid", None),
    # Countries and currencies
    (COUNTRY, "UK", "GB"),
    (COUNTRY, "USA", "US"),
    (COUNTRY, "Germany", "DE"),
    (COUNTRY, "österreich", "AT"),
    (COUNTRY, "ITA", "IT"),
    (COUNTRY, "it.", "IT"),
    (COUNTRY, "XX", None),
    (COUNTRY, "England or Wales", None),
    (CURRENCY, "€", "EUR"),
    (CURRENCY, "Euro", "EUR"),
    (CURRENCY, "eur.", "EUR"),
    (CURRENCY, "US$", "USD"),
    (CURRENCY, "$", None),
    (CURRENCY, "£", None),
    (CURRENCY, "R", None),
    (CURRENCY, "Pound Sterling", "GBP"),
    (CURRENCY, "EUX", None),
    # Addresses
    (EMAIL, "ann @example.com", "ann@example.com"),
    (EMAIL, "ann@ example.com", "ann@example.com"),
    (EMAIL, "ann@example,com", "ann@example.com"),
    (EMAIL, "ann@@example.com", "ann@example.com"),
    (EMAIL, "ann@example..com", "ann@example.com"),
    (EMAIL, "ann@example.com;", "ann@example.com"),
    (EMAIL, "mailto:ann@example.com", "ann@example.com"),
    (EMAIL, "Ann Lee <ann@example.com>", "ann@example.com"),
    (EMAIL, "ann(at)example.com", "ann@example.com"),
    (EMAIL, "ann@example", None),
    (EMAIL, "ann smith@example.com", None),
    (EMAIL, "ann@example.com, bob@example.com", None),
    (EMAIL, "ann.example.com", None),
    (EMAIL, "n/a", None),
    (EMAIL, "ann@example.com bob@example.com", None),
    (EMAIL, "ann@example.com <bob@example.com>", None),
    (EMAIL, "ann(at)example.com; bob@example.com", None),
    (EMAIL, "Dr. ann@example.com", None),
    (EMAIL, "Mr. smith@example.com", None),
    (EMAIL, "ann. lee@example.com", None),
    (EMAIL, "ann..lee@example.com", None),
    (EMAIL, ".ann@example.com", None),
    (EMAIL, "ann@example.com,de", None),
    (EMAIL, "ann@example.com. Thanks", None),
    (EMAIL, "lee,ann@example.com", None),
    # Amounts in cents
    (CENTS, "12,50 EUR", "1250"),
    (CENTS, "€ 12.50", "1250"),
    (CENTS, "12.50€", "1250"),
    (CENTS, "1.250,00 EUR", "125000"),
    (CENTS, "-12,50 EUR", "-1250"),
    (CENTS, "1 250", "1250"),
    (CENTS, '"1250"', "1250"),
    (CENTS, "12.50", None),
    (CENTS, "12,50", None),
    (CENTS, "12,00", None),
    (CENTS, "12 EUR", None),
    (CENTS, "1.234", None),
    (CENTS, "1,250 EUR", None),
    (CENTS, "12.5 EUR", None),
    (CENTS, "free", None),
    (CENTS, "12²", None),
    (CENTS, "12'", None),
    # Numbers
    (INTEGER, "1'250", "1250"),
    (INTEGER, "1,250,000", "1250000"),
    (INTEGER, "1.250.000", "1250000"),
    (INTEGER, "１２", "12"),
    (INTEGER, "1,234", None),
    (INTEGER, "1.234", None),
    (INTEGER, "12.5", None),
    (INTEGER, "12 pcs", None),
    (INTEGER, "12 50", None),
    (INTEGER, "5²", None),
    (INTEGER, "100¹", None),
    (INTEGER, "x₂", None),
    (INTEGER, "①", None),
    (INTEGER, "5'", None),
    (INTEGER, '5"', None),
    (INTEGER, "'5'", "5"),
    (INTEGER, "'1 250", "1250"),
    (INTEGER, "192.168.100.200", None),
    (INTEGER, "100,200,300,400", None),
    (POSITIVE, "-5", None),
    (FLOAT, "12,5", "12.5"),
    (FLOAT, "1.250,5", "1250.5"),
    (FLOAT, "0,250", "0.250"),
    (FLOAT, "−5", "-5"),
    (FLOAT, "1,250", None),
    (FLOAT, "500 g", None),
    (FLOAT, "12 %", None),
    (FLOAT, "5²", None),
    (FLOAT, "5'", None),
    (FLOAT, "192.168.100.200", None),
    (FLOAT, "1.250.000.000,5", "1250000000.5"),
    # Truths
    (BOOLEAN, "ja", "true"),
    (BOOLEAN, "Nein", "false"),
    (BOOLEAN, "oui", "true"),
    (BOOLEAN, "'true'", "true"),
    (BOOLEAN, "ture", "true"),
    (BOOLEAN, "x", None),
    (BOOLEAN, "maybe", None),
    (BOOLEAN, "true!", "true"),
    (BOOLEAN, "!true", None),
    (BOOLEAN, "-true", None),
    (BOOLEAN, "not true", None),
    (BOOLEAN, "tr-ue", None),
    # Dates
    (DATETIME, "01.12.2026", "2026-12-01"),
    (DATETIME, "1.12.2026 17:30", "2026-12-01T17:30:00"),
    (DATETIME, "25/12/2026", "2026-12-25"),
    (DATETIME, "12/25/2026", "2026-12-25"),
    (DATETIME, "03/03/2026", "2026-03-03"),
    (DATETIME, "03/04/2026", None),
    (DATETIME, "2026/12/01", "2026-12-01"),
    (DATETIME, "20261201", "2026-12-01"),
    (DATETIME, "1 Dec 2026", "2026-12-01"),
    (DATETIME, "December 1st, 2026 5:30 pm", "2026-12-01T17:30:00"),
    (DATETIME, "1. Dezember 2026", "2026-12-01"),
    (DATETIME, "Tue, 01 Dec 2026 17:30:00 GMT", "2026-12-01T17:30:00Z"),
    (DATETIME, "01.12.26", None),
    (DATETIME, "31.02.2026", None),
    (DATETIME, "46357", None),
    (DATETIME, "tomorrow", None),
    # Objects, lists and texts
    (OBJECT, "{'color': 'red'}", '{"color": "red"}'),
    (OBJECT, "{“color”: “red”}", '{"color": "red"}'),
    (OBJECT, '{"color": "red",}', '{"color": "red"}'),
    (OBJECT, "color=red", None),
    (OBJECT, '{"a": "x, ] y",}', '{"a": "x, ] y"}'),
    (OBJECT, '{"a": "x,}\\",]",}', '{"a": "x,}\\",]"}'),
    (OBJECT, '{"a": "it’s “fine”",}', '{"a": "it’s “fine”"}'),
    (OBJECT, "{“a”: “it’s, ] fine”,}", '{"a": "it’s, ] fine"}'),
    (OBJECT, "{'a': 'it’s'}", '{"a": "it’s"}'),
    (OBJECT, "{'a': 'it's'}", None),
    (OBJECT, "{'a': 'x, ] y',}", '{"a": "x, ] y"}'),
    (ARRAY, "['5\"']", None),
    (ARRAY, "[,]", None),
    (ARRAY, "[1,,]", None),
    (ARRAY, "['a', 'b']", '["a", "b"]'),
    (TAG, "#summer", "summer"),
    (TAG, "summer sale", None),
    (TAG, "C#", None),
    (TAG, ".NET", None),
    (TAG, "summer,", "summer"),
    (REGEX, "[A-Z", None),
    (TEXT, "far too long", None),
]


@pytest.mark.parametrize(("attribute", "value", "meant"), CASES)
def test_a_wrong_value_has_the_suggestion_of_a_person(attribute, value, meant) -> None:
    convert = converter(attribute, {}, 10_000)
    assert mended(attribute, value, convert, currency="EUR") == meant


AMOUNTS = [
    # Amount, currency of the records, cents
    ("$1,250.00", "USD", "125000"),
    ("$12.00", "CAD", "1200"),
    ("US$ 12.00", "CAD", None),
    ("$12.00", "EUR", None),
    ("12,50 USD", "EUR", None),
    ("12,50 EUR", "USD", None),
    ("12,50 EUR", None, None),
    ("500 JPY", "JPY", "500"),
    ("¥1,980", "JPY", None),
    ("¥19.80", "JPY", None),
    ("¥19.80", "CNY", "1980"),
    ("12.500 KWD", "KWD", None),
    ("12.50 KWD", "KWD", None),
    ("1250", None, None),
    ("1 250", None, "1250"),
]


@pytest.mark.parametrize(("value", "currency", "meant"), AMOUNTS)
def test_an_amount_is_suggested_in_the_currency_of_its_records(value, currency, meant) -> None:
    convert = converter(CENTS, {}, 10_000)
    assert mended(CENTS, value, convert, currency=currency) == meant


def test_there_are_a_hundred_cases() -> None:
    assert len(CASES) + len(AMOUNTS) >= 120


VALID = [
    (UNIT, "GR "),
    (COUNTRY, "it"),
    (CURRENCY, " eur"),
    (EMAIL, " ann@example.com "),
    (CENTS, "1250"),
    (INTEGER, "12.0"),
    (FLOAT, "1.234"),
    (BOOLEAN, "Y"),
    (DATETIME, "2026-12-01 17:30"),
    (OBJECT, '{"it\'s": "“fine”"}'),
    (TEXT, "'x'"),
    (INTEGER, " "),
]


@pytest.mark.parametrize(("attribute", "value"), VALID)
def test_a_right_value_has_no_suggestion(attribute, value) -> None:
    assert mended(attribute, value, converter(attribute, {}, 10_000)) is None
