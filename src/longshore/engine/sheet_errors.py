"""Cells of a workbook that show an error in place of a value; no row may take them for texts."""

from collections.abc import Sequence
from typing import Any

from longshore.engine.chunk.candidates import Candidates, RowConverter
from longshore.engine.values.candidate import Finding
from longshore.error_codes import ErrorCode, Message, message
from longshore.workbooks import NOT_CALCULATED, is_error

_SIGN = "#"  # every error begins with it


class SheetErrors:
    """Converts rows of a sheet, and finds fault with those that hold an error."""

    def __init__(
        self, convert: RowConverter, fields: Sequence[Sequence[str]], *, null: str | None = None
    ) -> None:
        """`fields` says by position what a column means; one without a field says nothing, nor
        does a cell that means `null`."""
        self._convert = convert
        self._fields = fields
        self._null = null

    def __call__(self, rows: Sequence[Any]) -> Candidates:
        """The candidates of the rows."""
        candidates = self._convert(rows)
        suspect = [
            index
            for index, row in enumerate(rows)
            if isinstance(row, list) and _SIGN in "".join(row)
        ]
        found = {index: each for index in suspect if (each := self._findings(rows[index]))}
        return candidates.with_findings_of_fields(found) if found else candidates

    def _findings(self, row: Sequence[str]) -> tuple[Finding, ...]:
        return tuple(
            (field, _message(cell), cell)
            for fields, cell in zip(self._fields, row, strict=False)
            if fields and is_error(cell) and cell != self._null
            for field in fields
        )


def _message(cell: str) -> Message:
    if cell == NOT_CALCULATED:
        return message(ErrorCode.NOT_CALCULATED)
    return message(ErrorCode.CELL_ERROR)
