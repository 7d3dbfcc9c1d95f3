"""The values of a column as the texts that a CSV would have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

if TYPE_CHECKING:
    import pyarrow

# None stands for null, which is a blank cell.
Texts: TypeAlias = Sequence[str | None]
TextMaker: TypeAlias = Callable[[Any], Texts]


class NoText(ValueError):
    """A value has no text; the message says what it is."""


def flat_columns(name: str, column: Any) -> Iterator[tuple[str, Any]]:
    """A column, or of one of structs each field as a column: `price_tiers.name`."""
    import pyarrow

    if not pyarrow.types.is_struct(column.type):
        yield name, column
        return
    for field, child in zip(column.type, column.flatten(), strict=True):
        yield from flat_columns(f"{name}.{field.name}", child)


def text_maker(type_: pyarrow.DataType) -> TextMaker:
    """What makes texts of arrays of a type; raises NoText for types that no cell can hold."""
    import pyarrow
    from pyarrow import types

    if isinstance(type_, pyarrow.BaseExtensionType):
        of_storage = text_maker(type_.storage_type)
        if type_.extension_name == "arrow.uuid":
            return lambda column: [
                each if each is None else str(UUID(bytes=each))
                for each in column.storage.to_pylist()
            ]
        return lambda column: of_storage(column.storage)
    if types.is_dictionary(type_):
        of_values = text_maker(type_.value_type)

        def from_dictionary(column: Any) -> Texts:
            values = of_values(column.dictionary)
            return [each if each is None else values[each] for each in column.indices.to_pylist()]

        return from_dictionary
    if types.is_null(type_):
        return lambda column: [None] * len(column)
    if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        return lambda column: column.to_pylist()
    if types.is_boolean(type_) or types.is_integer(type_) or types.is_date(type_):
        return _shown
    if types.is_floating(type_) or types.is_decimal(type_):
        return lambda column: [_number(each) for each in _shown(column)]
    if types.is_timestamp(type_):
        if type_.tz is None:
            return lambda column: [_moment(each) for each in _shown(column)]
        utc = pyarrow.timestamp(type_.unit, "UTC")
        return lambda column: [_moment(each) for each in _shown(column.cast(utc))]
    if types.is_time(type_):
        return lambda column: [_moment(each) for each in _shown(column)]
    if _is_bytes(type_):
        return lambda column: [_decoded(each) for each in column.to_pylist()]
    if types.is_nested(type_):
        return _trees
    raise NoText(f"{type_} is a type that no cell can hold")


def _is_bytes(type_: pyarrow.DataType) -> bool:
    from pyarrow import types

    return any(
        test(type_)
        for test in (
            types.is_binary,
            types.is_large_binary,
            types.is_binary_view,
            types.is_fixed_size_binary,
        )
    )


def _shown(column: Any) -> list[str | None]:
    import pyarrow

    texts: list[str | None] = column.cast(pyarrow.string()).to_pylist()
    return texts


def _number(text: str | None) -> str | None:
    """The fewest digits that mean it: 1.0 and 1.00 are 1, 1e+16 has its zeros."""
    if text is None:
        return None
    if "e" in text or "E" in text:
        text = format(Decimal(text), "f")
    whole, point, fraction = text.partition(".")
    if point and not fraction.strip("0"):
        text = whole
    return "0" if text == "-0" else text


def _moment(text: str | None) -> str | None:
    """ISO 8601, without parts of a second that are zero."""
    if text is None:
        return None
    text = text.replace(" ", "T")
    head, point, fraction = text.partition(".")
    if not point:
        return text
    zone = "Z" if fraction.endswith("Z") else ""
    fraction = fraction.removesuffix("Z").rstrip("0")
    return f"{head}.{fraction}{zone}" if fraction else head + zone


def _decoded(value: bytes | None) -> str | None:
    """Older programs write texts as plain bytes."""
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        raise NoText("it has bytes that are no text") from None


def _trees(column: Any) -> Texts:
    try:
        values = column.to_pylist(maps_as_pydicts="lossy")
        return [None if each is None else _json(each) for each in values]
    except (ValueError, TypeError) as error:
        raise NoText("it has nested values that JSON cannot hold") from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.decode()
    raise TypeError
