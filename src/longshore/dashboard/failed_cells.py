"""A row that failed, as pages show it: its cells by column, and which of them are wrong."""

from collections.abc import Mapping
from typing import Any

from longshore.imports import Import, LoggedError
from longshore.operations import FailedRow


def failed_row(import_: Import, row: FailedRow) -> dict[str, Any]:
    """A failed row with its cells by column, and which of them are wrong."""
    columns = import_.layout.columns
    values = row.values
    if isinstance(values, Mapping):
        cells = {name: values[name] for name in columns if name in values}
    elif isinstance(values, list):
        cells = dict(zip(columns, values, strict=False))
    else:
        cells = {}
    bad = {name for error in row.errors for name in _column_of(error, columns)}
    return {
        "number": next((error.source_row for error in row.errors if error.source_row), row.number),
        "line": row.line,
        "cell": next((error.cell for error in row.errors if error.cell), None),
        "errors": row.errors,
        "cells": cells,
        "bad": bad,
    }


def _column_of(error: LoggedError, columns: Any) -> list[str]:
    names = (error.column, error.attribute, error.attribute.partition(".")[0])
    return [name for name in names if name is not None and name in columns][:1]
