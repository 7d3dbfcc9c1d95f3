"""The first pass over JSON: an array, a document that holds one, or values one after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import is_not
from typing import Any

from longshore.notices import Notice, NoticeCode
from longshore.readers.array import Expected, read_array
from longshore.readers.blocks import skip
from longshore.readers.documents import ROWS_MEMBER, Opening, find_opening, read_document
from longshore.readers.encodings import UTF_8, byte_order_mark
from longshore.readers.findings import Survey
from longshore.readers.layout import Format, Layout
from longshore.readers.ndjson import read_ndjson
from longshore.readers.resources import DOCUMENT_MEMBERS, SIGNS, TARGET_TYPE, lift_all
from longshore.readers.rows import Position, Rows
from longshore.readers.twice_encoded import TwiceEncoded, Watch
from longshore.readers.unreadable import EmptySource, UnreadableSource

_NAMES_MAX = 1000  # a source whose every row has other keys must not fill the memory
_NAME_CHARACTERS_MAX = 255
_FURTHER_MAX = 10  # names told of those that are beyond

# Beside the rows of a document; nobody takes them for something that is imported.
_SILENT_MEMBERS = DOCUMENT_MEMBERS - {"included", "errors"}


def survey_json(
    blocks: Iterable[bytes],
    format: Format,
    head: bytes,
    *,
    descend: frozenset[str],
    is_field: Callable[[str], bool],
    on_rows: Callable[[Rows, Format], None],
    on_position: Callable[[Position], None],
    window_bytes: int,
) -> Survey:
    """`survey` of a source that starts with `head` and whose content is JSON."""
    first = Position(offset=_mark_bytes(head))
    counter = _Counter()
    watch, twice = Watch(), TwiceEncoded()
    blocks = skip(watch.watching(counter.counting(blocks)), first.offset)
    opening: Opening | None = None
    beside: tuple[str, ...] = ()

    def note_members(names: tuple[str, ...]) -> None:
        nonlocal beside
        beside = tuple(name for name in names if name not in _SILENT_MEMBERS)

    if format is Format.JSON:
        batches = read_array(blocks, first, Expected.ARRAY, window_bytes)
    else:
        opening, blocks = find_opening(blocks, first, is_field, len(head))
        if opening is None:
            batches = read_ndjson(blocks, first, window_bytes)
        else:
            format = Format.JSON
            batches = read_document(blocks, first, opening, note_members, window_bytes)
    may_lift = opening is not None or format is Format.NDJSON
    names = _Names(descend)
    has_resources = False
    end = first
    only: Any = None  # the row, where there is but one
    for rows in batches:
        values = rows.values
        is_known = names.know(values)
        if may_lift and not is_known:
            values = lift_all(values)
            has_resources = has_resources or any(map(is_not, values, rows.values))
        if end.row == 1:
            first = rows.position(0)
        if not is_known:
            names.note(values)
        if watch.is_suspect(rows.offsets[0], rows.end_offset):
            twice.note(replace(rows, values=values))
        end = rows.position(len(rows))
        only = values[0] if end.row == 2 else None
        on_rows(rows, format)
        on_position(end)
    if end.row == 1:
        raise EmptySource("the source has no rows: the array is empty", line=1)
    if format is Format.NDJSON:
        _refuse_other_wrapper(only, first, is_field)
    columns = names.columns()
    if has_resources:
        columns = tuple(_without_types_of_targets(columns, is_field))
    return Survey(
        layout=Layout(
            format=format,
            encoding=UTF_8,
            delimiter="",
            columns=columns,
            first=first,
            is_enclosed=opening is not None,
            has_resources=has_resources,
        ),
        rows_count=end.row - 1,
        bytes_count=counter.bytes_count,
        notices=(*_notices(beside), *names.notices(), *twice.notices()),
    )


def _without_types_of_targets(
    columns: Sequence[str], is_field: Callable[[str], bool]
) -> Iterator[str]:
    """The columns without what only says of which type a target is, where it can be of but one."""
    known = set(columns)
    for name in columns:
        target = name.removesuffix(TARGET_TYPE)
        if target == name or is_field(name) or f"{target}_id" not in known:
            yield name


def _refuse_other_wrapper(only: Any, first: Position, is_field: Callable[[str], bool]) -> None:
    """Refuse a single object that holds rows, but under a name that does not say so."""
    if not isinstance(only, dict) or any(map(is_field, only)):
        return
    for name, value in only.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            raise UnreadableSource(
                f"expected an array of rows, or an object with them under {ROWS_MEMBER}, found an "
                f"object with an array under {name!r}",
                line=first.line,
                column=1,
                hint=f"give the array alone, as `jq '.[\"{name}\"]'` prints it",
            )


def _notices(beside: tuple[str, ...]) -> tuple[Notice, ...]:
    if not beside:
        return ()
    return (
        Notice(
            code=NoticeCode.MEMBERS_LEFT_OUT,
            message=f"of the document only {ROWS_MEMBER} is imported, and nothing of "
            f"{', '.join(map(repr, beside[:10]))}",
            count=len(beside),
        ),
    )


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

    def know(self, values: list[Any]) -> bool:
        """Whether all `values` are objects of keys that were noted, none of which is a resource
        or has anything nested."""
        root = self._root
        return (
            set(map(type, values)) == {dict}
            and all(map(root.seen.issuperset, values))
            and SIGNS.isdisjoint(root.seen)
            and (root.inner.keys().isdisjoint(root.seen) or not any(map(root.has_inner, values)))
        )

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
        if not level.has_inner(value):
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

    def has_inner(self, value: dict[str, Any]) -> bool:
        """Whether something may be nested in `value`."""
        return not self.inner.keys().isdisjoint(value)
