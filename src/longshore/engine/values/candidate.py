"""A row once its values are typed, and what was wrong with them."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from longshore.error_codes import Message


class _Absent:
    """A field that its row does not name: unlike null, it leaves the record as it is."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


class FieldAt(str):
    """The name of a field inside of a nested collection, with the place of its element."""

    __slots__ = ("steps",)

    steps: Sequence[str | int]  # keys and indexes that lead to the field from its row

    def __new__(cls, name: str, steps: Sequence[str | int]) -> "FieldAt":
        made = super().__new__(cls, name)
        made.steps = steps
        return made


# What a row said about one field and why it cannot be: field, message, the value as it was found.
Finding: TypeAlias = tuple[str, Message, object]

# A row once converted: its fields by slot, and what was wrong with their values.
Candidate: TypeAlias = tuple[list[Any], Sequence[Finding]]
