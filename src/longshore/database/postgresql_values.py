"""Columns of values as PostgreSQL reads them in bulk: COPY's text format, and array literals.

A column is spelled at once: most columns hold one type and nothing that needs an escape, and
finding that out for the whole column costs a fraction of looking at every value.

Sources: PostgreSQL manual, COPY, "Text Format"; "Array Input and Output Syntax".
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer

_NULL = r"\N"
_BOOLEANS = {None: _NULL, True: "t", False: "f"}
_COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_ARRAY_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\""})


def copy_data(columns: Sequence["Column[Any]"], rows: Sequence[Sequence[object]]) -> bytes:
    """Rows, each laid out like the columns, as COPY takes them in."""
    spelled = [
        _copied(column, values)
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    lines = "\n".join(map("\t".join, zip(*spelled, strict=True)))
    return f"{lines}\n".encode()


def array_of(column: "Column[Any]", values: Collection[Any]) -> str:
    """Values of a column as the literal of an array."""
    match column.type:
        case Boolean():
            return _joined("NULL" if v is None else _BOOLEANS[bool(v)] for v in values)
        case Integer() | BigInteger():
            return _integers(values)
        case Double():
            return _joined("NULL" if value is None else repr(value) for value in values)
        case _:
            return _texts(values)


def list_of(values: Collection[Any]) -> str:
    """Numbers, or texts, as the literal of an array."""
    return _texts(values) if any(isinstance(value, str) for value in values) else _integers(values)


def array_type(column: "Column[Any]") -> str:
    """What the literal of an array is cast to."""
    match column.type:
        case Boolean():
            return "boolean[]"
        case Integer() | BigInteger():
            return "bigint[]"
        case Double():
            return "double precision[]"
        case _:
            return "text[]"


def _copied(column: "Column[Any]", values: Sequence[Any]) -> Iterable[str]:
    match column.type:
        case Boolean():
            return [_BOOLEANS[value] for value in values]
        case Integer() | BigInteger():
            return _spelled(str, values)
        case Double():
            return _spelled(repr, values)
        case _:
            return _copied_texts(values)


def _spelled(spell: Callable[[Any], str], values: Sequence[Any]) -> Iterable[str]:
    if None in values:
        return [_NULL if value is None else spell(value) for value in values]
    return map(spell, values)


def _copied_texts(values: Sequence[Any]) -> Iterable[str]:
    has_null = None in values
    whole = "".join(filter(None, values) if has_null else values)
    if "\\" in whole or "\n" in whole or "\t" in whole or "\r" in whole:
        return [_NULL if value is None else value.translate(_COPY_ESCAPES) for value in values]
    return [_NULL if value is None else value for value in values] if has_null else values


def _integers(values: Collection[Any]) -> str:
    if None in values:
        return _joined("NULL" if value is None else str(value) for value in values)
    return _joined(map(str, values))


def _texts(values: Collection[Any]) -> str:
    if not values:
        return "{}"
    has_null = None in values
    whole = "".join(filter(None, values) if has_null else values)
    spelled: Iterable[Any] = values
    if "\\" in whole or '"' in whole:
        spelled = [value and value.translate(_ARRAY_ESCAPES) for value in values]
    if has_null:
        return _joined("NULL" if value is None else f'"{value}"' for value in spelled)
    return '{"' + '","'.join(spelled) + '"}'


def _joined(values: Iterable[str]) -> str:
    return "{" + ",".join(values) + "}"
