"""How the text of a source is written down besides its cells: line ends, and a mark before it."""

from dataclasses import dataclass

from longshore.readers.encodings import byte_order_mark
from longshore.readers.layout import Format, Layout

# Enough for one line end in any encoding, and a character before it.
LINE_END_BYTES_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """What a file that goes with a source shares with it beside its layout."""

    line_end: str = "\n"
    has_mark: bool = False  # whether a byte order mark stands before the text


def text_form(layout: Layout, *, head: bytes, before_rows: bytes) -> TextForm:
    """The form of a source that starts with `head`; `before_rows` are the bytes just before the
    place where its first row is looked for, which end its header."""
    if layout.format is not Format.CSV:
        return TextForm()
    text = before_rows.decode(layout.encoding, "ignore")
    line_end = next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "\n")
    return TextForm(line_end=line_end, has_mark=byte_order_mark(head) is not None)
