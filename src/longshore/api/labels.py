"""What may be changed of resources that are no records: how they are called, and their metadata."""

import json
from collections.abc import Mapping
from typing import Any

from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, ApiErrors, validation_error
from longshore.catalogue import ResourceType
from longshore.engine import ValueRefused, converter, to_boolean


def read_labels(
    request: ApiRequest, declared: ResourceType, given: Mapping[str, Any]
) -> dict[str, object]:
    """What the body sets, in the form in which it is kept; raises ApiErrors."""
    attributes = {each.name: each for each in declared.attributes}
    flags = request.context.environment.flags
    bytes_max = request.services.settings.cell_bytes_max
    changes: dict[str, object] = {}
    errors: list[ApiError] = []
    for name, value in given.items():
        try:
            kept = None if value is None else converter(attributes[name], flags, bytes_max)(value)
        except ValueRefused as refused:
            pointer = f"/data/attributes/{name}"
            errors.append(validation_error(name, refused.message, pointer=pointer, value=value))
            continue
        changes[name] = json.loads(str(kept or "{}")) if name == "metadata" else kept
    if errors:
        raise ApiErrors(errors)
    return changes


def is_fired(trigger: str, value: object) -> bool:
    """Whether the value of a trigger says that it is to happen."""
    try:
        return value is not None and to_boolean(value)
    except ValueRefused as refused:
        pointer = f"/data/attributes/{trigger}"
        raise validation_error(trigger, refused.message, pointer=pointer, value=value) from None
