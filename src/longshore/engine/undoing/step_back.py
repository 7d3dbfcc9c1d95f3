"""One step of taking changes back, in the caller's transaction."""

from dataclasses import dataclass

from longshore.access import read_environment
from longshore.catalogue import Catalogue
from longshore.database import Locks, Transaction
from longshore.engine.destroyer import Destruction
from longshore.engine.undoing.creations_back import CreationsBack, MadeRecord
from longshore.engine.undoing.restores_back import RestoresBack
from longshore.engine.undoing.steps import Segment, UndoStep, import_step, undo_step
from longshore.engine.undoing.stored_table import JudgingTerms
from longshore.engine.undoing.taken_back import TakenBack
from longshore.engine.undoing.undo_family import family_of
from longshore.engine.undoing.updates_back import UpdatesBack
from longshore.identifiers import ImportId
from longshore.imports import read_import
from longshore.journal import Actor, ActorKind
from longshore.records import count_table_changes
from longshore.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Whose changes are taken back: those of an import, or of an undo."""

    import_id: ImportId | None = None
    undo_id: int | None = None

    @property
    def maker(self) -> Actor:
        """Who made the changes."""
        if self.import_id is not None:
            return Actor(ActorKind.IMPORT, self.import_id)
        assert self.undo_id is not None, "one of the two is given"
        return Actor(ActorKind.UNDO, self.undo_id)


class StepBack:
    """Takes changes of an import or an undo back, step by step from the last one; `actor_id` is the
    id of the undo, or of the import that goes back itself."""

    def __init__(
        self,
        tx: Transaction,
        catalogue: Catalogue,
        settings: Settings,
        undone: Undone,
        *,
        environment: int,
        actor_id: int,
    ) -> None:
        actor = Actor(ActorKind.UNDO, actor_id)
        family = family_of(tx, undone.maker, undo_id=actor_id)
        terms = JudgingTerms(
            environment=environment,
            flags=read_environment(tx, environment).flags,
            cell_bytes_max=settings.cell_bytes_max,
        )
        self._undone = undone
        self._environment = environment
        self._resource_table = ""
        if undone.import_id is not None:
            type_ = read_import(tx, undone.import_id).resource_type
            self._resource_table = catalogue.types[type_].table
        self._updates = UpdatesBack(catalogue, terms, family=family, actor=actor)
        self._creations = CreationsBack(
            catalogue, environment=environment, family=family, actor=actor
        )
        self._restores = RestoresBack(
            catalogue, self._updates.table, environment=environment, family=family, actor=actor
        )

    @property
    def locks(self) -> Locks:
        """What a step has for itself: whatever refers to a record that goes may be anywhere."""
        return self.locks_of(self._environment)

    @staticmethod
    def locks_of(environment: int) -> Locks:
        """As `locks`, of steps in an environment."""
        return Locks(scope=environment, is_whole=True)

    def step(self, tx: Transaction, *, before: int | None) -> UndoStep | None:
        """The last step before a checkpoint, or of all; None: there is no other."""
        undone = self._undone
        if undone.import_id is not None:
            return import_step(tx, undone.import_id, self._resource_table, before_row=before)
        assert undone.undo_id is not None, "one of the two is given"
        return undo_step(tx, undone.undo_id, before_id=before)

    def take_back(self, tx: Transaction, step: UndoStep) -> TakenBack:
        """Take a step back as far as that goes; the caller holds `locks`, commits, and keeps the
        word on what stays."""
        taken = TakenBack(kept=list(step.unknown))
        held: list[tuple[MadeRecord, Destruction]] = []
        for segment in step.segments:
            self._take_back(tx, segment, taken, held)
        if held and taken.tables:
            # What referred to them may be gone, or refer to something else again.
            removal = self._creations.destroy(tx, [each for each, _ in held])
            taken.add(removal.taken)
            held = removal.held
        taken.kept += self._creations.referred_to(tx, held)
        count_table_changes(tx, self._environment, taken.tables)
        return taken

    def _take_back(
        self,
        tx: Transaction,
        segment: Segment,
        taken: TakenBack,
        held: list[tuple[MadeRecord, Destruction]],
    ) -> None:
        if segment.created:
            removal = self._creations.take_back(tx, segment.created)
            taken.add(removal.taken)
            held += removal.held
        if segment.updates:
            created = {each.id for each in segment.created}
            taken.add(self._updates.take_back(tx, segment.updates, created=created))
        if segment.destroyed:
            taken.add(self._restores.take_back(tx, segment.destroyed))
