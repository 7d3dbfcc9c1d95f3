"""Lines of a CSV, written so that its rules read them as the cells that they were made of."""

import re
from collections.abc import Sequence

from longshore.readers.csv_rules import CsvRules
from longshore.readers.text_form import TextForm, kind_of
from longshore.spreadsheet_cells import guarded


class LineWriter:
    """Writes the lines of one table."""

    def __init__(self, rules: CsvRules, form: TextForm, *, is_guarded: bool = False) -> None:
        """With `is_guarded` no spreadsheet computes a cell."""
        self._line_end = form.line_end
        self._quoted = form.quoted
        self._is_guarded = is_guarded
        self._delimiter = rules.delimiter
        self._quote = rules.quote
        self._escape = rules.escape
        quote, escape = re.escape(self._quote), re.escape(self._escape)
        core = re.escape(rules.core)
        ends = _ends_like_delimiters(self._delimiter)
        self._end = re.compile("|".join(ends)) if ends else None
        # Of `, ` the comma separates: beside cells with commas it would be the delimiter.
        separators = "|".join([core, *(end for end in ends if core not in end)])
        of_text = rf"{separators}|[\r\n{quote}]"
        self._special = re.compile(of_text)
        if escape:
            # One that nothing follows which it could escape is read as it stands.
            self._special = re.compile(rf"{of_text}|{escape}(?:[{core}{escape}]|\Z)")
            self._inside = re.compile(f"[{quote}{escape}]")
            signs = rf"[{core}\r\n{escape}]"
            self._outside = re.compile(rf"{separators}|[\r\n]|{escape}(?={signs}|\Z)")

    def of(self, cells: Sequence[str]) -> str:
        """A line, with its end."""
        written = map(self._cell, map(guarded, cells) if self._is_guarded else cells)
        line = self._delimiter.join(written)
        return (line or self._quote * 2) + self._line_end

    def plain(self, text: str) -> str:
        """A text as the table can hold it: where it has no quotes, without separators."""
        instead = "_" if " " in self._delimiter and self._delimiter.isspace() else " "
        return text if self._quote else self._special.sub(instead, text)

    def _cell(self, text: str) -> str:
        quote, escape = self._quote, self._escape
        if not quote and not escape:
            # Nothing but a character can keep such an end apart from the delimiter.
            between = "_" if " " in self._delimiter else " "
            return text + between if self._end and self._end.search(text) else text
        if not quote:
            return self._outside.sub(lambda found: escape + found[0], text)
        if not self._special.search(text) and (
            not self._quoted or kind_of(text) not in self._quoted
        ):
            return text
        if escape:
            text = self._inside.sub(lambda found: escape + found[0], text)
        else:
            text = text.replace(quote, quote + quote)
        return f"{quote}{text}{quote}"


def _ends_like_delimiters(delimiter: str) -> list[str]:
    """Patterns of what is taken for the start of the delimiter where it ends a cell, as `a:` is
    before `::`."""
    ends = [
        delimiter[:size]
        for size in range(1, len(delimiter))
        if delimiter.startswith(delimiter[size:])
    ]
    return [rf"{re.escape(end)}\Z" for end in ends]
