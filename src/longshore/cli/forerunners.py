"""What the terminal says of an older import or undo that has to end before another one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from longshore.cli.messages import counted
from longshore.cli.progress import duration

if TYPE_CHECKING:
    from longshore.imports import Import, WaitsFor
    from longshore.undos import Undo

__all__ = [
    "ended_by_newer",
    "finished_first",
    "finishing_first",
    "freeing",
    "undo_finished_first",
    "unit_of",
    "waiting_for",
]


def waiting_for(older: WaitsFor) -> str:
    """`import X (prices, 43,500 of 60,000 rows), run by a worker on web1, pid 17, since ...`"""
    from longshore.operations import named_forerunner

    seconds = older.stalled_seconds
    return named_forerunner(older, stalled=None if seconds is None else duration(seconds))


def freeing(older: WaitsFor) -> str:
    """The next step for who does not want to wait."""
    from longshore import operations

    return operations.freeing(older)


def finishing_first(older: WaitsFor) -> str:
    """What is said before a process finishes an older import in place of its own."""
    rows = counted(older.inputs_size, unit_of(older))
    if older.status == "pending":
        state = f"of {rows} has not begun"
    else:
        state = f"was left open after {older.consumed_count:,} of {rows}"
    return (
        f"{older.kind} {older.public_id} ({older.resource_type}) is older and {state}: it is "
        "finished first"
    )


def finished_first(public_id: str, older: Import) -> str:
    """What became of the import that was finished first."""
    return (
        f"import {public_id} is {older.status}: {older.consumed_count:,} of "
        f"{counted(older.inputs_size, 'row')}, {older.errors_count:,} failed"
    )


def undo_finished_first(public_id: str, older: Undo) -> str:
    """What became of the undo that was finished first."""
    return (
        f"undo {public_id} is {older.status}: {older.done_count:,} of "
        f"{counted(older.changes_count, 'change')}, {counted(older.kept_count, 'record')} kept"
    )


def unit_of(older: WaitsFor) -> str:
    """What it goes through: rows of an import, changes of an undo."""
    return "change" if older.kind == "undo" else "row"


def ended_by_newer(public_id: str, older: Import) -> str:
    """How far an import had got that a newer one has ended, or ends."""
    if not older.is_finished:
        return (
            f"import {public_id} ({older.resource_type}) is superseded: what it has written is "
            "taken back first"
        )
    return (
        f"import {public_id} ({older.resource_type}) is superseded and was interrupted: "
        f"{older.consumed_count:,} of {counted(older.inputs_size, 'row')} were done"
    )
