"""The texts that the cells of a workbook of Office Open XML share (ECMA-376, part 1, 18.4).

As with the rows of a sheet, texts in the plain form that programs write are cut, others are heard.
"""

import re
from collections.abc import Iterator
from itertools import chain

from longshore.workbooks.cell_texts import unescaped
from longshore.workbooks.package import Package, XmlParser
from longshore.workbooks.plain_xml import NotPlain, head_of, is_plain, is_utf_8, without_entities
from longshore.workbooks.shared_strings import SharedStrings
from longshore.workbooks.sheet_rows import CELL_CHARACTERS_MAX, refuse_long_text

_START = b"<si>"
_END = b"</si>"
_OPENINGS = (b"<si><t>", b'<si><t xml:space="preserve">')
_CLOSING = b"</t>"
_EMPTY = b"<si><t></t></si>"
_ALIKE = re.compile(rb"<si><t>([^<&]*)</t></si>")


def read_strings(package: Package, part: str, strings: SharedStrings) -> None:
    """Append the texts of a part, in their order. Raises WorkbookRefused."""
    listener = _StringListener(strings)
    parser = XmlParser(part, start=listener.start, end=listener.end, text=listener.text)
    blocks = package.blocks(part)
    head, opening, rest = head_of(blocks, _START)
    parser.feed(head)
    if opening and is_utf_8(head):
        rest = _cut(chain((opening + rest,), blocks), parser, strings)
        parser.feed(rest)
    else:
        for block in chain((opening + rest,), blocks):
            parser.feed(block)
    parser.close()
    strings.finish()


def _cut(blocks: Iterator[bytes], parser: XmlParser, strings: SharedStrings) -> bytes:
    """Append the plain texts, and have the others heard; what is left behind the last one."""
    rest = b""
    for block in blocks:
        whole, end, rest = (rest + block).rpartition(_END)
        if end:
            _append(whole, parser, strings)
        elif len(rest) > CELL_CHARACTERS_MAX:
            parser.feed(rest)
            rest = b""
    return rest


def _append(whole: bytes, parser: XmlParser, strings: SharedStrings) -> None:
    may_be_plain = is_plain(whole) and _is_valid(whole)
    if may_be_plain and b"_x" not in whole:
        texts = _ALIKE.findall(whole + _END)
        if len(_EMPTY) * len(texts) + sum(map(len, texts)) == len(whole) + len(_END):
            strings.extend(texts)
            return
    for piece in whole.split(_END):
        if may_be_plain:
            for opening in _OPENINGS:
                if piece.startswith(opening) and piece.endswith(_CLOSING):
                    text = piece[len(opening) : -len(_CLOSING)]
                    break
            else:
                text = b"<"
            if b"<" not in text:
                if b"&" not in text and b"_x" not in text:
                    strings.append_bytes(text)
                    continue
                try:
                    strings.append(unescaped(without_entities(text.decode())))
                    continue
                except NotPlain:
                    pass
        parser.feed(piece + _END)


def _is_valid(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class _StringListener:
    """Hears the texts."""

    def __init__(self, strings: SharedStrings) -> None:
        self._strings = strings
        self._gathered: list[str] = []
        self._is_text = False
        self._is_phonetic = False  # inside of a reading that is told beside a text
        self._room = CELL_CHARACTERS_MAX  # characters that the text may still have

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag == "t":
            self._is_text = True
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "si":
            self._gathered.clear()
            self._room = CELL_CHARACTERS_MAX

    def end(self, tag: str) -> None:
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._is_phonetic = False
        elif tag == "si":
            self._strings.append(unescaped("".join(self._gathered)))

    def text(self, piece: str) -> None:
        if not self._is_text or self._is_phonetic:
            return
        self._gathered.append(piece)
        self._room -= len(piece)
        if self._room < 0:
            raise refuse_long_text("the workbook")
