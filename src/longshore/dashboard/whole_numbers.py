"""Whole numbers that addresses and forms give."""

NUMBER_MAX = 10**15
ID_MAX = 10**18
VERSION_MAX = 10**9  # of what is counted from 1, and kept in 32 bits


def whole_number(text: str | None, number_max: int = NUMBER_MAX) -> int | None:
    """The number that a text is, at most `number_max`; None: it is none.

    Digits beyond the bound are not parsed: Python refuses thousands of them, and takes long for
    those before.
    """
    if not text or not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0")
    return number_max if len(digits) > len(str(number_max)) else min(int(digits or 0), number_max)
