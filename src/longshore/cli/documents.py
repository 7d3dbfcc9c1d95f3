"""JSON on standard output: exactly one document, in UTF-8 whatever the terminal's encoding."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["write_bytes", "write_document", "write_list"]


def write_document(document: Mapping[str, Any]) -> None:
    """Write one document, indented for people who look at it."""
    from longshore.json_text import encode_json

    write_bytes(encode_json(document, indent=2) + b"\n")


def write_document_and_many(
    document: Mapping[str, Any], name: str, elements: Iterable[Mapping[str, Any]]
) -> None:
    """Write a document whose last member has one element after another, as they come; memory
    stays bounded."""
    from longshore.json_text import encode_json

    head = encode_json(document, indent=2).removesuffix(b"\n}")
    write_bytes(head + b',\n  "%s": [' % name.encode())
    separator = b"\n    "
    for element in elements:
        indented = encode_json(element, indent=2).replace(b"\n", b"\n    ")
        write_bytes(separator + indented)
        separator = b",\n    "
    write_bytes(b"]\n}\n" if separator == b"\n    " else b"\n  ]\n}\n")


def write_list(elements: Iterable[Mapping[str, Any]]) -> None:
    """Write `{"data": [...]}` with one element per line, as they come; memory stays bounded."""
    from longshore.json_text import encode_json

    write_bytes(b'{"data": [')
    separator = b"\n"
    for element in elements:
        write_bytes(separator + encode_json(element))
        separator = b",\n"
    write_bytes(b"\n]}\n" if separator == b",\n" else b"]}\n")
    sys.stdout.flush()


def write_bytes(data: bytes) -> None:
    """Write to standard output as it is."""
    sys.stdout.buffer.write(data)
