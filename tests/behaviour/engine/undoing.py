"""Undos as tests ask for them: what was taken back, what was kept, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from longshore.engine import Undone, undo_scope
from longshore.identifiers import ImportId
from longshore.imports import Import
from longshore.undos import KeptPart, NewUndo, Undo, create_undo, kept_of, read_undo
from tests.behaviour.engine.organization import Organization

Reasons = dict[tuple[str, str], str]  # id and fields of what is kept -> reason


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoTold:
    """What an undo tells."""

    undo: Undo
    kept: tuple[KeptPart, ...]
    reasons: Reasons

    @property
    def counts(self) -> tuple[int, int, int]:
        """Records restored, removed and kept."""
        return (self.undo.restored_count, self.undo.removed_count, self.undo.kept_count)


def ask_for_undo(shop: Organization, of: Import | Undo) -> Undo:
    """A pending undo of an import, or of an undo."""
    is_import = isinstance(of, Import)
    undone = Undone(import_id=ImportId(of.id)) if is_import else Undone(undo_id=of.id)
    with shop.longshore.database.write() as tx:
        scope = undo_scope(tx, undone)
        return create_undo(
            tx,
            NewUndo(
                environment=shop.environment.number,
                tables=scope.tables,
                changes_count=scope.changes_count,
                import_id=undone.import_id,
                undo_id=undone.undo_id,
            ),
        )


def undo(
    shop: Organization,
    of: Import | Undo,
    *,
    should_stop: Callable[[], bool] = lambda: False,
) -> UndoTold:
    """Take back what an import or an undo did."""
    asked = ask_for_undo(shop, of)
    shop.longshore.parts.driver.run(asked.id, should_stop=should_stop)
    return told(shop, asked)


def told(shop: Organization, undo: Undo) -> UndoTold:
    """What a stored undo tells."""
    with shop.longshore.database.read() as tx:
        kept = tuple(kept_of(tx, undo.id))
        stored = read_undo(tx, undo.id)
    return UndoTold(undo=stored, kept=kept, reasons=reasons(shop, kept))


def reasons(shop: Organization, kept: tuple[KeptPart, ...]) -> Reasons:
    """Why which fields of which records stay."""
    encode = shop.longshore.public_ids.encode
    return {
        (encode(part.record_id) if part.record_id else "", ",".join(part.fields)): part.reason.value
        for part in kept
    }


def state(shop: Organization, *types: str) -> Mapping[str, list[dict[str, Any]]]:
    """All there is of some types but the times of changes."""
    return {
        type_: [
            {name: value for name, value in record.items() if name != "updated_at"}
            for record in shop.all(type_)
        ]
        for type_ in types
    }
