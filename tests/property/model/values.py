"""One written value as one stored value, or the message that says why it is none.

This is half of the naive model: it follows the table of messages of the import specification
(section 9) as literally as possible and shares no line with the engine.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from longshore.catalogue import COUNTRIES, CURRENCIES, Attribute, Bound, Form, ValueType

INTEGER_MAX = 2**63 - 1
INTEGER_MIN = -(2**63)
TEXT_BYTES_MAX = 1_048_576
KEY_BYTES_MAX = 512

TRUE_TEXTS = ("true", "t", "1", "yes", "y", "on")
FALSE_TEXTS = ("false", "f", "0", "no", "n", "off")

# Texts whose ends mean nothing.
_TRIMMED = (Form.EMAIL, Form.COUNTRY, Form.CURRENCY, Form.TAG_NAME)

# Words of letters, digits and signs with dots between, 64 characters at most; names of letters,
# digits and dashes.
_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([^\W_]([\w-]*[^\W_])?\.)+[^\W_0-9]+"
)
_TAG_NAME = re.compile(r"[A-Za-z0-9_:-]+")


class Refused(Exception):
    """The value cannot be taken; the text is the message of the attribute."""


def convert(
    attribute: Attribute,
    value: object,
    bound_of: Callable[[Bound], float],
    *,
    is_key: bool = False,
) -> object:
    """The value as it is stored; None for null; `Refused` with the first check that fails."""
    if value is None:
        return None
    converted = _CONVERTERS[attribute.type](value)
    if converted is None:
        return None
    if isinstance(converted, str):
        if is_key:
            converted = spelled(converted)
        if attribute.lower:
            converted = converted.lower()
        converted = _checked_text(attribute, converted, bound_of)
    if isinstance(converted, int | float) and not isinstance(converted, bool):
        _check_bounds(attribute, converted, bound_of)
    return converted


def is_blank(value: object) -> bool:
    """Whether a required value would be missing: null, or text without anything in it."""
    return value is None or (isinstance(value, str) and not value.strip())


def key_text(value: object, *, fold: bool) -> object:
    """A value as keys compare it; None when it is no key at all."""
    if not isinstance(value, str):
        return value
    text = spelled(value)
    if fold:
        text = text.casefold()
    return text or None


def spelled(text: str) -> str:
    """A text of a key as it is stored: nothing that cannot be seen around it, letters composed."""
    while text and _is_nothing(text[0]):
        text = text[1:]
    while text and _is_nothing(text[-1]):
        text = text[:-1]
    return unicodedata.normalize("NFC", text)


def _is_nothing(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"


def _text(value: object) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        raise Refused("is invalid")
    if "\0" in value or any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise Refused("is invalid")
    if len(value.encode()) > TEXT_BYTES_MAX:
        raise Refused(f"is too long (maximum is {TEXT_BYTES_MAX} bytes)")
    return value


def _integer(value: object) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if re.fullmatch(r"[+-]?[0-9]+", text):
            value = int(text)
        else:
            value = _number(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("is not a number")
    if isinstance(value, float):
        if not value.is_integer():
            raise Refused("must be an integer")
        value = int(value)
    if value > INTEGER_MAX:
        raise Refused(f"must be less than or equal to {INTEGER_MAX}")
    if value < INTEGER_MIN:
        raise Refused(f"must be greater than or equal to {INTEGER_MIN}")
    return value


def _float(value: object) -> float | None:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        value = _number(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("is not a number")
    return float(value)


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        raise Refused("is not a number")
    number = float(text)
    if not math.isfinite(number):
        raise Refused("is not a number")
    return number


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        raise Refused("is not included in the list")
    text = value.strip().lower()
    if not text:
        return None
    if text in TRUE_TEXTS:
        return True
    if text in FALSE_TEXTS:
        return False
    raise Refused("is not included in the list")


def _datetime(value: object) -> int | None:
    """Milliseconds since 1970; without a zone the text means UTC."""
    if not isinstance(value, str):
        raise Refused("is invalid")
    if not value.strip():
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Refused("is invalid") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def _object(value: object) -> object:
    return _structure(value, dict)


def _array(value: object) -> object:
    return _structure(value, list)


def _structure(value: object, kind: type) -> object:
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = json.loads(value)
        except ValueError:
            raise Refused("is invalid") from None
    if not isinstance(value, kind):
        raise Refused("is invalid")
    return value


_CONVERTERS: Mapping[ValueType, Callable[[object], object]] = {
    ValueType.STRING: _text,
    ValueType.INTEGER: _integer,
    ValueType.FLOAT: _float,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATETIME: _datetime,
    ValueType.OBJECT: _object,
    ValueType.ARRAY: _array,
}


def _choice(attribute: Attribute, text: str) -> str:
    """The one of the closed list that is meant, in whatever case."""
    spellings = {**{each: each for each in attribute.enum}, **attribute.spellings}
    if text in spellings:
        return spellings[text]
    alike = {meant for each, meant in spellings.items() if each.lower() == text.lower()}
    if len(alike) != 1:
        raise Refused("is not included in the list")
    return alike.pop()


def _checked_text(
    attribute: Attribute, text: str, bound_of: Callable[[Bound], float]
) -> str | None:
    if attribute.enum or attribute.form in _TRIMMED:
        text = spelled(text) if attribute.form is Form.EMAIL else text.strip()
    if attribute.form in (Form.COUNTRY, Form.CURRENCY):
        text = text.upper()
    if attribute.enum:
        if not text:
            return None
        text = _choice(attribute, text)
    if text.strip():
        _check_form(attribute.form, text)
    if attribute.length_min is not None and text.strip():
        least = bound_of(attribute.length_min)
        if len(text) < least:
            raise Refused(f"is too short (minimum is {least} characters)")
    if attribute.length_max is not None:
        most = bound_of(attribute.length_max)
        if len(text) > most:
            raise Refused(f"is too long (maximum is {most} characters)")
    return text


def _check_form(form: Form | None, text: str) -> None:
    if form is Form.EMAIL and not _EMAIL.fullmatch(text):
        raise Refused("is invalid")
    if form is Form.TAG_NAME and not _TAG_NAME.fullmatch(text):
        raise Refused("is invalid")
    if form is Form.COUNTRY and text not in COUNTRIES:
        raise Refused("is not included in the list")
    if form is Form.CURRENCY and text not in CURRENCIES:
        raise Refused("is not included in the list")
    if form is Form.REGEX:
        try:
            re.compile(text)
        except re.error:
            raise Refused("is invalid") from None


def _check_bounds(attribute: Attribute, number: float, bound_of: Callable[[Bound], float]) -> None:
    if attribute.minimum is not None and number < bound_of(attribute.minimum):
        raise Refused(f"must be greater than or equal to {bound_of(attribute.minimum)}")
    if attribute.above is not None and number <= bound_of(attribute.above):
        raise Refused(f"must be greater than {bound_of(attribute.above)}")
    if attribute.maximum is not None and number > bound_of(attribute.maximum):
        raise Refused(f"must be less than or equal to {bound_of(attribute.maximum)}")
    if attribute.nonzero and number == 0:
        raise Refused("must be other than 0")
