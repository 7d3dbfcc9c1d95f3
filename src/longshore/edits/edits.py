"""What somebody wants changed in the rows of a source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from longshore.errors import RequestRefused

# What stands in a cell: a text, or in JSON also another value that is no object or array.
Scalar: TypeAlias = str | int | float | bool | None


class EditRefused(RequestRefused):
    """An edit cannot be meant; `path` says which, and what of it: `("replace", 0, "field")`."""

    def __init__(self, message: str, *, path: tuple[str | int, ...], hint: str | None = None):
        super().__init__(message, hint=hint)
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEdit:
    """One cell gets a value."""

    row: int  # its number in the source
    column: str
    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEdit:
    """A column gets a value in every row."""

    column: str
    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A column gets a value in the rows in which it has exactly another one."""

    column: str
    old: str  # as text; "": it is blank, or is not there
    new: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """Edits that are applied together; those of single cells win."""

    cells: tuple[CellEdit, ...] = ()
    sets: tuple[SetEdit, ...] = ()
    replacements: tuple[Replacement, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.sets or self.replacements)

    def __len__(self) -> int:
        return len(self.cells) + len(self.sets) + len(self.replacements)

    def resolved(
        self,
        column_of: Callable[[str], str],
        replaced_column_of: Callable[[str], str] | None = None,
    ) -> "Edits":
        """The same edits of the columns that their columns stand for.

        `column_of` raises RequestRefused for what stands for none; so does `replaced_column_of`,
        which is asked for replacements where it is given. Raises EditRefused for that, and for
        edits that contradict each other.
        """
        replaced_column_of = replaced_column_of or column_of
        known: dict[tuple[Callable[[str], str], str], str] = {}

        def resolve(
            name: str, path: tuple[str | int, ...], meant: Callable[[str], str] = column_of
        ) -> str:
            if (meant, name) not in known:
                try:
                    known[meant, name] = meant(name)
                except RequestRefused as error:
                    raise EditRefused(error.message, path=path, hint=error.hint) from error
            return known[meant, name]

        resolved = Edits(
            cells=tuple(
                replace(each, column=resolve(each.column, ("edits", index, "field")))
                for index, each in enumerate(self.cells)
            ),
            sets=tuple(
                replace(each, column=resolve(each.column, ("set", each.column)))
                for each in self.sets
            ),
            replacements=tuple(
                replace(
                    each,
                    column=resolve(each.column, ("replace", index, "field"), replaced_column_of),
                )
                for index, each in enumerate(self.replacements)
            ),
        )
        resolved._refuse_contradictions([each.column for each in self.sets])
        return resolved

    def texts(self) -> Iterator[str]:
        """The texts that come into cells."""
        values: list[Scalar] = [each.value for each in self.cells]
        values += [each.value for each in self.sets]
        values += [each.new for each in self.replacements]
        return (value for value in values if isinstance(value, str))

    def _refuse_contradictions(self, names: Sequence[str]) -> None:
        """`names` are those by which the columns that are set were named."""
        set_columns: set[str] = set()
        for name, each in zip(names, self.sets, strict=True):
            if each.column in set_columns:
                raise EditRefused(f"{each.column} is set twice", path=("set", name))
            set_columns.add(each.column)
        replaced: set[tuple[str, str]] = set()
        for index, replacement in enumerate(self.replacements):
            column, old = replacement.column, replacement.old
            if column in set_columns:
                raise EditRefused(
                    f"{column} is both set and replaced", path=("replace", index, "field")
                )
            if (column, old) in replaced:
                raise EditRefused(
                    f"{old!r} of {column} is replaced twice", path=("replace", index, "old")
                )
            replaced.add((column, old))
        edited: set[tuple[int, str]] = set()
        for index, cell in enumerate(self.cells):
            if (cell.row, cell.column) in edited:
                raise EditRefused(
                    f"{cell.column} of row {cell.row} is edited twice",
                    path=("edits", index, "field"),
                )
            edited.add((cell.row, cell.column))
