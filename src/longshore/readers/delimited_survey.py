"""The first pass over a CSV: how it is to be read, its header, how many rows it has.

What the start of the source suggests is read to the end, and then judged: where the bytes turn out
to be of another encoding, or quotes to be written otherwise, the source is read again. So most
sources are read once, and nothing is decided by the start of one alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from longshore.notices import Notice, NoticeCode
from longshore.readers.blocks import LONG_BYTES, WINDOW_BYTES, Windows, peek, skip
from longshore.readers.csv_rules import CsvOptions, trimmed
from longshore.readers.decision import BACKSLASH, Decision, decide, revise
from longshore.readers.delimited import Cells, Parser, lines_in, refuse_endless
from longshore.readers.delimited_notices import RowFindings
from longshore.readers.encoding_evidence import BadByte, EncodingEvidence, FoundEncoding, damaged
from longshore.readers.encodings import (
    UTF_8,
    byte_order_mark,
    count_line_ends,
    count_lines,
    find_utf_16,
    is_utf_16,
    whole_lines_size,
)
from longshore.readers.findings import Survey
from longshore.readers.format_choice import HEAD_BYTES
from longshore.readers.guesses import Guess, GuessCheck
from longshore.readers.header_lines import names_of_two
from longshore.readers.headers import IsField
from longshore.readers.layout import Format, Layout
from longshore.readers.record_counter import RecordCounter
from longshore.readers.rows import Position, Rows, Unreadable
from longshore.readers.table_borders import (
    NotesBelow,
    TableBelow,
    TableBorders,
    inner_lines,
    shown_names,
)
from longshore.readers.twice_encoded import TwiceEncoded, may_be_twice_encoded
from longshore.readers.unreadable import EmptySource, UnreadableSource, undecodable

UNREADABLE_LINES_MAX = 100  # of one row
UNREADABLE_ROWS_MAX = 1000

# But 0x1A, with which old programs end a file.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")

# The same bytes as before, from their start.
Reread = Callable[[], Iterable[bytes]]


def survey_delimited(
    blocks: Iterable[bytes],
    options: CsvOptions,
    is_field: IsField,
    on_position: Callable[[Position], None],
    reread: Reread,
    window_bytes: int = WINDOW_BYTES,
    *,
    asked: str | None = None,
    allows_twins: bool = False,
    sheet: str = "",
) -> Survey:
    """What can be found out of a CSV; `asked` is the encoding that somebody named.

    Raises UnreadableSource. `on_position` is told of the first pass only; `reread` is called when
    that has ended.
    """
    head, blocks = peek(blocks, HEAD_BYTES)
    head = head[:HEAD_BYTES]
    encoding = None if asked is not None else _utf_16(head)
    escape: str | None = None
    refuted: frozenset[Guess] = frozenset()
    passes: dict[str, _Pass] = {}  # by the escape character
    while True:
        named = None if encoding is None else encoding.name
        decision = decide(
            head,
            options,
            is_field,
            asked=asked,
            encoding=named,
            escape=escape,
            refuted=refuted,
        )
        current = _Pass(decision, is_field, on_position, window_bytes, sheet=sheet)
        current.allows_twins = allows_twins
        current.is_encoding_asked = asked is not None
        current.is_table_asked = options.header_row is not None
        current.is_one_table = options.is_one_table
        current.run(blocks)
        if current.refuted:
            refuted |= current.refuted
            escape, passes = None, {}
            blocks, on_position = reread(), _ignore
            continue
        if decision.is_encoding_open:
            found = current.encoding()
            if found.name != decision.rules.encoding:
                encoding, passes = found, {}
                blocks, on_position = reread(), _ignore
                continue
        passes[decision.rules.escape] = current
        escape = revise(
            decision,
            options,
            is_broken=current.is_broken,
            has_backslashes=current.has_backslashes,
        )
        if escape is None or escape in passes:
            break
        blocks, on_position = reread(), _ignore
    best = next((each for each in passes.values() if not each.is_broken), passes.get(""))
    return (best or current).survey(encoding.notices if encoding is not None else ())


def _utf_16(head: bytes) -> FoundEncoding | None:
    """What is found where the source seems to be UTF-16 without a mark, which its start shows."""
    if byte_order_mark(head) is not None or find_utf_16(head) is None:
        return None
    evidence = EncodingEvidence()
    evidence.note(head, 1)
    return evidence.decide()


def _ignore(_position: Position) -> None:
    pass


class _Pass:
    """One reading of the source, from its start to its end, by one decision."""

    def __init__(
        self,
        decision: Decision,
        is_field: IsField,
        on_position: Callable[[Position], None],
        window_bytes: int,
        *,
        sheet: str,
    ) -> None:
        self.has_backslashes = False  # right before a quote
        self.allows_twins = False  # names of fields may stand in the header twice
        self.is_encoding_asked = False
        self.is_table_asked = False  # it ends where another one begins
        self.is_one_table = False  # it has no end
        self._noted = Position()  # before it, all lines were looked at
        self._decision = decision
        self._is_field = is_field
        self._sheet = sheet
        self._borders: TableBorders | None = None  # once the header is known
        # Lines inside of cells, which a sheet does not count: above the header, and with its own.
        self._lines_above = decision.lines_in_cells_above if sheet else 0
        self._lines_until_rows = self._lines_above
        self._on_position = on_position
        self._window_bytes = window_bytes
        self._evidence = EncodingEvidence() if decision.is_encoding_open else None
        self._parser = Parser(decision.rules)
        self._counter: RecordCounter | None = None  # once the header is known
        self._header: tuple[str, ...] | None = None  # trimmed, without empty ones at the end
        self._findings = RowFindings(decision)
        self._guesses = GuessCheck(decision.guesses)
        self._twice = TwiceEncoded()
        self._first = self._end = Position()
        self._refusal: UnreadableSource | None = None  # unless it is read otherwise
        self._unreadable_count = 0
        self._unreadable_first: Unreadable | None = None

    @property
    def refuted(self) -> frozenset[Guess]:
        """The guesses of the decision with which the source does not agree."""
        return self._decision.guesses if self._refusal is not None else self._guesses.refuted

    @property
    def is_broken(self) -> bool:
        """Whether the source is not consistent with the decision."""
        detected = self._decision.rules.escape and self._parser.grammar.contradicts_itself
        return bool(self._refusal or self._unreadable_count or detected)

    def encoding(self) -> FoundEncoding:
        """The encoding that the bytes show; raises UnreadableSource where none fits."""
        assert self._evidence is not None
        return self._evidence.decide()

    def survey(self, notices: tuple[Notice, ...]) -> Survey:
        """What was found; raises UnreadableSource."""
        if self._refusal is not None:
            raise self._refusal
        assert self._header is not None
        borders = self._borders
        assert borders is not None
        if borders.below is not None and not self.is_table_asked:
            raise self._several_tables(borders.below)
        if self._end.row == 1:
            self._refuse_no_text()
            raise EmptySource(
                "the source has a header but no rows", line=self._end.line, header=self._header
            )
        rules = self._decision.rules
        below = borders.below or borders.notes()
        end = None if below is None else below.start
        if below is not None:
            self._findings.leave_out_doubtful()
        return Survey(
            layout=Layout(
                format=Format.CSV,
                encoding=rules.encoding,
                delimiter=rules.delimiter,
                quote=rules.quote,
                escape=rules.escape,
                columns=self._header,
                header=self._header,
                header_line=self._decision.header_line - self._lines_above,
                header_rows=self._decision.header_rows,
                first=replace(self._first, line=self._first.line - self._lines_until_rows),
                sheet=self._sheet,
                end_offset=None if end is None else end.offset,
            ),
            rows_count=(end or self._end).row - 1,
            bytes_count=self._end.offset,
            notices=(
                *notices,
                *self._findings.notices(),
                *(() if below is None else (_told_of_below(below),)),
                *self._twice.notices(),
            ),
            reasons=self._decision.reasons,
        )

    def _refuse_no_text(self) -> None:
        """Raise UnreadableSource where a header without rows is a line of bytes that are no text;
        with rows below it, the names of its columns show that."""
        found = _NO_TEXT.search("".join(self._header or ()))
        if found is not None:
            raise UnreadableSource(
                f"this is not text: it holds the control character U+{ord(found[0]):04X}",
                line=self._decision.header_line - self._lines_above,
                hint="save it as CSV, JSON or NDJSON",
            )

    def _several_tables(self, below: TableBelow) -> UnreadableSource:
        first = self._decision.header_line - self._lines_above
        header = shown_names(self._header or ())
        return UnreadableSource(
            f"another table begins below the first one: the header of the first is on line {first} "
            f"({header}), and on line {below.header_line} stands another header ({below.shown})",
            line=below.header_line,
            hint=f"--header-row {first} reads the first one, --header-row {below.header_line} the "
            "other; delete the blank lines above rows of the same table",
        )

    def run(self, blocks: Iterable[bytes]) -> None:
        """Read the source; raises UnreadableSource for what no other decision could mend."""
        offset = self._decision.mark_bytes
        windows = Windows(skip(blocks, offset), self._window_bytes)
        place = self._skip_above(windows, Position(offset=offset))
        try:
            place = self._read_header(windows, place)
        except UnreadableSource as refusal:
            if self._may_be_mended(refusal):
                self._refusal = refusal
                self._drain(windows, place)
                return
            raise
        self._first = place
        self._on_position(place)
        self._read_rows(windows, place)

    def _skip_above(self, windows: Windows, place: Position) -> Position:
        """The place of the header; what stands above it is taken out of `windows`."""
        left = self._decision.header_offset - place.offset
        line, done = place.line, 0
        while left:
            data, _ended = windows.grow()
            # The line of the header is known by its offset, so any piece will do, but for the
            # evidence, which looks at whole lines.
            size = min(left, whole_lines_size(data, self._decision.rules.encoding))
            body = data[:size]
            self._note(body, Position(line=line, offset=place.offset + done))
            windows.use(size)
            line += count_line_ends(body)
            left -= size
            done += size
            if windows.has_ended:
                break
        return Position(line=self._decision.header_line, offset=self._decision.header_offset)

    def _read_header(self, windows: Windows, place: Position) -> Position:
        """Take the first records out of `windows`; the place after them."""
        header: list[tuple[Cells, int]] = []
        while not windows.has_ended:
            windows.grow()
            self._note(self._whole_lines(windows), place)
            rows = self._parser.parse(windows.data, windows.has_ended, place)
            count = self._decision.header_rows - len(header)
            rows = rows.slice(0, count)
            end = rows.position(len(rows))
            windows.use(end.offset - place.offset)
            header += zip(rows.values, rows.lines, strict=True)
            if len(header) == self._decision.header_rows:
                self._take_header(header)
                return replace(end, row=1)
            place = end
            refuse_endless(windows.data, place.line)
        raise EmptySource("the source is empty: there is neither a header nor a row")

    def _take_header(self, header: Sequence[tuple[Cells, int]]) -> None:
        line = header[-1][1]
        lines: list[list[str]] = []
        for cells, _line in header:
            if isinstance(cells, Unreadable):
                raise _refusal_of(cells, "the header cannot be read: ")
            lines.append(cells)
        names = [trimmed(name) for name in lines[0]]
        if len(lines) == 2:
            names = names_of_two(lines[0], lines[1], self._is_field)
            self._findings.note_two_lines(names, self._decision.header_line - self._lines_above)
        while names and not names[-1]:
            names.pop()
        if any("\0" in name for name in names):
            raise UnreadableSource(
                "the header holds NUL characters, as in UTF-16 without a byte order mark",
                line=line,
                hint="save the file as UTF-8",
            )
        twice = [
            repr(name)
            for name, times in Counter(names).items()
            if times > 1 and name and not self.allows_twins and self._is_field(name)
        ]
        if twice:
            raise UnreadableSource(
                f"the header names a column twice: {', '.join(twice)}",
                line=line,
                hint="rename or delete one of them",
            )
        self._header = tuple(names)
        if self._sheet:
            self._lines_until_rows += sum(map(inner_lines, lines))
        self._borders = TableBorders(
            self._decision.first_rows,
            self._header,
            self._is_field,
            lines_in_cells=self._lines_until_rows if self._sheet else None,
        )
        self._set_rules()

    def _set_rules(self) -> None:
        """Read on by the decision, in an encoding that the bytes seen so far allow."""
        assert self._header is not None
        rules = self._decision.rules
        if self._evidence is not None and not self._evidence.is_utf_8:
            rules = self._decision.structure
        rules = replace(rules, header=self._header)
        grammar = self._parser.grammar
        self._parser = Parser(rules, self._findings.note_header)
        self._parser.grammar.escaped = grammar.escaped
        self._counter = RecordCounter(rules, self._parser)
        self._findings.begin(rules, self._decision.header_line - self._lines_above)
        self._guesses.begin(rules)

    def _read_rows(self, windows: Windows, place: Position) -> None:
        borders = self._borders
        assert borders is not None
        while True:
            body = self._whole_lines(windows)
            self._note(body, place)
            is_suspect = self._may_be_twice_encoded(body)
            is_cut = is_suspect or borders.is_looking
            end = None if is_cut else self._count(windows, body, place)
            if end is None:
                rows = self._parser.parse(windows.data, windows.has_ended, place)
                if is_suspect:
                    self._twice.note(rows)
                end = rows.position(len(rows))
                if not self.is_one_table:
                    borders.note(rows, place)
                if borders.below is not None:
                    rows = rows.slice(0, max(borders.below.start.row - rows.first, 0))
                self._findings.note(
                    rows,
                    has_backslashes=b"\\" in body,
                    doubtful_from=borders.doubtful_from,
                )
                self._guesses.note(rows, windows.data, windows.has_ended, place)
                self._note_unreadable(rows)
            windows.use(end.offset - place.offset)
            place = self._end = end
            refuse_endless(windows.data, place.line)
            has_ended = borders.below is not None
            if self._refusal is not None or self._guesses.refuted or has_ended:
                self._drain(windows, place)
                return
            if windows.has_ended:
                return
            self._on_position(place)
            windows.grow()

    def _count(self, windows: Windows, body: bytes, place: Position) -> Position | None:
        """The place after whole lines of which nothing but their number is to be known; None:
        they are to be cut into cells."""
        if self._counter is None or len(windows.data) > LONG_BYTES:
            return None
        counted = self._counter.count(body, ended=windows.has_ended, line=place.line)
        if counted is None:
            return None
        self._findings.note_widths(counted.widths, place)
        self._guesses.note_widths(counted.widths)
        if self._borders is not None:
            self._borders.pass_over(counted.lines_count - counted.rows_count)
        return Position(
            place.row + counted.rows_count,
            place.line + counted.lines_count,
            place.offset + counted.size,
        )

    def _drain(self, windows: Windows, place: Position) -> None:
        """Look at the rest of the bytes, for a source that may have to be read otherwise."""
        while True:
            body = self._whole_lines(windows)
            self._note(body, place)
            windows.use(len(body))
            place = self._end = self._after(body, place)
            refuse_endless(windows.data, place.line)
            if windows.has_ended:
                return
            self._on_position(place)
            windows.grow()

    def _note(self, body: bytes, place: Position) -> None:
        """Look at whole lines from `place` on; those that were looked at are passed over."""
        body = body[max(self._noted.offset - place.offset, 0) :]
        if not body:
            return
        start = max(self._noted, place, key=lambda each: each.offset)
        line = start.line
        if not self.has_backslashes and self._decision.rules.quote and b"\\" in body:
            pair = (BACKSLASH + self._decision.rules.quote).encode(self._decision.rules.encoding)
            self.has_backslashes = pair in body
        evidence = self._evidence
        if evidence is None:
            self._noted = self._after(body, start)
            self._refuse_undecodable(body, line)
            return
        was_utf_8 = evidence.is_utf_8
        evidence.note(body, line)
        self._noted = Position(start.row, evidence.next_line, start.offset + len(body))
        if was_utf_8 and not evidence.is_utf_8:
            if self._header is None:
                self._parser = Parser(self._decision.structure)
            else:
                self._set_rules()

    def _refuse_undecodable(self, lines: bytes, line: int) -> None:
        encoding = self._decision.rules.encoding
        if is_utf_16(encoding) or lines.isascii():
            return
        try:
            lines.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == UTF_8 and not self.is_encoding_asked:
                raise damaged(BadByte.of(lines, error, line)) from error
            raise undecodable(lines, error.start, encoding, line) from error

    def _may_be_twice_encoded(self, lines: bytes) -> bool:
        """Whether `lines` may hold texts that were encoded twice; those are valid UTF-8."""
        if lines.isascii():
            return False
        if self._evidence is None and self._decision.rules.encoding != UTF_8:
            return True
        is_utf_8 = self._evidence is None or self._evidence.is_utf_8
        return is_utf_8 and may_be_twice_encoded(lines)

    def _note_unreadable(self, rows: Rows) -> None:
        for cells in rows.values:
            if not isinstance(cells, Unreadable):
                continue
            self._unreadable_count += 1
            self._unreadable_first = self._unreadable_first or cells
            if self._refusal is None and cells.lines_count > UNREADABLE_LINES_MAX:
                self._refusal = _refusal_of(
                    cells, "", f"; that is more than {UNREADABLE_LINES_MAX} lines in one row"
                )
            elif self._refusal is None and self._unreadable_count > UNREADABLE_ROWS_MAX:
                self._refusal = _refusal_of(
                    self._unreadable_first,
                    "",
                    f"; this is the first of more than {UNREADABLE_ROWS_MAX:,} such rows",
                )

    def _may_be_mended(self, refusal: UnreadableSource) -> bool:
        """Whether another decision may be what is wrong with the header."""
        return not isinstance(refusal, EmptySource) and (
            self._evidence is not None
            or not self._decision.rules.escape
            or bool(self._decision.guesses)
        )

    def _after(self, lines: bytes, start: Position) -> Position:
        """The place after whole lines, which start at `start`."""
        encoding = self._decision.rules.encoding
        if is_utf_16(encoding):
            text = lines.decode(encoding, "replace")
            count = lines_in(text, 0, len(text))
        else:
            count = count_lines(lines)
        return Position(start.row, start.line + count, start.offset + len(lines))

    def _whole_lines(self, windows: Windows) -> bytes:
        if windows.has_ended:
            return windows.data
        return windows.data[: whole_lines_size(windows.data, self._decision.rules.encoding)]


def _refusal_of(broken: Unreadable, before: str, after: str = "") -> UnreadableSource:
    return UnreadableSource(
        f"{before}{broken.message}{after}",
        line=broken.line,
        column=broken.column,
        hint="mend it, or name the characters with --quote and --escape",
    )


def _told_of_below(below: TableBelow | NotesBelow) -> Notice:
    if isinstance(below, TableBelow):
        return Notice(
            code=NoticeCode.TABLE_BELOW,
            message=f"the table ends where another one begins, whose header is on line "
            f"{below.header_line} ({below.shown}); nothing from there on was read",
            hint=f"--header-row {below.header_line} reads it; delete the blank lines above rows of "
            "the same table",
        )
    lines = (
        "a note below the table was"
        if below.count == 1
        else f"{below.count:,} notes below the table were"
    )
    return Notice(
        code=NoticeCode.NOTES_BELOW,
        message=f"{lines} left out: after a blank line, lines with one cell and no more",
        hint="delete the blank lines above it if it is a row",
        count=below.count,
        first=tuple({"line": line, "text": text[:200]} for line, text in below.lines),
    )
