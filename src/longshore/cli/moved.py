"""What has moved since rows were judged, told of an import that it has stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from longshore.cli.messages import counted, fail, say, say_hint

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.imports import Import

__all__ = ["say_next_step_of_moved", "tell_moved"]


def tell_moved(import_: Import) -> None:
    """Name the rows that are not as they were judged, if that has stopped the import."""
    moved = import_.moved
    if moved is None:
        return
    written = import_.consumed_count
    kept = "nothing was written" if not written else f"the rows 1 to {written:,} are written"
    fail(f"{moved.message}; {kept}")
    for row in moved.rows:
        say(str(row))
    if moved.count > len(moved.rows) > 0:
        say(f"... and {counted(moved.count - len(moved.rows), 'more row')}")


def say_next_step_of_moved(longshore: Longshore, import_: Import) -> None:
    """Say what can be done when an import of a plan was stopped by what has moved."""
    if import_.moved is None or import_.plan_id is None:
        return
    say_hint("longshore plan with the same file says what it would do by now")
    if import_.created_count or import_.updated_count:
        public_id = longshore.public_ids.encode(import_.id)
        effects = [
            f"{verb} {counted(count, 'row')}"
            for verb, count in (
                ("give back what was updated by", import_.updated_count),
                ("remove what was created by", import_.created_count),
            )
            if count
        ]
        say_hint(
            f"longshore undo {public_id} --dry-run tells what taking back would do: "
            f"{' and '.join(effects)}, as far as nobody has changed it since"
        )
