"""The key that was most likely meant with one that no record has.

Keys that differ in what they say are different records, however alike they look: `SHIRT-S` is not
`SHIRT-M`, and `A-11` not `A-12`. So a key is near only where case, blanks, dashes or leading zeros
differ, where its last word was cut off, or where one long word of it has a typing error.
"""

import re
from collections.abc import Collection, Iterable

from longshore.engine.values.nearest import typos

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SEPARATED_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_SEPARATORS = re.compile(r"[^\w\x1f]+|_+")
_LEADING_ZEROS = re.compile(r"(?<![\d.,])0+(?=\d)")
_BLANKS = re.compile(r"\s+")
_SEPARATED = re.compile(r"[\s_./-]+")
_DIGITS_MAX = 14
_CUT_CHARACTERS_MIN = 5
_CHARACTERS_MAX = 200


def nearest_key(text: str, keys: Collection[str], *, are_all: bool = True) -> str | None:
    """The one of the keys that a text means; None: none, or several.

    Unless these `are_all` the keys that could be near, it is one that is only spelled otherwise.
    """
    if len(text) > _CHARACTERS_MAX:
        return None
    spelled = _spelling(text)
    same = [key for key in keys if _spelling(key) == spelled]
    if same or not are_all:
        return _only(same)
    cut = [key for key in keys if _is_cut_from(text, key)]
    return _only(cut) if cut else _only(key for key in keys if _is_typo_of(text, key))


def other_spellings(text: str) -> set[str]:
    """Keys that are spelled otherwise than a text, as far as they can be told beforehand."""
    text = text.strip()
    if len(text) > _CHARACTERS_MAX:
        return set()
    spellings = {text, *(_SEPARATED.sub(sign, text) for sign in ("", "-", "_", " ", ".", "/"))}
    if text.isdigit():
        digits = text.lstrip("0")
        spellings |= {digits.zfill(width) for width in range(1, _DIGITS_MAX + 1)}
    return {
        spelled
        for spelling in spellings
        for spelled in (spelling, spelling.upper(), spelling.lower(), spelling.title())
    }


def _spelling(text: str) -> str:
    """A key without what people leave out, or add, when they type it by hand."""
    text = text.strip().casefold()
    joined = _BLANKS.sub("", text)
    if joined.isdigit():
        text = joined
    # Digits that a sign parts stay apart: 1-12 is not 11-2.
    text = _LEADING_ZEROS.sub("", text)
    text = _SEPARATED_DIGITS.sub("\x1f", text)
    return _SEPARATORS.sub("", text)


def _is_cut_from(text: str, key: str) -> bool:
    """Whether a text is the beginning of a key that ends within a word."""
    text, key = text.strip().casefold(), key.casefold()
    return (
        len(text) >= _CUT_CHARACTERS_MIN
        and len(text) < len(key)
        and key.startswith(text)
        and text[-1].isalpha()
        and key[len(text)].isalpha()
    )


def _is_typo_of(text: str, key: str) -> bool:
    """Whether all words are the same but one, which has letters only."""
    words, others = _WORD.findall(text.casefold()), _WORD.findall(key.casefold())
    if len(words) != len(others):
        return False
    different = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    if len(different) != 1:
        return False
    word, other = different[0]
    return word.isalpha() and other.isalpha() and typos(word, other) is not None


def _only(keys: Iterable[str]) -> str | None:
    found = set(keys)
    return found.pop() if len(found) == 1 else None
