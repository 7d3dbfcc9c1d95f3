"""JSON documents that hold several arrays of rows, each under a name: `{"skus": [...], ...}`.

Such a document is gone through once, in windows: what is kept is where each array stands. Whoever
reads the rows does it as of any array.
"""

import codecs
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from longshore.readers.array import Expected, read_elements
from longshore.readers.blocks import RECORD_BYTES_MAX, WINDOW_BYTES, Windows
from longshore.readers.documents import ROWS_MEMBER
from longshore.readers.elements import advance, decode_element, refusal, refuse, skip_space
from longshore.readers.encodings import BYTE_ORDER_MARK_BYTES_MAX, UTF_8, byte_order_mark
from longshore.readers.rows import Position
from longshore.readers.unreadable import UnreadableSource

_CUT_CHARACTERS_MAX = 16  # a literal or an escape that the window's end cut in two is shorter
_MEMBERS_MAX = 1000  # there are fewer types of rows
_OTHERS_MAX = 1000  # names told of


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsMember:
    """An array of rows in a document."""

    name: str
    start: Position  # of its bracket
    end_offset: int  # behind its closing bracket
    rows_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsDocument:
    """A document as a whole."""

    members: tuple[RowsMember, ...]  # as they stand there; a name may stand twice
    others: tuple[str, ...]  # the names of what is no array of rows


def find_members(
    blocks: Iterable[bytes],
    *,
    is_rows: Callable[[str], bool],
    is_field: Callable[[str], bool],
    is_asked: bool = False,
    window_bytes: int = WINDOW_BYTES,
) -> RowsDocument | None:
    """The arrays of rows in a source that is one JSON object; None where it is none.

    `is_rows` says of a name whether an array under it is rows, `is_field` whether rows have a field
    of this name: an object with such a member is a row itself. Raises UnreadableSource for what
    is broken behind the first array of rows; what is broken up to its end is told by another reader
    of the source, and here as well where such a document was asked for, so there is no other one.
    """
    return _Finder(Windows(blocks, window_bytes), is_rows, is_field, is_asked=is_asked).find()


class _Finder:
    """Goes through one source."""

    def __init__(
        self,
        windows: Windows,
        is_rows: Callable[[str], bool],
        is_field: Callable[[str], bool],
        *,
        is_asked: bool,
    ) -> None:
        self._windows = windows
        self._is_rows = is_rows
        self._is_field = is_field
        self._is_asked = is_asked
        self._place = Position()  # of the window
        self._column = 1
        self._text = ""  # of the window, as far as it can be decoded
        self._index = 0  # up to where that is gone through
        self._undecodable: UnreadableSource | None = None  # what is said of the bytes behind it
        self._members: list[RowsMember] = []
        self._others: list[str] = []
        self._no_array: UnreadableSource | None = None  # the first that should be rows

    def find(self) -> RowsDocument | None:
        try:
            return self._find()
        except UnreadableSource:
            if not self._members and not self._is_asked:
                return None
            raise

    def _find(self) -> RowsDocument | None:
        while len(self._windows.data) < BYTE_ORDER_MARK_BYTES_MAX and not self._windows.has_ended:
            self._windows.grow()
        mark = byte_order_mark(self._windows.data)
        if mark is not None:
            if mark[0] != UTF_8:
                return None
            self._windows.use(mark[1])
            self._place = Position(offset=mark[1])
        self._decode()
        if self._next() != "{":
            return None
        self._take("{")
        if self._next() != "}" and not self._all_members():
            return None
        self._take("}")
        after = self._next()
        if after == "{" or not self._members:
            return None  # a line of JSON, and the next one
        if after:
            raise self._refused(f"expected the end after the document, found {after!r}")
        if self._no_array is not None:
            raise self._no_array
        return RowsDocument(members=tuple(self._members), others=tuple(self._others))

    def _all_members(self) -> bool:
        """Go through the members; False where one shows that the object is a row."""
        while True:
            key = self._key()
            self._take(":")
            if not self._member(key):
                return False
            if self._next() == "}":
                return True
            self._take(",")

    def _member(self, key: str) -> bool:
        """Go through the value of a member; False where it shows that the object is a row."""
        is_list = self._next() == "[" and key != ROWS_MEMBER
        is_rows = is_list and self._is_rows(key)
        if not is_rows and (key == ROWS_MEMBER or self._is_field(key)):
            return False
        if not is_rows:
            if is_list:
                self._array(key)
            else:
                begins = self._next()
                if self._is_rows(key):
                    # Left out like a member of an unknown name, its rows would be lost.
                    self._no_array = self._no_array or self._refused(
                        f"expected an array of rows under {key!r}, found {begins!r}"
                    )
                self._value()
            if len(self._others) < _OTHERS_MAX:
                self._others.append(key)
            return True
        self._members.append(self._array(key))
        if len(self._members) > _MEMBERS_MAX:
            raise self._refused(f"the document has more than {_MEMBERS_MAX} lists of rows")
        return True

    def _array(self, key: str) -> RowsMember:
        self._sync()
        start = self._place
        rows = read_elements(
            self._windows,
            Position(1, start.line, start.offset),
            Expected.ARRAY,
            self._column,
            is_enclosed=True,
        )
        while True:
            try:
                next(rows)
            except StopIteration as ended:
                self._place, self._column = ended.value
                break
        rows_count = self._place.row - 1
        self._decode()
        self._take("]")
        self._sync()
        return RowsMember(
            name=key, start=start, end_offset=self._place.offset, rows_count=rows_count
        )

    def _next(self) -> str:
        """The first character that is no white space, which is left there; "" at the end."""
        while True:
            self._index = skip_space(self._text, self._index)
            if self._index < len(self._text):
                return self._text[self._index]
            if self._undecodable is not None:
                raise self._undecodable
            if self._windows.has_ended:
                return ""
            self._grow()

    def _take(self, character: str) -> None:
        next_ = self._next()
        if next_ != character:
            raise self._refused(f"expected {character!r}, found {_shown(next_)}")
        self._index += 1

    def _key(self) -> str:
        next_ = self._next()
        if next_ != '"':
            raise self._refused(f"expected a name in double quotes, found {_shown(next_)}")
        return str(self._value())

    def _value(self) -> Any:
        """The value that stands next, as a whole."""
        self._next()
        while True:
            text = self._text
            is_all = self._windows.has_ended or self._undecodable is not None
            try:
                value, end = decode_element(text, self._index)
                if end + 1 < len(text) or is_all:
                    self._index = end
                    return value
            except (ValueError, RecursionError) as error:
                if is_all or not _may_be_cut(text, error):
                    raise self._undecodable or refusal(
                        text, self._index, error, line=self._place.line, column=self._column
                    ) from error
            self._sync()
            if len(self._windows.data) > RECORD_BYTES_MAX:
                raise self._refused(
                    f"the value that starts here is larger than {RECORD_BYTES_MAX >> 20} MiB"
                )
            self._grow()

    def _grow(self) -> None:
        self._sync()
        self._windows.grow()
        self._decode()

    def _sync(self) -> None:
        """Have the window begin where it is gone through to."""
        gone = self._text[: self._index]
        size = len(gone.encode())
        self._windows.use(size)
        line, self._column = advance(gone, len(gone), self._place.line, self._column)
        self._place = Position(self._place.row, line, self._place.offset + size)
        self._text = self._text[self._index :]
        self._index = 0

    def _decode(self) -> None:
        """The text of a window, without a character that is cut in two; of bytes that are not
        UTF-8, the text before them."""
        data = self._windows.data
        self._index, self._undecodable = 0, None
        try:
            self._text = codecs.utf_8_decode(data, "strict", self._windows.has_ended)[0]
        except UnicodeDecodeError as error:
            self._text = data[: error.start].decode()
            message = f"the byte 0x{data[error.start]:02X} is not UTF-8, which JSON has to be"
            self._undecodable = refuse(
                self._text, len(self._text), message, self._place.line, self._column
            )

    def _refused(self, message: str) -> UnreadableSource:
        return refuse(self._text, self._index, message, self._place.line, self._column)


def _shown(character: str) -> str:
    return repr(character) if character else "the end"


def _may_be_cut(text: str, error: BaseException) -> bool:
    return isinstance(error, json.JSONDecodeError) and (
        error.msg.startswith("Unterminated string") or error.pos > len(text) - _CUT_CHARACTERS_MAX
    )
