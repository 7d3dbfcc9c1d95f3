"""JSON on standard output: exactly one document, in UTF-8 whatever the terminal's encoding."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["write_bytes", "write_document", "write_list"]


def write_document(document: Mapping[str, Any]) -> None:
    """Write one document, indented for people who look at it."""
    write_bytes(_encoded(document, indent=2) + b"\n")


def write_list(elements: Iterable[Mapping[str, Any]]) -> None:
    """Write `{"data": [...]}` with one element per line, as they come; memory stays bounded."""
    write_bytes(b'{"data": [')
    separator = b"\n"
    for element in elements:
        write_bytes(separator + _encoded_fast(element))
        separator = b",\n"
    write_bytes(b"\n]}\n" if separator == b",\n" else b"]}\n")
    sys.stdout.flush()


def write_bytes(data: bytes) -> None:
    """Write to standard output as it is."""
    sys.stdout.buffer.write(data)


def _encoded_fast(value: object) -> bytes:
    import msgspec

    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, OverflowError):  # a lone surrogate, an integer beyond 64 bits
        return _encoded(value)


def _encoded(value: object, *, indent: int | None = None) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # A lone surrogate, as only an error's value can hold, becomes the JSON escape that means it.
    return text.encode("utf-8", "backslashreplace")
