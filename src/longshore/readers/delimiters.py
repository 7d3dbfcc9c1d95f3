"""What separates the cells of a CSV, by the start of its text."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from longshore.readers.cell_looks import has_digit
from longshore.readers.csv_rules import is_blank, trimmed
from longshore.readers.encodings import split_lines
from longshore.readers.guesses import Guess
from longshore.readers.headers import HEADER_LINES_MAX, IsField, find_header

_BLANK = " "
_DELIMITERS = (",", ";", "\t", "|", "::")
# How a delimiter may be written besides, with what has to be true of all of the source then.
_SPACED = {",": (", ",), ";": ("; ",), "|": (" | ", "| ")}
_DOUBLED = {";": ";;", "|": "||"}
_SAMPLE_RECORDS = 50
# A quoted cell, whatever delimits it.
_QUOTED = (
    r"(?:(?<=[,;\t|\r\n{1}])|(?<=::)|\A)([ \t]*){0}((?>(?:[^{0}]++|{0}{0})*)){0}"
    r"(?=[ \t]*(?:[,;\t|\r\n{1}]|::|\Z))"
)
# Stand for delimiters and line ends in quotes; private characters, of which texts have none.
_HIDDEN = str.maketrans(",;\t|\r\n", "\ue000\ue001\ue002\ue003\ue004\ue005")
_HIDDEN_COLONS = "\ue006"
_HIDDEN_BLANK = "\ue007"


class Separation(NamedTuple):
    """What separates cells."""

    delimiter: str
    guess: Guess | None = None


class _Fitness(NamedTuple):
    """How well a delimiter fits: more is better."""

    has_fields: bool
    splits: bool
    same: float  # share of the rows that have as many cells as the header
    width: int  # of the header


def find_delimiter(
    text: str, quote: str, escape: str | None, is_field: IsField, refuted: frozenset[Guess]
) -> Separation:
    """The delimiter that splits the header and the first rows most evenly; a comma in doubt.

    One in whose cells the header has fields goes before one in whose cells it has none; ties go to
    the earlier candidate. Delimiters inside quotes do not count, whatever would delimit the quotes.
    """
    lines = _lines(_hidden(text, quote))
    candidates = [each for each in _DELIMITERS if each not in (quote, escape)]
    fitness = {each: _fitness(lines, each, is_field) for each in candidates}
    best = max(candidates, key=fitness.__getitem__)
    if not fitness[best].splits and Guess.BLANK not in refuted:
        lines = _lines(_hidden(text, quote, also=_BLANK))
        if _BLANK not in (quote, escape) and _are_split_by_blanks(lines, is_field):
            return Separation(_BLANK, Guess.BLANK)
    if fitness[best].splits:
        if Guess.DOUBLED not in refuted and best in _DOUBLED and _are_doubled(lines, best):
            return Separation(_DOUBLED[best], Guess.DOUBLED)
        if Guess.SPACED not in refuted:
            for spaced in _SPACED.get(best, ()):
                if all(line.count(spaced) == line.count(best) for line in lines):
                    return Separation(spaced, Guess.SPACED)
    return Separation(best)


def has_quoted(text: str, quote: str) -> bool:
    """Whether there is a quoted cell, whatever delimits it."""
    return re.search(_QUOTED.format(re.escape(quote), ""), text) is not None


def _hidden(text: str, quote: str, *, also: str = "") -> str:
    """A text in which no delimiter, `also` among them, stands inside of quotes."""
    if not quote:
        return text
    quoted = re.compile(_QUOTED.format(re.escape(quote), also))

    def hide(found: re.Match[str]) -> str:
        cell = found[2].translate(_HIDDEN).replace("::", _HIDDEN_COLONS)
        return found[1] + (cell.replace(also, _HIDDEN_BLANK) if also else cell)

    return quoted.sub(hide, text)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    return [line for line in lines if not is_blank(line)][: HEADER_LINES_MAX + _SAMPLE_RECORDS]


def _fitness(lines: Sequence[str], delimiter: str, is_field: IsField) -> _Fitness:
    rows = [line.split(delimiter) for line in lines]
    rows = [row for row in rows if not all(map(is_blank, row))]
    index, has_fields = find_header(rows[:HEADER_LINES_MAX], is_field)
    widths = list(map(len, rows[index : index + _SAMPLE_RECORDS + 1]))
    if not widths or widths[0] == 1:
        return _Fitness(has_fields, splits=False, same=0.0, width=0)
    header, *others = widths
    same = Counter(others)[header] / len(others) if others else 1.0
    return _Fitness(has_fields, splits=True, same=same, width=header)


def _are_doubled(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a delimiter always stands twice."""
    runs = re.compile(f"{re.escape(delimiter)}+")
    return all(len(run) % 2 == 0 for line in lines for run in runs.findall(line))


def _are_split_by_blanks(lines: Sequence[str], is_field: IsField) -> bool:
    """Whether blanks separate cells, and not words: all lines have as many, and the first one
    names fields, or some column below it holds nothing but numbers, codes or dates."""
    rows = [line.split(_BLANK) for line in lines]
    if len(rows) < 2 or len(set(map(len, rows))) > 1 or len(rows[0]) < 2:
        return False
    header, *others = rows
    if not all(map(trimmed, header)):
        return False
    if sum(map(is_field, header)) >= 2:
        return True
    if len(header) < 3 or any(map(has_digit, header)) or len(set(header)) < len(header):
        return False
    return any(all(map(has_digit, column)) for column in zip(*others, strict=True))
