"""What values look like, one by one and as columns."""

from collections import Counter

import pytest

from longshore.mapping.value_kinds import ValueKind, common_kind, kind_of_value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("12", ValueKind.INTEGER),
        ("-7", ValueKind.INTEGER),
        ("1.234.567", ValueKind.INTEGER),
        ("00123", ValueKind.CODE),
        ("0", ValueKind.INTEGER),
        ("12.50", ValueKind.DECIMAL_POINT),
        (".5", ValueKind.DECIMAL_POINT),
        ("12,50", ValueKind.DECIMAL_COMMA),
        ("0,350", ValueKind.DECIMAL_COMMA),
        ("1.234,50", ValueKind.DECIMAL_COMMA),
        ("1,234.50", ValueKind.DECIMAL_POINT),
        ("1'234.50", ValueKind.DECIMAL_POINT),
        ("1\xa0234,50", ValueKind.DECIMAL_COMMA),
        ("1.234", ValueKind.SEPARATED),
        ("1,234", ValueKind.SEPARATED),
        ("1.234,50 €", ValueKind.AMOUNT),
        ("EUR 12", ValueKind.AMOUNT),
        ("$5", ValueKind.AMOUNT),
        ("0.2 kg", ValueKind.MEASURE),
        ("7oz", ValueKind.MEASURE),
        ("7 ozone", ValueKind.TEXT),
        ("4,00638E+12", ValueKind.SCIENTIFIC),
        ("1E5", ValueKind.SCIENTIFIC),
        ("01.12.2026", ValueKind.DATE),
        ("2026-12-01T08:30:00Z", ValueKind.DATE),
        ("12/31/2026", ValueKind.DATE),
        ("ja", ValueKind.BOOLEAN),
        ("FALSE", ValueKind.BOOLEAN),
        (True, ValueKind.BOOLEAN),
        (7, ValueKind.INTEGER),
        (7.5, ValueKind.DECIMAL_POINT),
        ("a@example.com", ValueKind.EMAIL),
        ("https://example.com/a.jpg", ValueKind.URL),
        ({"a": 1}, ValueKind.OBJECT),
        ([1], ValueKind.LIST),
        ("9" * 5000, ValueKind.TEXT),
        ("1" + " 1" * 5000, ValueKind.TEXT),
        ("\x00\x01", ValueKind.TEXT),
    ],
)
def test_a_value_is_of_a_kind(value: object, kind: ValueKind) -> None:
    assert kind_of_value(value) is kind


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], ValueKind.BLANK),
        (["1", "2"], ValueKind.INTEGER),
        (["1", "02"], ValueKind.CODE),
        (["1", "2.5"], ValueKind.DECIMAL_POINT),
        (["1.234", "2,5"], ValueKind.DECIMAL_COMMA),
        (["1.5", "2,5"], ValueKind.DECIMAL),
        (["1", "1.234"], ValueKind.SEPARATED),
        (["1", "2,50 €"], ValueKind.AMOUNT),
        (["1", "2,5 kg"], ValueKind.MEASURE),
        (["1", "one"], ValueKind.TEXT),
    ],
)
def test_a_column_is_of_the_kind_that_its_values_have_in_common(values, kind) -> None:
    assert common_kind(Counter(map(kind_of_value, values))) is kind
