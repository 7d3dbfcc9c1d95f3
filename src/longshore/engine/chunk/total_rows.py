"""Failed rows that look like the total below a table: `Summe`, `Total:`."""

from collections.abc import Iterable, Sequence
from typing import Any

from longshore.readers import Rows

_TOTALS = frozenset(
    (
        "total",
        "totals",
        "grand total",
        "subtotal",
        "sum",
        "summe",
        "gesamt",
        "gesamtsumme",
        "insgesamt",
        "zwischensumme",
        "somme",
        "total général",
        "totale",
        "suma",
        "soma",
        "totaal",
        "razem",
    )
)


def total_rows(rows: Rows, failed: Iterable[int]) -> list[tuple[int, str]]:
    """The failed rows of a table, by their indexes, that have such a word as a cell, and that."""
    found = []
    for index in failed:
        row = rows.values[index]
        word = _word(row) if isinstance(row, list) else None
        if word is not None:
            found.append((index, word))
    return found


def _word(cells: Sequence[Any]) -> str | None:
    for cell in cells:
        text = cell.strip().rstrip(":").rstrip() if isinstance(cell, str) else ""
        if text and text.casefold() in _TOTALS:
            return text
    return None
