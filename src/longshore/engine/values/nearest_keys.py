"""The key that was most likely meant with one that no record has.

Keys that differ in what they say are different records, however alike they look: `SHIRT-S` is not
`SHIRT-M`, `LENS+2` not `LENS-2`, and `AA` not `AAA`. So a key is near only where case, separators
or leading zeros differ, or where one long word of it has one slip within.
"""

import re
from collections.abc import Collection, Iterable

_LEADING_ZEROS = re.compile(r"(?<![\d.,])0+(?=[1-9])")
_BETWEEN = re.compile(r"(?<=[^\W_])[\s_./-]+(?=[^\W_])")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_SIGNS = re.compile(r"[^\w\0]+|_+")
_BLANKS = re.compile(r"\s+")
_WORDS = re.compile(r"([^\W\d_]+)")
_SEPARATED = re.compile(r"[\s_./-]+")
_SEPARATOR = "\0"  # no text has it
_MINUS = "\0-"
# What stands in other keys where a text has a separator: signs are told apart, not left out.
_JOINTS = ("", "-", "_", " ", ".", "/", "+", "#", "&", "<", ">", "%")
_DIGITS_MAX = 14
_JOINED_DIGITS_MIN = 8  # of a number that people write in groups
_SLIP_CHARACTERS_MIN = 6
_WRONG_LETTER_CHARACTERS_MIN = 7
_CHARACTERS_MAX = 200


def nearest_key(
    text: str, keys: Collection[str], *, are_all: bool = True, is_address: bool = False
) -> str | None:
    """The one of the keys that a text means; None: none, or several.

    Unless these `are_all` the keys that could be near, it is one that is only spelled otherwise. Of
    e-mail addresses only case and blanks may differ: any other difference is another person.
    """
    if len(text) > _CHARACTERS_MAX:
        return None
    folded = (_BLANKS.sub("", text) if is_address else text.strip()).casefold()
    in_other_case = {key for key in keys if key.casefold() == folded}
    if in_other_case or is_address:
        return _only(in_other_case)
    skeleton, spelled = _skeleton(text), _spelling(text)
    alike = {key for key in keys if _skeleton(key) == skeleton}
    if alike:
        found = _only(alike)
        return found if found is not None and _spelling(found) == spelled else None
    return _only(key for key in keys if _is_slip_of(text, key)) if are_all else None


def other_spellings(text: str) -> set[str]:
    """Keys that are spelled otherwise than a text, as far as they can be told beforehand."""
    text = text.strip()
    if len(text) > _CHARACTERS_MAX:
        return set()
    spellings = {text, *(_SEPARATED.sub(sign, text) for sign in _JOINTS)}
    if text.isdigit():
        digits = text.lstrip("0")
        spellings |= {digits.zfill(width) for width in range(1, _DIGITS_MAX + 1)}
    return {
        spelled
        for spelling in spellings
        for spelled in (spelling, spelling.upper(), spelling.lower(), spelling.title())
    }


def _spelling(text: str) -> str:
    """A key without what people leave out, or write otherwise, when they type it by hand."""
    text = _BETWEEN.sub(_separator, _plain(text))
    return _BLANKS.sub("", text)


def _skeleton(text: str) -> str:
    """A key without its signs: keys that differ in these alone are told apart by them."""
    text = _BETWEEN_DIGITS.sub(_SEPARATOR, _plain(text))
    return _SIGNS.sub("", text)


def _plain(text: str) -> str:
    text = text.strip().casefold()
    joined = _BLANKS.sub("", text)
    if joined.isdigit() and len(joined) >= _JOINED_DIGITS_MIN:
        text = joined
    return _LEADING_ZEROS.sub("", text)


def _separator(found: re.Match[str]) -> str:
    """What separators between two characters come to."""
    signs = found[0]
    before, after = found.string[found.start() - 1], found.string[found.end()]
    if before.isdigit() and after.isdigit():
        # 1-12 is not 112; the point of 1.5 and the stroke of 1/2 are no separators.
        return signs if "." in signs or "/" in signs else _SEPARATOR
    if before.isdigit() or after.isdigit():
        return _MINUS if after.isdigit() and re.search(r"\s-\Z", signs) else ""
    return _SEPARATOR  # A-BC is not AB-C, and SHIRT-S not SHIRTS


def _is_slip_of(text: str, key: str) -> bool:
    """Whether all is the same but for one slip within one word of letters alone."""
    parts, others = _WORDS.split(text.strip().casefold()), _WORDS.split(key.casefold())
    if len(parts) != len(others):
        return False
    different = [index for index, part in enumerate(parts) if part != others[index]]
    if len(different) != 1 or not different[0] % 2:
        return False
    (index,) = different
    if parts[index - 1][-1:].isdigit() or parts[index + 1][:1].isdigit():
        return False
    return _is_slip(parts[index], others[index])


def _is_slip(word: str, other: str) -> bool:
    """Whether two letters of a word changed places, one is another, or one was left out: neither
    the first nor the last, and none of a pair."""
    if len(word) < _SLIP_CHARACTERS_MIN or len(other) - len(word) not in (0, 1):
        return False
    if word[0] != other[0] or word[-1] != other[-1]:
        return False
    first = next((i for i, letter in enumerate(word) if letter != other[i]), None)
    if first is None:
        return False
    if len(word) < len(other):
        is_of_pair = other[first] in (other[first - 1], other[first + 1])
        return word == other[:first] + other[first + 1 :] and not is_of_pair
    if word[first + 1 :] == other[first + 1 :]:
        return len(word) >= _WRONG_LETTER_CHARACTERS_MIN
    turned = word[first + 1] + word[first]
    return other == word[:first] + turned + word[first + 2 :]


def _only(keys: Iterable[str]) -> str | None:
    found = set(keys)
    return found.pop() if len(found) == 1 else None
