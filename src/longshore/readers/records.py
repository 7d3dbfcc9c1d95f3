"""The grammar of a CSV: where a record ends, and what its cells are, strictly.

A cell is quoted when its first character that is not blank is a quote. Inside, a quote is doubled,
or follows the escape character where the rules have one. What follows the closing quote is a
delimiter or the line's end, with blanks between at the most. Any other cell is text as it stands,
quotes included. So a quote that is not written by these rules is seen, instead of taking the rows
up to the next quote into its cell.

This is the definition, and it is slow; `delimited` leaves to the csv module what both of them
read alike.
"""

import re
from typing import NamedTuple

from longshore.readers.csv_rules import CsvRules


class CsvRecord(NamedTuple):
    """What stands at some place of a text: a whole record, or one whose quoting is broken."""

    cells: list[str] | None  # None: it is broken
    end: int  # index after its line end; of a broken one the index of the offending quote
    opening: int = -1  # index of the quote that opens the broken cell
    is_open: bool = False  # the text ends before the quote is closed


class Grammar:
    """Reads the records of a CSV by its rules."""

    def __init__(self, rules: CsvRules) -> None:
        delimiter, quote, escape = map(re.escape, (rules.delimiter, rules.quote, rules.escape))
        blanks = f"[{re.escape(rules.blanks)}]"
        end = rf"({delimiter}|\r\n|\r|\n|\Z)"
        self._rules = rules
        self._opening = re.compile(f"{blanks}*+{quote}") if quote else None
        # As few blanks as will do, for the delimiter may begin with one.
        self._after = re.compile(f"{blanks}*?{end}")
        self._end = re.compile(end)
        self._outside_run = re.compile(_run_to(delimiter, r"\r\n"))
        self._escaped = re.compile("(?!)")
        if escape:
            escaped = rf"{escape}(?s:.)"
            self._outside_run = _runs(_run_to(delimiter, rf"\r\n{escape}"), rf"{escaped}?")
            self._inside_run = _runs(f"[^{quote}{escape}]*+", escaped)
            self._escaped = re.compile(f"{escape}([{quote}{escape}])")
            signs = quote + escape + re.escape(rules.core)
            self._escaped_outside = re.compile(rf"{escape}([{signs}\r\n])")
            self._pairs = re.compile(rf"{escape}((?s:.)|\Z)")
        # What followed the escape character so far; "outside" a delimiter or line end did so
        # where it separates cells and records by all other rules.
        self.escaped: set[str] = set()

    def read(self, text: str, index: int) -> CsvRecord:
        """The record that starts at `index`; `text` ends with a whole line, or with the source."""
        cells: list[str] = []
        while True:
            opened = self._opening.match(text, index) if self._opening is not None else None
            if opened is None:
                end = self._end_of_run(self._outside_run, text, index)
                separated = self._end.match(text, end)
                assert separated is not None  # the run takes whatever else stands there
                cells.append(self._outside(text[index:end]))
                separator, index = separated[1], separated.end()
            else:
                start = opened.end()
                end = self._end_of_quoted(text, start)
                if end < 0:
                    return CsvRecord(None, len(text), start - 1, is_open=True)
                after = self._after.match(text, end)
                if after is None:
                    return CsvRecord(None, end - 1, start - 1)
                cells.append(self._inside(text[start : end - 1]))
                separator, index = after[1], after.end()
            if separator != self._rules.delimiter:
                return CsvRecord(cells, index)

    def _end_of_quoted(self, text: str, start: int) -> int:
        """The index after the quote that closes the cell whose text begins at `start`, or -1."""
        quote = self._rules.quote
        if self._rules.escape:
            end = self._end_of_run(self._inside_run, text, start)
            return end + 1 if text.startswith(quote, end) else -1
        end = text.find(quote, start)
        while end >= 0 and text.startswith(quote, end + 1):
            end = text.find(quote, end + 2)
        return -1 if end < 0 else end + 1

    def _end_of_run(self, run: re.Pattern[str], text: str, start: int) -> int:
        """The index after all that `run` takes from `start` on, as often as it is there."""
        while True:
            found = run.match(text, start)
            assert found is not None  # it may be empty
            end = found.end()
            # It ends early only where characters are escaped.
            if (
                end == start
                or not self._rules.escape
                or not text.startswith(self._rules.escape, end)
            ):
                return end
            start = end

    def _inside(self, text: str) -> str:
        quote, escape = self._rules.quote, self._rules.escape
        if not escape:
            return text.replace(quote + quote, quote) if quote in text else text
        if escape not in text:
            return text
        self.escaped.update(self._pairs.findall(text))
        return self._escaped.sub(r"\1", text)

    def _outside(self, text: str) -> str:
        escape = self._rules.escape
        if not escape or escape not in text:
            return text
        found = self._pairs.findall(text)
        self.escaped.update(found)
        if not {self._rules.delimiter[0], "\r", "\n", ""}.isdisjoint(found):
            self.escaped.add("outside")
        return self._escaped_outside.sub(r"\1", text)

    @property
    def contradicts_itself(self) -> bool:
        """Whether what was read so far was not written with this escape character, or not surely.

        Whoever writes the character itself doubled never leaves it single before another one.
        """
        escape, quote = self._rules.escape, self._rules.quote
        others = self.escaped - {escape, quote}
        return "outside" in others or (escape in self.escaped and bool(others))


def _run_to(delimiter: str, others: str) -> str:
    """A run of characters up to a delimiter or one of the others, as a pattern of patterns."""
    if len(delimiter.removeprefix("\\")) == 1:
        return f"[^{delimiter}{others}]*+"
    return rf"[^{others}]*?(?={delimiter}|[{others}]|\Z)"


def _runs(plain: str, escaped: str) -> re.Pattern[str]:
    """Runs of plain characters, and escaped ones between them, up to some thousands of these: each
    that a group has repeated is kept in memory until the match ends."""
    # An atomic group, because possessive ones err in the first releases of Python 3.11 (gh-106052).
    return re.compile(f"{plain}(?>(?:{escaped}{plain}){{0,4096}})")
