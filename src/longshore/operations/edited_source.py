"""A stored source with edits, as a source of its own: what no edit names stays byte for byte.

Rows keep their numbers, and their lines as well, so that whatever is told of a row is told by the
file that somebody has before them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeAlias

from longshore.edits import ConversionEdit, ConversionLayer, EditLayer, Edits, field_text
from longshore.errors import RequestRefused
from longshore.operations.retried_rows import as_json, encoding_for
from longshore.readers import CsvOptions, Format, Layout, LineWriter, Unreadable
from longshore.sources import AttachmentStore, Source, StoredAttachment

# What is done to the rows of a source at one time: the next step is made on what it has left.
EditStep: TypeAlias = Edits | ConversionEdit

_MARK = "\ufeff"
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


class EditedSource:
    """The rows of a stored source with edits; it can be read once."""

    def __init__(
        self, attachments: AttachmentStore, stored: StoredAttachment, steps: Sequence[EditStep]
    ) -> None:
        """`steps` name columns as `Layout.keys` does. Raises RequestRefused for others."""
        self._attachments = attachments
        self._stored = stored
        layout = stored.layout
        self._is_tabular = layout.format is Format.CSV
        self._layers = layers_of(layout, steps)
        texts = chain.from_iterable(each.texts() for each in steps)
        self._encoding = encoding_for(layout, texts, is_encodable=True)

    def source(self, like: Source) -> Source:
        """What an attachment is written from; `like` is the source without the edits."""
        layout = self._stored.layout
        format = Format.CSV if self._is_tabular else Format.JSON
        made = replace(like.of_blocks(self._pieces(), format=format), sheet=None)
        if not self._is_tabular:
            return made
        return replace(
            made,
            encoding=self._encoding,
            is_guarded=layout.is_guarded,
            csv=CsvOptions(
                delimiter=layout.delimiter,
                quote=layout.quote,
                escape=layout.escape,
                header_row=layout.header_line,
                header_rows=layout.header_rows,
                is_one_table=True,
            ),
        )

    def stored_as(self, stored: StoredAttachment) -> StoredAttachment:
        """What was stored of it, to be read as the source without the edits is. Raises
        RequestRefused where the edits have made other rows of it."""
        before = self._stored
        if stored.rows_count != before.rows_count:
            raise RequestRefused(
                f"the file has {before.rows_count} rows, and {stored.rows_count} with the changes",
                hint="a change leaves a row without any value, or makes it the same as the header: "
                "take it back",
            )
        layout = before.layout
        if self._is_tabular:
            kept = replace(stored.layout, sheet=layout.sheet, row_groups=layout.row_groups)
        else:
            columns = tuple(dict.fromkeys((*layout.columns, *stored.layout.columns)))
            kept = replace(stored.layout, columns=columns, has_resources=layout.has_resources)
        return replace(
            stored,
            layout=kept,
            notices=before.notices,
            source_format=before.source_format,
            reasons=before.reasons,
            sheets=before.sheets,
            is_document=before.is_document,
        )

    def _pieces(self) -> Iterator[bytes]:
        return self._of_table() if self._is_tabular else self._of_objects()

    def _of_objects(self) -> Iterator[bytes]:
        """An array whose elements begin on the lines on which they stand in the source."""
        yield b"["
        line = 1
        for rows in self._attachments.open(self._stored.name, self._stored.layout):
            for number, begins, values in zip(rows.numbers, rows.lines, rows.values, strict=True):
                separator = b"," if number > 1 else b""
                element = as_json(self._layers.apply(number, values))
                yield separator + b"\n" * (begins - line) + element
                line = begins
        yield b"]\n"

    def _of_table(self) -> Iterator[bytes]:
        stored, layout = self._stored, self._stored.layout
        form = self._attachments.text_form(stored.name, layout)
        writer = LineWriter(layout.rules, form, is_guarded=layout.is_guarded)
        raw = _Bytes(self._attachments.blocks(stored.name))
        head = self._encoded(raw.until(layout.first.offset))
        if self._encoding != layout.encoding:
            head = head.decode(self._encoding).removeprefix(_MARK).encode(self._encoding)
        yield head
        for rows in self._attachments.open(stored.name, layout):
            yield self._encoded(raw.until(rows.position(0).offset))
            for index, values in enumerate(rows.values):
                behind = rows.position(index + 1)
                original = raw.until(behind.offset)
                if isinstance(values, Unreadable):
                    yield self._encoded(original)
                    continue
                edited = self._layers.apply(rows.first + index, values)
                if edited == values:
                    yield self._encoded(original)
                    continue
                line = writer.of(edited)
                # Blank lines behind the row are counted, and stay.
                own_lines = 1 if layout.has_lines_of_rows else len(_LINE_ENDS.findall(line))
                blank = behind.line - rows.lines[index] - own_lines
                yield (line + form.line_end * max(blank, 0)).encode(self._encoding)

    def _encoded(self, raw: bytes) -> bytes:
        """Bytes of the source in the encoding of what is made of it."""
        before = self._stored.layout.encoding
        return raw if before == self._encoding else raw.decode(before).encode(self._encoding)


class EditLayers:
    """Steps laid over the rows of a source, one after another."""

    def __init__(self, layers: Sequence[EditLayer | ConversionLayer]) -> None:
        self._layers = layers

    def apply(self, number: int, row: Any) -> Any:
        """The row of this number as the last step leaves it; the row that was given stays."""
        for layer in self._layers:
            row = layer.apply(number, row)
        return row


def layers_of(layout: Layout, steps: Sequence[EditStep]) -> EditLayers:
    """Steps over the rows of a source. Raises RequestRefused for columns that it does not have."""
    is_tabular = layout.format is Format.CSV
    columns = layout.keys if is_tabular else layout.columns
    layers: list[EditLayer | ConversionLayer] = []
    for step in steps:
        layer: EditLayer | ConversionLayer
        if isinstance(step, ConversionEdit):
            layer = ConversionLayer(step, columns, is_tabular=is_tabular)
        else:
            layer = EditLayer(step, columns, is_tabular=is_tabular)
        if is_tabular and layer.added:
            raise RequestRefused(f"the file has no column {layer.added[0]!r}")
        layers.append(layer)
    return EditLayers(layers)


def row_as_cells(layout: Layout, values: Any) -> dict[str, str]:
    """The cells of a row by column, as texts; of JSON what is no text as JSON, and "" for what is
    not there. A row that has no columns, or could not be cut into cells, has none."""
    if isinstance(values, Unreadable):
        return {}
    if layout.format is Format.CSV:
        cells = [*values, *[""] * (len(layout.columns) - len(values))]
        return dict(zip(layout.keys, cells, strict=False))
    if not isinstance(values, dict):
        return {}
    names = dict.fromkeys((*layout.columns, *values))
    return {name: text for name in names if (text := field_text(values, name)) is not None}


class _Bytes:
    """Bytes that are taken piece by piece, each up to an offset."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._held = bytearray()
        self._offset = 0  # of the first byte that is held

    def until(self, offset: int) -> bytes:
        size = offset - self._offset
        while len(self._held) < size and (block := next(self._blocks, None)) is not None:
            self._held += block
        taken = bytes(self._held[:size])
        del self._held[:size]
        self._offset += len(taken)
        return taken
