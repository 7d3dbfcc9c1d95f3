"""The header of a file: columns found by names that are compared as people write them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from longshore.mapping import name_keys, shorter_names, words_of

Read = Callable[["SourceRow"], str]


class SourceRow(NamedTuple):
    """One row of a file; cells beyond its end are blank."""

    number: int  # from 1, without the header
    line: int  # of the file, on which it begins
    cells: Sequence[str]

    @property
    def place(self) -> str:
        """Number and line, as the rows of members name them."""
        return f"{self.number}:{self.line}"

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell and not cell.isspace() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, or one that it does not have: every cell of that is blank."""

    name: str  # as the file calls it; the first name that was asked for where it has none
    index: int | None

    def __call__(self, row: SourceRow) -> str:
        """The cell of a row, without blanks around it."""
        index = self.index
        if index is None:
            return ""
        try:
            return row.cells[index].strip()
        except IndexError:
            return ""

    def __bool__(self) -> bool:
        """Whether the file has it."""
        return self.index is not None


def cells_of(columns: Sequence[Column], width: int) -> Callable[[SourceRow], tuple[str, ...]]:
    """Reads the cells of several columns at once, of rows under a header of so many; that is much
    faster than to ask each column."""
    get = itemgetter(*(width if each.index is None else each.index for each in columns))

    def read(row: SourceRow) -> tuple[str, ...]:
        cells = [*map(str.strip, row.cells[:width])]
        cells += [""] * (width + 1 - len(cells))  # also for columns that the file does not have
        found: tuple[str, ...] = get(cells)
        return found

    return read


class Header:
    """The names of the columns, in their order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._keys = [name_keys(name) for name in self.names]
        self.used: set[int] = set()  # columns that were asked for
        self._by_key: dict[str, int] = {}
        for index, keys in enumerate(self._keys):
            for key in keys:
                if key:
                    self._by_key.setdefault(key, index)

    def column(self, *names: str) -> Column:
        """The first column that bears one of these names."""
        for name in names:
            for key in name_keys(name):
                index = self._by_key.get(key)
                if index is not None:
                    self.used.add(index)
                    return Column(self.names[index], index)
        return Column(names[0], None)

    def column_like(self, *names: str) -> Column:
        """The same, else a column that has one of these names with a unit or a currency behind it,
        or something in brackets. With `*` behind a name, the first that starts so."""
        for name in names:
            if name.endswith("*"):
                for column, _ in self.starting_with(name[:-1]):
                    return column
            elif exact := self.column(name):
                return exact
        exact = self.column(*names)
        keys = {key for name in names for key in name_keys(name)}
        for index, own in enumerate(self.names):
            shorter = (key for each in shorter_names(own, about=()) for key in name_keys(each))
            if any(key in keys for key in shorter):
                self.used.add(index)
                return Column(own, index)
        return exact

    def columns_like(self, name: str) -> Iterator[Column]:
        """The column that `column_like` finds, if any; with `*` behind a name all that start so."""
        if name.endswith("*"):
            yield from (column for column, _ in self.starting_with(name[:-1]))
        elif column := self.column_like(name):
            yield column

    def called(self, name: str) -> Iterator[Column]:
        """The column of this name, if there is one; with `*` behind a name all that start so."""
        if name.endswith("*"):
            yield from (column for column, _ in self.starting_with(name[:-1]))
        elif column := self.column(name):
            yield column

    def starting_with(self, start: str) -> Iterator[tuple[Column, str]]:
        """The columns whose names start like this, compared without case, each with the rest of its
        name."""
        folded = start.casefold()
        for index, name in enumerate(self.names):
            if name.strip().casefold().startswith(folded):
                self.used.add(index)
                yield Column(name, index), name.strip()[len(start) :].strip()

    def has(self, name: str) -> bool:
        """Whether there is a column of this name, or, of a name that ends with `*`, one that starts
        like it."""
        if name.endswith("*"):
            return any(True for _ in self.starting_with(name[:-1]))
        return bool(self.column(name))

    def named(self, name: str) -> str | None:
        """As the file calls the column that `has` finds."""
        if name.endswith("*"):
            return next((column.name for column, _ in self.starting_with(name[:-1])), None)
        column = self.column(name)
        return column.name if column else None


# Exports of customers have columns such as `password_hash` and `rp_token`.
_SECRET_WORDS = frozenset(("password", "passwd", "pwd", "token", "secret", "salt"))


@lru_cache(10_000)
def is_secret(name: str) -> bool:
    """Whether a column is called like one of passwords or keys, which nobody is to see."""
    return not _SECRET_WORDS.isdisjoint(word.casefold() for word in words_of(name))
