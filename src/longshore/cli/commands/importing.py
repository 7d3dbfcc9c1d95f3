"""A file imported, tried, or imported when agreed: rows of one type, or a group of several."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from longshore.cli.asking import import_when_agreed
from longshore.cli.commands.import_checks import check_can_be_group
from longshore.cli.commands.recognition import OneType, recognised
from longshore.cli.endings import Exit
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.group_imports import (
    check_failed_rows,
    import_group_when_agreed,
    run_group_to_end,
    submit_group,
    try_group,
)
from longshore.cli.import_end import run_to_end
from longshore.cli.import_work import Work
from longshore.cli.messages import fail
from longshore.cli.single_imports import submit_single, try_single
from longshore.cli.stops import StopRequested

if TYPE_CHECKING:
    from longshore.cli.commands.import_options import ToImport
    from longshore.operations import GroupSource

__all__ = ["Importing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What is to be imported, and where what fails goes."""

    work: Work
    wanted: ToImport
    is_guarded: bool  # cells of the file have an apostrophe before what would be computed
    failed_rows: FailedRowsFile | None

    def done(self, *, supersedes: bool, as_json: bool) -> Exit:
        """Import the file, and tell what became of it."""
        work = self.work
        try:
            with recognised(
                work, self.wanted, work.longshore.attachments, is_guarded=self.is_guarded
            ) as found:
                if isinstance(found, OneType):
                    import_ = submit_single(
                        work, found.source, found.request, supersedes=supersedes
                    )
                    group = None
                else:
                    self._check(found)
                    group = submit_group(
                        work, found, self.wanted.group_request(), supersedes=supersedes
                    )
        except StopRequested:
            fail("stopped while the source was read; nothing was imported")
            return Exit.HAD_ERRORS
        # Outside of the block: what was read of the file is kept from here on, whatever happens.
        if group is not None:
            return run_group_to_end(work, group, self.failed_rows, as_json=as_json)
        return run_to_end(work, import_, self.failed_rows, as_json=as_json)

    def only_tried(self, *, as_json: bool) -> Exit:
        """Tell what an import of the file would do, and write nothing."""
        from longshore.sources import AttachmentStore

        work = self.work
        try:
            with (
                TemporaryDirectory(prefix="longshore-") as folder,
                recognised(
                    work, self.wanted, AttachmentStore(Path(folder)), is_guarded=self.is_guarded
                ) as found,
            ):
                if isinstance(found, OneType):
                    return try_single(
                        work, found.source, found.request, self.failed_rows, as_json=as_json
                    )
                self._check(found)
                return try_group(
                    work, found, self.wanted.group_request(), self.failed_rows, as_json=as_json
                )
        except StopRequested:
            fail("stopped before the end of the dry run; nothing was written")
            return Exit.HAD_ERRORS

    def when_agreed(self) -> Exit:
        """Show a plan of the import, and apply it if somebody agrees."""
        work = self.work
        try:
            with recognised(
                work, self.wanted, work.longshore.attachments, is_guarded=self.is_guarded
            ) as found:
                if isinstance(found, OneType):
                    return import_when_agreed(work, found.source, found.request, self.failed_rows)
                self._check(found)
                ask = import_group_when_agreed(
                    work, found, self.wanted.group_request(), self.failed_rows
                )
        except StopRequested:
            fail("stopped while the source was read; nothing was planned")
            return Exit.HAD_ERRORS
        return ask()

    def _check(self, source: GroupSource) -> None:
        check_can_be_group(self.wanted)
        check_failed_rows(self.failed_rows, [each.resource_type for each in source.members])
