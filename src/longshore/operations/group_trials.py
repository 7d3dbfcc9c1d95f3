"""What a group of imports would do, told without doing it.

All members stand on one picture of the records, so a price finds the SKU that the group would make.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from longshore.access import Environment
from longshore.engine import DryRun, run_dry
from longshore.imports import check_group_once
from longshore.operations.group_source import GroupRequest, GroupSource, group_digest
from longshore.operations.preparation import skips_errors
from longshore.operations.trials import Trial, TrialSource, TrialSources
from longshore.sources import AttachmentStore


class GroupTrials:
    """Makes dry runs of groups in one installation."""

    def __init__(self, sources: TrialSources) -> None:
        self._sources = sources

    @contextmanager
    def trial(
        self,
        environment: Environment,
        source: GroupSource,
        request: GroupRequest,
        *,
        on_read: Callable[[int, int | None], None] | None = None,
        on_progress: Callable[[Sequence[DryRun]], None] = lambda _dry_runs: None,
    ) -> Iterator[Sequence[Trial]]:
        """What imports of the members would do, in their order, each with the rows that would fail;
        to be read within the block. Nothing is written to the data folder.

        When they would stop is judged over the rows of all members; those behind one that would be
        interrupted are not gone through. `on_read` hears of the source of each member in turn,
        `on_progress` of all members at once. Raises RequestRefused as a submission does.
        """
        source.check()
        database = self._sources.database
        asked = [request.of(member) for member in source.members]
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            attachments = AttachmentStore(Path(folder))
            read: list[TrialSource] = []
            for member, each in zip(source.members, asked, strict=True):
                with source.refusals_naming(member):
                    read.append(
                        self._sources.read(
                            environment,
                            member.source,
                            each,
                            attachments=attachments,
                            on_read=on_read,
                        )
                    )
            if request.once:
                digest = group_digest(source, [each.digest for each in read])
                with database.read() as tx:
                    check_group_once(tx, environment.number, digest)
            results = run_dry(
                database,
                self._sources.settings,
                [each.dried() for each in read],
                skip_errors=any(skips_errors(environment, each) for each in asked),
                stop_rules=request.stop_rules,
                on_progress=on_progress,
            )
            yield [
                Trial(result, each, database) for result, each in zip(results, read, strict=True)
            ]
