"""What the terminal says of an import that is all or nothing: how far it is, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from longshore.cli.messages import say_hint

if TYPE_CHECKING:
    from longshore.imports import Import

__all__ = [
    "done_of_stage",
    "say_how_to_mend",
    "title_of_stage",
]


def title_of_stage(import_: Import) -> str:
    """What is done at the moment, over the progress of that."""
    from longshore.operations import phase_of

    return phase_of(import_)


def done_of_stage(import_: Import) -> tuple[int, int]:
    """How many rows are done in its stage, of how many."""
    from longshore.imports import Stage

    if import_.stage is not Stage.GOING_BACK:
        return import_.consumed_count, import_.inputs_size
    written = import_.consumed_count
    left = written if import_.taken_back_row is None else import_.taken_back_row - 1
    return written - left, written


def say_how_to_mend(public_id: str) -> None:
    """Say what to do about rows that failed."""
    say_hint(
        "mend the rows in the file and import all of it; "
        f"longshore errors {public_id} --failed-rows FILE writes those that failed"
    )
