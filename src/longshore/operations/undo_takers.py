"""What takes an import, or an undo, back: all undos of it, and what is left of what they did; and
what an undo removes that no import counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports import read_import
from longshore.journal import tables_created_in
from longshore.undos import Extent, Undo, taken_back_so_far, undos_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoTakers:
    """What takes an import, or an undo, back, at one moment."""

    undos: Sequence[Undo]  # of it, oldest first
    extent: Extent  # how far it is taken back
    in_effect: Mapping[int, Extent]  # by undo: how much of what it did is still so

    @property
    def together(self) -> tuple[int, int, int] | None:
        """How many records they have removed, and given something back, together, as far as that is
        still so, and how many the last one keeps; None: of one of them only a part is still so."""
        if Extent.PART in self.in_effect.values():
            return None
        still = [each for each in self.undos if self.in_effect[each.id] is Extent.ALL]
        return (
            sum(each.removed_count for each in still),
            sum(each.restored_count for each in still),
            self.undos[-1].kept_count if self.undos else 0,
        )


def takers_of(tx: Transaction, of: int) -> UndoTakers:
    """What takes an import, or an undo, back."""
    so_far = taken_back_so_far(tx, [of]).get(of)
    if so_far is None:
        return UndoTakers(undos=(), extent=Extent.NONE, in_effect={})
    return UndoTakers(undos=undos_of(tx, of), extent=so_far.extent, in_effect=so_far.in_effect)


def made_on_the_way(
    tx: Transaction, catalogue: Catalogue, import_ids: Collection[int]
) -> dict[int, list[str]]:
    """Of which types imports have created records beside those of their rows, as the tags of SKUs:
    an import counts what its rows are about, and an undo all that it removes."""
    types = {each.table for each in catalogue.types.values() if each.kept_by == "records"}
    found = {}
    for import_id, tables in tables_created_in(tx, import_ids).items():
        own = catalogue.types.get(read_import(tx, ImportId(import_id)).resource_type)
        others = [each for each in tables if each in types and (own is None or each != own.table)]
        if others:
            found[import_id] = others
    return found
