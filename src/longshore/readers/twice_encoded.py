"""Texts that were encoded twice: UTF-8 that was read as Windows-1252 and encoded once more.

`Müller` has become `MÃ¼ller` long before the source was written. It is stored as it is, for nobody
can be sure, but told once.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from longshore.notices import Notice, NoticeCode
from longshore.readers.rows import Rows

_FIRST_MAX = 5
_SHOWN_CHARACTERS = 60


def _as_character(byte: int) -> str:
    """What Windows-1252 makes of a byte; where it is undefined, what browsers make of it."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES |= {_as_character(byte): byte for byte in range(0x80, 0x100)}
_NEXT = "[" + re.escape("".join(char for char, byte in _BYTES.items() if byte < 0xC0)) + "]"
# A character of UTF-8, each byte of it as a character: two, three or four of them.
_DOUBLE = re.compile(f"[\\xc2-\\xdf]{_NEXT}|[\\xe0-\\xef]{_NEXT}{{2}}|[\\xf0-\\xf4]{_NEXT}{{3}}")
# The same in UTF-8 or as escapes of JSON, loosely: most sources hold none, and are passed over.
_DOUBLE_BYTES = re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]")
_DOUBLE_ESCAPES = re.compile(
    rb"\\(?:u00[c-fC-F][0-9a-fA-F](?:\\u(?:00[89abAB]|01[5-9]|02[cdCD]|20|21)|[\xc2\xc5\xc6\xcb\xe2]))"
)
_ACROSS_BYTES = 12  # what the end of a block may have of such a pair
# What people write: letters of Europe, punctuation, currencies, East Asia, emoji.
_WRITTEN = re.compile(
    "[\xa0-\u024f\u0370-\u045f\u2010-\u203a\u20a0-\u20bf\u2100-\u214f\u2190-\u21ff"
    "\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef\U0001f000-\U0001faff]"
)
_PUNCTUATION = frozenset("‘’‚“”„–—…•™†‡")


def meant(text: str) -> str | None:
    """What `text` probably was before it was encoded twice; None: it was not."""
    if text.isascii():
        return None
    mended = _DOUBLE.sub(_mended, text)
    return mended if mended != text else None


def may_be_twice_encoded(data: bytes) -> bool:
    """Whether UTF-8 or JSON may hold such a text; seldom true of others."""
    # A byte alone is found many times as fast as a pattern.
    return (b"\xc3" in data and _DOUBLE_BYTES.search(data) is not None) or (
        b"\\" in data and _DOUBLE_ESCAPES.search(data) is not None
    )


class TwiceEncoded:
    """The rows of a source that hold texts that were encoded twice: how many, and the first."""

    def __init__(self) -> None:
        self._count = 0
        self._first: list[dict[str, object]] = []

    def note(self, rows: Rows) -> None:
        """Look at rows, of CSV or of JSON."""
        for index, values in enumerate(rows.values):
            for text in _texts(values):
                was = meant(text)
                if was is None:
                    continue
                self._count += 1
                if len(self._first) < _FIRST_MAX:
                    position = rows.position(index)
                    start = _start_of_piece(text)
                    self._first.append(
                        {
                            "row": position.row,
                            "line": position.line,
                            "text": _piece(text, start),
                            "meant": _piece(was, start),
                        }
                    )
                break

    def notices(self) -> tuple[Notice, ...]:
        """What is to be told, if anything."""
        if not self._count:
            return ()
        rows = "1 row holds" if self._count == 1 else f"{self._count:,} rows hold"
        first = self._first[0]
        return (
            Notice(
                code=NoticeCode.TWICE_ENCODED,
                message=f"{rows} text that seems to be encoded twice, first on line "
                f"{first['line']}: {first['text']}, which probably was {first['meant']}",
                hint="it is read as it is; export the source again, as UTF-8, and import that",
                count=self._count,
                first=tuple(self._first),
            ),
        )


class Watch:
    """Blocks of UTF-8 as they pass, and which rows of them are worth a look."""

    def __init__(self) -> None:
        self._size = 0
        self._tail = b""
        self._suspects: list[tuple[int, int]] = []  # bytes from, and up to

    def watching(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            seam = self._tail + block[:_ACROSS_BYTES]
            if may_be_twice_encoded(block) or may_be_twice_encoded(seam):
                self._suspects.append((self._size - len(self._tail), self._size + len(block)))
            self._tail = (self._tail + block[-_ACROSS_BYTES:])[-_ACROSS_BYTES:]
            self._size += len(block)
            yield block

    def is_suspect(self, start: int, end: int) -> bool:
        """Whether these bytes may hold such a text; asked for bytes that go forward."""
        self._suspects = [each for each in self._suspects if each[1] > start]
        return any(each[0] < end for each in self._suspects)


def _texts(value: Any) -> Iterator[str]:
    """All texts of a row, its keys left out."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend(reversed(each.values()))
        elif isinstance(each, list):
            waiting.extend(reversed(each))


def _mended(found: "re.Match[str]") -> str:
    pair = found[0]
    try:
        character = bytes(_BYTES[each] for each in pair).decode()
    except UnicodeDecodeError:
        return pair
    if not _WRITTEN.match(character):
        return pair
    after = found.string[found.end() : found.end() + 1]
    if character.isalpha() and pair[-1] in _PUNCTUATION and len(pair) == 2 and not after.isalpha():
        return pair  # a capital at the end of a quotation, or before a dash
    return character


def _start_of_piece(text: str) -> int:
    """Where to begin, so that the first pair is shown; nothing before it is mended."""
    found = _DOUBLE.search(text)
    return max(0, found.start() - _SHOWN_CHARACTERS // 2) if found is not None else 0


def _piece(text: str, start: int) -> str:
    end = start + _SHOWN_CHARACTERS
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
