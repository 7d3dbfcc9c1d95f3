"""Who makes changes and makes things happen."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class ActorKind(StrEnum):
    """What somebody is who makes changes."""

    APPLICATION = "application"  # it has a token
    TERMINAL = "terminal"  # a person at a terminal or in the dashboard: nobody knows which
    IMPORT = "import"
    UNDO = "undo"
    MIGRATION = "migration"  # an upgrade of longshore, which nobody asked for


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who makes changes."""

    # None: the import or the application that has the id. Entries of imports do not say which,
    # because there are so many, and releases before this did not.
    kind: ActorKind | None
    id: int | None = None  # of a migration the number of its revision; None: at a terminal


def requested_by(application_id: int | None) -> Actor:
    """Who asks for something: an application, or without one a person at a terminal."""
    if application_id is None:
        return Actor(ActorKind.TERMINAL)
    return Actor(ActorKind.APPLICATION, application_id)


def stored_actor(kind: str | None, id: int | None, implied: T) -> Actor | T:
    """The actor that a stored row names, or the one that the rest of the row implies."""
    return implied if kind is None else Actor(ActorKind(kind), id)


def columns_of(actor: Actor) -> dict[str, Any]:
    """The columns of an entry that name its actor."""
    if actor.kind is ActorKind.IMPORT:
        return {"import_id": actor.id, "actor_kind": None, "actor_id": None}
    is_application = actor.kind is ActorKind.APPLICATION
    import_id = actor.id if is_application else None
    return {"import_id": import_id, "actor_kind": actor.kind, "actor_id": actor.id}
