"""Which line of a CSV is its header."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from longshore.readers.cell_looks import has_digit
from longshore.readers.csv_rules import CsvOptions, CsvRules, is_blank, trimmed
from longshore.readers.header_lines import is_header_of_two
from longshore.readers.records import Grammar
from longshore.readers.table_borders import FirstRows
from longshore.readers.unreadable import EmptySource, UnreadableSource

# Whether the name of a column is, or is mapped to, a field.
IsField = Callable[[str], bool]

_SAMPLE_RECORDS = 50
HEADER_LINES_MAX = 20  # the header is one of so many first lines that are not blank


class HeaderLines(NamedTuple):
    """Where the header is."""

    line: int  # index of the one on which it starts
    rows_count: int = 1
    lines_in_cells_above: int = 0


def find_header_lines(
    lines: Sequence[str], start: int, rules: CsvRules, is_field: IsField, options: CsvOptions
) -> HeaderLines:
    """The lines of the header."""
    if options.header_row is not None:
        asked = options.header_row
        for line in range(asked, asked + (options.header_rows or 1)):
            if line > len(lines):
                raise EmptySource(f"there is no line {line}, on which the header was said to be")
            if is_blank_line(lines[line - 1], rules):
                raise UnreadableSource(
                    "the header was said to be on this line, which is blank", line=line
                )
        return HeaderLines(asked - 1, options.header_rows or 1)
    grammar = Grammar(rules)
    text = "".join(lines[start:])
    index, line = 0, start
    rows: list[list[str]] = []
    starts: list[int] = []
    ends: list[int] = []
    inner = [0]  # line ends inside of cells before each row
    while index < len(text) and len(rows) <= HEADER_LINES_MAX:
        record = grammar.read(text, index)
        end = record.end
        cells = record.cells or []
        if record.cells is None:
            # One line of a title, perhaps; what is wrong with a header is said when it is read.
            end = index + len(lines[line])
            cells = [trimmed(lines[line])]
        first = line
        while index < end:
            index += len(lines[line])
            line += 1
        if not all(map(is_blank, cells)):
            rows.append(cells)
            starts.append(first)
            ends.append(line)
            inner.append(inner[-1] + line - first - 1)
    if not rows:
        return HeaderLines(start)
    found = find_header(rows[:HEADER_LINES_MAX], is_field)[0]
    for upper in (found, found - 1):
        both = rows[max(upper, 0) : upper + 2]
        if len(both) == 2 and ends[upper] == starts[upper + 1] and is_header_of_two(*both):
            return HeaderLines(starts[upper], 2, inner[upper])
    return HeaderLines(starts[found], 1, inner[found])


def first_rows(text: str, header_rows: int, rules: CsvRules) -> FirstRows:
    """The first rows of a text that begins with the header."""
    grammar = Grammar(rules)
    rows: list[list[str]] = []
    index = 0
    while index < len(text) and len(rows) < _SAMPLE_RECORDS:
        record = grammar.read(text, index)
        if record.cells is None:
            break
        index = record.end
        if all(map(is_blank, record.cells)):
            if len(rows) > header_rows:
                break
            continue
        rows.append(record.cells)
    return FirstRows.of(rows[header_rows:])


def find_header(rows: Sequence[Sequence[str]], is_field: IsField) -> tuple[int, bool]:
    """The index of the first row whose names are fields, and whether there is any.

    A word of a title may happen to be the name of a field: one name among several is enough only
    where no row has two, or nothing else. Where none is known, titles are passed over.
    """
    counts = [sum(is_field(trimmed(cell)) for cell in row if not is_blank(cell)) for row in rows]
    for index, (row, fields_count) in enumerate(zip(rows, counts, strict=True)):
        named = sum(not is_blank(cell) for cell in row)
        if fields_count >= 2 or (fields_count and fields_count == named):
            return index, True
    for index, fields_count in enumerate(counts):
        if fields_count:
            return index, True
    return _behind_titles(rows), False


def _behind_titles(rows: Sequence[Sequence[str]]) -> int:
    """The index of the first row that is no title, where that is sure, else of the first one.

    A title is alone in its row. The names below fill theirs, without a digit in any of them; and
    some column under them has a digit in each row, or the titles have blank cells for three columns
    or more, as programs write them that make a CSV of a sheet.
    """
    filled = [[cell for cell in map(trimmed, row) if cell] for row in rows]
    index = next((index for index, cells in enumerate(filled) if len(cells) > 1), 0)
    names, below = list(map(trimmed, rows[index])) if rows else [], rows[index + 1 :]
    while names and not names[-1]:
        names.pop()
    if not index or not below or not all(names) or len(set(names)) < len(names):
        return 0
    if any(map(has_digit, names)):
        return 0
    columns = range(len(names)) if all(len(row) >= len(names) for row in below) else ()
    has_values = any(all(has_digit(row[column]) for row in below) for column in columns)
    is_of_sheet = min(map(len, rows[:index])) >= len(names) >= 3
    return index if has_values or is_of_sheet else 0


def is_blank_line(line: str, rules: CsvRules) -> bool:
    return is_blank(line.replace(rules.delimiter, "").replace(rules.quote or " ", ""))
