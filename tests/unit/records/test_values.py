import pytest

from longshore.catalogue import ValueType
from longshore.records.matchers import ID, FieldKind
from longshore.records.values import ValueUnreadable, value_reader


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ValueType.STRING, " AB ", " AB "),
        (ValueType.STRING, "", ""),
        (ValueType.INTEGER, "-12", -12),
        (ValueType.INTEGER, " +7 ", 7),
        (ValueType.INTEGER, "12.00", 12),
        (ValueType.INTEGER, "12.", 12),
        (ValueType.INTEGER, "9223372036854775807", 2**63 - 1),
        (ValueType.INTEGER, "00000000000000000000000001", 1),
        (ValueType.FLOAT, ".5", 0.5),
        (ValueType.FLOAT, "1e3", 1000.0),
        (ValueType.BOOLEAN, "True", True),
        (ValueType.BOOLEAN, "0", False),
        (ValueType.DATETIME, "1970-01-01T00:00:01.500Z", 1500),
        (ValueType.DATETIME, "1970-01-02", 86_400_000),
        (ValueType.OBJECT, '{"a": [1]}', {"a": [1]}),
        (ID, " XBgGphKLQE ", "XBgGphKLQE"),
    ],
)
def test_a_value_is_read_as_the_type_of_its_field(
    kind: FieldKind, text: str, value: object
) -> None:
    read = value_reader(kind)(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ValueType.STRING, "a\0b"),
        (ValueType.STRING, "\ud800"),
        (ValueType.INTEGER, ""),
        (ValueType.INTEGER, "1.5"),
        (ValueType.INTEGER, "１"),
        (ValueType.INTEGER, "9223372036854775808"),
        (ValueType.INTEGER, "9" * 100_000),
        (ValueType.FLOAT, "nan"),
        (ValueType.FLOAT, "inf"),
        (ValueType.FLOAT, "1e999"),
        (ValueType.BOOLEAN, "maybe"),
        (ValueType.BOOLEAN, ""),
        (ValueType.DATETIME, "yesterday"),
        (ValueType.DATETIME, "2024-02-30"),
        (ValueType.OBJECT, "{"),
        (ValueType.OBJECT, "NaN"),
        (ValueType.OBJECT, "[" * 100_000),
        (ValueType.OBJECT, '{"a": "\\ud800"}'),
        (ValueType.OBJECT, '{"a": 9223372036854775808}'),
        (ValueType.OBJECT, '{"a": 1e999}'),
        (ValueType.OBJECT, str(list(range(1000)))),
    ],
)
def test_a_text_that_is_no_value_of_the_type_is_refused(kind: FieldKind, text: str) -> None:
    with pytest.raises(ValueUnreadable):
        value_reader(kind)(text)
