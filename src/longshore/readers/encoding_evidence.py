"""What the bytes of a source say about its encoding, gathered while it is surveyed.

This is for sources whose encoding nobody named and no byte order mark announces. They are UTF-8 as
long as no byte says otherwise. From the first byte that does, three things are remembered, each in
bounded memory: how much of the source is valid UTF-8 beyond ASCII and how much is not, a sample of
the lines that are not, taken from the whole source, and which charsets leave a byte undefined. The
end of the survey decides:

- With a NUL in every other byte of its header the source is UTF-16.
- With a single character of valid UTF-8 beyond ASCII the source is UTF-8, and damaged: refused.
  The exception are encodings of East Asia and of Cyrillic, in which nearly every byte is beyond
  ASCII, and neighbours often are a character of UTF-8 by chance: where the bytes that speak against
  UTF-8 outnumber the others by far, and such an encoding is the likeliest one, and can read the
  whole source, then it is that one.
- Without any, it is the likeliest charset (`charsets`). A source that looks like text in none of
  them is refused, unless Windows-1252 defines all of its bytes.

Nothing here depends on where windows end, so everything is counted by lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress, islice

from longshore.notices import Notice, NoticeCode
from longshore.readers.charsets import CHARSETS, CONFIDENCE_MAX, MULTIBYTE, Verdict, find_charset
from longshore.readers.encodings import (
    CP1252,
    UTF_8,
    count_lines,
    find_utf_16,
    split_lines,
    title_of,
    whole_lines_size,
)
from longshore.readers.unreadable import UnreadableSource, place_in_bytes

_ASCII = bytes(range(128))
_SINGLE_BYTE = tuple(charset.codec for charset in CHARSETS if charset.codec not in MULTIBYTE)
# How many bytes that are not UTF-8 outnumber one that is, by the codec that explains them all.
_BAD_PER_VALID = {**dict.fromkeys(MULTIBYTE, 2), "cp1251": 8, "koi8-r": 8}
_CONFIDENCE_MIN = 0.3  # what is less likely is no answer
_SAMPLE_LINES = 400
_HEAD_BYTES = 4096  # in which UTF-16 shows
_LINE_BYTES_MAX = 1000  # of a line in the sample
_VALID_BYTES_MAX = 1 << 16  # so much valid UTF-8 before the first bad byte leaves no doubt
_TEXT_CHARACTERS_MAX = 60  # of a line that is shown
_LINE_END = re.compile(rb"\r\n|\r|\n")
_CUT = re.compile(rb"[\x00-\x2f][^\x00-\x2f]*\Z")  # these bytes are parts of no longer character


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEncoding:
    """The encoding of a source, and what is to be told about it."""

    name: str
    notices: tuple[Notice, ...] = ()


class EncodingEvidence:
    """Gathers what is to be known, in bounded memory."""

    def __init__(self) -> None:
        self._counts = _Counts()
        self._sample = _Sample()
        self._valid: list[bytes] | None = []  # lines of valid UTF-8 before the first bad byte
        self._valid_bytes = 0
        self._impossible: set[str] = set()  # codecs of several bytes
        self._seen: set[int] = set()
        self._head = b""
        self.next_line = 1  # after those that were noted
        self._bad: BadByte | None = None  # the first byte that is not UTF-8

    @property
    def is_utf_8(self) -> bool:
        """Whether every byte that was noted is UTF-8."""
        return self._bad is None

    def note(self, lines: bytes, line: int) -> None:
        """Look at whole lines, which start at `line`.

        Lines that were noted before, because a record goes on after them, are passed over.
        """
        if line < self.next_line:
            lines = _without_lines(lines, self.next_line - line)
            line = self.next_line
        if not lines:
            return
        self.next_line = line + count_lines(lines)
        if len(self._head) < _HEAD_BYTES:
            self._head += lines[: _HEAD_BYTES - len(self._head)]
        if lines.isascii():
            return
        if self._bad is None and (text := _decoded(lines)) is not None:
            self._counts.valid += len(lines) - len(text)
            self._keep_valid(lines)
        else:
            self._judge(lines, line)

    def decide(self) -> FoundEncoding:
        """The encoding, once all lines were noted; raises UnreadableSource where none fits."""
        utf_16 = find_utf_16(self._head)
        if utf_16 is not None:
            verdict = Verdict(codec=utf_16, confidence=CONFIDENCE_MAX)
            reason = "the source is not UTF-8 (NUL in every other byte)"
            sample = _sample_of_utf_16(self._head, utf_16)
            return FoundEncoding(name=utf_16, notices=(_notice(reason, verdict, sample),))
        bad = self._bad
        if bad is None:
            return FoundEncoding(name=UTF_8)
        verdict = self._verdict(bad)
        place = f"line {bad.line}, column {bad.column}: byte 0x{bad.byte:02X}"
        notice = _notice(f"the source is not UTF-8 ({place})", verdict, self._sample)
        return FoundEncoding(name=verdict.codec, notices=(notice,))

    def _judge(self, lines: bytes, line: int) -> None:
        if self._bad is None:
            start, line = self._find_bad(lines, line)
            before, lines = lines[:start], lines[start:]
            self._counts.note(before)
            self._keep_valid(before)
            self._note_codecs(b"".join(self._valid or ()))
        self._counts.note(lines)
        self._note_codecs(lines)
        numbered = enumerate(lines.splitlines(), line)
        self._sample.note([each for each in numbered if not each[1].isascii()])

    def _find_bad(self, lines: bytes, line: int) -> tuple[int, int]:
        """Where the first line starts that is not UTF-8, and its number."""
        try:
            lines.decode()
        except UnicodeDecodeError as error:
            self._bad = BadByte.of(lines, error, line)
            start = max(lines.rfind(b"\n", 0, error.start), lines.rfind(b"\r", 0, error.start)) + 1
            return start, self._bad.line
        raise AssertionError("these lines are UTF-8")

    def _keep_valid(self, lines: bytes) -> None:
        """Remember lines in which an encoding of East Asia may look like UTF-8."""
        if self._valid is None:
            return
        for each in lines.splitlines(keepends=True):
            if not each.isascii():
                self._valid.append(each)
                self._valid_bytes += len(each)
        if self._valid_bytes > _VALID_BYTES_MAX:
            self._valid = None

    def _note_codecs(self, lines: bytes) -> None:
        """Remember which codecs cannot read `lines`."""
        self._seen.update(lines.translate(None, delete=_ASCII))
        for codec in MULTIBYTE - self._impossible:
            try:
                lines.decode(codec)
            except UnicodeDecodeError:
                self._impossible.add(codec)

    def _verdict(self, bad: "BadByte") -> Verdict:
        without = self._impossible | {codec for codec in _SINGLE_BYTE if not self._has_all(codec)}
        lines = [line for _, line in self._sample.lines if line]
        verdict = find_charset(lines, without=without)
        assert verdict is not None, "Mac OS Roman reads every byte"
        is_unlikely = verdict.confidence < _CONFIDENCE_MIN
        if self._counts.valid:
            share = _BAD_PER_VALID.get(verdict.codec)
            outnumbered = share is not None and self._counts.bad > share * self._counts.valid
            if self._valid is None or is_unlikely or not outnumbered:
                raise damaged(bad)
        elif is_unlikely and CP1252 not in without:
            # Nothing says much, and most files that say nothing are in it.
            others = {charset.codec for charset in CHARSETS} - {CP1252}
            usual = find_charset(lines, without=others)
            assert usual is not None, "all its bytes are defined"
            rival = verdict.rival if verdict.codec == CP1252 else verdict.codec
            # It is no likelier than the likeliest.
            confidence = min(usual.confidence, verdict.confidence)
            return replace(usual, confidence=confidence, rival=rival)
        elif is_unlikely:
            raise UnreadableSource(
                f"the byte 0x{bad.byte:02X} is not UTF-8, and in no other known encoding does the "
                "source look like text",
                line=bad.line,
                column=bad.column,
                hint="save the file as UTF-8, or say what it is with --encoding",
            )
        return verdict

    def _has_all(self, codec: str) -> bool:
        """Whether a codec of single bytes defines all those that were seen."""
        try:
            bytes(self._seen).decode(codec)
        except UnicodeDecodeError:
            return False
        return True


class _Counts:
    """How many bytes beyond ASCII speak for UTF-8, and how many against it."""

    def __init__(self) -> None:
        self.valid = 0  # of those that continue a character
        self.bad = 0

    def note(self, lines: bytes) -> None:
        text = lines.decode(errors="ignore")
        size = len(lines) if text.isascii() and lines.isascii() else len(text.encode())
        self.valid += size - len(text)
        self.bad += len(lines) - size


class BadByte:
    """Where the first byte stands that is not UTF-8."""

    def __init__(self, byte: int, line: int, column: int, *, is_cut: bool) -> None:
        self.byte = byte
        self.line = line
        self.column = column
        self.is_cut = is_cut  # the bytes before the end of the source start a character

    @classmethod
    def of(cls, lines: bytes, error: UnicodeDecodeError, line: int) -> "BadByte":
        """The place of `error` in `lines`, which start at `line`."""
        line, column = place_in_bytes(lines, error.start, UTF_8, line)
        is_cut = error.reason == "unexpected end of data"
        return cls(lines[error.start], line, column, is_cut=is_cut)


class _Sample:
    """Lines of the whole source, evenly: each, then every second one, every fourth, and so on."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, bytes]] = []  # with their numbers
        self._indexes: list[int] = []  # of `lines` among all that were noted
        self._noted = 0
        self._step = 1

    def note(self, numbered: Sequence[tuple[int, bytes]]) -> None:
        """The next lines beyond ASCII, with their numbers."""
        index = -self._noted % self._step
        while index < len(numbered):
            number, line = numbered[index]
            self._indexes.append(self._noted + index)
            self.lines.append((number, _shortened(line)))
            if len(self.lines) > _SAMPLE_LINES:
                self._step *= 2
                kept = [each % self._step == 0 for each in self._indexes]
                self.lines = list(compress(self.lines, kept))
                self._indexes = list(compress(self._indexes, kept))
            index += 1
            index += -(self._noted + index) % self._step
        self._noted += len(numbered)


def _shortened(line: bytes) -> bytes:
    """A line that is not too long; no character is cut in two."""
    if len(line) <= _LINE_BYTES_MAX:
        return line
    first = next(index for index, byte in enumerate(line) if byte > 127)
    start = max(0, first - _LINE_BYTES_MAX // 10)  # the bytes before the first are ASCII
    piece = line[start : start + _LINE_BYTES_MAX]
    cut = _CUT.search(piece)
    return piece[: cut.start()] if cut is not None else b""


def _sample_of_utf_16(head: bytes, codec: str) -> _Sample:
    """The first line that says most: one beyond ASCII after the header, else the one after it."""
    size = len(head) if len(head) < _HEAD_BYTES else whole_lines_size(head, codec)
    lines = split_lines(head[: size - size % 2].decode(codec, "replace"))
    numbered = list(enumerate(lines, 1))
    beyond = [each for each in numbered if not each[1].isascii()]
    sample = _Sample()
    for number, line in [*beyond, *numbered[1:], *numbered][:1]:
        sample.lines.append((number, line.rstrip("\r\n").encode(codec, "surrogatepass")))
    return sample


def _without_lines(lines: bytes, count: int) -> bytes:
    """`lines` without the first `count` ones."""
    ends = _LINE_END.finditer(lines)
    last = next(islice(ends, count - 1, None), None)
    return lines[last.end() :] if last is not None else b""


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def damaged(bad: BadByte) -> UnreadableSource:
    """The refusal of a source of UTF-8 that holds another byte."""
    if bad.is_cut:
        return UnreadableSource(
            "the source ends inside a character of UTF-8",
            line=bad.line,
            column=bad.column,
            hint="copy the file again; if it is in another encoding, name it with --encoding",
        )
    return UnreadableSource(
        f"the byte 0x{bad.byte:02X} is not UTF-8, which the source is elsewhere",
        line=bad.line,
        column=bad.column,
        hint="mend the file; if it is in another encoding, name it with --encoding",
    )


def _notice(reason: str, verdict: Verdict, sample: _Sample) -> Notice:
    """The warning that names the encoding, how sure that is, and a line as it was read."""
    codec, rival = verdict.codec, verdict.rival
    percent = round(100 * verdict.confidence)
    message = f"{reason}; it was read as {title_of(codec)}, with a confidence of {percent} %"
    hint = "if the text is wrong, name the encoding with --encoding"
    first: list[dict[str, object]] = []
    shown = _shown(sample, codec, rival)
    if shown is not None:
        number, text, other = shown
        message += f"; line {number} reads: {text}"
        first.append({"line": number, "encoding": codec, "text": text})
        if rival is not None:
            message += f"; as {title_of(rival)} it would read: {other}"
            hint = f"if that is the right text, import the file with --encoding {rival}"
            first.append({"line": number, "encoding": rival, "text": other})
    return Notice(code=NoticeCode.ENCODING_GUESSED, message=message, hint=hint, first=tuple(first))


def _shown(sample: _Sample, codec: str, rival: str | None) -> tuple[int, str, str] | None:
    """A line that both codecs read differently: its number, and what each makes of it.

    Without a rival it is any line. None: there is no such line in the sample.
    """
    for number, line in sample.lines:
        text, other = line.decode(codec, "replace"), line.decode(rival or codec, "replace")
        if line and (rival is None or text != other):
            start = _start_of_excerpt(text, other)
            return number, _excerpt(text, start), _excerpt(other, start)
    return None


def _start_of_excerpt(text: str, other: str) -> int:
    """Where to begin, so that the first character that matters is shown."""
    for index, character in enumerate(text):
        if not character.isascii() and (text == other or not other.startswith(text[: index + 1])):
            return max(0, index - _TEXT_CHARACTERS_MAX // 2)
    return 0


def _excerpt(text: str, start: int) -> str:
    end = start + _TEXT_CHARACTERS_MAX
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
