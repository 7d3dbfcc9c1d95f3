"""The rows of a plan for people: a line for each field that changes, each error, and each row that
has neither; as a table, or as a CSV for somebody who is to agree."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longshore.cli.files import check_can_write, spreadsheet_safe_name, written_whole
from longshore.cli.messages import counted, printable, say
from longshore.cli.tables import TableColumn, write_table
from longshore.cli.workbooks import is_workbook_name
from longshore.errors import RequestRefused
from longshore.spreadsheet_cells import guarded

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.imports import Import

__all__ = ["PlanRowsFile", "write_plan_rows"]

_NAMES = ("row", "line", "outcome", "key", "field", "before", "after", "error")
_COLUMNS = (
    TableColumn(title="row", right=True),
    TableColumn(title="line", right=True),
    TableColumn(title="outcome"),
    TableColumn(title="key"),
    TableColumn(title="field"),
    TableColumn(title="before", shortens=True),
    TableColumn(title="after", shortens=True),
    TableColumn(title="error", folds=True),
)
_Cells = tuple[str, str, str, str, str, str, str, str]


def write_plan_rows(rows: Iterable[Mapping[str, Any]], *, may_fail: bool = True) -> None:
    """Write rows as a table to standard output; of rows that cannot have failed, without errors."""
    width = len(_COLUMNS) if may_fail else len(_COLUMNS) - 1
    write_table(_COLUMNS[:width], (cells[:width] for row in rows for cells in _lines(row)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRowsFile:
    """Where the rows of a plan are written to."""

    path: Path
    is_spreadsheet_safe: bool

    @classmethod
    def of_option(
        cls, path: Path, *, is_spreadsheet_safe: bool, source: Path | None
    ) -> PlanRowsFile:
        """The file that somebody named; `source` is the file that is read.

        Raises RequestRefused for one that could not be written.
        """
        if is_workbook_name(path):
            raise RequestRefused(
                f"{path} cannot be written: the rows of a plan are a CSV",
                hint=f"name it {path.with_suffix('.csv').name}",
            )
        if is_spreadsheet_safe:
            path = spreadsheet_safe_name(path)
        check_can_write(path, source=source)
        return cls(path=path, is_spreadsheet_safe=is_spreadsheet_safe)

    def write(self, longshore: Longshore, plan: Import) -> None:
        """Write all rows of a plan that were gone through; raises PermanentError for a full
        disk."""
        from longshore.imports import ALL_OUTCOMES

        cell = guarded if self.is_spreadsheet_safe else str
        count = 0
        with (
            written_whole(self.path) as file,
            longshore.import_plans.rows(plan, outcomes=ALL_OUTCOMES) as rows,
        ):
            file.write(_csv(_NAMES))
            for row in rows:
                count += 1
                for cells in _lines(row):
                    file.write(_csv(map(cell, cells)))
        say(f"{counted(count, 'row')} written to {printable(str(self.path))}")


def _csv(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _lines(row: Mapping[str, Any]) -> Iterator[_Cells]:
    """The lines of one row."""
    head = (f"{row['row']}", f"{row['line']}", row["outcome"], row["key"] or "")
    told = [
        *(("", "", "", message) for message in map(_error, row["errors"])),
        *_changes("", row),
        *(
            line
            for other in row["further_changes"]
            for line in _changes(f"{other['type']} {other['id'] or '(new)'} ", other)
        ),
    ]
    for line in told or [("", "", "", "")]:
        yield (*head, *line)


def _changes(prefix: str, changed: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for field, pair in changed["changes"].items():
        before, after = changed["amounts"].get(field, pair)
        yield f"{prefix}{field}", _text(before), _text(after), ""


def _error(error: Mapping[str, Any]) -> str:
    value = "" if error["value"] is None else f": {error['value']}"
    meant = "" if error["suggestion"] is None else f", did you mean {error['suggestion']}?"
    return f"{error['attribute']} {error['message']}{value}{meant}"


def _text(value: object) -> str:
    """A value as people write it; nothing for null."""
    from longshore.json_text import encode_json

    if value is None:
        return ""
    return value if isinstance(value, str) else encode_json(value).decode()
