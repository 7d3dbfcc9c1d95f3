"""Converters of columns whose values are spelled as people write them, not as the wire does.

A cell is read under the column's spelling into the text that the wire has, and that is converted
as ever: so there is one definition of what a value may be.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import (
    INVALID,
    NOT_A_NUMBER,
    NOT_INCLUDED,
    Converter,
    ValueRefused,
)
from longshore.engine.values.whole_columns import WholeColumn
from longshore.error_codes import Message
from longshore.spellings import (
    DecimalMark,
    Spelling,
    amount_of,
    is_blank_token,
    read_boolean,
    read_date,
    read_weight,
)

_MEMO_SIZE = 4096
_COMMAS = re.compile(r"[0-9]{1,15}(?:,[0-9]{1,15})?(?:\0[0-9]{1,15}(?:,[0-9]{1,15})?)*")


def spelled_column(
    spelling: Spelling, convert: Converter, whole: WholeColumn | None
) -> tuple[Converter, WholeColumn]:
    """The converters of a column of this spelling, made of those that take the wire's."""
    read = _reader(spelling)

    def of_cell(value: object) -> object:
        if not isinstance(value, str) or not value.strip():
            return convert(value)
        return ABSENT if is_blank_token(value) else convert(read(value))

    is_plain_comma = spelling.decimal is DecimalMark.COMMA and spelling.unit is None
    known: dict[str, str | None] = {}

    def of_column(cells: Sequence[Any]) -> Sequence[Any] | None:
        if whole is None or set(map(type, cells)) != {str}:
            return None
        if is_plain_comma:
            joined = "\0".join(cells)
            if _COMMAS.fullmatch(joined):
                return whole(joined.replace(",", ".").split("\0"))
        if len(known) > _MEMO_SIZE:
            known.clear()
        texts: list[str] = []
        for cell in cells:
            text = known.get(cell)
            if text is None:
                if is_blank_token(cell):
                    return None
                try:
                    text = known[cell] = read(cell)
                except ValueRefused:
                    return None
            texts.append(text)
        return whole(texts)

    return of_cell, of_column


def _reader(spelling: Spelling) -> Callable[[Any], str]:
    order, language, mark, unit = (
        spelling.order,
        spelling.language,
        spelling.decimal,
        spelling.unit,
    )
    if order is not None:
        return lambda text: _read(read_date(text, order), INVALID)
    if language is not None:

        def of_word(text: str) -> str:
            value = read_boolean(text, language)
            return _read(None if value is None else str(value).lower(), NOT_INCLUDED)

        return of_word
    if unit is not None:
        return lambda text: _read(read_weight(text, mark, unit), NOT_A_NUMBER)

    def of_number(text: str) -> str:
        amount = amount_of(text, mark)  # refuses what may be two numbers with both
        return _read(None if amount is None or amount.marks else f"{amount.value:f}", NOT_A_NUMBER)

    return of_number


def _read(text: str | None, refusal: Message) -> str:
    if text is None:
        raise ValueRefused(refusal)
    return text
