"""What happened in an environment, and who made it happen, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import Database
from longshore.identifiers import ImportId, environment_of
from longshore.imports import Import, get_import
from longshore.journal import Actor, ActorKind, events_before, requested_by
from longshore.operations.asker import Asker
from longshore.operations.authors import Authors

# What can be asked for; the names of events as `record_event` writes them.
HAPPENINGS: Mapping[str, Sequence[str]] = {
    "created": ("imports.create",),
    "started": ("imports.start",),
    "completed": ("imports.complete",),
    "interrupted": ("imports.interrupt",),
    "deleted": ("imports.destroy",),
}
TERMINAL = "terminal"  # stands for people who have shown no credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event."""

    id: int  # of the event: what is older is asked for by it
    name: str
    at: int
    import_id: str  # public
    import_: Import | None  # also a deleted one; None: nothing is known of it any more
    who: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """Some of what happened."""

    happenings: Sequence[Happening]
    has_more: bool


class Activity:
    """Tells what happened in the environments of one installation."""

    def __init__(self, database: Database, *, read_seconds: float) -> None:
        self._database = database
        self._read_seconds = read_seconds

    def page(
        self,
        asker: Asker,
        *,
        before: int | None = None,
        happening: str | None = None,
        who: str | None = None,
        limit: int,
    ) -> ActivityPage:
        """What happened, newest first; `who` is the public id of an application, or `TERMINAL`.
        Raises ReadTooLong where filters have to go through too much."""
        number = asker.environment.number
        with self._database.read(seconds=self._read_seconds) as tx:
            actor = None if who is None else self._actor(number, who)
            found = events_before(
                tx,
                number,
                before_id=before,
                names=HAPPENINGS.get(happening or "", ()),
                actor=actor,
                limit=limit + 1,
            )
            authors = Authors(tx)
            told = [
                Happening(
                    id=each.id,
                    name=each.name,
                    at=each.at,
                    import_id=tx.public_ids.encode(each.resource_id),
                    import_=get_import(tx, number, ImportId(each.resource_id), with_deleted=True),
                    who=authors.of(each.actor).document(tx.public_ids),
                )
                for each in found[:limit]
            ]
        return ActivityPage(happenings=told, has_more=len(found) > limit)

    def _actor(self, environment: int, who: str) -> Actor:
        if who == TERMINAL:
            return requested_by(None)
        id_ = self._database.public_ids.decode(who)
        is_here = id_ is not None and environment_of(id_) == environment
        return Actor(ActorKind.APPLICATION, id_ if is_here else 0)
