"""The records that rows have named, and the rows that a notice names."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.imports import RowOutcome

FIRST_MAX = 10  # rows or pairs of rows that a notice names
SHOWN_MAX = 3  # of them, in its message


def named(outcomes: bytes | bytearray, records: Sequence[int]) -> Sequence[int]:
    """The record that each row has named; 0: none, the row failed or was skipped, whatever it had
    found."""
    if RowOutcome.FAILED not in outcomes and RowOutcome.SKIPPED not in outcomes:
        return records
    return [
        0 if outcome >= RowOutcome.FAILED else record
        for outcome, record in zip(outcomes, records, strict=True)
    ]


def listed_pairs(first: Sequence[Mapping[str, Any]], count: int) -> str:
    """The first of so many pairs of rows for one record, as a message shows them."""
    shown = [
        f"{_of_key(each['key'])}{_listed_numbers('row', each['rows'])} "
        f"({_listed_numbers('line', each['lines'])})"
        for each in first[:SHOWN_MAX]
    ]
    return listed(shown, count)


def _listed_numbers(noun: str, numbers: Sequence[int]) -> str:
    return f"{noun}{'s' if len(numbers) > 1 else ''} " + " and ".join(map(str, numbers))


def listed(shown: Sequence[str], count: int) -> str:
    """The first of so many."""
    more = count - len(shown)
    return ", ".join(shown) + (f", and {more:,} more" if more > 0 else "")


def _of_key(key: str | None) -> str:
    return "" if key is None else f"{key} in "
