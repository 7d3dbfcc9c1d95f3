"""Which line of a CSV is its header."""

from collections.abc import Callable, Sequence

from longshore.readers.csv_rules import CsvRules, is_blank, trimmed
from longshore.readers.records import Grammar
from longshore.readers.unreadable import EmptySource, UnreadableSource

# Whether the name of a column is, or is mapped to, a field.
IsField = Callable[[str], bool]

HEADER_LINES_MAX = 20  # the header is one of so many first lines that are not blank


def header_index(
    lines: Sequence[str],
    start: int,
    rules: CsvRules,
    is_field: IsField,
    asked: int | None,
) -> int:
    """The index of the line on which the header starts."""
    if asked is not None:
        if asked > len(lines):
            raise EmptySource(f"there is no line {asked}, on which the header was said to be")
        if is_blank_line(lines[asked - 1], rules):
            raise UnreadableSource(
                "the header was said to be on this line, which is blank", line=asked
            )
        return asked - 1
    grammar = Grammar(rules)
    text = "".join(lines[start:])
    index, line = 0, start
    rows: list[list[str]] = []
    starts: list[int] = []
    while index < len(text) and len(rows) < HEADER_LINES_MAX:
        record = grammar.read(text, index)
        end = record.end
        cells = record.cells or []
        if record.cells is None:
            # One line of a title, perhaps; what is wrong with a header is said when it is read.
            end = index + len(lines[line])
            cells = [trimmed(lines[line])]
        if not all(map(is_blank, cells)):
            rows.append(cells)
            starts.append(line)
        while index < end:
            index += len(lines[line])
            line += 1
    if not rows:
        return start
    return starts[find_header(rows, is_field)[0]]


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

    A title is alone in its row. The names below fill theirs, without a digit in any of them, and
    some column under them has a digit in each row.
    """
    filled = [[cell for cell in map(trimmed, row) if cell] for row in rows]
    index = next((index for index, cells in enumerate(filled) if len(cells) > 1), 0)
    names, below = list(map(trimmed, rows[index])) if index else [], rows[index + 1 :]
    while names and not names[-1]:
        names.pop()
    if not below or not all(names) or len(set(names)) < len(names) or any(map(has_digit, names)):
        return 0
    columns = range(len(names)) if all(len(row) >= len(names) for row in below) else ()
    is_sure = any(all(has_digit(row[column]) for row in below) for column in columns)
    return index if is_sure else 0


def has_digit(cell: str) -> bool:
    """Whether a cell holds a digit, as codes do and few names of columns."""
    return any(map(str.isdigit, cell))


def is_blank_line(line: str, rules: CsvRules) -> bool:
    return is_blank(line.replace(rules.delimiter, "").replace(rules.quote or " ", ""))
