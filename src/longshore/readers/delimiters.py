"""What separates the cells of a CSV, by the start of its text."""

import re
from collections import Counter
from collections.abc import Sequence

from longshore.readers.csv_rules import is_blank
from longshore.readers.encodings import split_lines
from longshore.readers.headers import HEADER_LINES_MAX, IsField, find_header

_DELIMITERS = ",;\t|"
_SAMPLE_RECORDS = 50
# A quoted cell, whatever delimits it.
_QUOTED = (
    r"(?:(?<=[,;\t|\r\n])|\A)[ \t]*{0}((?>(?:[^{0}]++|{0}{0})*)){0}(?=[ \t]*(?:[,;\t|\r\n]|\Z))"
)
# Stand for delimiters and line ends in quotes; private characters, of which texts have none.
_HIDDEN = str.maketrans(",;\t|\r\n", "\ue000\ue001\ue002\ue003\ue004\ue005")


def find_delimiter(text: str, quote: str, escape: str | None, is_field: IsField) -> str:
    """The delimiter that splits the header and the first rows most evenly; a comma in doubt.

    One in whose cells the header has fields goes before one in whose cells it has none.
    Delimiters inside quotes do not count, whatever would delimit the quotes.
    """
    if quote:
        quoted = re.compile(_QUOTED.format(re.escape(quote)))
        text = quoted.sub(lambda found: found[1].translate(_HIDDEN), text)
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    lines = [line for line in lines if not is_blank(line)][: HEADER_LINES_MAX + _SAMPLE_RECORDS]
    candidates = [each for each in _DELIMITERS if each not in (quote, escape)]
    return max(candidates, key=lambda delimiter: _fitness(lines, delimiter, is_field))


def _fitness(
    lines: Sequence[str], delimiter: str, is_field: IsField
) -> tuple[bool, bool, float, int]:
    """How well `delimiter` fits: more is better; ties go to the earlier candidate."""
    rows = [line.split(delimiter) for line in lines]
    rows = [row for row in rows if not all(map(is_blank, row))]
    index, has_fields = find_header(rows[:HEADER_LINES_MAX], is_field)
    widths = list(map(len, rows[index : index + _SAMPLE_RECORDS + 1]))
    if not widths or widths[0] == 1:
        return has_fields, False, 0.0, 0
    header, *others = widths
    same = Counter(others)[header] / len(others) if others else 1.0
    return has_fields, True, same, header
