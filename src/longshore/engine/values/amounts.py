"""Amounts as people write them: with decimals, separators of thousands, and a currency.

Where the decimal mark of the column is not known, an amount that could mean two things is refused.
How many cents it is depends on the currency of its record, which is known when the row is applied.
"""

import math
from dataclasses import replace
from decimal import Decimal

from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import NOT_A_NUMBER, Converter, ValueRefused
from longshore.engine.values.money_units import DecimalUnit
from longshore.spellings import Amount, amount_of, is_blank_token

_VALUE_MAX = 10**20


def amount_converter(unit: str, *, is_tabular: bool = False) -> Converter:
    """The converter of a column of decimals; `unit` says which character separates them.

    In cells of a table, what spreadsheets put where there is no value is none.
    """
    how = DecimalUnit.of(unit)

    def convert(value: object) -> object:
        if isinstance(value, str):
            if is_tabular and is_blank_token(value):
                return ABSENT
            amount = amount_of(value, how.mark)
        else:
            amount = _of_number(value)
        if amount is not None and (how.currency is not None or how.rounds):
            marks = amount.marks if how.currency is None else (*amount.marks, how.currency)
            amount = replace(amount, marks=marks, rounds=how.rounds)
        return amount

    return convert


def _of_number(value: object) -> Amount:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueRefused(NOT_A_NUMBER)
    if abs(value) > _VALUE_MAX or math.isnan(value):
        raise ValueRefused(NOT_A_NUMBER)
    return Amount.of_decimal(str(value), Decimal(str(value)))
