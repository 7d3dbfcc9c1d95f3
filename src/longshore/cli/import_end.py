"""An import that was just created, run to its end and told of."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from longshore.cli.documents import write_document
from longshore.cli.endings import Exit, silence_output
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.findings import warn_of
from longshore.cli.import_work import Work
from longshore.cli.messages import fail
from longshore.cli.moved import tell_moved
from longshore.cli.report import exit_of, report_import, say_next_step, warn_of_rows
from longshore.cli.resources import import_resource
from longshore.errors import PermanentError

if TYPE_CHECKING:
    from longshore.imports import Import

__all__ = ["run_to_end"]


def run_to_end(
    work: Work, import_: Import, failed_rows: FailedRowsFile | None, *, as_json: bool
) -> Exit:
    """Run the import, write its failed rows where they are wanted, and report it."""
    from longshore.operations import SourceForm

    longshore = work.longshore
    told = import_.notices
    import_, effort = work.run(import_)
    warn_of(notice for notice in import_.notices if notice not in told)
    code = exit_of(import_)
    written = None
    if failed_rows is not None:
        form = longshore.attachments.text_form(import_.attachment_name, import_.layout)
        try:
            rows = longshore.imports.failed_rows(import_)
            failed_rows.write(rows, SourceForm(import_.layout, form))
            written = None if failed_rows.is_standard_output else str(failed_rows.path)
        except PermanentError as error:
            # The import ended as it did, and that is to be told as well.
            public_id = longshore.public_ids.encode(import_.id)
            fail(error.message, hint=f"longshore errors {public_id} lists what failed")
            code = Exit.HAD_ERRORS
    warn_of_rows(longshore, import_)
    tell_moved(import_)
    try:
        if as_json:
            write_document({"data": import_resource(longshore, work.environment, import_)})
            say_next_step(longshore, import_)
        else:
            with nullcontext() if failed_rows is None else failed_rows.beside():
                report_import(longshore, import_, effort, written=written)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()  # nobody reads the report, and the import ended as it did
    return code
