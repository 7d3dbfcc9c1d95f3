"""A CSV is read as its writer meant it, refused with a place, or something is told of it."""

import string
from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from longshore.readers import Rows, Survey, Unreadable, UnreadableSource, read_rows, survey
from tests.property.csv_writers import WRITERS, Table, Writer, tables_meant

NAMES = ("code", "name", "note", "text")
CELL = st.text(alphabet=" ab,;:\t|\"'\\\n\ré", max_size=6)
PLAIN = st.text(alphabet="ab c1é", max_size=5)


@st.composite
def tables(draw: Callable[..., Any], width_min: int = 1) -> Table:
    width = draw(st.integers(width_min, len(NAMES)))
    # Of a single column nobody knows what would separate its cells.
    row = st.tuples(*[draw(st.sampled_from([CELL, PLAIN])) if width > 1 else PLAIN] * width)
    return (NAMES[:width], *draw(st.lists(row, min_size=1, max_size=6)))


def read(data: bytes) -> tuple[Survey, list[Any]] | UnreadableSource:
    try:
        found = survey([data], is_field=NAMES.__contains__)
    except UnreadableSource as refused:
        return refused
    batches: list[Rows] = list(read_rows([data], found.layout))
    return found, [values for rows in batches for values in rows.values]


def is_told(found: Survey, rows: list[Any]) -> bool:
    """Whether a warning or a failed row says that something may be wrong."""
    width = len(found.layout.columns)
    return bool(found.notices) or any(
        isinstance(row, Unreadable) or any(map(str.strip, row[width:])) for row in rows
    )


def is_row(row: tuple[str, ...]) -> bool:
    return any(map(str.strip, row))


def without_blanks(table: Table) -> Table:
    """A table without blank rows, and without blank cells beyond its header."""
    width = len(table[0])
    cut = [row[:width] if not is_row(row[width:]) else row for row in table[1:]]
    return (table[0], *filter(is_row, cut))


def as_read(found: Survey, rows: list[Any]) -> Table:
    width = len(found.layout.columns)
    return (found.layout.columns, *(tuple(row[:width]) for row in rows))


@given(tables(), st.sampled_from(WRITERS))
@example((NAMES[:2], ("A", 'say "hi"'), ("B", "x\\")), WRITERS[3])
@example((NAMES[:2], ("A", 'say "hi", you'), ("B", "C:\\new")), WRITERS[4])
def test_table_is_the_one_that_was_written_or_something_is_told(
    table: Table, writer: Writer
) -> None:
    if not writer.can_write(table):
        return
    data = writer.write(table)
    result = read(data)
    if isinstance(result, UnreadableSource):
        assert result.line is not None
        return
    if is_told(*result):
        return
    assert as_read(*result) in {without_blanks(each) for each in tables_meant(data)}


BYTES = st.sampled_from([*b'",;\t|\r\n\\ \xc3\xe9a1', *string.ascii_letters.encode()])


@given(
    tables(width_min=2),
    st.sampled_from(WRITERS[:3]),
    st.sampled_from(["change", "cut", "insert"]),
    st.integers(min_value=0),
    BYTES,
)
@example((NAMES, ("x", "y,", "z", "w"), ("1", "2", ",b", "3")), WRITERS[0], "cut", 34, ord("a"))
def test_one_damaged_byte_changes_no_row_but_its_own_unless_something_is_told(
    table: Table, writer: Writer, kind: str, place: int, byte: int
) -> None:
    if any(row[0].lstrip(" ,;\t")[:1] in ("\n", "\r") for row in table):
        return  # its quote may as well close a cell of the row before: see docs/guides/csv.md
    data = writer.write(table)
    whole = read(data)
    if isinstance(whole, UnreadableSource) or is_told(*whole):
        return
    index = place % len(data)
    fresh = b"" if kind == "cut" else bytes([byte])
    damaged = read(data[:index] + fresh + data[index + (kind != "insert") :])
    if isinstance(damaged, UnreadableSource) or is_told(*damaged):
        return
    before, after = as_read(*whole), as_read(*damaged)
    if before[0] != after[0]:
        return  # the engine names a column that is no field
    # A line end belongs to the rows on both of its sides.
    rows_max = 2 if kind != "insert" and data[index : index + 1] in (b"\n", b"\r") else 1
    assert differing(before[1:], after[1:]) <= rows_max


def differing(before: Table, after: Table) -> int:
    """How many rows stand between the longest common start and end."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return max(len(before), len(after)) - start - end
