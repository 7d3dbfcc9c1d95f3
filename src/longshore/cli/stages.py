"""What the terminal says of an import that is all or nothing: how far it is, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from longshore.cli.messages import say_hint

if TYPE_CHECKING:
    from longshore.imports import Import

__all__ = [
    "done_of_stage",
    "is_nothing_written",
    "say_how_to_mend",
    "stage_shown",
    "title_of_stage",
]


def stage_shown(import_: Import) -> str | None:
    """What it does, or what became of it; None: it is not all or nothing."""
    from longshore.imports import Stage, Status

    if not import_.all_or_nothing:
        return None
    if import_.status is Status.COMPLETED:
        return "all is written"
    if import_.is_finished:
        return "nothing was written" if is_nothing_written(import_) else "it has gone back"
    if import_.stage is None:
        return "it has not begun"
    return {
        Stage.JUDGING: "its rows are judged, and nothing is written",
        Stage.WRITING: "no row failed, and all are written",
        Stage.GOING_BACK: "what was written is taken back",
    }[import_.stage]


def is_nothing_written(import_: Import) -> bool:
    """Whether an import that is all or nothing has not written anything."""
    from longshore.imports import Stage

    is_judged = import_.stage in (None, Stage.JUDGING)
    return import_.all_or_nothing and (is_judged or not import_.consumed_count)


def title_of_stage(import_: Import) -> str:
    """What is done at the moment, over the progress of that."""
    from longshore.imports import Stage

    if not import_.all_or_nothing:
        word = "planning" if import_.is_plan else "importing"
        return f"{word} {import_.resource_type}"
    if import_.stage is Stage.GOING_BACK:
        return f"taking {import_.resource_type} back"
    word = "writing" if import_.stage is Stage.WRITING else "judging"
    return f"{word} {import_.resource_type}"


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
