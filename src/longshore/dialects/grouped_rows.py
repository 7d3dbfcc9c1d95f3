"""The rows of one product together, wherever they stand in the file.

Rows that follow each other are held in memory until the next product begins. Which products begin
again later is found out by a look over the file ahead of everything else; their rows are kept on
the disk until its end.
"""

from collections.abc import Iterator

from longshore.dialects.conversion import Conversion
from longshore.dialects.header import Read, SourceRow
from longshore.dialects.targets import DialectRefused

ROWS_OF_A_GROUP_MAX = 10_000
_KEYS_NOTED_AT_ONCE = 10_000


def grouped_rows(conversion: Conversion, key: Read, what: str) -> Iterator[list[SourceRow]]:
    """The rows of each key, in the order of the file; a row without one is alone.

    `what` says for people what rows of one key are: `product`. Raises DialectRefused where there
    are more than fit into memory.
    """
    has_scattered = _note_scattered(conversion, key)
    work = conversion.work
    group: list[SourceRow] = []
    of, is_scattered = "", False
    for row in conversion.rows():
        name = key(row)
        if name != of or not name:
            if group:
                yield group
                group = []
            of = name
            is_scattered = has_scattered and work.is_scattered(name)
        if is_scattered:
            work.defer(row, name)
        else:
            _add(group, row, name, what)
    if group:
        yield group
        group = []
    for row in work.deferred():
        name = key(row)
        if name != of and group:
            yield group
            group = []
        of = name
        _add(group, row, name, what)
    if group:
        yield group


def _add(group: list[SourceRow], row: SourceRow, name: str, what: str) -> None:
    if len(group) >= ROWS_OF_A_GROUP_MAX:
        raise DialectRefused(
            f"more than {ROWS_OF_A_GROUP_MAX:,} rows are of the {what} {name!r}",
            hint=f"no platform has a {what} of so many rows: is that column what it should be?",
        )
    group.append(row)


def _note_scattered(conversion: Conversion, key: Read) -> bool:
    """Find the keys whose rows do not follow each other; whether there is any."""
    work = conversion.work
    of = ""
    keys: list[str] = []
    for row in conversion.peeked_rows():
        name = key(row)
        if name != of:
            of = name
            if name:
                keys.append(name)
            if len(keys) >= _KEYS_NOTED_AT_ONCE:
                work.note_groups(keys)
                keys = []
    work.note_groups(keys)
    return work.has_scattered()
