"""How a CSV is to be read: the one place where that is decided, with the reasons.

Each question has candidates, which later work may add to: the encoding (a mark, what was asked for,
UTF-8, or what `encoding_evidence` finds in all bytes of the source), the delimiter, the escape
character, the line of the header. What was asked for is never questioned. What the start of the
source suggests is checked by the survey against all of it, which comes back here with what it
found; so a decision may be revised, and the source is then read once more.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from longshore.readers.csv_rules import CsvOptions, CsvRules, is_blank, trimmed
from longshore.readers.encodings import (
    UTF_8,
    UTF_16,
    UTF_16_LE,
    byte_order_mark,
    find_utf_16,
    is_utf_16,
    split_lines,
    whole_lines_size,
)
from longshore.readers.format_choice import HEAD_BYTES
from longshore.readers.records import Grammar
from longshore.readers.unreadable import EmptySource, UnreadableSource

# Whether the name of a column is, or is mapped to, a field.
IsField = Callable[[str], bool]

BACKSLASH = "\\"
HEADER_LINES_MAX = 20  # the header is one of so many first lines that are not blank

_DELIMITERS = ",;\t|"
_SAMPLE_RECORDS = 50
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
# A quoted cell, whatever delimits it.
_QUOTED = (
    r"(?:(?<=[,;\t|\r\n])|\A)[ \t]*{0}((?>(?:[^{0}]++|{0}{0})*)){0}(?=[ \t]*(?:[,;\t|\r\n]|\Z))"
)
# Stand for delimiters and line ends in quotes; private characters, of which texts have none.
_HIDDEN = str.maketrans(",;\t|\r\n", "\ue000\ue001\ue002\ue003\ue004\ue005")
_ANY_BYTES = "latin-1"  # shows lines and cells in every encoding whose ASCII is ASCII


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How to read a source, and why."""

    rules: CsvRules  # its header is read by the survey
    mark_bytes: int  # of the byte order mark
    is_encoding_open: bool  # all bytes of the source have to be looked at
    is_escape_found: bool  # nobody has asked for the escape character
    header_line: int  # physical line, from 1
    header_offset: int  # bytes from the start of the source
    above: tuple[str, ...]  # the lines above the header that are not blank, but for `sep=`
    reasons: tuple[str, ...]

    @property
    def structure(self) -> CsvRules:
        """The rules for bytes of which the encoding is still to be found."""
        return replace(self.rules, encoding=_ANY_BYTES)


def decide(
    head: bytes,
    options: CsvOptions,
    is_field: IsField,
    *,
    asked: str | None = None,
    encoding: str | None = None,
    escape: str | None = None,
) -> Decision:
    """The decision that `head`, the start of a source, suggests.

    `asked` is the encoding that somebody named; `encoding` and `escape` are what a survey of the
    whole has found out. Raises UnreadableSource where the header that was asked for is not there.
    """
    reasons: list[str] = []
    name, mark_bytes, is_open = _encoding(head, asked, encoding, reasons)
    head = head[mark_bytes:]
    if len(head) >= HEAD_BYTES - mark_bytes:
        head = head[: whole_lines_size(head, name)]
    try:
        text = head.decode(name)
        shown = name
    except UnicodeDecodeError:
        shown = name if is_utf_16(name) else _ANY_BYTES
        text = head.decode(shown, "replace")
    quote = '"' if options.quote is None else options.quote
    start_line, separator = _separator_line(text)
    if separator is not None:
        reasons.append(f"the line sep={separator} says what separates cells")
    body = "".join(split_lines(text)[start_line:])
    delimiter = options.delimiter or separator or _delimiter(body, quote, options.escape, is_field)
    rules = CsvRules(encoding=name, delimiter=delimiter, quote=quote)
    if options.escape is not None:
        escape = options.escape
    elif escape is None:
        escape = BACKSLASH if _needs_backslash(body, rules) else ""
    if escape:
        reasons.append(f"quotes inside of quoted cells are written as {escape}{quote}")
    rules = replace(rules, escape=escape)
    lines = split_lines(text)
    index = _header_index(lines, start_line, rules, is_field, options.header_row)
    if options.header_row is not None:
        reasons.append(f"the header is on line {options.header_row}, as was asked for")
    sizes = _line_sizes(head, lines, shown)
    above = [line for line in lines[start_line:index] if not _is_blank_line(line, rules)]
    return Decision(
        rules=rules,
        mark_bytes=mark_bytes,
        is_encoding_open=is_open,
        is_escape_found=options.escape is None,
        header_line=index + 1,
        header_offset=mark_bytes + sum(sizes[:index]),
        above=tuple(trimmed(line) for line in above),
        reasons=tuple(reasons),
    )


def revise(
    decision: Decision, options: CsvOptions, *, is_broken: bool, has_backslashes: bool
) -> str | None:
    """Another escape character that may fit the whole source better; None: there is none.

    Backslashes are taken for escapes only where all of the source is consistent with that, and not
    also with doubled quotes.
    """
    if options.escape is not None or decision.rules.quote != '"' or not is_broken:
        return None
    if decision.rules.escape:
        return ""
    return BACKSLASH if has_backslashes else None


def _encoding(
    head: bytes, asked: str | None, found: str | None, reasons: list[str]
) -> tuple[str, int, bool]:
    """The encoding, the length of the mark, and whether it is only supposed."""
    mark = byte_order_mark(head)
    mark_bytes = mark[1] if mark is not None else 0
    if asked is not None:
        name = asked
        if asked == UTF_16:
            is_told = mark is not None and is_utf_16(mark[0])
            name = mark[0] if mark and is_told else find_utf_16(head) or UTF_16_LE
        reasons.append(f"the encoding is {name}, as was asked for")
        return name, mark_bytes, False
    if mark is not None:
        reasons.append(f"a byte order mark says that the encoding is {mark[0]}")
        return mark[0], mark_bytes, False
    if found is not None:
        reasons.append(f"the bytes of the source say that the encoding is {found}")
        return found, 0, False
    return UTF_8, 0, True


def _separator_line(text: str) -> tuple[int, str | None]:
    """How many lines say nothing but what separates cells, as Excel writes one, and what does."""
    found = _SEPARATOR_LINE.match(text)
    return (1, found[1]) if found else (0, None)


def _delimiter(text: str, quote: str, escape: str | None, is_field: IsField) -> str:
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
    index, has_fields = _find_header(rows[:HEADER_LINES_MAX], is_field)
    widths = list(map(len, rows[index : index + _SAMPLE_RECORDS + 1]))
    if not widths or widths[0] == 1:
        return has_fields, False, 0.0, 0
    header, *others = widths
    same = Counter(others)[header] / len(others) if others else 1.0
    return has_fields, True, same, header


def _find_header(rows: Sequence[Sequence[str]], is_field: IsField) -> tuple[int, bool]:
    """The index of the first row whose names are fields, and whether there is any.

    A word of a title may happen to be the name of a field: one name among several is enough only
    where no row has two, or nothing else.
    """
    counts = [sum(is_field(trimmed(cell)) for cell in row if not is_blank(cell)) for row in rows]
    for index, (row, fields_count) in enumerate(zip(rows, counts, strict=True)):
        named = sum(not is_blank(cell) for cell in row)
        if fields_count >= 2 or (fields_count and fields_count == named):
            return index, True
    for index, fields_count in enumerate(counts):
        if fields_count:
            return index, True
    return 0, False


def _needs_backslash(text: str, rules: CsvRules) -> bool:
    """Whether the records of `text` are broken unless quotes follow backslashes in them."""
    if not rules.quote or BACKSLASH + rules.quote not in text:
        return False
    if not _is_broken(text, Grammar(rules)):
        return False
    escaped = Grammar(replace(rules, escape=BACKSLASH))
    return not _is_broken(text, escaped) and not escaped.contradicts_itself


def _is_broken(text: str, grammar: Grammar) -> bool:
    index = 0
    while index < len(text):
        record = grammar.read(text, index)
        if record.cells is None:
            return not record.is_open  # the head ends in the middle of a record
        index = record.end
    return False


def _header_index(
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
        if _is_blank_line(lines[asked - 1], rules):
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
    return starts[_find_header(rows, is_field)[0]]


def _is_blank_line(line: str, rules: CsvRules) -> bool:
    return is_blank(line.replace(rules.delimiter, "").replace(rules.quote or " ", ""))


def _line_sizes(head: bytes, lines: Sequence[str], encoding: str) -> list[int]:
    if is_utf_16(encoding):
        return [len(line.encode(encoding, "surrogatepass")) for line in lines]
    return list(map(len, head.splitlines(keepends=True)))
