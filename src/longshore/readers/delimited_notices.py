"""What is worth telling of the rows of a CSV though it stops nothing, gathered in one pass."""

from collections.abc import Sequence

from longshore.notices import Notice, NoticeCode
from longshore.readers.csv_rules import CsvRules
from longshore.readers.decision import BACKSLASH, Decision
from longshore.readers.guesses import Guess
from longshore.readers.layout import REPORT_COLUMNS
from longshore.readers.rows import Position, Rows, Unreadable
from longshore.readers.table_borders import shown_names

_FIRST_MAX = 5
_SHOWN_CHARACTERS = 200


class _Places:
    """How often something was found, and where first."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[dict[str, object]] = []

    def add(self, **place: object) -> None:
        self.count += 1
        if len(self.first) < _FIRST_MAX:
            self.first.append(place)

    def notice(self, code: NoticeCode, message: str, hint: str | None = None) -> Notice:
        return Notice(
            code=code, message=message, hint=hint, count=self.count, first=tuple(self.first)
        )

    @property
    def lines(self) -> str:
        """The first lines, for a message."""
        shown = ", ".join(f"{each['line']}" for each in self.first)
        return (
            f"line {shown}"
            if self.count == 1
            else f"lines {shown}" + (" and others" if self.count > len(self.first) else "")
        )


class RowFindings:
    """Looks at rows as they are surveyed."""

    def __init__(self, decision: Decision) -> None:
        self._decision = decision
        self._line = 1  # of the header, as it is told
        self._width = 0
        self._least = 0  # cells that a row has at least
        self._delimiter = ""
        self._pairs: tuple[str, ...] = ()  # read otherwise if backslashes were escapes
        self._short = _Places()
        self._headers = _Places()
        self._in_cells = _Places()
        self._backslashes = _Places()
        self._two_lines: tuple[int, str] | None = None
        self._doubtful_from: int | None = None
        self._doubtful_count = 0  # of short rows that may be none

    def begin(self, rules: CsvRules, line: int = 1) -> None:
        """The rows that follow stand under the header of `rules`, which is on this line."""
        self._line = line
        self._width = len(rules.header)
        # Mended lines of a file of failed rows lack nothing.
        self._least = self._width
        if set(REPORT_COLUMNS[:2]) <= set(rules.header):
            while rules.header[self._least - 1] in REPORT_COLUMNS:
                self._least -= 1
        self._delimiter = rules.delimiter
        # Who has said that there are no escapes is not asked whether there are any.
        if rules.quote and not rules.escape and self._decision.is_escape_found:
            self._pairs = (BACKSLASH + rules.quote, BACKSLASH + BACKSLASH)

    def note_two_lines(self, names: Sequence[str], line: int) -> None:
        """The header is of two lines, from this one on."""
        self._two_lines = (line, shown_names(names))

    def note_header(self, line: int) -> None:
        self._headers.add(line=line)

    def note_widths(self, widths: Sequence[int], place: Position) -> None:
        """Look at how many cells rows have, each of which is a line, from `place` on."""
        if widths and min(widths) < self._least:
            for index, width in enumerate(widths):
                if width < self._least:
                    self._short.add(row=place.row + index, line=place.line + index)

    def note(self, rows: Rows, *, has_backslashes: bool, doubtful_from: int | None = None) -> None:
        """Look at rows that were cut into cells; `has_backslashes`: any of them may. Those from the
        number `doubtful_from` on may be no rows."""
        if doubtful_from != self._doubtful_from:
            self._doubtful_from = doubtful_from
            self._doubtful_count = 0
        if min(map(len, rows.values), default=0) < self._least:
            for index, cells in enumerate(rows.values):
                if not isinstance(cells, Unreadable) and len(cells) < self._least:
                    self._short.add(row=rows.first + index, line=rows.lines[index])
                    if doubtful_from is not None and rows.first + index >= doubtful_from:
                        self._doubtful_count += 1
        if len(rows) and rows.end_line - rows.lines[0] > len(rows) and self._width > 1:
            self._note_long(rows)
        if has_backslashes and self._pairs:
            for index, cells in enumerate(rows.values):
                if isinstance(cells, Unreadable):
                    continue
                if any(pair in cell for pair in self._pairs for cell in cells):
                    self._backslashes.add(row=rows.first + index, line=rows.lines[index])

    def _note_long(self, rows: Rows) -> None:
        """Look at rows of several lines."""
        ends = (*rows.lines[1:], rows.end_line)
        for index, (cells, line, end) in enumerate(zip(rows.values, rows.lines, ends, strict=True)):
            if isinstance(cells, Unreadable) or end == line + 1:
                continue
            beyond = max(len(cells) - self._width, 0)
            if any(self._holds_rows(cell, beyond) for cell in cells):
                self._in_cells.add(row=rows.first + index, line=line)

    def _holds_rows(self, cell: str, beyond: int) -> bool:
        """Whether the lines of a cell have as many separators as a row.

        The first and the last of the rows that a quote takes in are cut, so all lines are looked
        at together. One separator may be the character that was lost; `beyond` are cells behind
        the header, which may be blank ones of the last row.
        """
        if "\n" not in cell and "\r" not in cell:
            return False
        return cell.count(self._delimiter) + beyond >= self._width - 1

    def leave_out_doubtful(self) -> None:
        """The rows that may have been none are none."""
        self._short.count -= self._doubtful_count
        del self._short.first[self._short.count :]

    def notices(self) -> tuple[Notice, ...]:
        """What was found, each kind once."""
        found = []
        if self._decision.above:
            found.append(self._lines_above())
        if self._two_lines is not None:
            line, names = self._two_lines
            found.append(
                Notice(
                    code=NoticeCode.HEADER_OF_TWO_LINES,
                    message=f"the header was read from the lines {line} and {line + 1}: {names}",
                    hint=f"--header-row {line} reads it from line {line} alone",
                )
            )
        if self._decision.rules.escape and self._decision.is_escape_found:
            found.append(
                Notice(
                    code=NoticeCode.BACKSLASHES_ESCAPE,
                    message="quotes inside of cells were read as written with a backslash",
                    hint="--escape none reads backslashes as they stand",
                )
            )
        if Guess.APOSTROPHE in self._decision.guesses:
            found.append(
                Notice(
                    code=NoticeCode.APOSTROPHES_QUOTE,
                    message="cells were read as quoted by apostrophes",
                    hint="--quote '\"' reads apostrophes as they stand",
                )
            )
        if self._headers.count:
            message = f"the header stands again on {self._headers.lines}, which was skipped"
            found.append(self._headers.notice(NoticeCode.HEADER_REPEATED, message))
        if self._in_cells.count:
            found.append(
                self._in_cells.notice(
                    NoticeCode.ROWS_IN_CELL,
                    f"a cell holds lines that look like rows, in the row on {self._in_cells.lines}",
                    "a quote that is opened too early or closed too late takes rows into a cell",
                )
            )
        if self._short.count:
            found.append(
                self._short.notice(
                    NoticeCode.SHORT_ROWS,
                    f"rows with fewer cells than the header: {self._short.count:,}, first on "
                    f"{self._short.lines}; the missing cells were read as blank",
                )
            )
        if self._backslashes.count:
            found.append(
                self._backslashes.notice(
                    NoticeCode.BACKSLASHES_KEPT,
                    f"a backslash stands before a quote or another one on "
                    f"{self._backslashes.lines}; both were read as they stand",
                    "if the program escapes with backslashes, import the file with --escape '\\'",
                )
            )
        return tuple(found)

    def _lines_above(self) -> Notice:
        above = self._decision.above
        lines = "line" if len(above) == 1 else "lines"
        return Notice(
            code=NoticeCode.LINES_ABOVE_HEADER,
            message=f"the header was found on line {self._line}; {len(above)} "
            f"{lines} above it skipped",
            hint="--header-row decides on which line the header is",
            count=len(above),
            first=tuple({"text": text[:_SHOWN_CHARACTERS]} for text in above[:_FIRST_MAX]),
        )
