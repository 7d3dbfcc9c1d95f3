"""XML in the plain form that programs write, which is cut by its tags and not heard."""

import re
from collections.abc import Iterator

_HEAD_BYTES_MAX = 8 << 20
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)

_ENTITY = re.compile("&(?:#(\\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# What a parser of XML changes or refuses.
_NOT_PLAIN = bytes((*range(9), *range(11, 32), 127))
_NOT_PLAIN_PAIRS = {
    b"!": (b"<!",),
    b"?": (b"<?",),
    b"\xef": (b"\xef\xbf\xbe", b"\xef\xbf\xbf"),
}


class NotPlain(Exception):
    """What stands there is to be heard."""


def is_plain(data: bytes) -> bool:
    """Whether nothing stands in some bytes that a parser of XML changes or refuses."""
    if len(data.translate(None, _NOT_PLAIN)) != len(data):
        return False
    # A single byte is looked for much faster than two.
    return not any(
        sign in data and any(pair in data for pair in pairs)
        for sign, pairs in _NOT_PLAIN_PAIRS.items()
    )


def head_of(blocks: Iterator[bytes], tag: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before a tag, the tag, what was read behind it."""
    read = bytearray()
    for block in blocks:
        read += block
        if tag in read or len(read) > _HEAD_BYTES_MAX:
            break
    return bytes(read).partition(tag)


def is_utf_8(head: bytes) -> bool:
    """Whether the bytes of a part say nothing else; UTF-16 does not hold the tag of the rows."""
    return _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf")) is None


def without_entities(text: str) -> str:
    """The text with its entities replaced; raises NotPlain where there is another one."""
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        raise NotPlain
    return _ENTITY.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if (number < 32 and number not in (9, 10, 13)) or 0xD800 <= number < 0xE000:
        raise NotPlain  # XML has no such character
    if number in (0xFFFE, 0xFFFF):
        raise NotPlain
    return chr(number)
