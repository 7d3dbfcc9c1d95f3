"""How the bytes of a tabular source become characters, line by line.

Lines end with LF, CRLF or CR and nothing else: the other separators of Unicode, at which
`str.splitlines` breaks, are ordinary characters in a cell. An encoding is either UTF-16 or one in
which the bytes of ASCII, alone, are ASCII. In the latter the bytes of newlines and of quotes are
never part of another character, so whole lines are cut before decoding; in UTF-16 only at even
offsets.
"""

import codecs
import io
import re
from contextlib import suppress
from difflib import get_close_matches
from encodings.aliases import aliases

from longshore.errors import RequestRefused

UTF_8 = "utf-8"
UTF_16 = "utf-16"  # of which nobody said which byte comes first
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

_TITLES = {
    UTF_8: "UTF-8",
    UTF_16_LE: "UTF-16",
    UTF_16_BE: "UTF-16, big-endian",
    CP1252: "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "iso8859-15": "ISO 8859-15",
    "mac-roman": "Mac OS Roman",
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "koi8-r": "KOI8-R",
}
# Encodings that switch between sets of characters, and what is an escape rather than an encoding.
_UNSUITED = ("utf-7", "hz", "iso2022", "unicode-escape", "raw-unicode", "idna", "punycode")
_LINE_END = re.compile(rb"[\r\n]")
_LONE_RETURN = re.compile(rb"\r(?!\n)")  # found much faster than pairs are counted


def byte_order_mark(head: bytes) -> tuple[str, int] | None:
    """The encoding that the first bytes announce and the length of the mark, or None."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return None


def title_of(encoding: str) -> str:
    """An encoding as people know it."""
    return _TITLES.get(encoding, encoding.upper())


def text_codec(name: str) -> str:
    """The codec that somebody asks for by `name`. Raises RequestRefused.

    For UTF-16 it is "utf-16": which bytes come first is left to the source.
    """
    codec = _lookup(name)
    if codec in (UTF_8, "utf-8-sig"):
        return UTF_8
    if codec in (UTF_16, *_UTF_16):
        return codec
    if codec.startswith(_UNSUITED) or not _is_ascii_alone(codec):
        raise RequestRefused(
            f"files in the encoding {codec} cannot be read", hint="save the file as UTF-8"
        )
    return codec


def find_utf_16(head: bytes) -> str | None:
    """In which kind of UTF-16 a source seems to be that starts with `head` without a mark.

    The header ends with a line end, whose one byte is NUL; and it hardly has pairs of bytes that
    would be two characters of ASCII.
    """
    newline = _LINE_END.search(head)
    if newline is None:
        return None
    index = newline.start()
    for encoding in (UTF_16_LE, UTF_16_BE):
        start = index - index % 2
        unit = head[start : start + 2]
        if unit not in ("\n".encode(encoding), "\r".encode(encoding)):
            continue
        header = head[: start + 2]
        pairs = zip(header[::2], header[1::2], strict=True)
        ascii_pairs = sum(32 <= first < 127 and 32 <= second < 127 for first, second in pairs)
        if 2 * ascii_pairs < len(header) / 2 and "\0" not in header.decode(encoding, "replace"):
            return encoding
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
    if is_utf_16(encoding):
        return [len(line.encode(encoding)) for line in lines]
    if body.isascii() or encoding in (CP1252, "latin-1"):
        return list(map(len, lines))
    return list(map(len, body.splitlines(keepends=True)))


def count_line_ends(data: bytes) -> int:
    """How many lines end in `data`, which is not UTF-16."""
    ends = data.count(b"\n")
    return ends + len(_LONE_RETURN.findall(data)) if b"\r" in data else ends


def has_lone_return(data: bytes) -> bool:
    """Whether a line of `data`, which is not UTF-16, ends with CR alone."""
    return b"\r" in data and _LONE_RETURN.search(data) is not None


def count_lines(data: bytes) -> int:
    """How many lines `data` is, which is not UTF-16; the last one may lack its end."""
    return count_line_ends(data) + (bool(data) and not data.endswith((b"\n", b"\r")))


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


def _is_ascii_alone(codec: str) -> bool:
    ascii_bytes = bytes(range(128))
    try:
        return ascii_bytes.decode(codec) == ascii_bytes.decode("ascii")
    except (LookupError, UnicodeError):  # LookupError: no encoding of text, such as hex
        return False


def _lookup(name: str) -> str:
    """The codec of a name that Python knows, of a title, or of either without its hyphens."""
    titles = {title.lower(): encoding for encoding, title in _TITLES.items()}
    for each in (name, titles.get(name.lower(), name), name.replace("-", "")):
        with suppress(LookupError, ValueError):  # ValueError: a NUL in the name
            return codecs.lookup(each).name
    known = {*_TITLES, *(alias.replace("_", "-") for alias in aliases)}
    near = get_close_matches(name.lower(), sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else f"such as {', '.join(sorted(_TITLES))}"
    raise RequestRefused(f"there is no encoding of the name {name!r}", hint=hint)
