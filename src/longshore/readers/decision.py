"""How a CSV is to be read: the one place where that is decided, with the reasons.

Each question has candidates, which later work may add to: the encoding (a mark, what was asked for,
UTF-8, or what `encoding_evidence` finds in all bytes of the source), the delimiter, the quote, the
escape character, the line of the header. What was asked for is never questioned. What the start of
the source suggests is checked by the survey against all of it, which comes back here with what it
found, and with the guesses that it has refuted; so a decision may be revised, and the source is
then read once more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.readers.apostrophes import APOSTROPHE, do_quote, may_quote
from longshore.readers.csv_rules import CsvOptions, CsvRules, trimmed
from longshore.readers.delimiters import find_delimiter
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
from longshore.readers.guesses import Guess
from longshore.readers.headers import IsField, find_header_lines, first_rows, is_blank_line
from longshore.readers.records import Grammar
from longshore.readers.table_borders import FirstRows

BACKSLASH = "\\"

_SEPARATOR_LINE = re.compile(r'"?sep=(.|[^\w\r\n"]{2,8}?)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_GUESSED = {
    Guess.SPACED: "blanks stand beside each delimiter: {!r}",
    Guess.DOUBLED: "each delimiter is written twice: {!r}",
    Guess.BLANK: "all lines have as many blanks, which separate their cells",
    Guess.APOSTROPHE: "cells are quoted by apostrophes",
}
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
    guesses: frozenset[Guess]  # all of the source has to agree with them
    header_rows: int  # records that are the header, one behind another
    lines_in_cells_above: int  # line ends inside of cells above the header
    first_rows: FirstRows
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
    refuted: frozenset[Guess] = frozenset(),
) -> Decision:
    """The decision that `head`, the start of a source, suggests.

    `asked` is the encoding that somebody named; `encoding` and `escape` are what a survey of the
    whole has found out, and `refuted` the guesses with which it does not agree. Raises
    UnreadableSource where the header that was asked for is not there.
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
    start_line, separator = _separator_line(text)
    if separator is not None:
        reasons.append(f"the line sep={separator} says what separates cells")
    body = "".join(split_lines(text)[start_line:])
    rules, guesses = _marks(body, name, options, separator, is_field, refuted)
    reasons += [_GUESSED[each].format(rules.delimiter) for each in sorted(guesses)]
    if options.escape is not None:
        escape = options.escape
    elif escape is None:
        escape = BACKSLASH if _needs_backslash(body, rules) else ""
    if escape:
        reasons.append(f"quotes inside of quoted cells are written as {escape}{rules.quote}")
    rules = replace(rules, escape=escape)
    lines = split_lines(text)
    header = find_header_lines(lines, start_line, rules, is_field, options)
    index = header.line
    if options.header_row is not None:
        reasons.append(f"the header is on line {options.header_row}, as was asked for")
    sizes = _line_sizes(head, lines, shown)
    above = [line for line in lines[start_line:index] if not is_blank_line(line, rules)]
    return Decision(
        rules=rules,
        mark_bytes=mark_bytes,
        is_encoding_open=is_open,
        is_escape_found=options.escape is None,
        header_line=index + 1,
        header_offset=mark_bytes + sum(sizes[:index]),
        guesses=guesses,
        header_rows=header.rows_count,
        lines_in_cells_above=header.lines_in_cells_above,
        first_rows=first_rows("".join(lines[index:]), header.rows_count, rules),
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


def _marks(
    body: str,
    encoding: str,
    options: CsvOptions,
    separator: str | None,
    is_field: IsField,
    refuted: frozenset[Guess],
) -> tuple[CsvRules, frozenset[Guess]]:
    """The delimiter and the quote, and what of them is but a guess."""

    def quoted_by(quote: str) -> tuple[CsvRules, frozenset[Guess]]:
        told = options.delimiter or separator
        if told:
            return CsvRules(encoding=encoding, delimiter=told, quote=quote), frozenset()
        found = find_delimiter(body, quote, options.escape, is_field, refuted)
        rules = CsvRules(encoding=encoding, delimiter=found.delimiter, quote=quote)
        return rules, frozenset(() if found.guess is None else (found.guess,))

    if options.quote is not None:
        return quoted_by(options.quote)
    plain = quoted_by('"')
    others = (options.delimiter, options.escape)
    if Guess.APOSTROPHE not in refuted and APOSTROPHE not in others and may_quote(body):
        rules, guesses = quoted_by(APOSTROPHE)
        if do_quote(body, rules, plain[0]):
            return rules, guesses | {Guess.APOSTROPHE}
    return plain


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


def _line_sizes(head: bytes, lines: Sequence[str], encoding: str) -> list[int]:
    if is_utf_16(encoding):
        return [len(line.encode(encoding, "surrogatepass")) for line in lines]
    return list(map(len, head.splitlines(keepends=True)))
