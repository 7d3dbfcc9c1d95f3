"""Plausible values of attributes: what a template shows in its one row."""

import json
from collections.abc import Mapping

from longshore.catalogue import Attribute, Bound, Form, ValueType

_TEXTS: Mapping[str, str] = {
    "name": "Example",
    "first_name": "Jane",
    "last_name": "Doe",
    "company": "Example Ltd",
    "line_1": "Via Roma 1",
    "city": "Firenze",
    "zip_code": "50123",
    "state_code": "FI",
    "phone": "+39 055 123456",
    "description": "An example",
    "language_code": "en",
    "sku_code_regex": "^EXAMPLE",
    "reference": "example-1",
}
_FORMS: Mapping[Form, str] = {
    Form.EMAIL: "jane@example.com",
    Form.COUNTRY: "IT",
    Form.CURRENCY: "EUR",
    Form.REGEX: "^EXAMPLE",
    Form.TAG_NAME: "example",
}
_NUMBERS: Mapping[str, int] = {
    "percentage": 10,
    # Of each pair the second is the greater, as what they mean asks for.
    "x": 3,
    "y": 2,
    "min_hours": 24,
    "max_hours": 48,
    "delay_hours": 0,
}
_DATETIMES: Mapping[str, str] = {"starts_at": "2030-01-01T00:00:00.000Z"}
_LATER = "2031-01-01T00:00:00.000Z"
_AMOUNT_CENTS = 1_000

# Attributes worth showing although a record can be without them.
_TELLING = frozenset(
    (
        "code",
        "number",
        "name",
        "description",
        "email",
        "quantity",
        "amount_cents",
        "price_amount_cents",
        "unit_amount_cents",
        "item_type",
    )
)


def is_telling(attribute: Attribute) -> bool:
    """Whether an attribute that is not required should be shown with a value all the same."""
    return attribute.name in _TELLING


def example_value(attribute: Attribute, flags: Mapping[str, object]) -> object:
    """A value that the attribute takes under an organization's flags, as decoded JSON."""
    match attribute.type:
        case ValueType.STRING:
            return _text(attribute, flags)
        case ValueType.INTEGER:
            return _number(attribute, flags)
        case ValueType.FLOAT:
            return float(_number(attribute, flags))
        case ValueType.BOOLEAN:
            return attribute.default if attribute.default is not None else False
        case ValueType.DATETIME:
            return _DATETIMES.get(attribute.name, _LATER)
        case ValueType.ARRAY:
            return [attribute.enum[0] if attribute.enum else "monthly"]
        case ValueType.OBJECT:
            return {"example": True}


def cell(value: object) -> str:
    """A value as a CSV cell that an import reads back to it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else json.dumps(value)


def _text(attribute: Attribute, flags: Mapping[str, object]) -> str:
    if attribute.enum:
        default = attribute.default
        return default if isinstance(default, str) else attribute.enum[0]
    if attribute.form is not None:
        return _FORMS[attribute.form]
    text = _TEXTS.get(attribute.name)
    if text is None:
        is_url = attribute.name.endswith(("url", "_uri"))
        text = "https://example.com/" if is_url else "EXAMPLE-1"
    shortest, longest = _limit(attribute.length_min, flags), _limit(attribute.length_max, flags)
    if shortest is not None:
        text = text.ljust(int(shortest), "1")
    return text if longest is None else text[: int(longest)]


def _number(attribute: Attribute, flags: Mapping[str, object]) -> int:
    number = _NUMBERS.get(attribute.name)
    if number is None:
        number = _AMOUNT_CENTS if attribute.name.endswith("_cents") else 1
    lowest, above = _limit(attribute.minimum, flags), _limit(attribute.above, flags)
    highest = _limit(attribute.maximum, flags)
    if lowest is not None:
        number = max(number, int(lowest))
    if above is not None:
        number = max(number, int(above) + 1)
    return number if highest is None else min(number, int(highest))


def _limit(bound: Bound | None, flags: Mapping[str, object]) -> int | float | None:
    """A bound as a number; those that name a flag take its value."""
    found = flags.get(bound) if isinstance(bound, str) else bound
    return found if isinstance(found, int | float) else None
