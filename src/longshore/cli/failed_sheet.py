"""Failed rows as a workbook in a file that somebody has named."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from longshore.cli.messages import printable
from longshore.cli.workbooks import written_workbook
from longshore.errors import PermanentError

if TYPE_CHECKING:
    from longshore.operations import FailedRow, SourceForm

__all__ = ["write_failed_workbook"]


def write_failed_workbook(rows: Iterable[FailedRow], source: SourceForm, path: Path) -> None:
    """Write the rows; the file appears whole or not at all.

    Raises PermanentError for a full disk, and for rows that a sheet cannot hold.
    """
    from longshore.operations import write_failed_sheet
    from longshore.workbooks import DoesNotFit

    try:
        with written_workbook(path) as workbook:
            write_failed_sheet(workbook, rows, source)
    except DoesNotFit as error:
        raise PermanentError(
            f"{printable(str(path))} cannot be written: {error.message}; "
            "a file whose name ends in .csv can hold it",
            hint=error.hint,
        ) from error
