"""Names of columns as they are compared: without case, accents, blanks and punctuation."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from longshore.catalogue import CURRENCIES

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_CAMEL = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
# What is put before the name of a column, and says only what all columns are about.
_QUALIFIERS = frozenset(
    (
        *("product", "prod", "item", "variant", "default", "media", "main", "website"),
        *("article", "artikel", "produkt", "produit", "prodotto", "articolo", "producto"),
    )
)
_CURRENCY_WORDS = frozenset(code.casefold() for code in CURRENCIES) | {"euro", "dollar"}
_UNIT_WORDS = frozenset(("kg", "g", "gr", "lb", "lbs", "oz"))
_TAX_WORDS = frozenset(("brutto", "netto", "gross", "net", "ttc", "ht", "lordo"))
_TAX_PHRASES = frozenset(
    (tax, how) for tax in ("tax", "vat") for how in ("excluded", "included", "excl", "incl")
)


def name_keys(name: str) -> tuple[str, ...]:
    """What a name is compared by: `Gültig ab` is `gultigab`, and `gueltigab`."""
    folded = name.casefold()
    spelled_out = unicodedata.normalize("NFC", folded).translate(_SPELLED_OUT)
    return tuple(dict.fromkeys(_key(each) for each in (folded, spelled_out)))


def shorter_names(name: str, *, about: Collection[str]) -> Iterator[str]:
    """The name without what it has in brackets, without a currency, a unit or a word on taxes at
    its end, and without words before it that only say what the row is about."""
    bare = _BRACKETS.sub(" ", name).strip()
    if bare and bare != name.strip():
        yield bare
    words = words_of(bare)
    if words and bare[-1:] in ("€", "$", "£", "¥"):
        yield " ".join(words)
    while len(words) > 1:
        folded = [each.casefold() for each in words]
        if tuple(folded[-2:]) in _TAX_PHRASES and len(words) > 2:
            words = words[:-2]
        elif folded[-1] in _CURRENCY_WORDS | _UNIT_WORDS | _TAX_WORDS:
            words = words[:-1]
        elif folded[0] in _QUALIFIERS or folded[0] in _TAX_WORDS or folded[0] in about:
            words = words[1:]
        else:
            return
        yield " ".join(words)


def words_of(name: str) -> list[str]:
    """The words of a name: `stockOnHand` has three."""
    return [word for each in _WORD.findall(name) for word in _CAMEL.split(each)]


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if each.isalnum())
