"""One change of a record or an import, as its history tells it."""

from collections.abc import Mapping
from dataclasses import dataclass

from longshore.journal import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed at one time, its values as on the wire."""

    number: int  # ascending within one history, from 0
    at: int
    event: str  # "create", "update", "destroy" or "restore"
    payload: Mapping[str, tuple[object, object]]  # field -> before, after
    actor: Actor | None  # who did it; None: nobody knows
    row_number: int | None = None  # of the import that did it; None: nobody knows, or none did
