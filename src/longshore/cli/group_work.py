"""Import groups taken to their ends, with one progress for all members and signals heeded."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from longshore.cli.import_work import Work
from longshore.cli.progress import show_progress
from longshore.cli.report import Effort
from longshore.cli.stops import StopRequested
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.imports import Import, ImportGroup

__all__ = ["run_group"]


def run_group(work: Work, group: ImportGroup) -> tuple[ImportGroup, Effort]:
    """Run the members of a group to their ends, one after the other, or to where signals stop them;
    the group as it then is.

    What is older and writes the same tables comes first, as it does for an import. Ctrl-C
    interrupts the member in hand, and with it those behind.
    """
    from longshore.database import StorageFull

    unfinished = [each for each in group.members if not each.is_finished]
    if unfinished:
        # Those behind it wait for it, and for nothing else that is older.
        work.let_older_end(lambda: work.longshore.imports.waits_for(unfinished[0]))
    began = time.monotonic()
    with show_progress(hidden=work.verbose) as progress:
        done = _Done(group)
        progress.begin(done.title(unfinished[0] if unfinished else None), before=done.rows)

        def on_progress(member: Import) -> None:
            if done.is_of_another(member):
                progress.begin(done.title(member), before=done.rows)
            done.note(member)
            progress.count(done.rows, group.total("inputs_size"), "rows")
            if work.stops.is_interruption and not member.is_finished:
                _interrupt(work, member)

        try:
            if work.stops.is_interruption and unfinished:
                _interrupt(work, unfinished[0])
            ended = work.longshore.import_groups.run(
                group, on_progress=on_progress, should_stop=lambda: work.stops.is_asked
            )
        except StopRequested:
            # The chunk in hand was rolled back; what was committed before it stays.
            ended = work.longshore.import_groups.read(group.id)
        except StorageFull as error:
            # The rows are stored already: nobody needs the file again.
            raise StorageFull(
                error.message,
                hint=f"free some space, then longshore resume finishes the {group.noun}; "
                "nothing that was committed is lost",
            ) from error
        done.all_of(ended)
        progress.finish(done.rows, ended.total("inputs_size"), "rows")
    rows = ended.total("consumed_count") - (0 if group.is_plan else group.total("consumed_count"))
    return ended, Effort(rows, time.monotonic() - began)


class _Done:
    """How many rows of a group are done, and which member is in hand."""

    def __init__(self, group: ImportGroup) -> None:
        self._group = group
        self._counts = {each.id: each.consumed_count for each in group.members}
        self._in_hand: int | None = next(
            (each.id for each in group.members if not each.is_finished), None
        )

    @property
    def rows(self) -> int:
        return sum(self._counts.values())

    def is_of_another(self, member: Import) -> bool:
        """Whether another member is in hand than before."""
        is_other = member.id != self._in_hand
        self._in_hand = member.id
        return is_other

    def note(self, member: Import) -> None:
        self._counts[member.id] = member.consumed_count

    def all_of(self, group: ImportGroup) -> None:
        """Take the counts of all members."""
        for each in group.members:
            self.note(each)

    def title(self, member: Import | None) -> str:
        """What is done at the moment: `importing prices (4 of 5)`."""
        word = "planning" if self._group.is_plan else "importing"
        if member is None:
            return word
        place = next(
            (index for index, each in enumerate(self._group.members, 1) if each.id == member.id), 1
        )
        return f"{word} {member.resource_type} ({place} of {len(self._group.members)})"


def _interrupt(work: Work, member: Import) -> None:
    """Stop a member, and with it those behind."""
    from longshore.operations import Asker

    asker = Asker(environment=work.environment)
    longshore = work.longshore
    with suppress(RequestRefused):  # somebody has stopped or deleted it already
        if member.is_plan:
            longshore.import_plans.interrupt(asker, member.id)
        else:
            longshore.imports.interrupt(asker, member.id)
