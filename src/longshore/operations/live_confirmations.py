"""What has to be confirmed in live, by typing a number, before a page applies plans."""

from collections.abc import Sequence
from dataclasses import dataclass

from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.errors import RequestRefused
from longshore.imports import LARGE_PERCENT, Import
from longshore.operations.asker import Asker
from longshore.operations.planned_changes import lowered_amounts

# What is beyond these is confirmed by typing how many records it is about.
_UPDATES_MAX = 1_000
_LOWERED_MAX = 100


class NotConfirmed(RequestRefused):
    """The number that is asked for was not typed, or another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What has to be confirmed by typing a number."""

    number: int
    what: str


class LiveConfirmations:
    """Says what pages ask for before they apply a plan, whichever page it is."""

    def __init__(self, database: Database, catalogue: Catalogue, *, read_seconds: float) -> None:
        self._database = database
        self._catalogue = catalogue
        self._read_seconds = read_seconds

    def needed(self, asker: Asker, plans: Sequence[Import]) -> Confirmation | None:
        """What has to be confirmed before a plan, or the plans of a group, are applied."""
        if asker.environment.mode != "live":
            return None
        updated = sum(each.updated_count for each in plans)
        if updated > _UPDATES_MAX:
            return Confirmation(number=updated, what=f"{updated:,} records are updated")
        with self._database.read(seconds=self._read_seconds) as tx:
            lowered = sum(
                lowered_amounts(tx, self._catalogue, plan) for plan in plans if plan.updated_count
            )
        if lowered > _LOWERED_MAX:
            what = f"{lowered:,} prices fall by over {LARGE_PERCENT} %"
            return Confirmation(number=lowered, what=what)
        return None

    def check(self, asker: Asker, plans: Sequence[Import], typed: str | None) -> None:
        """Raise NotConfirmed where what has to be confirmed was not, by what somebody has typed."""
        asked = self.needed(asker, plans)
        if asked is not None and (typed or "").replace(",", "").strip() != str(asked.number):
            raise NotConfirmed(
                f"{asked.what}, and {asked.number} was not typed",
                hint=f"type {asked.number} to import",
            )
