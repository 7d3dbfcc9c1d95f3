"""What the text of a cell looks like, as far as that tells headers from rows."""

import re

_NUMBER = re.compile(r"\W*\d[\d\W]*(?:[A-Za-z]{1,3}\W*)?")
_WORDS = frozenset(("true", "false", "yes", "no", "ja", "nein", "oui", "non", "x", "n/a", "-"))


def is_value(cell: str) -> bool:
    """Whether a cell holds a number, an amount, a date or a truth value: what names no column."""
    return _NUMBER.fullmatch(cell) is not None or cell.strip().casefold() in _WORDS


def has_digit(cell: str) -> bool:
    """Whether a cell holds a digit, as codes do and few names of columns."""
    return any(map(str.isdigit, cell))


def has_letter(cell: str) -> bool:
    """Whether a cell holds a letter, as every name of a column does."""
    return any(map(str.isalpha, cell))
