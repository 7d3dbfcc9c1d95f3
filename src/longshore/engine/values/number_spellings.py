"""Numbers and amounts as people write them, read only where they can mean one thing.

`1.234` may be one or a thousand, so it is neither. `12,50` in a field of cents may be twelve and a
half of anything; `12,50 EUR` says its currency, and so how many cents it is, of a record in EUR.
"""

import re
import unicodedata

from longshore.catalogue import CURRENCIES, CURRENCY_SIGNS, EXPONENTS

_MINUS = str.maketrans({"−": "-", "–": "-", "’": "'", "\N{MODIFIER LETTER APOSTROPHE}": "'"})
_NUMBER = re.compile(r"([+-]?)\s*([0-9.,' ]*[0-9])", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)
_UNCLEAR = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_MARKED = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<before>[^\d\s.,'+-]{0,4})\s*(?P<number>[+-]?[0-9][0-9.,' ]*?)\s*"
    r"(?P<after>[^\d\s.,'+-]{0,4})(?:,?-+)?",
    re.ASCII,
)
_CHARACTERS_MAX = 40
_SEPARATORS_MAX = 2  # without decimals: more of them part a list, or an address of a machine
_SAME_CHARACTERS = ("<wide>", "<narrow>")  # but for their width


def plain_number(text: str) -> str | None:
    """The number that a text spells, with a point before its decimals; None: it spells none, or
    may mean two."""
    text = _folded(text)
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _CHARACTERS_MAX:
        return None
    sign, number = match[1].replace("+", ""), match[2]
    whole, decimals = number, ""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        separator = max(".,", key=number.rindex)
        whole, _, decimals = number.rpartition(separator)
    elif points + commas == 1:
        whole, separator, decimals = number.partition("." if points else ",")
        if len(decimals) == 3 and _UNCLEAR.fullmatch(whole):
            return None
    if not (whole.isdigit() or (not whole and decimals)):
        if _GROUPED.fullmatch(whole) is None:
            return None
        digits = re.sub(r"\D", "", whole)
        if not decimals and len(whole) - len(digits) > _SEPARATORS_MAX:
            return None
        whole = digits
    if decimals and not decimals.isdigit():
        return None
    whole = whole or "0"
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def whole_number(text: str) -> str | None:
    """The whole number that a text spells; decimals that are all zeros are none."""
    number = plain_number(text)
    if number is None:
        return None
    whole, _, decimals = number.partition(".")
    return None if decimals.strip("0") else whole


def cents(text: str, currency: str | None) -> str | None:
    """The cents of an amount of a record in this currency; None: nobody knows in which it is.

    A whole number is cents already. Anything else has to name the currency, and as many decimals
    as that has.
    """
    text = _folded(text)
    number = plain_number(text)
    if number is not None:
        return None if "." in number else number
    match = _MARKED.fullmatch(text)
    if match is None or bool(match["before"]) == bool(match["after"]):
        return None
    if currency is None or currency not in _currencies(match["before"] or match["after"]):
        return None
    number = plain_number(match["sign"] + match["number"])
    if number is None:
        return None
    whole, _, decimals = number.partition(".")
    if len(decimals) != EXPONENTS[currency]:
        return None
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{(whole.lstrip('-') + decimals).lstrip('0') or '0'}"


def _currencies(mark: str) -> frozenset[str]:
    if mark.upper() in CURRENCIES:
        return frozenset((mark.upper(),))
    return CURRENCY_SIGNS.get(mark.lower(), frozenset())


def _folded(text: str) -> str:
    """A text with the usual signs; `²` is no 2, though that is written like it."""
    same = (
        unicodedata.normalize("NFKC", sign)
        if unicodedata.decomposition(sign).startswith(_SAME_CHARACTERS)
        else sign
        for sign in text
    )
    return " ".join("".join(same).translate(_MINUS).split())
