"""Findings about rows in the form in which an import keeps them."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from longshore.engine.chunks import ChunkResult
from longshore.engine.plan import Plan
from longshore.imports import NewError, NewWarning
from longshore.readers import Rows

# What names a row in the logs, from its raw values; None: nothing does.
Identify: TypeAlias = Callable[[Any], str | None]

_VALUE_CHARACTERS = 200
_IDENTIFIER_CHARACTERS = 200


def row_identifier(
    plan: Plan,
    columns: Sequence[str],
    *,
    is_tabular: bool,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Identify:
    """How rows of this source are named: the first of the plan's fields that a row holds.

    `columns` and `renamed` are those of `row_converter`.
    """
    if not is_tabular:
        keys = {name: key for key, name in renamed.items()}
        names = [keys.get(name, name) for name in plan.identifier_names]

        def of_object(row: Any) -> str | None:
            if not isinstance(row, Mapping):
                return None
            return next((text for name in names if (text := _text(row.get(name)))), None)

        return of_object
    positions = [columns.index(name) for name in plan.identifier_names if name in columns]

    def of_cells(cells: Sequence[str]) -> str | None:
        present = (cells[position] for position in positions if position < len(cells))
        return next((text for cell in present if (text := _text(cell))), None)

    return of_cells


def error_rows(rows: Rows, result: ChunkResult, identify: Identify) -> list[NewError]:
    """The errors of a chunk, each finding of a row once."""
    errors = []
    for index, findings in result.failures:
        identifier = identify(rows.values[index])
        for position, (name, message, value) in enumerate(dict.fromkeys(map(_hashable, findings))):
            errors.append(
                NewError(
                    row_number=rows.first + index,
                    position=position,
                    line=rows.lines[index],
                    identifier=identifier,
                    attribute=name,
                    message=message,
                    value=value,
                )
            )
    return errors


def warning_rows(rows: Rows, result: ChunkResult, identify: Identify) -> list[NewWarning]:
    """The warnings of a chunk."""
    return [
        NewWarning(
            row_number=rows.first + index,
            position=position,
            identifier=identify(rows.values[index]),
            message=message,
        )
        for index, messages in result.warnings
        for position, message in enumerate(messages)
    ]


def _hashable(finding: tuple[str, str, object]) -> tuple[str, str, str | None]:
    name, message, value = finding
    return (name, message, _shown(value))


def _shown(value: object) -> str | None:
    """A value as text, cut where it is long, and such that every database can hold it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text[: _VALUE_CHARACTERS + 1].replace("\0", "\N{REPLACEMENT CHARACTER}")
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _VALUE_CHARACTERS else text[: _VALUE_CHARACTERS - 1] + "…"


def _text(value: object) -> str | None:
    if value is None or isinstance(value, bool | list | dict):
        return None
    text = str(value)[:_IDENTIFIER_CHARACTERS].strip()
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
