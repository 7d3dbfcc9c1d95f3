"""Records destroyed again that an import has created, or an undo has brought back.

They go as a set, unless somebody else has changed them or refers to them. A record that stays,
stays whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.engine.destroyer import Destroyer, Destruction
from longshore.engine.undoing.taken_back import TakenBack, changed_since, whole
from longshore.engine.undoing.undo_family import UndoFamily
from longshore.journal import Actor, later_entries
from longshore.records import TableReader
from longshore.undos import KeptPart, KeptReason

_ALL_ENTRIES = 1 << 62


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A record that an import has created, or an undo has brought back."""

    id: int
    table_name: str
    row_number: int | None
    entry_id: int  # by which it came back; 0: it was created


class CreationsBack:
    """Destroys records again; for one environment."""

    def __init__(
        self, catalogue: Catalogue, *, environment: int, family: UndoFamily, actor: Actor
    ) -> None:
        self._catalogue = catalogue
        self._environment = environment
        self._family = family
        self._actor = actor
        self._destroyer = Destroyer(catalogue)

    def take_back(self, tx: Transaction, made: Sequence[MadeRecord]) -> "Removal":
        """Destroy those of the records that nobody else has changed, and nothing else refers to, in
        the caller's transaction."""
        known = [each for each in made if each.table_name in self._catalogue.tables]
        if not known:
            return Removal(TakenBack(), [])
        later = later_entries(
            tx,
            [each.id for each in known],
            self._family.maker,
            behind_id=min(each.entry_id for each in known),
            own_to=_ALL_ENTRIES,
        )
        taken = TakenBack()
        alone = []
        for each in known:
            since = [entry for entry in later.get(each.id, ()) if entry.id > each.entry_id]
            foreign = [entry for entry in since if not self._family.has_taken_back(entry)]
            if foreign:
                is_gone = foreign[-1].event == "destroy" and foreign[-1] is since[-1]
                reason = KeptReason.DESTROYED_SINCE if is_gone else KeptReason.CHANGED_SINCE
                taken.kept.append(self._kept(each, reason, changed_since(tx, foreign[-1])))
            elif since and since[-1].event == "destroy":
                pass  # it was taken back before
            else:
                alone.append(each)
        removal = self.destroy(tx, alone)
        removal.taken.add(taken)
        removal.taken.kept = self._with_types(tx, removal.taken.kept)
        return removal

    def destroy(self, tx: Transaction, made: Sequence[MadeRecord]) -> "Removal":
        """Destroy those of the records that nothing else refers to."""
        named: dict[str, list[int]] = {}
        for each in made:
            named.setdefault(each.table_name, []).append(each.id)
        if not named:
            return Removal(TakenBack(), [])
        done = self._destroyer.destroy(
            tx, named, environment=self._environment, actor=self._actor, is_strict=True
        )
        taken = TakenBack()
        held = []
        for each in made:
            became = done[each.id]
            if became.is_done:
                taken.removed_count += 1
                taken.given_back.append(((each.id,), ()))
            elif became.is_found:
                held.append((each, became))
            else:
                taken.kept.append(self._kept(each, KeptReason.DESTROYED_SINCE))
        return Removal(taken, held)

    def referred_to(
        self, tx: Transaction, held: Sequence[tuple[MadeRecord, Destruction]]
    ) -> list[KeptPart]:
        """What is said of records that stay because of what refers to them."""
        kept = [
            self._kept(each, KeptReason.REFERRED_TO, {"by": list(became.referrers)})
            for each, became in held
        ]
        return self._with_types(tx, kept)

    def _kept(
        self, made: MadeRecord, reason: KeptReason, detail: Mapping[str, object] | None = None
    ) -> KeptPart:
        table = made.table_name
        return whole(made.id, table, table, reason, row_number=made.row_number, detail=detail)

    def _with_types(self, tx: Transaction, kept: Sequence[KeptPart]) -> list[KeptPart]:
        """Parts with the types of their records, where a table holds several; those of records that
        are gone have that of all."""
        types: dict[int, str] = {}
        for table in {each.table_name for each in kept}:
            if self._catalogue.types[table].is_abstract:
                ids = [each.record_id for each in kept if each.table_name == table]
                types.update(TableReader(table, ["type"]).by_id(tx, ids))
        return [
            replace(each, record_type=types.get(each.record_id, each.record_type)) for each in kept
        ]


@dataclass(slots=True)
class Removal:
    """What became of records that were to be destroyed."""

    taken: TakenBack
    held: list[tuple[MadeRecord, Destruction]]  # that something else refers to
