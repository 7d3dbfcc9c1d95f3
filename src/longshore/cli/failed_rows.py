"""The failed rows of an import in a file that somebody has named: `operations.FailedText` says what
stands in it. A name that ends in .xlsx makes a workbook, whatever the source is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from longshore.cli.endings import silence_output
from longshore.cli.failed_sheet import write_failed_workbook
from longshore.cli.files import check_can_write, spreadsheet_safe_name, written_whole
from longshore.cli.messages import counted, printable, say, warn
from longshore.cli.workbooks import check_name, is_workbook_name
from longshore.errors import PermanentError

if TYPE_CHECKING:
    from longshore.operations import FailedRow, SourceForm

__all__ = ["STANDARD_OUTPUT", "FailedRowsFile"]

STANDARD_OUTPUT = Path("-")

_TREES = (".json", ".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRowsFile:
    """Where failed rows are written to."""

    path: Path  # or STANDARD_OUTPUT
    is_spreadsheet_safe: bool = False  # cells that a spreadsheet could compute are guarded

    @classmethod
    def of_option(
        cls, path: Path, *, is_spreadsheet_safe: bool = False, source: Path | None
    ) -> FailedRowsFile:
        """The file that somebody named; `source` is the file that is read.

        Raises RequestRefused for one that could not be written.
        """
        if path != STANDARD_OUTPUT:
            check_name(path)
            # No cell of a workbook is computed, and none of a tree.
            if is_spreadsheet_safe and path.suffix.lower() not in _TREES:
                path = path if is_workbook_name(path) else spreadsheet_safe_name(path)
            check_can_write(path, source=source)
        return cls(path=path, is_spreadsheet_safe=is_spreadsheet_safe)

    def of_type(self, resource_type: str) -> FailedRowsFile:
        """The file of one of several types: `failed.csv` as `failed.skus.csv`."""
        path = self.path
        return replace(self, path=path.with_name(f"{path.stem}.{resource_type}{path.suffix}"))

    def check(self) -> None:
        """Raise RequestRefused where it could not be written."""
        check_can_write(self.path)

    @property
    def is_standard_output(self) -> bool:
        return self.path == STANDARD_OUTPUT

    def write(self, rows: Iterable[FailedRow], source: SourceForm) -> int:
        """Write the rows, in the format that the file's name says, else in that of their source,
        and say how many. The file appears whole or not at all.

        Raises PermanentError for a full disk, and for rows that a workbook cannot hold.
        """
        from longshore.operations import FailedText

        counter = _RowCounter()
        if is_workbook_name(self.path):
            write_failed_workbook(counter.counting(rows), source, self.path)
            say(
                f"{counted(counter.count, 'failed row')} written to {self.name}",
                hint=_cents_hint(source),
            )
            return counter.count
        text = FailedText(
            source,
            counter.counting(rows),
            extension=self.path.suffix.lower(),
            is_guarded=self.is_spreadsheet_safe,
        )
        try:
            with text.written() as written, self._opened() as output:
                for block in written.blocks:
                    output.write(block)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise PermanentError(f"{self.name} cannot be written: {error.strerror}") from error
        say(
            f"{counted(counter.count, 'failed row')} written to {self.name}",
            hint=f"import it with {text.hint}" if text.hint else _cents_hint(source),
        )
        if written.lacking is not None:
            warn(
                f"{self.name} is in UTF-8: {text.encoding}, the encoding of the source, has no "
                f"{written.lacking!r}",
                hint="import it without --encoding",
            )
        return counter.count

    @property
    def name(self) -> str:
        """How messages call it."""
        return "standard output" if self.is_standard_output else printable(str(self.path))

    def beside(self) -> AbstractContextManager[object]:
        """Send what the block reports to standard error, where the rows have standard output."""
        return redirect_stdout(sys.stderr) if self.is_standard_output else nullcontext()

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        if not self.is_standard_output:
            with written_whole(self.path) as file:
                yield file
            return
        try:
            yield sys.stdout.buffer
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()  # nobody reads them, and the import ended as it did


def _cents_hint(source: SourceForm) -> str | None:
    """What a column takes that the file itself, of another system, has otherwise."""
    names = source.cents_columns
    if not names:
        return None
    takes = "takes" if len(names) == 1 else "take"
    return f"{' and '.join(names)} {takes} the smallest unit of the currency: 1250 for 12.50 USD"


class _RowCounter:
    """Counts the rows that pass through it."""

    def __init__(self) -> None:
        self.count = 0

    def counting(self, rows: Iterable[FailedRow]) -> Iterator[FailedRow]:
        for row in rows:
            self.count += 1
            yield row
