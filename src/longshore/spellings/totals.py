"""Rows that say what the rows above them come to, as people write them below a table."""

from collections.abc import Sequence

# In the languages of suppliers' lists; what stands behind a blank or a colon may be anything.
_WORDS = frozenset(
    (
        *("total", "totals", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme"),
        *(
            "endsumme",
            "insgesamt",
            "somme",
            "totaux",
            "totale",
            "totali",
            "somma",
            "suma",
            "totaal",
        ),
        *("totalt", "summa", "razem", "celkem", "yhteens\u00e4", "\u0438\u0442\u043e\u0433\u043e"),
    )
)
_FIRST_WORDS = frozenset(("grand", "sub", "net", "gross"))


def looks_like_total(cells: Sequence[object]) -> bool:
    """Whether the first cell of a row that holds anything is a word for a total."""
    first = next((text for cell in cells if isinstance(cell, str) and (text := cell.strip())), "")
    words = first.casefold().replace(":", " ").replace("-", " ").split()
    if words and words[0] in _FIRST_WORDS:
        words.pop(0)
    return bool(words) and words[0].rstrip(".=") in _WORDS and len(words) <= _WORDS_MAX


_WORDS_MAX = 4
