"""What is said of a source that cannot be read."""

import re
from collections.abc import Sequence

from longshore.errors import RequestRefused
from longshore.readers.encodings import title_of

_NEWLINE_BYTES = re.compile(rb"\r\n|\r|\n")
_NEWLINES = re.compile(r"\r\n|\r|\n")


class UnreadableSource(RequestRefused):
    """The source is refused whole: nothing of it may be applied.

    `line` and `column` (characters, both from 1) say where, or are None when the finding
    belongs to no place. The message starts with the place when there is one.
    """

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        place = ""
        if line is not None:
            place = f"line {line}: " if column is None else f"line {line}, column {column}: "
        super().__init__(place + message, hint=hint)
        self.line = line
        self.column = column


class EmptySource(UnreadableSource):
    """There are no rows in the source; `header` are the names of its columns, if it has any."""

    def __init__(
        self, message: str, *, line: int | None = None, header: Sequence[str] = ()
    ) -> None:
        super().__init__(message, line=line)
        self.header = tuple(header)


def undecodable(data: bytes, index: int, encoding: str, line: int) -> UnreadableSource:
    """The refusal of the byte `data[index]`, where `data` starts at the start of `line`."""
    line, column = place_in_bytes(data, index, encoding, line)
    return UnreadableSource(
        f"the byte 0x{data[index]:02X} is not valid {title_of(encoding)}",
        line=line,
        column=column,
        hint="save the file as UTF-8, or name its encoding with --encoding",
    )


def place_in_bytes(data: bytes, index: int, encoding: str, line: int) -> tuple[int, int]:
    """Line and column of the byte `data[index]`, where `data` starts at the start of `line`."""
    start = 0
    for newline in _NEWLINE_BYTES.finditer(data, 0, index):
        line += 1
        start = newline.end()
    return line, len(data[start:index].decode(encoding, "replace")) + 1


def place_in_text(text: str, index: int, line: int, column: int) -> tuple[int, int]:
    """Line and column of the character `text[index]`, where `text` starts at `line`, `column`."""
    start = -1
    for newline in _NEWLINES.finditer(text, 0, index):
        line += 1
        start = newline.end()
    return (line, column + index) if start < 0 else (line, index - start + 1)
