"""The rows of one product together, wherever they stand in the file.

Rows that follow each other are held in memory until the next product begins; in nearly all files
that is all. Where a product begins again later, the file is converted once more, with the rows of
such products kept on the disk until its end.
"""

from collections.abc import Iterator

from longshore.dialects.conversion import Conversion
from longshore.dialects.header import Read, SourceRow
from longshore.dialects.targets import DialectRefused, shown

ROWS_OF_A_GROUP_MAX = 10_000
_KEYS_NOTED_AT_ONCE = 10_000


class RowsScattered(Exception):
    """Rows of one key do not follow each other, so what was made of them is void: convert the file
    again, the working store knows these keys then."""


def grouped_rows(conversion: Conversion, key: Read, what: str) -> Iterator[list[SourceRow]]:
    """The rows of each key, in the order of the file; a row without one is alone.

    `what` says for people what rows of one key are: `product`. Raises RowsScattered at the end of a
    file that is converted for the first time, and DialectRefused where a key has more rows than fit
    into memory.
    """
    work = conversion.work
    conversion.group_key = key
    group: list[SourceRow] = []
    begun: list[str] = []
    of, is_scattered = "", False
    for row in conversion.rows():
        name = key(row)
        if name != of or not name:
            if group:
                yield group
                group = []
            of = name
            is_scattered = work.knows_scattered and work.is_scattered(name)
            if name:
                begun.append(name)
                if len(begun) >= _KEYS_NOTED_AT_ONCE:
                    _note(conversion, begun)
                    begun = []
        if is_scattered:
            work.defer(row, name)
        else:
            _add(group, row, name, what)
    if group:
        yield group
        group = []
    _note(conversion, begun)
    if not work.knows_scattered and work.has_scattered():
        raise RowsScattered
    for row in work.deferred():
        name = key(row)
        if name != of and group:
            yield group
            group = []
        of = name
        _add(group, row, name, what)
    if group:
        yield group


def is_refused_too_early(conversion: Conversion) -> bool:
    """Whether the rows for which a file was refused may be without others of their key, as it was
    converted for the first time and the rows of some key do not follow each other."""
    key, work = conversion.group_key, conversion.work
    if key is None or work.knows_scattered:
        return False
    work.forget_groups()
    of = ""
    begun: list[str] = []
    for row in conversion.peeked_rows():
        name = key(row)
        if name and name != of:
            begun.append(name)
            if len(begun) >= _KEYS_NOTED_AT_ONCE:
                work.note_groups(begun)
                begun = []
        of = name
    work.note_groups(begun)
    return work.has_scattered()


def _note(conversion: Conversion, keys: list[str]) -> None:
    if not conversion.work.knows_scattered:
        conversion.work.note_groups(keys)


def _add(group: list[SourceRow], row: SourceRow, name: str, what: str) -> None:
    if len(group) >= ROWS_OF_A_GROUP_MAX:
        raise DialectRefused(
            f"more than {ROWS_OF_A_GROUP_MAX:,} rows are of the {what} {shown(name)}",
            hint=f"no platform has a {what} of so many rows: is that column what it should be?",
        )
    group.append(row)
