"""How the bytes of a tabular source become characters, line by line.

Lines end with LF, CRLF or CR and nothing else: the other separators of Unicode, at which
`str.splitlines` breaks, are ordinary characters in a cell. In UTF-8 and in single-byte encodings
the bytes of newlines, quotes and delimiters stand for nothing else, so whole lines are cut before
decoding; in UTF-16 only at even offsets.
"""

import codecs
import io

UTF_8 = "utf-8"
UTF_16_LE = "utf-16-le"
UTF_16_BE = "utf-16-be"
CP1252 = "cp1252"

_UTF_16 = frozenset({UTF_16_LE, UTF_16_BE})
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, UTF_16_LE),
    (codecs.BOM_UTF16_BE, UTF_16_BE),
)
BYTE_ORDER_MARK_BYTES_MAX = 4


def byte_order_mark(head: bytes) -> tuple[str, int] | None:
    """The encoding that the first bytes announce and the length of the mark, or None."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return None


def is_utf_16(encoding: str) -> bool:
    return encoding in _UTF_16


def whole_lines_size(data: bytes, encoding: str) -> int:
    """How many bytes of `data` are whole lines, when more bytes may follow.

    A CR at the very end is not yet a line's end: it may be the first half of a CRLF.
    """
    if is_utf_16(encoding):
        return _whole_utf_16_lines_size(data, encoding)
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, max(len(data) - 1, 0))) + 1


def split_lines(text: str) -> list[str]:
    """The lines of `text`, each with its line end."""
    # A text file with newline="" splits at LF, CRLF and CR and translates nothing.
    return list(io.StringIO(text, newline=""))


def line_sizes(body: bytes, lines: list[str], encoding: str) -> list[int]:
    """The length in bytes of each of `lines`, which are the lines of `body`."""
    if encoding == CP1252 or (encoding == UTF_8 and body.isascii()):
        return list(map(len, lines))
    if encoding == UTF_8:
        return list(map(len, body.splitlines(keepends=True)))
    return [len(line.encode(encoding)) for line in lines]


def _whole_utf_16_lines_size(data: bytes, encoding: str) -> int:
    even = len(data) - len(data) % 2
    newline = _rfind_even(data, "\n".encode(encoding), even)
    carriage_return = _rfind_even(data, "\r".encode(encoding), even - 2)
    return max(newline, carriage_return) + 2 if max(newline, carriage_return) >= 0 else 0


def _rfind_even(data: bytes, sought: bytes, end: int) -> int:
    index = data.rfind(sought, 0, max(end, 0))
    while index > 0 and index % 2:
        index = data.rfind(sought, 0, index + 1)
    return index if index >= 0 and index % 2 == 0 else -1
