"""How the text of a source is written down besides its cells: line ends, a mark before it, and
which cells have quotes that they would not need."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from longshore.readers.csv_rules import CsvRules
from longshore.readers.encodings import byte_order_mark
from longshore.readers.layout import Format, Layout

# Enough for one line end in any encoding, and a character before it.
LINE_END_BYTES_MAX = 8
# Of the header and the rows behind it, by which quotes are judged.
QUOTED_BYTES_MAX = 1 << 16


class CellKind(StrEnum):
    """What programs tell apart when they put quotes around cells."""

    TEXT = "text"
    NUMBER = "number"
    EMPTY = "empty"


ALL_KINDS = frozenset(CellKind)
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*(?:[eE][-+]?[0-9]+)?")


def kind_of(cell: str) -> CellKind:
    """What a program would take a cell for."""
    if not cell:
        return CellKind.EMPTY
    return CellKind.NUMBER if _NUMBER.fullmatch(cell) else CellKind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """What a file that goes with a source shares with it beside its layout."""

    line_end: str = "\n"
    has_mark: bool = False  # whether a byte order mark stands before the text
    quoted: frozenset[CellKind] = frozenset()  # cells that have quotes whether they need them


def text_form(layout: Layout, *, head: bytes, before_rows: bytes, from_header: bytes) -> TextForm:
    """The form of a source that starts with `head`; `before_rows` are the bytes just before the
    place where its first row is looked for, which end its header, and `from_header` those from
    the start of the source on, up to `QUOTED_BYTES_MAX` behind that place."""
    if layout.format is not Format.CSV:
        return TextForm()
    text = before_rows.decode(layout.encoding, "ignore")
    line_end = next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "\n")
    beginning = from_header.decode(layout.encoding, "ignore")
    return TextForm(
        line_end=line_end,
        has_mark=byte_order_mark(head) is not None,
        quoted=quoted_kinds(beginning, layout.rules, header_line=layout.header_line),
    )


def quoted_kinds(text: str, rules: CsvRules, *, header_line: int = 1) -> frozenset[CellKind]:
    """Which kinds of cells always have quotes in the text of a CSV, whose end may be cut off.

    A kind that the text does not hold is written like the others.
    """
    if not rules.quote:
        return frozenset()
    for _ in range(header_line - 1):
        text = _LINE_END.split(text, maxsplit=1)[-1]
    seen = Counter(_cells(text, rules))
    kinds = {kind for kind, _ in seen}
    always = {kind for kind in kinds if not seen[kind, False]}
    if always and always == kinds:
        return ALL_KINDS
    return frozenset(always - {CellKind.EMPTY}) if CellKind.TEXT in always else frozenset()


_LINE_END = re.compile(r"\r\n|\r|\n")


def _cells(text: str, rules: CsvRules) -> Iterator[tuple[CellKind, bool]]:
    """The kind of each cell but the last, and whether it has quotes."""
    quote, delimiter = re.escape(rules.quote), re.escape(rules.delimiter)
    inner = rf"(?:[^{quote}]|{quote}{quote})*"
    if rules.escape:
        escape = re.escape(rules.escape)
        inner = rf"(?:[^{quote}{escape}]|{escape}.)*"
    cell = re.compile(
        rf"(?:{quote}(?P<quoted>{inner}){quote}|(?P<plain>(?:(?!{delimiter})[^\r\n])*))"
        rf"(?P<end>{delimiter}|\r\n|\r|\n)",
        re.DOTALL,
    )
    at, begins_line = 0, True
    while found := cell.match(text, at):
        at = found.end()
        ends_line = found["end"] != rules.delimiter
        is_blank_line = begins_line and ends_line and found["plain"] == ""
        begins_line = ends_line
        if found["quoted"] is not None:
            yield kind_of(found["quoted"]), True
        elif not is_blank_line:
            yield kind_of(found["plain"]), False
