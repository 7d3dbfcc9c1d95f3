"""Whether the cells of a CSV are quoted by apostrophes, which mostly are letters of a text."""

from longshore.readers.csv_rules import CsvRules
from longshore.readers.delimiters import has_quoted
from longshore.readers.encodings import split_lines
from longshore.readers.records import Grammar

APOSTROPHE = "'"
_QUOTE = '"'
_SAMPLE_RECORDS = 50


def may_quote(text: str) -> bool:
    """Whether there are cells between apostrophes, and none between quotes."""
    return APOSTROPHE in text and has_quoted(text, APOSTROPHE) and not has_quoted(text, _QUOTE)


def do_quote(text: str, rules: CsvRules, plain: CsvRules) -> bool:
    """Whether apostrophes are quotes, as `rules` say, and no text, as the `plain` ones do.

    Names of the header stand between them, or else what they enclose would be several cells, or
    several lines; and all records have as many cells as the header.
    """
    widths = _widths(text, rules)
    if len(set(widths)) != 1:
        return False
    first = next((line for line in split_lines(text) if line.strip()), "")
    return has_quoted(first, APOSTROPHE) or len(set(_widths(text, plain))) > 1


def _widths(text: str, rules: CsvRules) -> list[int]:
    """How many cells the first records have that are not blank; -1: one cannot be read."""
    grammar = Grammar(rules)
    widths: list[int] = []
    index = 0
    while index < len(text) and len(widths) <= _SAMPLE_RECORDS:
        record = grammar.read(text, index)
        if record.cells is None:
            return widths if record.is_open and widths else [*widths, -1]
        if any(map(str.strip, record.cells)):
            widths.append(len(record.cells))
        index = record.end
    return widths
