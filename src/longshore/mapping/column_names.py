"""Names of columns as they are compared: without case, accents, blanks and punctuation."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from longshore.catalogue import CURRENCIES

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# What is put before or behind the name of a column, and says only what all columns are about.
_QUALIFIERS = ("product", "item", "variant", "article", "artikel", "produkt")
_CURRENCY_WORDS = frozenset(code.casefold() for code in CURRENCIES) | {"euro", "dollar"}
_UNIT_WORDS = frozenset(("kg", "g", "gr", "lb", "lbs", "oz"))


def name_keys(name: str) -> tuple[str, ...]:
    """What a name is compared by: `Gültig ab` is `gultigab`, and `gueltigab`."""
    folded = name.casefold()
    spelled_out = unicodedata.normalize("NFC", folded).translate(_SPELLED_OUT)
    return tuple(dict.fromkeys(_key(each) for each in (folded, spelled_out)))


def shorter_names(name: str, *, about: Sequence[str]) -> Iterator[str]:
    """The name without what it has in brackets, without a currency or a unit behind it, and
    without a word before it that only says what the row is about."""
    bare = _BRACKETS.sub(" ", name).strip()
    if bare and bare != name.strip():
        yield bare
    words = _WORD.findall(bare)
    if len(words) > 1 and words[-1].casefold() in _CURRENCY_WORDS | _UNIT_WORDS:
        words = words[:-1]
        yield " ".join(words)
    elif bare[-1:] in ("€", "$", "£", "¥"):
        yield " ".join(words)
    if len(words) > 1 and words[0].casefold() in (*_QUALIFIERS, *about):
        yield " ".join(words[1:])


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if each.isalnum())
