"""Codes that a spreadsheet has turned into numbers: `4006381333931` became `4.00638E+12`."""

import re
from collections.abc import Sequence

# As Excel, LibreOffice, Google Sheets and data frame libraries write it.
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}", re.ASCII)


def is_scientific(text: str) -> bool:
    """Whether a text is a number in scientific notation, whose last digits are lost if it was a
    code."""
    return "+" in text and _SCIENTIFIC.fullmatch(text.strip()) is not None


def scientific_cells(cells: Sequence[str]) -> list[int]:
    """The indexes of the cells that are."""
    if "+" not in "".join(cells):
        return []
    return [index for index, cell in enumerate(cells) if is_scientific(cell)]
