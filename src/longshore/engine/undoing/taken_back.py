"""What became of changes that were to be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from longshore.database import Transaction
from longshore.journal import Actor, ActorKind, LaterEntry
from longshore.undos import FieldsOfRecords, KeptPart, KeptReason


@dataclass(slots=True)
class TakenBack:
    """What one step has done, or several together."""

    restored_count: int = 0  # records of which nothing was given back before, or that were gone
    removed_count: int = 0  # records
    kept: list[KeptPart] = field(default_factory=list)
    # Parts that are as they were, though an earlier step may have kept them.
    given_back: list[FieldsOfRecords] = field(default_factory=list)
    # Whose records were written, besides those of the destroyed ones, which are counted already.
    tables: set[str] = field(default_factory=set)

    def add(self, other: "TakenBack") -> None:
        """Count another step as well, which came behind this one."""
        self.restored_count += other.restored_count
        self.removed_count += other.removed_count
        self.kept += other.kept
        self.given_back += other.given_back
        self.tables |= other.tables


def changed_since(tx: Transaction, entry: LaterEntry) -> Mapping[str, object]:
    """What stands behind it that somebody has changed a record since."""
    return {"by": _name(tx, _actor(entry)), "entry": entry.id}


def whole(
    record_id: int,
    table_name: str,
    record_type: str,
    reason: KeptReason,
    *,
    row_number: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> KeptPart:
    """A record that stays as it is, or away, with all that it has."""
    return KeptPart(
        record_id=record_id,
        table_name=table_name,
        record_type=record_type,
        fields=(),
        reason=reason,
        row_number=row_number,
        detail=detail or {},
    )


def _actor(entry: LaterEntry) -> Actor:
    if entry.actor_kind is None:
        return Actor(None, entry.import_id)
    return Actor(ActorKind(entry.actor_kind), entry.actor_id)


def _name(tx: Transaction, actor: Actor) -> Mapping[str, object]:
    """An actor as outsiders know it. Entries of older releases do not say what it is."""
    is_known = actor.kind is not ActorKind.MIGRATION and actor.id is not None
    public_id = tx.public_ids.encode(actor.id) if is_known and actor.id else None
    return {"type": None if actor.kind is None else actor.kind.value, "id": public_id}
