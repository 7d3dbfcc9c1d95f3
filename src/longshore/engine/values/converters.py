"""Raw values to typed values: one converter per attribute, made once per plan.

A converter takes what a row holds (a text cell, or a decoded JSON value that is not null) and
returns the value as it is stored, or raises `ValueRefused` with the message for the error log.
The wording is ActiveModel's (Rails guides, "Active Record Validations", message keys). Checks run
in one order for every attribute: type, list or form, length, bounds; the first that fails speaks.

Inside, a datetime is an integer of milliseconds, and an object or array is canonical JSON text
(keys sorted), so that two values are equal exactly when they compare equal.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from longshore.catalogue import (
    COUNTRIES,
    CURRENCIES,
    INTEGER,
    NUMBER,
    TRUTHS,
    Attribute,
    Form,
    ValueType,
    can_be_stored,
    key_text,
)
from longshore.clock import parse_datetime
from longshore.engine.values.email_addresses import is_email_address
from longshore.error_codes import ErrorCode, Message, message
from longshore.spellings import ValueRefused as ValueRefused

Converter: TypeAlias = Callable[[Any], Any]

BLANK = message(ErrorCode.BLANK)
MUST_EXIST = message(ErrorCode.MUST_EXIST)
TAKEN = message(ErrorCode.TAKEN)
INVALID = message(ErrorCode.INVALID)
NOT_INCLUDED = message(ErrorCode.NOT_IN_LIST)
NOT_A_NUMBER = message(ErrorCode.NOT_A_NUMBER)
NOT_AN_INTEGER = message(ErrorCode.NOT_AN_INTEGER)
NOT_SUPPORTED = message(ErrorCode.NOT_SUPPORTED)
TOO_DEEP = message(ErrorCode.TOO_DEEP)

NO_ID = 0  # stands for an id that is none of the environment (ids.NoId); no record has it

INTEGER_MAX = 2**63 - 1
INTEGER_MIN = -(2**63)
JSON_DEPTH_MAX = 64

_TAG_NAME = re.compile(r"[A-Za-z0-9_:-]+", re.ASCII)


def given_twice(first: str, second: str) -> Message:
    """The message for a row that says something in two ways."""
    return message(ErrorCode.GIVEN_TWICE, first, second)


def converter(
    attribute: Attribute,
    flags: Mapping[str, object],
    cell_bytes_max: int,
    *,
    is_key: bool = False,
) -> Converter:
    """The converter of an attribute under an organization's flags.

    `cell_bytes_max` bounds texts, in bytes of UTF-8. A text of `is_key` is part of a key, or names
    a record by one: it is judged and returned as keys are spelled.
    """
    convert = _BY_TYPE[attribute.type](cell_bytes_max)
    checks = [*_list_checks(attribute), *_length_checks(attribute, flags)]
    checks += _bound_checks(attribute, flags)
    if is_key:
        convert = _then(convert, key_text)
    if attribute.lower:
        convert = _then(convert, str.lower)
    for check in checks:
        convert = _then(convert, check)
    if attribute.type is ValueType.OBJECT and attribute.default is not None:
        # An object that is never null, as metadata: a blank text means the default as well.
        default = canonical_json(attribute.default)
        given = convert

        def convert(value: object) -> object:
            converted = given(value)
            return default if converted is None else converted

    return convert


def to_boolean(value: object) -> bool:
    """The truth of a trigger's or attribute's value; raises `ValueRefused` for other texts."""
    if value is True or value is False:
        return value
    if isinstance(value, str):
        known = TRUTHS.get(value.strip().lower())
        if known is not None:
            return known
    elif isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    raise ValueRefused(NOT_INCLUDED)


_NUL_IN_JSON = rb"\u0000"
_Leaf: TypeAlias = str | bool | None
_Level: TypeAlias = _Leaf | list[_Leaf] | dict[str, _Leaf]
_decode_plain = msgspec.json.Decoder(dict[str, _Leaf | list[_Level] | dict[str, _Level]]).decode


def canonical_json(value: object) -> str:
    """One text per JSON value; raises `ValueRefused` for what the value domain excludes."""
    text = _plain_json(value)
    if text is not None:
        return text
    _check_json(value, JSON_DEPTH_MAX)
    return msgspec.json.encode(value, order="deterministic").decode()


def _plain_json(value: object) -> str | None:
    """The text of a value that has nothing but texts and the like in it, a few levels deep, as most
    have; None: it has to be looked through, or has what cannot be stored."""
    try:
        text = msgspec.json.encode(value, order="deterministic")
        # What JSON has no number for is encoded as null.
        if _decode_plain(text) != value or _NUL_IN_JSON in text:
            return None
    except (msgspec.ValidationError, UnicodeEncodeError, OverflowError, RecursionError, TypeError):
        return None
    return text.decode()


def check_text(text: str, bytes_max: int) -> str:
    """The text itself, when both databases can hold it.

    PostgreSQL stores neither NUL nor lone surrogates, so they are outside the value domain.
    """
    if "\0" in text:
        raise ValueRefused(INVALID)
    if not text.isascii():
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            raise ValueRefused(INVALID) from None
    else:
        size = len(text)
    if size > bytes_max:
        raise ValueRefused(message(ErrorCode.TOO_MANY_BYTES, bytes_max))
    return text


def _then(first: Converter, second: Converter) -> Converter:
    def convert(value: object) -> object:
        converted = first(value)
        return None if converted is None else second(converted)

    return convert


def _string(bytes_max: int) -> Converter:
    def convert(value: object) -> str:
        if value.__class__ is str:
            text: str = value
            # Short ASCII text without NUL is nearly every cell: one pass decides.
            if len(text) <= bytes_max and text.isascii() and "\0" not in text:
                return text
            return check_text(text, bytes_max)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            return str(value)
        raise ValueRefused(INVALID)

    return convert


def _integer(_bytes_max: int) -> Converter:
    def convert(value: object) -> int | None:
        if value.__class__ is int:
            return _bounded_integer(value)
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            if INTEGER.fullmatch(text):
                # Digits are counted before they are parsed: int() is quadratic in them.
                whole = text.partition(".")[0]
                if len(whole) > 40:
                    raise ValueRefused(_beyond(negative=whole.startswith("-")))
                return _bounded_integer(int(whole))
            raise ValueRefused(NOT_AN_INTEGER if NUMBER.fullmatch(text) else NOT_A_NUMBER)
        if isinstance(value, float):
            if not math.isfinite(value):
                raise ValueRefused(NOT_A_NUMBER)
            if not value.is_integer():
                raise ValueRefused(NOT_AN_INTEGER)
            return _bounded_integer(int(value))
        raise ValueRefused(NOT_A_NUMBER)

    return convert


def _bounded_integer(value: int) -> int:
    if INTEGER_MIN <= value <= INTEGER_MAX:
        return value
    raise ValueRefused(_beyond(negative=value < 0))


def _beyond(*, negative: bool) -> Message:
    if negative:
        return message(ErrorCode.TOO_SMALL, INTEGER_MIN)
    return message(ErrorCode.TOO_LARGE, INTEGER_MAX)


def _float(_bytes_max: int) -> Converter:
    def convert(value: object) -> float | None:
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            if not NUMBER.fullmatch(text):
                raise ValueRefused(NOT_A_NUMBER)
            number = float(text)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueRefused(NOT_A_NUMBER)
        else:
            try:
                number = float(value)
            except OverflowError:
                raise ValueRefused(NOT_A_NUMBER) from None
        if not math.isfinite(number):
            raise ValueRefused(NOT_A_NUMBER)
        return number + 0.0  # -0.0 and 0.0 are one value

    return convert


def _boolean(_bytes_max: int) -> Converter:
    def convert(value: object) -> bool | None:
        known = TRUTHS.get(value) if value.__class__ is str else None
        if known is not None:
            return known
        if isinstance(value, str) and not value.strip():
            return None
        return to_boolean(value)

    return convert


def _datetime(_bytes_max: int) -> Converter:
    def convert(value: object) -> int | None:
        if not isinstance(value, str):
            raise ValueRefused(INVALID)
        text = value.strip()
        if not text:
            return None
        moment = parse_datetime(text)
        if moment is None:
            raise ValueRefused(INVALID)
        return moment

    return convert


def _json_of(kind: type) -> Callable[[int], Converter]:
    def of_kind(bytes_max: int) -> Converter:
        def convert(value: object) -> str | None:
            if isinstance(value, str):
                if not value.strip():
                    return None
                value = _decode_json(value, bytes_max)
            if not isinstance(value, kind):
                raise ValueRefused(INVALID)
            text = canonical_json(value)
            if len(text.encode()) > bytes_max:
                raise ValueRefused(message(ErrorCode.TOO_MANY_BYTES, bytes_max))
            return text

        return convert

    return of_kind


_BY_TYPE: Mapping[ValueType, Callable[[int], Converter]] = {
    ValueType.STRING: _string,
    ValueType.INTEGER: _integer,
    ValueType.FLOAT: _float,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATETIME: _datetime,
    ValueType.OBJECT: _json_of(dict),
    ValueType.ARRAY: _json_of(list),
}


def _decode_json(text: str, bytes_max: int) -> object:
    check_text(text, bytes_max)
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        # msgspec refuses integers beyond 64 bits and lone surrogates with its own words.
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ValueRefused(INVALID) from None


def _refuse_constant(_name: str) -> object:
    raise ValueRefused(INVALID)


def _check_json(value: object, depth: int) -> None:
    if isinstance(value, str):
        if not can_be_stored(value):
            raise ValueRefused(INVALID)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        _bounded_integer(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueRefused(NOT_A_NUMBER)
    elif depth == 0:
        raise ValueRefused(TOO_DEEP)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_json(key, depth)
            _check_json(item, depth - 1)
    else:
        assert isinstance(value, list), f"not a JSON value: {type(value)}"
        for item in value:
            _check_json(item, depth - 1)


def _list_checks(attribute: Attribute) -> list[Converter]:
    checks: list[Converter] = []
    if attribute.enum:
        checks.append(_member_of(attribute))
    if attribute.form is not None:
        checks.append(_FORMS[attribute.form])
    return checks


def _member_of(attribute: Attribute) -> Converter:
    """The choice that a text means: in its case, else in any, where that leaves but one."""
    members = {name: name for name in attribute.enum} | dict(attribute.spellings)
    in_any_case: dict[str, set[str]] = {}
    for spelling, member in members.items():
        in_any_case.setdefault(spelling.casefold(), set()).add(member)

    def check(value: str) -> str | None:
        member = members.get(value)
        if member is not None:
            return member
        text = value.strip()
        if not text:
            return None
        if text in members:
            return members[text]
        meant = in_any_case.get(text.casefold(), ())
        if len(meant) != 1:
            raise ValueRefused(NOT_INCLUDED)
        return next(iter(meant))

    return check


def _check_email(value: str) -> str:
    text = key_text(value)
    if text and not is_email_address(text):
        raise ValueRefused(INVALID)
    return text


def _check_listed(codes: frozenset[str]) -> Converter:
    def check(value: str) -> str:
        text = value.strip().upper()
        if text and text not in codes:
            raise ValueRefused(NOT_INCLUDED)
        return text

    return check


def _check_regex(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        raise ValueRefused(INVALID) from None
    return value


def _check_tag_name(value: str) -> str:
    text = value.strip()
    if text and not _TAG_NAME.fullmatch(text):
        raise ValueRefused(INVALID)
    return text


_FORMS: Mapping[Form, Converter] = {
    Form.EMAIL: _check_email,
    Form.COUNTRY: _check_listed(frozenset(COUNTRIES)),
    Form.CURRENCY: _check_listed(frozenset(CURRENCIES)),
    Form.REGEX: _check_regex,
    Form.TAG_NAME: _check_tag_name,
}


def _bound(bound: object, flags: Mapping[str, object]) -> Any:
    return flags[bound] if isinstance(bound, str) else bound


def _length_checks(attribute: Attribute, flags: Mapping[str, object]) -> list[Converter]:
    checks: list[Converter] = []
    low = _bound(attribute.length_min, flags)
    high = _bound(attribute.length_max, flags)
    if low is not None:
        short = message(ErrorCode.TOO_SHORT, low)
        # A blank text is judged by presence, not by length.
        checks.append(_refuse_when(lambda text: 0 < len(text) < low, short))
    if high is not None:
        long = message(ErrorCode.TOO_LONG, high)
        checks.append(_refuse_when(lambda text: len(text) > high, long))
    return checks


def _bound_checks(attribute: Attribute, flags: Mapping[str, object]) -> list[Converter]:
    checks: list[Converter] = []
    low, above = _bound(attribute.minimum, flags), _bound(attribute.above, flags)
    high = _bound(attribute.maximum, flags)
    if low is not None:
        small = message(ErrorCode.TOO_SMALL, low)
        checks.append(_refuse_when(lambda number: number < low, small))
    if above is not None:
        not_above = message(ErrorCode.NOT_ABOVE, above)
        checks.append(_refuse_when(lambda number: number <= above, not_above))
    if high is not None:
        large = message(ErrorCode.TOO_LARGE, high)
        checks.append(_refuse_when(lambda number: number > high, large))
    if attribute.nonzero:
        checks.append(_refuse_when(lambda number: number == 0, message(ErrorCode.ZERO)))
    return checks


def _refuse_when(is_wrong: Callable[[Any], bool], said: Message) -> Converter:
    def check(value: Any) -> Any:
        if is_wrong(value):
            raise ValueRefused(said)
        return value

    return check
