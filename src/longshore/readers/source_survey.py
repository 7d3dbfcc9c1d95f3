"""The first pass: a source is read to its end once, before anything of it is applied."""

from collections.abc import Callable, Iterable, Iterator

from longshore.readers.array import read_array
from longshore.readers.blocks import WINDOW_BYTES, peek, skip
from longshore.readers.csv_rules import CsvOptions
from longshore.readers.delimited import read_delimited
from longshore.readers.delimited_survey import Reread, survey_delimited
from longshore.readers.encodings import UTF_8
from longshore.readers.findings import Survey
from longshore.readers.format_choice import HEAD_BYTES, choose_format
from longshore.readers.guarded import bare_rows
from longshore.readers.json_survey import survey_json
from longshore.readers.layout import Format, Layout
from longshore.readers.lenient import read_leniently
from longshore.readers.ndjson import read_ndjson
from longshore.readers.resources import lifted
from longshore.readers.rows import Position, Rows
from longshore.readers.sheet_lines import of_sheet
from longshore.readers.unreadable import UnreadableSource

_NOTHING_ASKED = CsvOptions()


def survey(
    blocks: Iterable[bytes],
    *,
    format: Format | None = None,
    name: str | None = None,
    csv: CsvOptions = _NOTHING_ASKED,
    descend: frozenset[str] = frozenset(),
    is_field: Callable[[str], bool] = lambda _name: False,
    on_rows: Callable[[Rows, Format], None] = lambda _rows, _format: None,
    on_position: Callable[[Position], None] = lambda _position: None,
    reread: Reread | None = None,
    window_bytes: int = WINDOW_BYTES,
    encoding: str | None = None,
    allows_twins: bool = False,
    sheet: str = "",
) -> Survey:
    """Read the source to its end, and say how it can be read again.

    The format is `format`, else what the extension of `name` or the content says. For the keys
    in `descend` (nested collections, with dots in between where they are nested deeper) of a JSON
    source, the keys of their elements are columns too: `line_items.sku_code`. `is_field` says
    whether a name is, or is mapped to, a field of the rows. `on_position` is told, every few
    hundred thousand bytes, a place before which all rows were read; of JSON, `on_rows` is told
    before which rows those are, and whether they stand in an array or one after another. A CSV is
    read in `encoding` where one is named, and as `csv` says; otherwise it is found how. That may
    take a second reading, to which `reread` gives the bytes again, once all were taken; without it
    they are kept in memory. Raises UnreadableSource for what cannot be read, and for a source
    without rows. A CSV with two columns of the name of one field is refused, unless it
    `allows_twins`, and so is one with a second table, unless `csv` says where the header is. A CSV
    that was made of a sheet has its name, and its lines are told by their numbers in the sheet.
    """
    head, blocks = peek(blocks, HEAD_BYTES)
    format = choose_format(head, format=format, name=name)
    if format is Format.CSV:
        if reread is None:
            kept: list[bytes] = []
            blocks, reread = _keeping(blocks, kept), lambda: kept
        return survey_delimited(
            blocks,
            csv,
            is_field,
            on_position,
            reread,
            window_bytes,
            asked=encoding,
            allows_twins=allows_twins,
            sheet=sheet,
        )
    if asked := csv.named():
        listed = ", ".join(each.replace("_", " ") for each in asked)
        raise UnreadableSource(
            f"the options for CSV say nothing of this source, which is {format.value}: {listed}",
            hint="leave them out; --format csv reads a table",
        )
    if encoding not in (None, UTF_8):
        raise UnreadableSource(
            f"the encoding {encoding} was named, and JSON has to be UTF-8",
            hint="leave the encoding out",
        )
    return survey_json(
        blocks,
        format,
        head,
        descend=descend,
        is_field=is_field,
        on_rows=on_rows,
        on_position=on_position,
        window_bytes=window_bytes,
    )


def _keeping(blocks: Iterable[bytes], kept: list[bytes]) -> Iterator[bytes]:
    for block in blocks:
        kept.append(block)
        yield block


def read_rows(
    blocks: Iterable[bytes],
    layout: Layout,
    start: Position | None = None,
    window_bytes: int = WINDOW_BYTES,
) -> Iterator[Rows]:
    """The rows of a surveyed source, all of them or from `start` on.

    `blocks` are the raw bytes, decompressed; with `start` they begin exactly at its offset. The
    rows, their numbers, lines and offsets do not depend on how the bytes are cut into blocks
    nor on where reading starts.
    """
    if start is None:
        start = layout.first
        blocks = skip(blocks, start.offset)
    if layout.end_offset is not None:
        blocks = _until(blocks, layout.end_offset - start.offset)
    if layout.format is Format.CSV:
        read = read_leniently if layout.is_lenient else read_delimited
        rows = read(blocks, layout, start, window_bytes)
        if layout.has_lines_of_rows:
            rows = of_sheet(rows)
        return bare_rows(rows) if layout.is_guarded else rows
    if layout.format is Format.JSON:
        batches = read_array(
            blocks, start, window_bytes=window_bytes, is_enclosed=layout.is_enclosed
        )
    else:
        batches = read_ndjson(blocks, start, window_bytes)
    return map(lifted, batches) if layout.has_resources else batches


def _until(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The first bytes of these."""
    for block in blocks:
        if len(block) >= size:
            yield block[:size]
            return
        size -= len(block)
        yield block
