"""How programs write a table as CSV, and which tables each could have meant by some bytes."""

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Table = tuple[tuple[str, ...], ...]

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """The rules of one program."""

    name: str
    delimiter: str = ","
    line_end: str = "\n"
    quotes: Callable[[str, "Writer"], bool] = lambda cell, writer: writer.needs_quotes(cell)
    doubled: bool = True  # a quote inside of quotes; else it is written behind a backslash
    escapes_itself: bool = True  # the backslash, where it is an escape character
    escapes_outside: bool = False  # quotes and backslashes in cells without quotes, too
    has_quotes: bool = True  # quotes mean anything at all
    blank: str = ""  # behind each delimiter
    encoding: str = "utf-8"
    has_mark: bool = False

    def needs_quotes(self, cell: str) -> bool:
        """Whether a cell has to be quoted, if anything is."""
        return any(each in cell for each in (*self.delimiter, "\n", "\r")) or (
            '"' in cell and not self.escapes_outside
        )

    def can_write(self, table: Table) -> bool:
        """Whether the program can write the table at all, so that somebody can read it."""
        cells = [cell for row in table for cell in row]
        return self.has_quotes or not any(
            self.needs_lines(cell) or cell.lstrip().startswith('"') for cell in cells
        )

    def needs_lines(self, cell: str) -> bool:
        return any(each in cell for each in (*self.delimiter, "\n", "\r"))

    def write(self, table: Table) -> bytes:
        separator = self.delimiter + self.blank
        lines = [separator.join(map(self._cell, row)) + self.line_end for row in table]
        return ((_MARK if self.has_mark else "") + "".join(lines)).encode(self.encoding)

    def meant(self, data: bytes) -> Table | None:
        """The table that the program has written as these bytes; None: it has not."""
        try:
            text = data.decode(self.encoding)
        except UnicodeDecodeError:
            return None
        table = tuple(self._rows(text.removeprefix(_MARK)))
        return table if self.can_write(table) and self.write(table) == data else None

    def _cell(self, cell: str) -> str:
        if not self.has_quotes:
            return cell
        if self.quotes(cell, self):
            return f'"{self._escaped(cell)}"'
        return self._escaped(cell) if self.escapes_outside else cell

    def _escaped(self, cell: str) -> str:
        if self.doubled:
            return cell.replace('"', '""')
        if self.escapes_itself:
            cell = cell.replace("\\", "\\\\")
        return cell.replace('"', '\\"')

    def _rows(self, text: str) -> Iterator[tuple[str, ...]]:
        """Read by the rules of the program; whether it wrote so, writing shows."""
        index = 0
        while index < len(text):
            cells: list[str] = []
            ended = False
            while not ended:
                if cells and text.startswith(self.blank, index):
                    index += len(self.blank)
                cell, index = self._read(text, index)
                cells.append(cell)
                ended = not text.startswith(self.delimiter, index)
                index += len(self.line_end if ended else self.delimiter)
            yield tuple(cells)

    def _read(self, text: str, index: int) -> tuple[str, int]:
        is_quoted = self.has_quotes and text.startswith('"', index)
        index += is_quoted
        cell = ""
        while index < len(text):
            pair = text[index : index + 2]
            if not is_quoted and text.startswith((self.delimiter, self.line_end), index):
                return cell, index
            if is_quoted and self.doubled and pair == '""':
                cell, index = cell + '"', index + 2
            elif (
                not self.doubled
                and (is_quoted or self.escapes_outside)
                and (pair == '\\"' or (pair == "\\\\" and self.escapes_itself))
            ):
                cell, index = cell + pair[1], index + 2
            elif is_quoted and pair[0] == '"':
                return cell, index + 1
            else:
                cell, index = cell + pair[0], index + 1
        return cell, index


def _all(_cell: str, _writer: Writer) -> bool:
    return True


WRITERS: Sequence[Writer] = (
    Writer(name="RFC 4180, with the line ends of Unix"),
    Writer(name="Excel in Germany", delimiter=";", line_end="\r\n", has_mark=True),
    Writer(name="a database, all quoted", quotes=_all),
    Writer(name="Python with an escape character", doubled=False, escapes_outside=True),
    Writer(name="R, write.table", quotes=_all, doubled=False, escapes_itself=False),
    Writer(name="MySQL", quotes=_all, doubled=False, line_end="\r\n"),
    Writer(name="a market place, without quotes", delimiter="\t", has_quotes=False),
    Writer(name="a warehouse, by pipes", delimiter="|", quotes=_all),
    Writer(name="somebody by hand", quotes=_all, blank=" "),
    Writer(name="somebody by hand, who saves quotes", blank=" "),
    Writer(name="a recommender", delimiter="::"),
    Writer(name="a bank", delimiter="||"),
    Writer(name="its branch", delimiter="|"),
    Writer(name="another market place", delimiter="\t"),
    Writer(
        name="Excel, Unicode text",
        delimiter="\t",
        line_end="\r\n",
        encoding="utf-16-le",
        has_mark=True,
    ),
)


def tables_meant(data: bytes) -> set[Table]:
    """What any of the programs could have meant."""
    return {table for each in WRITERS if (table := each.meant(data)) is not None}


assert codecs.BOM_UTF8.decode() == _MARK
