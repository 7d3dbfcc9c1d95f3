"""The body of a request that creates an import, taken apart while it streams in.

The rows of an import may be many megabytes in the middle of a small JSON document, and what is
said about them (format, resource type) may stand before or after them. So the document is cut
where they begin and where they end: their bytes go to a file, everything else is kept, with `null`
in their place. No row becomes a Python object here.

Cutting needs no grammar, only strings, brackets and the keys on the way. Whether the document is
JSON is for those to judge who decode what was kept; whether an array of rows is JSON, for the
reader that goes through it; a string of rows is judged here, because it is unescaped here.
"""

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from typing import BinaryIO

# More than any reference and metadata need; rows do not count.
ENVELOPE_BYTES_MAX = 1 << 20
ENVELOPE_DEPTH_MAX = 64

_STEP_BYTES = 1 << 16  # so much is looked at in one go, whatever arrives together

# Where rows stand. The official SDK sends the second when the first row has `id` and a `type`
# that is a resource type: it takes the array for the linkage of a relationship.
_ATTRIBUTE = ("data", "attributes", "inputs")
_LINKAGE = ("data", "relationships", "inputs", "data")
_PLACES = (_ATTRIBUTE, _LINKAGE)

# Atomic groups, because possessive ones err in the first releases of Python 3.11 (gh-106052).
_TOKEN = re.compile(
    rb'[ \t\r\n]++|[{}\[\]:,]|"(?>(?:[^"\\]++|\\.)*)"|[^ \t\r\n{}\[\]:,"]++', re.DOTALL
)
_STRING = re.compile(rb'"(?>(?:[^"\\]++|\\.)*)"', re.DOTALL)
_STRING_REST = re.compile(rb'(?>(?:[^"\\]++|\\.)*)"', re.DOTALL)
_STRING_OR_BRACKET = re.compile(rb'"(?>(?:[^"\\]++|\\.)*)"|[{}\[\]]', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_DEPTHS: Mapping[int, int] = {0x7B: 1, 0x5B: 1, 0x7D: -1, 0x5D: -1}
_TEXT = re.compile(r'(?>(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*)')
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")
_ESCAPE_CHARACTERS = len(r"\uD800")


class InputsKind(StrEnum):
    """What was given as rows."""

    ARRAY = "array"  # the file holds the array as it was sent
    OBJECT = "object"  # the same of an object, where rows of several types are given
    TEXT = "text"  # the file holds the string's text, in UTF-8


class MalformedBody(Exception):
    """The body is no JSON document, or not one that anybody means."""


class UnwritableText(Exception):
    """The string of rows holds half a character (a lone surrogate), which no file can hold."""


@dataclass(slots=True)
class _Frame:
    """An object or array of the document that is open."""

    is_object: bool
    key: str | None = None  # of the value that comes next or is open; None: a key comes next


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The document without the rows."""

    text: bytes  # of the document, with null where the rows were
    inputs: InputsKind | None  # None: no rows, or neither an array nor a string
    as_linkage: bool  # the rows stood as the linkage of a relationship


@dataclass(slots=True)
class _Array:
    """How far an array of rows, or an object of them, is."""

    depth: int = 0
    in_string: bool = False
    escaped: bool = False  # the next byte follows a backslash


@dataclass(slots=True)
class _Text:
    """How far a string of rows is."""

    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")()
    )
    held: str = ""  # the start of something that the next bytes complete


class SubmissionBody:
    """Takes the bytes of a body as they come, and writes its rows to `file`.

    `feed` and `finish` raise MalformedBody and UnwritableText.
    """

    def __init__(self, file: BinaryIO, *, are_lists: bool = False) -> None:
        """With `are_lists` the rows are an object of lists, which is written as it was sent."""
        self._file = file
        self._starts = b"{" if are_lists else b'["'
        self._envelope = bytearray()
        self._pending = b""  # bytes of the document that are no whole token yet
        self._frames: list[_Frame] = []
        self._inputs: InputsKind | None = None
        self._as_linkage = False
        self._rows: _Array | _Text | None = None  # what is being copied

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for start in range(0, len(data), _STEP_BYTES):
            self._take(data[start : start + _STEP_BYTES])

    def finish(self) -> Envelope:
        """The document, when all bytes were taken."""
        if self._rows is not None:
            raise MalformedBody("it ends before its inputs do")
        self._keep(self._pending)
        return Envelope(
            text=bytes(self._envelope), inputs=self._inputs, as_linkage=self._as_linkage
        )

    def _take(self, data: bytes) -> None:
        while data:
            if self._rows is None:
                data = self._take_document(self._pending + data)
            elif isinstance(self._rows, _Array):
                data = self._take_array(self._rows, data)
            else:
                data = self._take_text(self._rows, data)

    # The document around the rows

    def _take_document(self, data: bytes) -> bytes:
        """Keep tokens up to where rows begin; the bytes from there on."""
        self._pending = b""
        index = 0
        while index < len(data):
            if data[index] in self._starts and self._at_inputs():
                self._keep(data[:index] + b"null")
                return self._begin_rows(data[index:])
            token = _TOKEN.match(data, index)
            # A number or a word that reaches the end may go on in the next bytes.
            if token is None or (token.end() == len(data) and token[0][0] not in b'{}[]:,"'):
                break
            self._note(token[0])
            index = token.end()
        self._keep(data[:index])
        self._pending = data[index:]
        if len(self._pending) > ENVELOPE_BYTES_MAX:
            raise _too_large()
        return b""

    def _note(self, token: bytes) -> None:
        """Follow the keys and brackets of the document."""
        frame = self._frames[-1] if self._frames else None
        match token:
            case b"{" | b"[":
                if len(self._frames) == ENVELOPE_DEPTH_MAX:
                    raise MalformedBody(f"it nests deeper than {ENVELOPE_DEPTH_MAX} levels")
                self._frames.append(_Frame(token == b"{"))
            case b"}" | b"]":
                if self._frames:
                    self._frames.pop()
            case b",":
                if frame is not None:
                    frame.key = None
            case _ if token.startswith(b'"') and frame and frame.is_object and frame.key is None:
                frame.key = _key(token)

    def _at_inputs(self) -> bool:
        """Whether a value that starts here would be rows."""
        frames = self._frames
        return (
            bool(frames)
            and frames[-1].key is not None
            and all(frame.is_object for frame in frames)
            and tuple(frame.key for frame in frames) in _PLACES
        )

    def _keep(self, data: bytes) -> None:
        self._envelope += data
        if len(self._envelope) > ENVELOPE_BYTES_MAX:
            raise _too_large()

    # The rows

    def _begin_rows(self, data: bytes) -> bytes:
        if self._inputs is not None:
            raise MalformedBody("inputs are given twice")
        self._as_linkage = len(self._frames) == len(_LINKAGE)
        if data.startswith((b"[", b"{")):
            is_list = data.startswith(b"[")
            self._inputs = InputsKind.ARRAY if is_list else InputsKind.OBJECT
            self._rows = _Array()
            return data
        self._inputs, self._rows = InputsKind.TEXT, _Text()
        return data[1:]

    def _take_array(self, array: _Array, data: bytes) -> bytes:
        """Copy bytes up to the end of the array; the bytes behind it."""
        end = _end_of_array(array, data)
        if end is None:
            self._file.write(data)
            return b""
        self._file.write(data[:end])
        self._rows = None
        return data[end:]

    def _take_text(self, text: _Text, data: bytes) -> bytes:
        """Copy the text that bytes of a JSON string stand for; the bytes behind its quote."""
        try:
            characters = text.held + text.decoder.decode(data)
        except UnicodeDecodeError as error:
            raise MalformedBody("it is not UTF-8") from error
        whole = _TEXT.match(characters)
        assert whole is not None  # it may be empty
        value = str(json.loads(f'"{whole[0]}"'))
        rest = characters[whole.end() :]
        if rest.startswith('"'):
            self._write(value)
            self._rows = None
            undecoded, _ = text.decoder.getstate()
            return rest[1:].encode() + undecoded
        if rest and _CUT_ESCAPE.fullmatch(rest) is None:
            raise MalformedBody(f"a string of JSON cannot hold {rest[:2]!r}")
        if value and "\ud800" <= value[-1] <= "\udbff":
            # The other half of the character may follow.
            value, rest = value[:-1], whole[0][-_ESCAPE_CHARACTERS:] + rest
        text.held = rest
        self._write(value)
        return b""

    def _write(self, text: str) -> None:
        try:
            self._file.write(text.encode())
        except UnicodeEncodeError as error:
            raise UnwritableText("it holds half a character, a lone surrogate") from error


def _end_of_array(array: _Array, data: bytes) -> int | None:
    """Where the array ends; None when it goes on, and `array` then says how far it is.

    Strings are cut out at once and the brackets that are left are counted, which takes a
    fraction of the time that going from token to token does.
    """
    start = 0
    if array.in_string:
        start = 1 if array.escaped else 0
        rest = _STRING_REST.match(data, start)
        if rest is None:
            array.escaped = _ends_in_escape(data[start:])
            return None
        start = rest.end()
        array.in_string = False
    outside, quote, _ = _STRING.sub(b"", data[start:]).partition(b'"')
    brackets = outside.translate(None, _NO_BRACKETS)
    steps = [_DEPTHS[bracket] for bracket in brackets]
    # The first bracket of all opens the array.
    depths = accumulate(steps, initial=array.depth)
    if array.depth == 0:
        next(depths)
    if 0 in depths:
        return _place_of_end(array.depth, data, start)
    array.depth += sum(steps)
    array.in_string = bool(quote)
    array.escaped = array.in_string and _ends_in_escape(data)
    return None


def _place_of_end(depth: int, data: bytes, start: int) -> int:
    for token in _STRING_OR_BRACKET.finditer(data, start):
        depth += _DEPTHS.get(token[0][0], 0)
        if depth == 0:
            return token.end()
    raise AssertionError("the end of the array was seen, and is not there")


def _ends_in_escape(data: bytes) -> bool:
    return (len(data) - len(data.rstrip(b"\\"))) % 2 == 1


def _key(token: bytes) -> str:
    try:
        return str(json.loads(token.decode()))
    except ValueError as error:  # also bytes that are not UTF-8
        raise MalformedBody("a key is no text") from error


def _too_large() -> MalformedBody:
    return MalformedBody(f"without its inputs it has more than {ENVELOPE_BYTES_MAX >> 20} MiB")
