"""Whose changes are taken back, and which runs have taken them back before."""

from collections.abc import Mapping
from dataclasses import dataclass

from longshore.database import Transaction
from longshore.journal import Actor, ActorKind, LaterEntry
from longshore.undos import read_undo, undos_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFamily:
    """An import with its undos, and those of these: what one does another one takes back."""

    maker: Actor  # the import or undo of it whose changes are taken back
    depths: Mapping[int, int]  # of undos by their ids: 1 takes the import back, 2 takes back a 1

    def has_made(self, entry: LaterEntry) -> bool:
        """Whether the import or undo itself made an entry."""
        if self.maker.kind is ActorKind.UNDO:
            return entry.undo_id == self.maker.id
        return entry.actor_kind is None and entry.import_id == self.maker.id

    def has_taken_back(self, entry: LaterEntry) -> bool:
        """Whether an entry takes back something of the family."""
        return entry.undo_id in self.depths

    def stands_for_maker(self, entry: LaterEntry) -> bool:
        """Whether an entry brought about what the import or undo had, by taking back what had taken
        it back."""
        depth = self.depths.get(entry.undo_id or 0)
        return depth is not None and depth % 2 == self._maker_depth % 2

    @property
    def _maker_depth(self) -> int:
        is_undo = self.maker.kind is ActorKind.UNDO
        return self.depths[self.maker.id or 0] if is_undo else 0


def family_of(tx: Transaction, maker: Actor, *, undo_id: int) -> UndoFamily:
    """The family of an import or an undo, whose changes an undo is about to take back."""
    assert maker.id is not None, "an import or an undo has an id"
    root = maker.id if maker.kind is ActorKind.IMPORT else _root_of(tx, maker.id)
    # An import that was all or nothing has gone back itself.
    depths = {root: 1}
    open_ids = [(root, 0)]
    while open_ids:
        of, depth = open_ids.pop()
        for each in undos_of(tx, of):
            depths[each.id] = depth + 1
            open_ids.append((each.id, depth + 1))
    maker_depth = 0 if maker.id == root else depths[maker.id]
    depths.setdefault(undo_id, maker_depth + 1)
    return UndoFamily(maker=maker, depths=depths)


def _root_of(tx: Transaction, undo_id: int) -> int:
    """The import at the beginning of undos of undos."""
    undo = read_undo(tx, undo_id)
    while undo.import_id is None:
        assert undo.undo_id is not None, "one of the two is there"
        undo = read_undo(tx, undo.undo_id)
    return undo.import_id
