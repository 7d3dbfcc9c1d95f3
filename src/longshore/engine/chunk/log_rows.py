"""Findings about rows in the form in which an import keeps them."""

import json

from longshore.database import Transaction
from longshore.engine.chunk.causes import Cause
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.values.named_ids import as_written
from longshore.engine.values.outcomes import ChunkResult
from longshore.error_codes import ErrorCode, Message, message
from longshore.imports import NewError, NewWarning
from longshore.readers import Rows
from longshore.spellings import looks_like_total

_VALUE_CHARACTERS = 200
_TOTAL = message(ErrorCode.LOOKS_LIKE_TOTAL)
_NAME_CHARACTERS = 500


def error_rows(
    tx: Transaction, rows: Rows, result: ChunkResult, prepared: Prepared
) -> list[NewError]:
    """The errors of a chunk, each finding of a row once."""
    places, encode = prepared.places, tx.public_ids.encode
    errors = []
    for index, findings in result.failures:
        row = rows.values[index]
        identifier = prepared.identify(row)
        told = ((name, words, _shown(as_written(value, encode))) for name, words, value in findings)
        every = dict.fromkeys(told)
        if isinstance(row, list) and looks_like_total(row):
            every[("base", _TOTAL, None)] = None
        source_row, line = places.source_row(row) or (None, rows.lines[index])
        for position, (name, words, value) in enumerate(every):
            place = places.find(row, name)
            cause = _cause(tx, prepared, name, words, value)
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
                    cause_import_id=None if cause is None else cause.import_id,
                    cause_row=None if cause is None else cause.row,
                )
            )
    return errors


def _cause(
    tx: Transaction, prepared: Prepared, name: str, words: Message, value: str | None
) -> Cause | None:
    """The row of an earlier source that would have made what is missing, had it not failed."""
    if prepared.causes is None or value is None or words.code is not ErrorCode.MUST_EXIST:
        return None
    types = prepared.places.target_types(name)
    return prepared.causes.find(tx, types, value.strip()) if types else None


def warning_rows(rows: Rows, result: ChunkResult, prepared: Prepared) -> list[NewWarning]:
    """The warnings of a chunk."""
    return [
        NewWarning(
            row_number=rows.first + index,
            position=position,
            identifier=prepared.identify(rows.values[index]),
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
