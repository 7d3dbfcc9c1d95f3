"""An import of rows of one type, submitted or tried, and told of."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from longshore.cli.endings import Exit
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.findings import warn_of_source, write_dry_run
from longshore.cli.import_work import Work
from longshore.cli.report import exit_of_dry_run, report_dry_run

if TYPE_CHECKING:
    from longshore.imports import Import, ImportRequest
    from longshore.sources import Source

__all__ = ["submit_single", "try_single"]


def submit_single(
    work: Work, source: Source, request: ImportRequest, *, supersedes: bool = False
) -> Import:
    """Create the import, and say what is worth knowing of its source; raises StopRequested."""
    import_ = work.submit(source, request, supersedes=supersedes)
    warn_of_source(work.longshore, request, import_, verbose=work.verbose)
    return import_


def try_single(
    work: Work,
    source: Source,
    request: ImportRequest,
    failed_rows: FailedRowsFile | None,
    *,
    as_json: bool,
) -> Exit:
    """Tell what the import would do; raises StopRequested."""
    from longshore.operations import SourceForm

    with work.try_import(source, request) as trial:
        result = trial.result
        warn_of_source(work.longshore, request, result, verbose=work.verbose)
        if failed_rows is not None:
            form = SourceForm(trial.layout, trial.text_form())
            failed_rows.write(trial.failed_rows(), form)
        if as_json:
            write_dry_run(trial)
        else:
            with nullcontext() if failed_rows is None else failed_rows.beside():
                report_dry_run(trial, request)
    return exit_of_dry_run(result)
