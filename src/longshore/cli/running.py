"""Imports taken from their source to their end, with progress shown and signals heeded."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from longshore.cli.failed_rows import match_failed_rows
from longshore.cli.progress import Progress, show_progress
from longshore.cli.reporting import Effort
from longshore.cli.stopping import StopRequested, Stops
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from longshore.access import Environment
    from longshore.assembly import FailedRow, ImportRequest, Longshore
    from longshore.engine import DryRun
    from longshore.imports import Import, Source
    from longshore.readers import Layout

__all__ = ["Trial", "Work"]


@dataclass(frozen=True, slots=True)
class KeptRows:
    """The rows that would fail, in a source laid out like this."""

    layout: Layout
    rows: Iterator[FailedRow]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a dry run found; None stands for rows that nobody asked for."""

    result: DryRun
    kept: KeptRows | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Where a command's imports belong, and the signals that it heeds."""

    longshore: Longshore
    environment: Environment
    stops: Stops
    verbose: bool = False  # log lines are written, and progress would be in their way

    def submit(self, source: Source, request: ImportRequest) -> Import:
        """Store the source, read to its end, and create the import.

        Raises StopRequested when a signal came before; then nothing is stored.
        """
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("reading")
            on_read = self._heeding(progress)
            return self.longshore.submit(
                self.environment, source, request, to_run=True, on_read=on_read
            )

    def run(self, import_: Import) -> tuple[Import, Effort]:
        """Run the import to its end, or to where signals stop it; the import as it then is."""
        began = time.monotonic()
        ended = self._run(import_)
        rows = ended.consumed_count - import_.consumed_count
        return ended, Effort(rows, time.monotonic() - began)

    def _run(self, import_: Import) -> Import:
        from longshore.database import StorageFull

        with show_progress(hidden=self.verbose) as progress:
            progress.begin(f"importing {import_.resource_type}", before=import_.consumed_count)

            def on_progress(current: Import) -> None:
                progress.count(current.consumed_count, current.inputs_size, "rows")
                if self.stops.is_interruption and not current.is_finished:
                    with suppress(RequestRefused):  # somebody has stopped or deleted it already
                        self.longshore.interrupt(self.environment, current.id)

            try:
                if self.stops.is_asked:
                    on_progress(import_)
                    return self.read(import_)
                ended = self.longshore.run(
                    import_.id, on_progress=on_progress, should_stop=lambda: self.stops.is_asked
                )
            except StopRequested:
                # The chunk in hand was rolled back; what was committed before it stays.
                return self.read(import_)
            except StorageFull as error:
                # The rows are stored already: nobody needs the file again.
                raise StorageFull(
                    error.message,
                    hint="free some space, then longshore resume finishes the import; "
                    "nothing that was committed is lost",
                ) from error
            progress.finish(ended.consumed_count, ended.inputs_size, "rows")
            return ended

    def read(self, import_: Import) -> Import:
        """The import as it is at this moment."""
        from longshore.imports import read_import

        with self.longshore.database.read() as tx:
            return read_import(tx, import_.id)

    @contextmanager
    def try_import(
        self, source: Source, request: ImportRequest, *, keeps_rows: bool
    ) -> Iterator[Trial]:
        """What an import would do; `keeps_rows` for those that would fail, within the block.

        Raises StopRequested when a signal came; nothing was to be stored anyway.
        """
        if not keeps_rows:
            yield Trial(self._try(source, request))
            return
        from longshore.imports import AttachmentStore, Source

        # The source may be readable only once, and its failed rows are known only after that.
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            attachments = AttachmentStore(Path(folder))
            with show_progress(hidden=self.verbose) as progress:
                progress.begin("reading")
                stored = attachments.write(source, progress=self._heeding(progress))
            layout = stored.layout
            copy = Source(
                name=source.name, format=layout.format, path=attachments.path(stored.name)
            )
            result = self._try(copy, request)
            rows = match_failed_rows(attachments.open(stored.name, layout), result.errors)
            yield Trial(result, KeptRows(layout, rows))

    def _try(self, source: Source, request: ImportRequest) -> DryRun:
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("reading")
            on_read = self._heeding(progress)

            def on_progress(result: DryRun) -> None:
                self.stops.check()
                progress.count(result.consumed, result.inputs_size, "rows")

            return self.longshore.dry_run(
                self.environment, source, request, on_read=on_read, on_progress=on_progress
            )

    def _heeding(self, progress: Progress) -> Callable[[int, int | None], None]:
        def on_read(done: int, total: int | None) -> None:
            self.stops.check()
            progress.bytes(done, total)

        return on_read
