"""Who made changes: who asked for them, and what did them for who asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from longshore.access import Application, get_application
from longshore.database import Transaction
from longshore.identifiers import PublicIds, environment_of
from longshore.imports import Import, get_import
from longshore.journal import Actor, ActorKind, requested_by
from longshore.undos import Undo, get_undo

# The types of what does something for those who ask.
_WORKERS: Mapping[ActorKind | None, str] = {
    ActorKind.IMPORT: "imports",
    ActorKind.UNDO: "import_undos",
    ActorKind.MIGRATION: "migrations",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who made a change; nothing of it: nobody who is known."""

    worker: Actor | None = None  # the import, undo or migration that did it
    import_: Import | None = None  # the worker, where it is one; also a deleted one
    undo: Undo | None = None  # likewise
    is_at_terminal: bool = False  # a person asked for it, there or in the dashboard
    application_id: int | None = None  # that asked for it
    application: Application | None = None  # None: it was deleted since
    goes_back: bool = False  # the import takes back what it has done itself

    @property
    def takes_back(self) -> int | None:
        """The id of the import or undo that is taken back; None: nothing is."""
        if self.goes_back and self.import_ is not None:
            return self.import_.id
        return None if self.undo is None else self.undo.import_id or self.undo.undo_id

    def document(self, public_ids: PublicIds) -> dict[str, Any]:
        """The application or the person that asked, and what did it for them as the worker."""
        who: dict[str, Any] = {}
        if self.worker is not None:
            who["worker"] = _worker(self.worker, public_ids)
        if self.is_at_terminal:
            who["terminal"] = True
        if self.application_id is not None:
            who["application"] = {"id": public_ids.encode(self.application_id)}
            if self.application is not None:  # it was not deleted since
                who["application"] |= {
                    "kind": str(self.application.kind),
                    "public": self.application.is_public,
                }
        return who


class Authors:
    """Who made changes, each looked up once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[Actor, Author] = {}

    def of(self, actor: Actor | None) -> Author:
        """The application or the person that asked, and what did it for them."""
        if actor is None:
            return Author()
        if actor not in self._known:
            self._known[actor] = self._look_up(actor)
        return self._known[actor]

    def _look_up(self, actor: Actor) -> Author:
        if actor.id is None:
            return Author(is_at_terminal=True)
        match actor.kind:
            case ActorKind.MIGRATION:
                return Author(worker=actor)
            case ActorKind.APPLICATION:
                return self._application(actor.id)
        environment = environment_of(actor.id)
        if actor.kind is ActorKind.UNDO:
            undo = get_undo(self._tx, environment, actor.id)
            if undo is not None:
                asked = self._look_up(requested_by(undo.application_id))
                return replace(asked, worker=actor, undo=undo)
        import_ = get_import(self._tx, environment, actor.id, with_deleted=True)
        if import_ is not None:
            asked = self._look_up(requested_by(import_.application_id))
            return replace(
                asked,
                worker=Actor(ActorKind.IMPORT, import_.id),
                import_=import_,
                goes_back=actor.kind is ActorKind.UNDO,
            )
        if actor.kind is ActorKind.UNDO:  # nothing is known of it any more
            return Author(worker=actor)
        return self._application(actor.id)

    def _application(self, id_: int) -> Author:
        return Author(application_id=id_, application=get_application(self._tx, id_))


def _worker(actor: Actor, public_ids: PublicIds) -> dict[str, str]:
    assert actor.id is not None, "only a person at a terminal has no id"
    is_migration = actor.kind is ActorKind.MIGRATION
    id_ = f"{actor.id:04}" if is_migration else public_ids.encode(actor.id)
    return {"type": _WORKERS[actor.kind], "id": id_}
