"""What the start of a CSV suggests, and only all of it can prove.

A guess is read by as long as every row agrees with it. The first one that does not refutes it, and
the source is read again without it; so a guess never makes another table of a source than the
plain reading does, but for what it is about.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from longshore.readers.csv_rules import CsvRules
from longshore.readers.delimited import Parser
from longshore.readers.rows import Position, Rows, Unreadable


class Guess(StrEnum):
    """Readings that are no one's first thought."""

    SPACED = "spaced"  # each delimiter has blanks behind it, or around it, which belong to no cell
    DOUBLED = "doubled"  # the delimiter is always written twice: `||`
    BLANK = "blank"  # cells are separated by a blank
    APOSTROPHE = "apostrophe"  # cells are quoted by apostrophes


class GuessCheck:
    """Looks at rows that are read by guesses."""

    def __init__(self, guesses: frozenset[Guess]) -> None:
        self.refuted: frozenset[Guess] = frozenset()
        self._guesses = guesses
        self._delimiter_guess = guesses - {Guess.APOSTROPHE}
        self._rival: Parser | None = None  # by the plain delimiter
        self._width = 0

    def begin(self, rules: CsvRules) -> None:
        """The rows that follow are read by these rules."""
        self._width = len(rules.header)
        if self._guesses & {Guess.SPACED, Guess.DOUBLED}:
            # Both are read alike but for the blanks, or the cells between two delimiters.
            plain = rules.delimiter.strip()[0]
            self._rival = Parser(replace(rules, delimiter=plain, header=()))

    def note_widths(self, widths: Sequence[int]) -> None:
        """How many cells rows have that are well-formed; none: all as many as the header."""
        if Guess.BLANK in self._guesses and any(width != self._width for width in widths):
            self.refuted = self._delimiter_guess

    def note(self, rows: Rows, data: bytes, ended: bool, place: Position) -> None:
        """Look at rows that were read from the start of `data`, which is at `place`."""
        if not self._guesses or self.refuted:
            return
        if any(isinstance(cells, Unreadable) for cells in rows.values):
            self.refuted = self._guesses
        elif Guess.BLANK in self._guesses:
            self.note_widths([len(cells) for cells in rows.values])
        elif self._rival is not None:
            plain = self._rival.parse(data, ended, place)
            by_line = dict(zip(plain.lines, plain.values, strict=True))
            is_alike = _is_doubled if Guess.DOUBLED in self._guesses else _is_spaced
            for line, cells in zip(rows.lines, rows.values, strict=True):
                rival = by_line.get(line)
                if not isinstance(rival, list) or not is_alike(cells, rival):
                    self.refuted = self._delimiter_guess
                    return


def _is_spaced(cells: Sequence[str], plain: Sequence[str]) -> bool:
    return [cell.strip() for cell in cells] == [cell.strip() for cell in plain]


def _is_doubled(cells: Sequence[str], plain: Sequence[str]) -> bool:
    return cells == plain[::2] and not any(plain[1::2])
