"""A CSV whose cells are guarded against spreadsheets, read as the cells that they stand for."""

import dataclasses
from collections.abc import Iterable, Iterator

from longshore.readers.layout import Format, Layout
from longshore.readers.rows import Rows
from longshore.spreadsheet_cells import bare


def of_guarded_cells(layout: Layout) -> Layout:
    """The layout of a source that somebody says has guarded cells; that of JSON stays."""
    if layout.format is not Format.CSV:
        return layout
    columns = tuple(map(bare, layout.columns))
    return dataclasses.replace(layout, columns=columns, is_guarded=True)


def bare_rows(batches: Iterable[Rows]) -> Iterator[Rows]:
    """The rows with their cells as they were before they were guarded."""
    for rows in batches:
        for index, cells in enumerate(rows.values):
            if isinstance(cells, list) and any(cell[:1] == "'" for cell in cells):
                rows.values[index] = list(map(bare, cells))
        yield rows
