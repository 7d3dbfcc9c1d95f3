"""What a source is, judged by what was asked, by its name and by its first bytes."""

import codecs
import re

from longshore.readers.elements import advance
from longshore.readers.encodings import byte_order_mark
from longshore.readers.layout import Format
from longshore.readers.unreadable import UnreadableSource

HEAD_BYTES = 1 << 16  # how much of the start is looked at

_EXTENSIONS = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".json": Format.JSON,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
}
_FOREIGN = (
    (b"PK\x03\x04", "a ZIP archive, perhaps an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
)
_STARTS_ARRAY = re.compile(r"\s*\[\s*(?:[\[{\"\d\-tfn\]]|$)")
_STARTS_OBJECT = re.compile(r"\s*\{\s*(?:[\"}]|$)")


def choose_format(head: bytes, *, format: Format | None, name: str | None) -> Format:
    """The format of the source that starts with `head` (`HEAD_BYTES` of it, or all).

    What was asked for wins over the extension of `name`, which wins over the content; whether
    JSON is one array or values one after another shows in its first character; an object may
    also be a document that holds the array. Raises UnreadableSource where the content plainly is
    something else.
    """
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableSource(
                f"this is not text: it looks like {kind}", hint="save it as CSV, JSON or NDJSON"
            )
    content = _format_of_content(head)
    if format is None:
        format = _format_of_name(name)
        if content is not None and format is not Format.CSV:
            return content
        format = format or content or Format.CSV
    if format is Format.JSON and content is Format.NDJSON:
        return content
    if content is not format and (content is not None or format is Format.JSON):
        _refuse_format(head, format, content)
    return format


_KINDS = {
    Format.CSV: "CSV with a header line",
    Format.JSON: "a JSON array",
    Format.NDJSON: "JSON objects",
}


def _refuse_format(head: bytes, wanted: Format, content: Format | None) -> None:
    """Raise UnreadableSource when `head` plainly is not of the format `wanted`."""
    if content is not None:
        hint = f"read it with the format {content.value}"
        raise UnreadableSource(
            f"expected {_KINDS[wanted]}, found {_KINDS[content]}", line=1, column=1, hint=hint
        )
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    first = text.lstrip(" \t\r\n")[:1]
    if first and first not in "[{\ufffd\0":
        line, column = advance(text, text.index(first), 1, 1)
        raise UnreadableSource(
            f"expected {_KINDS[wanted]}, found {first!r}",
            line=line,
            column=column,
            hint="a table with a header line is read with the format csv",
        )


def _format_of_content(head: bytes) -> Format | None:
    """JSON by its first characters, or None: nearly anything can be CSV."""
    mark = byte_order_mark(head)
    encoding, start = mark or ("utf-8", 0)
    text = head[start : start + 256].decode(encoding, "replace")
    if _STARTS_ARRAY.match(text):
        return Format.JSON
    if _STARTS_OBJECT.match(text):
        return Format.NDJSON
    return None


def _format_of_name(name: str | None) -> Format | None:
    stem = (name or "").lower().removesuffix(".gz").removesuffix(".zst")
    for extension, format in _EXTENSIONS.items():
        if stem.endswith(extension):
            return format
    return None
