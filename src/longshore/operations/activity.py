"""What happened in an environment, and who made it happen, newest first.

Imports leave events. Undos leave none: each is told as what stands of it where it is stored.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from longshore.database import Database, Transaction
from longshore.identifiers import ImportId, RunId, environment_of
from longshore.imports import Import, get_import
from longshore.journal import Actor, ActorKind, Event, events_before, requested_by
from longshore.operations.asker import Asker
from longshore.operations.authors import Authors
from longshore.undos import Undo, list_undos

UNDO_CREATED = "undo created"
# What can be asked for; the names of events as `record_event` writes them.
HAPPENINGS: Mapping[str, Sequence[str]] = {
    "created": ("imports.create",),
    "started": ("imports.start",),
    "completed": ("imports.complete",),
    "interrupted": ("imports.interrupt",),
    "deleted": ("imports.destroy",),
    UNDO_CREATED: (),
}
PEOPLE = "person"  # stands for all who have shown no credentials: at a terminal, or by a link of it
_Told: TypeAlias = Event | Undo  # what is told as one happening
_WORDS = {name: word for word, names in HAPPENINGS.items() for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPlace:
    """Behind what the next page begins; None: nothing of that kind was told."""

    event_id: int | None = None
    undo_id: RunId | None = None


_NEWEST = ActivityPlace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of an import, or an undo that somebody has asked for."""

    word: str  # of `HAPPENINGS`, or the name of an event that is not among them
    at: int
    import_id: str | None  # public; None: what is taken back is an undo
    import_: Import | None  # also a deleted one; None: nothing is known of it any more
    undo_id: str | None  # public; None: no undo was asked for
    who: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """Some of what happened."""

    happenings: Sequence[Happening]
    last: ActivityPlace
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
        before: ActivityPlace = _NEWEST,
        happening: str | None = None,
        who: str | None = None,
        limit: int,
    ) -> ActivityPage:
        """What happened, newest first; `who` is the public id of an application, or `PEOPLE`.
        Raises ReadTooLong where filters have to go through too much."""
        number = asker.environment.number
        with self._database.read(seconds=self._read_seconds) as tx:
            actor = None if who is None else self._actor(number, who)
            events: Sequence[_Told] = ()
            undos: Sequence[_Told] = ()
            if happening != UNDO_CREATED:
                events = events_before(
                    tx,
                    number,
                    before_id=before.event_id,
                    names=HAPPENINGS.get(happening or "", ()),
                    actor=actor,
                    limit=limit + 1,
                )
            if happening in (None, UNDO_CREATED):
                undos = list_undos(
                    tx, number, before=before.undo_id, asked_by=actor, limit=limit + 1
                )
            found = [*heapq.merge(events, undos, key=_moment, reverse=True)]
            shown = found[:limit]
            authors = Authors(tx)
            told = [_happening(tx, authors, each) for each in shown]
        return ActivityPage(
            happenings=told, last=_place(shown, before), has_more=len(found) > limit
        )

    def _actor(self, environment: int, who: str) -> Actor:
        if who == PEOPLE:
            return requested_by(None)
        id_ = self._database.public_ids.decode(who)
        is_here = id_ is not None and environment_of(id_) == environment
        return Actor(ActorKind.APPLICATION, id_ if is_here else 0)


def _moment(found: _Told) -> int:
    return found.created_at if isinstance(found, Undo) else found.at


def _place(shown: Sequence[_Told], before: ActivityPlace) -> ActivityPlace:
    """Behind all that is shown."""
    event_id, undo_id = before.event_id, before.undo_id
    for each in shown:
        if isinstance(each, Undo):
            undo_id = each.id
        else:
            event_id = each.id
    return ActivityPlace(event_id=event_id, undo_id=undo_id)


def _happening(tx: Transaction, authors: Authors, found: _Told) -> Happening:
    encode = tx.public_ids.encode
    actor: Actor | None
    import_id: ImportId | None
    if isinstance(found, Undo):
        word, actor = UNDO_CREATED, requested_by(found.application_id)
        import_id, undo_id = found.import_id, encode(found.id)
    else:
        word, actor = _WORDS.get(found.name, found.name), found.actor
        import_id, undo_id = ImportId(found.resource_id), None
    import_ = None
    if import_id is not None:
        import_ = get_import(tx, found.environment, import_id, with_deleted=True)
    return Happening(
        word=word,
        at=_moment(found),
        import_id=None if import_id is None else encode(import_id),
        import_=import_,
        undo_id=undo_id,
        who=authors.of(actor).document(tx.public_ids),
    )
