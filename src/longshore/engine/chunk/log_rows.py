"""Findings about rows in the form in which an import keeps them."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from longshore.engine.chunk.error_places import ErrorPlaces
from longshore.engine.plan.nodes import Plan
from longshore.engine.values.named_ids import as_written
from longshore.engine.values.outcomes import ChunkResult
from longshore.error_codes import ErrorCode, message
from longshore.imports import NewError, NewWarning
from longshore.readers import Rows, Unreadable
from longshore.spellings import looks_like_total

_VALUE_CHARACTERS = 200
_TOTAL = message(ErrorCode.LOOKS_LIKE_TOTAL)
_IDENTIFIER_CHARACTERS = 200
_NAME_CHARACTERS = 500


class Identify(Protocol):
    """What the logs take from the raw values of a row."""

    def __call__(self, row: Any) -> str | None:
        """What names the row; None: nothing does."""


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
    if is_tabular:
        return _CellIdentifier(plan.identifier_names, columns)
    return _ObjectIdentifier(plan.identifier_names, renamed)


class _CellIdentifier:
    def __init__(self, names: Sequence[str], columns: Sequence[str]) -> None:
        self._positions = [columns.index(name) for name in names if name in columns]

    def __call__(self, row: Sequence[str]) -> str | None:
        if isinstance(row, Unreadable):
            return None
        present = (row[position] for position in self._positions if position < len(row))
        return next((text for cell in present if (text := _text(cell))), None)


class _ObjectIdentifier:
    def __init__(self, names: Sequence[str], renamed: Mapping[str, str]) -> None:
        keys = {name: key for key, name in renamed.items()}
        self._names = [keys.get(name, name) for name in names]

    def __call__(self, row: Any) -> str | None:
        if not isinstance(row, Mapping):
            return None
        return next((text for name in self._names if (text := _text(row.get(name)))), None)


def error_rows(
    rows: Rows,
    result: ChunkResult,
    identify: Identify,
    places: ErrorPlaces,
    encode: Callable[[int], str],
) -> list[NewError]:
    """The errors of a chunk, each finding of a row once; `encode` spells ids."""
    errors = []
    for index, findings in result.failures:
        row = rows.values[index]
        identifier = identify(row)
        told = ((name, words, _shown(as_written(value, encode))) for name, words, value in findings)
        every = dict.fromkeys(told)
        if isinstance(row, list) and looks_like_total(row):
            every[("base", _TOTAL, None)] = None
        source_row, line = places.source_row(row) or (None, rows.lines[index])
        for position, (name, words, value) in enumerate(every):
            place = places.find(row, name)
            if place.text is not None and value is not None:
                value = _shown(place.text)
            errors.append(
                NewError(
                    row_number=rows.first + index,
                    position=position,
                    line=line,
                    identifier=identifier,
                    attribute=str(name),
                    message=str(words),
                    value=value,
                    code=words.code.value,
                    source_column=_of_length(place.column),
                    pointer=_of_length(place.pointer),
                    source_row=source_row,
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


def _shown(value: object) -> str | None:
    """A value as text, cut where it is long, and such that every database can hold it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text[: _VALUE_CHARACTERS + 1].replace("\0", "\N{REPLACEMENT CHARACTER}")
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _VALUE_CHARACTERS else text[: _VALUE_CHARACTERS - 1] + "…"


def _of_length(name: str | None) -> str | None:
    """A name of the source, unless it is too long to be kept with each error."""
    return None if name is None or len(name) > _NAME_CHARACTERS else name


def _text(value: object) -> str | None:
    if value is None or isinstance(value, bool | list | dict):
        return None
    text = str(value)[:_IDENTIFIER_CHARACTERS].strip()
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
