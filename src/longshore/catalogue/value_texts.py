"""How values are written as texts: in a cell, in JSON and in a filter alike."""

import re
from collections.abc import Mapping

# An integer may have a point with nothing but zeros behind it, as spreadsheets write it.
INTEGER = re.compile(r"[+-]?[0-9]+(?:\.0*)?", re.ASCII)
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
# In small letters, without blanks around.
TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "1", "yes", "y", "on"), True),
    **dict.fromkeys(("false", "f", "0", "no", "n", "off"), False),
}


def can_be_stored(text: str) -> bool:
    """Whether both databases can hold the text: PostgreSQL has no NUL and no lone surrogate."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
