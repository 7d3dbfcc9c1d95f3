"""Whether a mended file of failed rows is guarded against spreadsheets, if nobody has said it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from longshore.readers import Unreadable
from longshore.spreadsheet_cells import bare, guarded, looks_guarded


def header_shows_guard(columns: Sequence[str], known: Collection[str]) -> bool:
    """Whether a column of the file is one of the `known` names as it is guarded."""
    return any(
        looks_guarded(each) and each not in known and bare(each) in known for each in columns
    )


def rows_show_guard(
    mended: Callable[[int], Mapping[str, Any] | None],
    rows: Iterable[tuple[int, Any]],
    columns: Sequence[str],
) -> bool:
    """Whether the file has the cells that failed as they are guarded, and not as they are.

    `rows` are those that fail, each with its number, in their order; `mended` are the cells that
    the file has of one. A file whose cells may be guarded is not when no row has a cell that
    needed it: then somebody has typed them.
    """
    needing = as_guarded = as_they_are = 0
    for number, values in rows:
        found = None if isinstance(values, Unreadable) else mended(number)
        if found is None:
            continue
        for column, before in zip(columns, values, strict=False):
            if guarded(before) == before or column not in found:
                continue
            needing += 1
            as_guarded += found[column] == guarded(before)
            as_they_are += found[column] == before
    return needing > 0 and as_guarded >= as_they_are
