"""Which encoding some lines are in that are not UTF-8: the ones that people have, by likelihood.

A charset is a candidate when every line can be read in it. The candidates are compared by how
likely the texts are that they make of the lines (`likelihood`), and by how many files are in them.
Windows-1252 is ahead where the texts say nothing.
"""

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from longshore.readers import likelihood
from longshore.readers.likelihood import Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Charset:
    """An encoding of files that do not say which one they have."""

    codec: str  # as Python and `--encoding` name it
    judges: Callable[[], Sequence[Judge]]  # of the languages that are written in it
    share: float  # of the files that are not UTF-8


CHARSETS = (
    Charset(codec="cp1252", judges=likelihood.latin_west, share=0.6),
    Charset(codec="cp1250", judges=likelihood.latin_central, share=0.08),
    Charset(codec="cp1251", judges=likelihood.cyrillic, share=0.08),
    Charset(codec="iso8859-15", judges=likelihood.latin_west, share=0.03),
    Charset(codec="mac-roman", judges=likelihood.latin_west, share=0.05),
    Charset(codec="cp932", judges=likelihood.japanese, share=0.05),
    Charset(codec="gb18030", judges=likelihood.simplified_chinese, share=0.05),
    Charset(codec="big5", judges=likelihood.traditional_chinese, share=0.04),
    Charset(codec="koi8-r", judges=likelihood.cyrillic, share=0.02),
)
# Those in which a character may take several bytes.
MULTIBYTE = frozenset({"cp932", "gb18030", "big5"})

CONFIDENCE_MAX = 0.99  # nobody can be sure
_LIKELY = 0.02  # a reading with so much probability is worth showing
# The likelihood of a character at which half of the texts are in none of the charsets.
_DOUBTFUL = -13.0
_PIECES_MAX = 300  # are enough, and read in a tenth of a second
_PIECE = re.compile(r'[^,;\t|"\r\n]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """In which charset some lines are, by the names of their codecs."""

    codec: str
    confidence: float  # the probability that the texts are the right ones, up to `CONFIDENCE_MAX`
    rival: str | None = None  # the likeliest of those that are likely, too, and read other texts


def find_charset(
    lines: Sequence[bytes], *, without: Collection[str] = frozenset()
) -> Verdict | None:
    """The likeliest charset of `lines`, or None when they can be read in none.

    Charsets whose codec is in `without` are known to be wrong.
    """
    readings = [
        (charset, pieces)
        for charset in CHARSETS
        if charset.codec not in without
        if (pieces := _pieces(lines, charset.codec)) is not None
    ]
    if not readings:
        return None
    judged = [(_judge(charset, pieces), charset, pieces) for charset, pieces in readings]
    weights = _weights([math.log(charset.share) + value for value, charset, _ in judged])
    ranked = sorted(zip(weights, judged, strict=True), key=lambda each: -each[0])
    _, (value, charset, pieces) = ranked[0]
    confidence = 0.0
    rival: str | None = None
    for weight, (_, other, its_pieces) in ranked:
        if its_pieces == pieces:
            confidence += weight
        elif rival is None and weight >= _LIKELY:
            rival = other.codec
    confidence *= _plausibility(value, pieces)
    return Verdict(codec=charset.codec, confidence=min(confidence, CONFIDENCE_MAX), rival=rival)


def _judge(charset: Charset, pieces: Sequence[str]) -> float:
    step = -(-len(pieces) // _PIECES_MAX)
    return likelihood.likelihood(pieces[::step], charset.judges()) if pieces else 0.0


def _weights(scores: Sequence[float]) -> list[float]:
    """Probabilities from their logarithms, up to a constant; together they are one."""
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def _plausibility(value: float, pieces: Sequence[str]) -> float:
    """How far the likeliest texts look like texts at all."""
    step = -(-len(pieces) // _PIECES_MAX)
    characters = sum(not each.isascii() for piece in pieces[:: step or 1] for each in piece)
    if not characters:
        return 1.0
    return 1 / (1 + math.exp(_DOUBTFUL - value / characters))


def _pieces(lines: Sequence[bytes], codec: str) -> list[str] | None:
    """What `lines` say beyond ASCII, cell by cell, each text once; None: they cannot be read."""
    found: dict[str, None] = {}
    for line in lines:
        try:
            text = line.decode(codec)
        except UnicodeDecodeError:
            return None
        for piece in _PIECE.findall(text):
            if not piece.isascii():
                found[piece] = None
    return list(found)
