"""One change of a record or an import, as its history tells it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed at one time, its values as on the wire."""

    number: int  # ascending within one history, from 0
    at: int
    event: str  # "create", "update" or "destroy"
    payload: Mapping[str, tuple[object, object]]  # field -> before, after
    actor: int | None  # id of the import or application that did it; None: neither
    by_migration: bool = False  # an upgrade of longshore did it
