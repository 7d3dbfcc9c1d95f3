"""The part of a table that a plan reads and writes, laid out once.

Values of a record travel as a list in the order of `TablePlan.columns`; key columns stand among
them, computed in Python from their parts, so that both databases compare the same bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from longshore.catalogue import key_text, older_key_text

KEY_BYTES_MAX = 512  # PostgreSQL's index entries end at about 2,700 bytes; nobody types 512


class ValuesByColumn(Protocol):
    """Values of a record by the index of their column: all of them, or those that are needed."""

    def __getitem__(self, column: int, /) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPart:
    """One field of a key."""

    field: str  # attribute or relationship
    column: int  # index in TablePlan.columns
    is_target: bool  # a to-one relationship: the value is an id
    is_nullable: bool  # null is a value
    folds: bool  # case does not matter


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """A key of a table: where its value stands and how it is computed."""

    parts: tuple[KeyPart, ...]
    column: int  # index in TablePlan.columns
    is_unique: bool
    matches: bool  # rows are matched by it
    prefix: str  # the environment: keys of two environments are never equal

    @property
    def error_part(self) -> KeyPart:
        """The part under which a taken value is reported: keys name their scope first."""
        return self.parts[-1]

    def of(self, values: ValuesByColumn) -> str | None:
        """The key of a record with these values; None when a part that may not be null is."""
        return self._of(values, key_text)

    def older_of(self, values: ValuesByColumn) -> str | None:
        """The key that releases before 0.2 gave a record with these values."""
        return self._of(values, older_key_text)

    def of_text(self, value: Any, *, folds: bool = False) -> str | None:
        """The key of one text, for a key of one part; None for a blank one."""
        return self._of_text(value, key_text, folds=folds)

    def older_of_text(self, value: Any, *, folds: bool = False) -> str | None:
        """The key that releases before 0.2 gave one text."""
        return self._of_text(value, older_key_text, folds=folds)

    def _of(self, values: ValuesByColumn, spell: Callable[[str], str]) -> str | None:
        if len(self.parts) == 1:
            part = self.parts[0]
            value = values[part.column]
            return None if value is None else self._of_text(value, spell, folds=part.folds)
        encoded = []
        for part in self.parts:
            value = values[part.column]
            if value is not None and not part.is_target:
                # A blank text is as good as none.
                value = _compared(str(value), spell, folds=part.folds) or None
            if value is None:
                if not part.is_nullable:
                    return None
                encoded.append("~")
            elif part.is_target:
                encoded.append(str(value))
            else:
                # A text starts with "=" and doubles the separator, so no two tuples of parts
                # have one spelling.
                encoded.append("=" + value.replace("\x1f", "\x1f\x1f"))
        return self.prefix + "\x1f".join(encoded)

    def _of_text(self, value: Any, spell: Callable[[str], str], *, folds: bool) -> str | None:
        text = _compared(value if value.__class__ is str else str(value), spell, folds=folds)
        return self.prefix + text if text else None


def normalized(text: str, *, folds: bool) -> str:
    """The spelling under which a text is compared: as keys are, folded where case is nothing."""
    return _compared(text, key_text, folds=folds)


def _compared(text: str, spell: Callable[[str], str], *, folds: bool) -> str:
    text = spell(text)
    return text.casefold() if folds else text


class PinnedAs(Enum):
    """How a pin compares the values of a column."""

    PLAIN = "plain"
    TARGET = "target"  # the id of a record
    BOOLEAN = "boolean"
    FLOAT = "float"
    MOMENT = "moment"  # when a row made something happen: whether there is one


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """The columns of one table that an import touches."""

    name: str
    columns: tuple[str, ...]  # without id; key columns are among them
    constants: Mapping[str, object]  # further columns of a created record, always with this value
    keys: tuple[KeyPlan, ...]
    texts: frozenset[str]  # columns that stand among the keys without being one: of any environment
    environment: int
    parent_columns: tuple[int, ...]  # columns by which children are looked up
    is_tagged: bool  # the plan reads or writes tags of its records
    is_written: bool  # the plan creates or changes its records
    journaled: tuple[tuple[int, str], ...]  # (column, field) of what goes into the journal
    booleans: frozenset[str]  # columns of booleans
    amounts: frozenset[str]  # columns of money, in cents
    pinned: tuple[tuple[int, PinnedAs], ...]  # the columns that a pin compares, and how
    index: Mapping[str, int] = field(repr=False)  # column name -> index
