"""Weights of the store as Shopify has them, in grams with a unit in which they are shown.

Its own grams are whole, and what counts whatever unit is shown: 28 g are shown as 0.99 oz. A
weight of the store that is in ounces or pounds is written as its exact grams, and only such grams
are a weight in the unit that is shown: no whole number of them is one below 45 tonnes.
"""

from decimal import Decimal, Inexact, InvalidOperation, localcontext
from functools import lru_cache

from longshore.spellings import plain_decimal, weight_unit_of

_GRAMS_IN = {"oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}
_DIGITS = 40


def grams_of(weight: float | Decimal, unit: str) -> str:
    """A weight in grams, exactly; the unit is that of the wire: gr, oz, lb."""
    with localcontext(prec=_DIGITS):
        return plain_decimal(Decimal(str(weight)) * _GRAMS_IN.get(unit, Decimal(1)))


@lru_cache(10_000)
def shown_weight(grams: str, shown: str) -> tuple[str, str] | None:
    """The weight and its unit of grams that are exactly one in the unit that is shown; None: they
    are none, so grams are what counts."""
    unit = weight_unit_of(shown) or ""
    if unit not in _GRAMS_IN:
        return None
    with localcontext(prec=_DIGITS) as context:
        context.traps[Inexact] = True
        try:
            return plain_decimal(Decimal(grams) / _GRAMS_IN[unit]), unit
        except (Inexact, InvalidOperation):
            return None
