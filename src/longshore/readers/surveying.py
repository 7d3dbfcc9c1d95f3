"""The first pass: a source is read to its end once, before anything of it is applied."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from longshore.notices import Notice, NoticeCode
from longshore.readers.array import Expected, read_array
from longshore.readers.blocks import WINDOW_BYTES, peek, skip
from longshore.readers.delimited import read_delimited
from longshore.readers.delimited_survey import survey_delimited
from longshore.readers.encodings import UTF_8, byte_order_mark
from longshore.readers.findings import Survey
from longshore.readers.guarded import bare_rows
from longshore.readers.layout import Format, Layout
from longshore.readers.ndjson import read_ndjson
from longshore.readers.rows import Position, Rows
from longshore.readers.sniffing import HEAD_BYTES, choose_format
from longshore.readers.twice_encoded import TwiceEncoded, Watch
from longshore.readers.unreadable import EmptySource, UnreadableSource

_NAMES_MAX = 1000  # a source whose every row has other keys must not fill the memory
_NAME_CHARACTERS_MAX = 255
_FURTHER_MAX = 10  # names told of those that are beyond


def survey(
    blocks: Iterable[bytes],
    *,
    format: Format | None = None,
    name: str | None = None,
    descend: frozenset[str] = frozenset(),
    on_position: Callable[[Position], None] = lambda _position: None,
    window_bytes: int = WINDOW_BYTES,
    encoding: str | None = None,
) -> Survey:
    """Read the source once, to its end, and say how it can be read again.

    The format is `format`, else what the extension of `name` or the content says. For the keys
    in `descend` (nested collections, with dots in between where they are nested deeper) of a JSON
    source, the keys of their elements are columns too: `line_items.sku_code`. `on_position` is
    told, every few hundred thousand bytes, a place before which all rows were read. A CSV is read
    in `encoding` where one is named; otherwise it is found. Raises UnreadableSource for what cannot
    be read, and for a source without rows.
    """
    head, blocks = peek(blocks, HEAD_BYTES)
    format = choose_format(head, format=format, name=name)
    if format is Format.CSV:
        return survey_delimited(blocks, on_position, window_bytes, encoding=encoding)
    if encoding not in (None, UTF_8):
        raise UnreadableSource(
            f"the encoding {encoding} was named, and JSON has to be UTF-8",
            hint="leave the encoding out",
        )
    first = Position(offset=_mark_bytes(head))
    counter = _Counter()
    watch, twice = Watch(), TwiceEncoded()
    blocks = skip(watch.watching(counter.counting(blocks)), first.offset)
    if format is Format.JSON:
        batches = read_array(blocks, first, Expected.ARRAY, window_bytes)
    else:
        batches = read_ndjson(blocks, first, window_bytes)
    names = _Names(descend)
    end = first
    for rows in batches:
        if end.row == 1:
            first = rows.position(0)
        names.note(rows.values)
        if watch.is_suspect(rows.offsets[0], rows.end_offset):
            twice.note(rows)
        end = rows.position(len(rows))
        on_position(end)
    if end.row == 1:
        raise EmptySource("the source has no rows: the array is empty", line=1)
    return Survey(
        layout=Layout(
            format=format, encoding=UTF_8, delimiter="", columns=names.columns(), first=first
        ),
        rows_count=end.row - 1,
        bytes_count=counter.bytes_count,
        notices=(*names.notices(), *twice.notices()),
    )


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
    if layout.format is Format.CSV:
        rows = read_delimited(blocks, layout, start, window_bytes)
        return bare_rows(rows) if layout.is_guarded else rows
    if layout.format is Format.JSON:
        return read_array(blocks, start, window_bytes=window_bytes)
    return read_ndjson(blocks, start, window_bytes)


def _mark_bytes(head: bytes) -> int:
    """The length of the byte order mark of a JSON source; raises UnreadableSource for UTF-16."""
    mark = byte_order_mark(head)
    encoding = mark[0] if mark else UTF_8
    if encoding != UTF_8 or b"\0" in head[:2]:
        raise UnreadableSource(
            "this looks like UTF-16, and JSON has to be UTF-8",
            line=1,
            column=1,
            hint="save the file as UTF-8",
        )
    return mark[1] if mark else 0


class _Counter:
    """Counts the bytes of the blocks that pass through it."""

    def __init__(self) -> None:
        self.bytes_count = 0

    def counting(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.bytes_count += len(block)
            yield block


class _Names:
    """The keys of all rows, in order of first sight, and those of their nested elements."""

    def __init__(self, descend: frozenset[str]) -> None:
        self._root = _Level("", descend)
        self._names: list[str] = []
        self.further: dict[str, None] = {}  # the first of those beyond the first thousand

    def note(self, values: list[Any]) -> None:
        root = self._root
        for value in values:
            if type(value) is dict:
                self._note(root, value)

    def columns(self) -> tuple[str, ...]:
        return tuple(self._names)

    def notices(self) -> tuple[Notice, ...]:
        if not self.further:
            return ()
        notice = Notice(
            code=NoticeCode.TOO_MANY_KEYS,
            message=f"the rows have more than {_NAMES_MAX:,} different keys: of the others, only "
            "those that are fields have an effect",
            hint="keys that are data belong into metadata",
            first=tuple({"key": name} for name in self.further),
        )
        return (notice,)

    def _note(self, level: "_Level", value: dict[str, Any]) -> None:
        if not level.seen.issuperset(value):
            self._add(level, value)
        if level.inner.keys().isdisjoint(value):
            return
        for key, inside in level.inner.items():
            nested = value.get(key)
            for element in nested if type(nested) is list else (nested,):
                if type(element) is dict:
                    self._note(inside, element)

    def _add(self, level: "_Level", value: dict[str, Any]) -> None:
        for key in value:
            if key in level.seen:
                continue
            name = (level.prefix + key)[:_NAME_CHARACTERS_MAX]
            # A lone surrogate could be written nowhere.
            name = name.encode(errors="replace").decode()
            if len(self._names) < _NAMES_MAX:
                level.seen.add(key)
                self._names.append(name)
            elif len(self.further) < _FURTHER_MAX:
                self.further.setdefault(name)


class _Level:
    """What was seen of the keys of rows, or of what stands under one of their keys."""

    def __init__(self, path: str, descend: frozenset[str]) -> None:
        self.prefix = f"{path}." if path else ""
        self.seen: set[str] = set()
        self.inner = {
            each.removeprefix(self.prefix): _Level(each, descend)
            for each in descend
            if each.startswith(self.prefix) and "." not in each.removeprefix(self.prefix)
        }
