"""How likely it is that somebody wrote a text: a comparison of what bytes say in several encodings.

Each language has a model that says how likely a letter is after another one. It is learnt from the
specimens, and only pairs with a character that is not ASCII are judged: all others are the same in
every encoding. Chinese and Japanese characters are judged by how frequent their class is. All
results are natural logarithms of probabilities, so that texts of different lengths that are made of
the same bytes can be compared.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from longshore.readers.specimens import (
    CYRILLIC,
    JAPANESE_FREQUENT,
    LATIN_CENTRAL,
    LATIN_WEST,
    SIMPLIFIED_FREQUENT,
    TRADITIONAL_FREQUENT,
)

Judge = Callable[[str], float]  # the likelihood of one piece of text in one language

_EDGE = " "  # stands for blanks, punctuation and the ends of a piece
_DIGIT = "0"
_SYMBOL = "*"

# How often a character is met that is no letter, for those that people do write.
_SYMBOLS = {
    **dict.fromkeys("€–’", 5e-3),
    **dict.fromkeys("“”„‘°®™²", 2e-3),
    **dict.fromkeys("…•«»§£©³½¼¾×¿¡ªº´·µ±\u00a0№", 1e-3),
}
_SYMBOL_ELSE = 2e-5
_BETWEEN_LETTERS = frozenset("’´·")
_BEFORE_NO_LETTER = frozenset("€™®²³½¼¾ªº")
_AFTER_NO_BLANK = frozenset("™®²³ªº")
_PUNCTUATION = frozenset("\u3000、。「」『』【】〜・ー…“”—‘’《》")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_IMPOSSIBLE = frozenset(("Cc", "Cn", "Co", "Cs"))  # controls, and what is no character
_IMPOSSIBLE_LIKELIHOOD = math.log(1e-9)
_LETTER_UNKNOWN = 2e-6
_SCRIPT_ELSE = 1e-8
_SMOOTHING = 2.0
_REMEMBERED = 4096  # results for texts that several languages judge
_CASE_CHANGE = math.log(0.001)  # a capital after a small letter, or before one but inside a word
_MIXED_SCRIPTS = math.log(0.003)  # a Chinese character or a Cyrillic letter beside a Latin one
_TWO_SCRIPTS = math.log(0.1)  # words in two scripts, in one cell
_SYMBOL_INSIDE = math.log(0.003)
_SYMBOL_MISPLACED = math.log(0.05)
_ALONE = math.log(0.02)  # a single katakana of half width
_AFTER_SYMBOL = math.log(0.1)


def latin_west() -> Sequence[Judge]:
    return [_alphabet(words) for words in LATIN_WEST.values()]


def latin_central() -> Sequence[Judge]:
    return [_alphabet(words) for words in (*LATIN_CENTRAL.values(), LATIN_WEST["de"])]


def cyrillic() -> Sequence[Judge]:
    return [_alphabet(words) for words in CYRILLIC.values()]


def japanese() -> Sequence[Judge]:
    return [_ideographs("cp932", JAPANESE_FREQUENT)]


def simplified_chinese() -> Sequence[Judge]:
    return [_ideographs("gb2312", SIMPLIFIED_FREQUENT)]


def traditional_chinese() -> Sequence[Judge]:
    return [_ideographs("big5", TRADITIONAL_FREQUENT)]


def likelihood(pieces: Sequence[str], judges: Sequence[Judge]) -> float:
    """The likelihood of all pieces together.

    Either all are in one of the languages, or each is in any of them; half of the texts are taken
    for the one, half for the other.
    """
    table = [[judge(piece) for piece in pieces] for judge in judges]
    one = _mean([sum(row) for row in table])
    each = sum(_mean(column) for column in zip(*table, strict=True))
    return _mean([one, each])


def _mean(values: Sequence[float]) -> float:
    """The logarithm of the mean of numbers that are given by their logarithms."""
    best = max(values)
    return best + math.log(sum(math.exp(value - best) for value in values) / len(values))


@cache
def _alphabet(words: str) -> Judge:
    """The judge of a language with an alphabet."""
    text = _EDGE + _EDGE.join(words.split()) + _EDGE
    singles = Counter(text)
    pairs = Counter(pairwise(text))
    total = len(text)
    is_latin = singles["a"] > 0

    @lru_cache(maxsize=_REMEMBERED)
    def after(before: str, letter: str) -> float:
        alone = singles[letter] / total
        if not alone:
            if "a" <= letter <= "z":
                alone = 1e-3
            else:
                same = is_latin == _is_latin(letter)
                alone = _LETTER_UNKNOWN if same else _SCRIPT_ELSE
        known = pairs[before, letter] + _SMOOTHING * alone
        return math.log(known / (singles[before] + _SMOOTHING))

    def judge(piece: str) -> float:
        pairs = _pairs(piece).items()
        return sum(after(*pair) * times for pair, times in pairs) + _besides(piece)

    return judge


@lru_cache(maxsize=_REMEMBERED)
def _pairs(piece: str) -> Mapping[tuple[str, str], int]:
    """The pairs of neighbours that only a language can judge, and how often they stand there."""
    tokens = [_token(character) for character in piece]
    found: Counter[tuple[str, str]] = Counter()
    for before, character in zip((_EDGE, *tokens), (*tokens, _EDGE), strict=True):
        if before.isascii() and character.isascii():
            continue
        if before in (_DIGIT, _SYMBOL):
            before = _EDGE
        if character != _SYMBOL:
            found[before, _EDGE if character == _DIGIT else character] += 1
    return found


@lru_cache(maxsize=_REMEMBERED)
def _besides(piece: str) -> float:
    """The likelihood of what is alike in all languages with an alphabet: symbols and case."""
    result = 0.0
    for before, character, after in zip(f" {piece}", piece, f"{piece[1:]} ", strict=False):
        if character.isascii() and before.isascii():
            continue
        if _token(character) == _SYMBOL:
            result += _symbol(character, before, after)
        elif _token(before) == _SYMBOL:
            result += _AFTER_SYMBOL
        elif character.isupper() and (before.islower() or (before.isupper() and after.islower())):
            result += _CASE_CHANGE
        elif before.isalpha() and character.isalpha() and _is_latin(before) != _is_latin(character):
            result += _MIXED_SCRIPTS
    scripts = {_is_latin(character) for character in piece if character.isalpha()}
    return result + (_TWO_SCRIPTS if len(scripts) > 1 else 0.0)


def _symbol(character: str, before: str, after: str) -> float:
    if unicodedata.category(character) in _IMPOSSIBLE:
        return _IMPOSSIBLE_LIKELIHOOD
    result = math.log(_SYMBOLS.get(character, _SYMBOL_ELSE))
    if after.isalpha():
        if before.isalpha():
            return result if character in _BETWEEN_LETTERS else result + _SYMBOL_INSIDE
        if character in _BEFORE_NO_LETTER:
            result += _SYMBOL_MISPLACED
    if before == _EDGE and character in _AFTER_NO_BLANK:
        result += _SYMBOL_MISPLACED
    return result


@lru_cache(maxsize=_REMEMBERED)
def _token(character: str) -> str:
    if character.isascii():
        if character.isalpha():
            return character.lower()
        return _DIGIT if character.isdigit() else _EDGE
    if character.isalpha() and character not in _SYMBOLS:
        return character.lower()[:1]
    return _SYMBOL


@lru_cache(maxsize=_REMEMBERED)
def _is_latin(character: str) -> bool:
    return character.isascii() or "LATIN" in unicodedata.name(character, "")


@cache
def _ideographs(standard: str, frequent: str) -> Judge:
    """The judge of a language that writes the characters of a national standard."""
    known = frozenset(frequent) - frozenset(" \n")

    @lru_cache(maxsize=_REMEMBERED)
    def alone(character: str) -> float:
        code = ord(character)
        if unicodedata.category(character) in _IMPOSSIBLE:
            return _IMPOSSIBLE_LIKELIHOOD
        if character in known:
            return math.log(0.5 / len(known))
        if 0xFF61 <= code <= 0xFF65:
            return math.log(1e-4)  # punctuation of half width
        if 0xFF66 <= code <= 0xFF9F:
            return math.log(0.03 / 63)  # katakana of half width
        if character in _PUNCTUATION or 0xFF01 <= code <= 0xFF5E:
            return math.log(0.1 / 100)
        if 0x3040 <= code <= 0x30FF:
            return math.log((0.25 if standard == "cp932" else 1e-4) / 170)
        if not character.isalpha():
            return math.log(_SYMBOL_ELSE)
        return math.log(_share(standard, character))

    def judge(piece: str) -> float:
        result = 0.0
        before = _EDGE
        for character in piece:
            if not character.isascii():
                result += alone(character)
                if _HALF_WIDTH.match(character) and _HALF_WIDTH.match(before):
                    result += math.log(30)  # one seldom stands alone
            if character.isascii() != before.isascii() and (
                (character if character.isascii() else before).isalpha()
            ):
                result += _MIXED_SCRIPTS
            before = character
        if sum(not character.isascii() for character in piece) == 1 and _HALF_WIDTH.search(piece):
            result += _ALONE
        return result

    return judge


def _share(standard: str, character: str) -> float:
    """How often an ideograph is met that is none of the most frequent ones."""
    try:
        lead = character.encode(standard)[0]
    except UnicodeEncodeError:
        return 1e-7
    if standard == "cp932":
        return 0.25 / 2965 if 0x88 <= lead <= 0x98 else 0.004 / 3390
    if standard == "gb2312":
        return 0.4 / 3755 if 0xB0 <= lead <= 0xD7 else 0.02 / 3008
    return 0.4 / 5401 if 0xA4 <= lead <= 0xC6 else 0.02 / 7652
