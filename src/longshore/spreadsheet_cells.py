"""Cells of tables that a spreadsheet opens: none of them is to be taken for a formula.

A spreadsheet computes a cell of a CSV that begins with `=`, `+`, `-` or `@`, and some do so
behind a tab or a carriage return; what is computed can send other cells to a stranger
(owasp.org, "CSV Injection"). With an apostrophe before it such a cell is a text.

A text may begin with an apostrophe and one of these characters itself. It gets one more, so that
`bare` gives back exactly what `guarded` was given, whatever that was.
"""

import re

__all__ = ["SPREADSHEET_SAFE", "bare", "guarded", "is_formula", "looks_guarded"]

# Stands in the name of a file whose cells are guarded, so that nobody takes them for the data.
SPREADSHEET_SAFE = ".spreadsheet-safe"

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PLAIN_FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet could take it for a formula."""
    return "'" + cell if _FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def looks_guarded(cell: str) -> bool:
    """Whether `guarded` may have written the cell."""
    return _GUARDED.match(cell) is not None


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula, so `guarded` has not written it."""
    return _PLAIN_FORMULA.match(cell) is not None
