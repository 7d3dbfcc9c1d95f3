"""CSV as releases before 0.2 read it, for imports that were made by them.

Their rows were counted by these rules, and resuming an import, or looking for its failed rows,
must count alike: every line that is not empty is a row, and quotes are read as the csv module does
in its lenient mode. Nothing that such a layout belongs to is surveyed any more.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain

from longshore.readers.blocks import WINDOW_BYTES, Windows
from longshore.readers.delimited import allow_long_cells, decoded
from longshore.readers.encodings import line_sizes, split_lines, whole_lines_size
from longshore.readers.layout import Layout
from longshore.readers.rows import Position, Rows

_PROBE = "probe"


def read_leniently(
    blocks: Iterable[bytes], layout: Layout, start: Position, window_bytes: int = WINDOW_BYTES
) -> Iterator[Rows]:
    """The rows from `start` on; `blocks` begin at its offset."""
    allow_long_cells()
    windows = Windows(blocks, window_bytes)
    place = start
    ended = False
    while not ended:
        data, ended = windows.grow()
        body = data if ended else data[: whole_lines_size(data, layout.encoding)]
        rows = _read(body, place, layout)
        windows.use(rows.end_offset - place.offset)
        place = rows.position(len(rows))
        if len(rows):
            yield rows


def _read(body: bytes, place: Position, layout: Layout) -> Rows:
    text = decoded(body, layout.encoding, place.line)
    lines = split_lines(text)
    values: list[list[str]] = []
    starts = [0]
    # A record that is still open at the end of the lines swallows the probe.
    reader = csv.reader(chain(lines, (_PROBE,)), delimiter=layout.delimiter)
    for cells in reader:
        values.append(cells)
        starts.append(reader.line_num)
    values.pop()
    starts.pop()
    used = starts.pop()
    sizes = line_sizes(body, lines, layout.encoding)
    offsets = list(accumulate(sizes, initial=place.offset))
    kept = [index for index, cells in enumerate(values) if cells]
    return Rows(
        first=place.row,
        lines=[place.line + starts[index] for index in kept],
        offsets=[offsets[starts[index]] for index in kept],
        values=[values[index] for index in kept],
        end_line=place.line + used,
        end_offset=offsets[used],
    )
