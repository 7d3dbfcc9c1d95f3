"""What has to be confirmed in live, by typing a number, before a page applies plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import Database
from longshore.errors import RequestRefused
from longshore.imports import Import, all_differences
from longshore.operations.asker import Asker

# What is beyond these is confirmed by typing how many records it is about.
_UPDATES_MAX = 1_000
_LOWERED_MAX = 100
_LOWERED_TO = 0.8  # of the price before


class NotConfirmed(RequestRefused):
    """The number that is asked for was not typed, or another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What has to be confirmed by typing a number."""

    number: int
    what: str


class LiveConfirmations:
    """Says what pages ask for before they apply a plan, whichever page it is."""

    def __init__(self, database: Database, *, read_seconds: float) -> None:
        self._database = database
        self._read_seconds = read_seconds

    def needed(self, asker: Asker, plans: Sequence[Import]) -> Confirmation | None:
        """What has to be confirmed before a plan, or the plans of a group, are applied."""
        if asker.environment.mode != "live":
            return None
        updated = sum(each.updated_count for each in plans)
        if updated > _UPDATES_MAX:
            return Confirmation(number=updated, what=f"{updated:,} records are updated")
        lowered = 0
        with self._database.read(seconds=self._read_seconds) as tx:
            for plan in plans:
                for each in all_differences(tx, plan.id) if plan.updated_count else ():
                    lowered += any(
                        _is_lowered(each.changes, name) for name in _amounts(each.changes)
                    )
        if lowered > _LOWERED_MAX:
            return Confirmation(number=lowered, what=f"{lowered:,} prices fall by over 20 %")
        return None

    def check(self, asker: Asker, plans: Sequence[Import], typed: str | None) -> None:
        """Raise NotConfirmed where what has to be confirmed was not, by what somebody has typed."""
        asked = self.needed(asker, plans)
        if asked is not None and (typed or "").replace(",", "").strip() != str(asked.number):
            raise NotConfirmed(
                f"{asked.what}, and {asked.number} was not typed",
                hint=f"type {asked.number} to import",
            )


def _amounts(changes: Mapping[str, Any]) -> list[str]:
    return [name for name in changes if name.endswith("amount_cents")]


def _is_lowered(changes: Mapping[str, Any], name: str) -> bool:
    before, after = changes[name]
    if not isinstance(before, int) or not isinstance(after, int):
        return False
    return after < before * _LOWERED_TO
