"""A row once its values are typed, and what was wrong with them."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias


class _Absent:
    """A field that its row does not name: unlike null, it leaves the record as it is."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()

# What a row said about one field and why it cannot be: field, message, the value as it was found.
Finding: TypeAlias = tuple[str, str, object]

# A row once converted: its fields by slot, and what was wrong with their values.
Candidate: TypeAlias = tuple[list[Any], Sequence[Finding]]
