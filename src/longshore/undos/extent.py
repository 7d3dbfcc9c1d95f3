"""How far imports and undos are taken back, over all undos of each and what takes these back.

An undo that has gone through all changes leaves nothing but what it says that it keeps, together
with the undos before it. From then on, something is in effect again only by what has taken one of
these back since. All functions work in the caller's transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from longshore.database import Transaction
from longshore.undos.tables import import_undos
from longshore.undos.undo import UndoStatus

_columns = import_undos.c


class Extent(StrEnum):
    """How much of something."""

    NONE = "none"
    PART = "part"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoNode:
    """As much of an undo as it takes to say what is left of what it did."""

    id: int
    of: int  # the import or the undo that it takes back
    is_completed: bool
    has_effect: bool  # it has given something back, or removed something
    kept_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBackSoFar:
    """How far an import, or an undo, is taken back at one moment."""

    extent: Extent  # ALL: all that could be, so all but what the last undo has kept
    whole_by: int | None  # the undo that has left nothing; None: something may be left
    newest: int  # of the undos of it, of the undos of these, and so on
    in_effect: Mapping[int, Extent]  # by undo of it: how much of what that did is still so


def taken_back_so_far(tx: Transaction, of: Collection[int]) -> Mapping[int, TakenBackSoFar]:
    """How far imports or undos are taken back; nothing is said of those without an undo."""
    found: list[UndoNode] = []
    level = set(of)
    while level:
        nodes = _nodes(tx, or_(_columns.import_id.in_(level), _columns.undo_id.in_(level)))
        found += nodes
        level = {each.id for each in nodes}
    every = extents(found)
    return {id_: every[id_] for id_ in of if id_ in every}


def extent_of_all(of: Iterable[int], so_far: Mapping[int, TakenBackSoFar]) -> Extent:
    """How far several are taken back together."""
    found = {so_far[id_].extent if id_ in so_far else Extent.NONE for id_ in of}
    if len(found) > 1:
        return Extent.PART
    return found.pop() if found else Extent.NONE


def undone_imports(tx: Transaction, environment: int) -> frozenset[int]:
    """The imports of an environment of which all is taken back that could be."""
    nodes = _nodes(tx, _columns.environment == environment)
    undone = {id_ for id_, each in extents(nodes).items() if each.extent is Extent.ALL}
    return frozenset(undone.difference(each.id for each in nodes))


def extents(nodes: Iterable[UndoNode]) -> dict[int, TakenBackSoFar]:
    """How far each import and each undo is taken back that undos are of; all undos of it, and those
    of these, are among the nodes."""
    undos: dict[int, list[UndoNode]] = {}
    for node in sorted(nodes, key=lambda each: each.id):
        undos.setdefault(node.of, []).append(node)
    kept = {each.id: each.kept_count for of in undos.values() for each in of}
    found: dict[int, TakenBackSoFar] = {}
    # What takes an undo back is younger than it; an import is none of the nodes.
    for of in sorted(undos, key=lambda each: (each in kept, each), reverse=True):
        found[of] = _so_far(undos[of], found, undos, kept)
    return found


def _so_far(
    undos: Sequence[UndoNode],
    found: Mapping[int, TakenBackSoFar],
    every: Mapping[int, Sequence[UndoNode]],
    kept: Mapping[int, int],
) -> TakenBackSoFar:
    in_effect = {each.id: _in_effect(each, found.get(each.id)) for each in undos}
    last = next((each for each in reversed(undos) if each.is_completed), None)
    back_again = [
        again.id
        for each in undos
        for again in every.get(each.id, ())
        if found[each.id].in_effect[again.id] is not Extent.NONE
    ]
    is_through = last is not None and all(id_ < last.id for id_ in back_again)
    extent = Extent.NONE
    if any(each is not Extent.NONE for each in in_effect.values()):
        extent = Extent.ALL if is_through else Extent.PART
    is_whole = is_through and last is undos[-1] and not kept[undos[-1].id]
    return TakenBackSoFar(
        extent=extent,
        whole_by=undos[-1].id if is_whole else None,
        newest=max(found[each.id].newest if each.id in found else each.id for each in undos),
        in_effect=in_effect,
    )


def _in_effect(undo: UndoNode, taken_back: TakenBackSoFar | None) -> Extent:
    """How much of what an undo did is still so."""
    if not undo.has_effect:
        return Extent.NONE
    if taken_back is None or taken_back.extent is Extent.NONE:
        return Extent.ALL
    return Extent.PART if taken_back.whole_by is None else Extent.NONE


def _nodes(tx: Transaction, condition: ColumnElement[bool]) -> list[UndoNode]:
    query = select(
        _columns.id,
        _columns.import_id,
        _columns.undo_id,
        _columns.status,
        _columns.restored_count,
        _columns.removed_count,
        _columns.kept_count,
    ).where(condition)
    return [
        UndoNode(
            id=id_,
            of=import_id or undo_id,
            is_completed=status == UndoStatus.COMPLETED,
            has_effect=bool(restored or removed),
            kept_count=kept,
        )
        for id_, import_id, undo_id, status, restored, removed, kept in tx.connection.execute(query)
    ]
