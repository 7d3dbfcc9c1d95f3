"""Objects of which a row fills single keys, such as `metadata.colour`."""

import json
from collections.abc import Mapping
from typing import Any

from longshore.engine.plan.nodes import ObjectKeys
from longshore.engine.plan.table_plans import ValuesByColumn
from longshore.engine.row.draft import RowDraft
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import ValueRefused, canonical_json, given_twice
from longshore.error_codes import ErrorCode, message


def fill_keys(draft: RowDraft, object_: ObjectKeys) -> None:
    """Put the keys that a row gives into the object that the record has; the others stay.

    Null takes a key away. A row that gives the object as a whole as well is refused: nobody knows
    which of the two it means.
    """
    fields = draft.fields
    given = given_keys(object_, fields)
    if not given:
        return
    if object_.slot is not None and fields[object_.slot] is not ABSENT:
        draft.report(object_.name, given_twice(object_.name, f"{object_.name}.{next(iter(given))}"))
        return
    try:
        text = filled_object(object_, draft.values[object_.column], given)
    except ValueRefused as refused:
        draft.report(object_.name, refused.message)
    else:
        draft.values[object_.column] = text


def filled_object(object_: ObjectKeys, stored: str | None, given: Mapping[str, Any]) -> str:
    """A stored object with these keys put in, and those of null taken away.

    Raises ValueRefused where the whole cannot be stored.
    """
    values = {} if stored is None else json.loads(stored)
    for key, value in given.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    text = canonical_json(values)
    if len(text.encode()) > object_.bytes_max:
        raise ValueRefused(message(ErrorCode.TOO_MANY_BYTES, object_.bytes_max))
    return text


def given_keys(object_: ObjectKeys, fields: ValuesByColumn) -> dict[str, Any]:
    """The keys that a row gives, with their values."""
    given = {key: fields[slot] for slot, key in object_.keys if fields[slot] is not ABSENT}
    if object_.all_keys_slot is not None:
        several = fields[object_.all_keys_slot]
        if several is not ABSENT:
            given = {**several, **given}
    return given
