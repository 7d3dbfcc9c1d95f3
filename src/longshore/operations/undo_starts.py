"""Undos begun: what can be taken back, and why something cannot.

An import, its undos, the undos of these and so on are a *family*: one of it works at a time, and
what was taken back wholly can be taken back again only when that was itself taken back.
"""

from collections.abc import Iterable, Sequence

from longshore.access import check_environment
from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import ImportId, RunId
from longshore.imports import (
    Import,
    ImportGroup,
    count_ledger,
    get_group,
    get_import,
    get_plan,
    hold_import,
    read_group,
    read_import,
)
from longshore.journal import count_of_undo, has_changed
from longshore.runs import tables_of
from longshore.undos import (
    NewUndo,
    Undo,
    UndoStatus,
    create_undo,
    get_undo,
    hold_undo,
    read_undo,
    taken_back_so_far,
    undos_of,
)


class UndoRefused(RequestRefused):
    """There is nothing that could be taken back."""


class UndoConflict(UndoRefused):
    """Something has to end before."""


class UndoFinished(RequestRefused):
    """Nothing of an undo can be stopped any more."""

    def __init__(self, message: str, *, status: UndoStatus) -> None:
        super().__init__(message)
        self.status = status


class NoSuchUndo(RequestRefused):
    """The environment has no undo of that id."""

    def __init__(self) -> None:
        super().__init__("there is no such undo")


def find_undoable(tx: Transaction, environment: int, key: int) -> Import | Undo | None:
    """The import, also a deleted one or a plan, or the undo of an environment."""
    return (
        get_undo(tx, environment, key)
        or get_import(tx, environment, key, with_deleted=True)
        or get_plan(tx, environment, key)
    )


def new_undo(
    tx: Transaction,
    catalogue: Catalogue,
    of: Import | Undo,
    *,
    application_id: int | None = None,
    group_id: int | None = None,
) -> NewUndo:
    """The undo of an import or of an undo, as it stands when nobody else changes it.

    Raises UndoRefused and UndoConflict.
    """
    if isinstance(of, Import):
        _check_import(tx, of)
        changes_count = of.created_count + of.updated_count
    else:
        _check_undo(tx, of)
        changes_count = count_of_undo(tx, of.id)
    _check_family(tx, of)
    every = {type_.table for type_ in catalogue.types.values() if type_.kept_by == "records"}
    return NewUndo(
        environment=of.environment,
        # Of imports of older releases nothing is known.
        tables=tables_of(tx, of.id) or frozenset(every),
        changes_count=changes_count,
        import_id=of.id if isinstance(of, Import) else None,
        undo_id=of.id if isinstance(of, Undo) else None,
        application_id=application_id,
        group_id=group_id,
    )


def begin_undo(
    tx: Transaction,
    catalogue: Catalogue,
    of: Import | Undo,
    *,
    application_id: int | None,
    group_id: int | None = None,
    seen: str | None = None,
) -> Undo:
    """Create the pending undo of an import or of an undo; of several who ask at once one does.

    `seen` is what `newest_undo` has said to somebody who asks; None: nobody was told. Raises
    UndoRefused and UndoConflict.
    """
    check_environment(tx, of.environment)
    if isinstance(of, Import):
        hold_import(tx, of.id)
        current: Import | Undo = read_import(tx, of.id)
    else:
        hold_undo(tx, of.id)
        current = read_undo(tx, of.id)
    new = new_undo(tx, catalogue, current, application_id=application_id, group_id=group_id)
    _check_seen(tx, [current], seen)
    return create_undo(tx, new)


def newest_undo(tx: Transaction, of: Iterable[Import | Undo]) -> str:
    """The public id of the undo that was begun last in the families of some imports or undos; empty
    where there is none."""
    families = taken_back_so_far(tx, {_first(tx, each) for each in of})
    newest = max((each.newest for each in families.values()), default=None)
    return "" if newest is None else tx.public_ids.encode(newest)


def find_undoable_group(tx: Transaction, environment: int, key: int) -> ImportGroup | None:
    """The import group of an environment, of plans as well."""
    return get_group(tx, environment, key)


def undoable_members(tx: Transaction, group: ImportGroup) -> list[Import]:
    """The members of a group that have something to be taken back, the last first.

    Raises UndoRefused and UndoConflict.
    """
    id_ = tx.public_ids.encode(group.id)
    if group.is_plan:
        raise UndoRefused(
            f"{id_} is a plan of a group, which has written nothing",
            hint="undo the import group that was made of it",
        )
    if not group.is_finished:
        raise UndoConflict(
            f"the import group {id_} is {group.status}, and only what has ended is taken back",
            hint=f"longshore interrupt {id_} ends it where it is; what it has done until then can "
            "be taken back",
        )
    changed = [
        each
        for each in reversed(group.members)
        if each.created_count + each.updated_count or has_changed(tx, each.id)
    ]
    if not changed:
        raise UndoRefused(
            f"the import group {id_} has changed nothing, so there is nothing to take back"
        )
    left = [each for each in changed if _taken_back_by(tx, each.id) is None]
    if not left:
        undos = [_taken_back_by(tx, each.id) for each in reversed(changed)]
        ids = " ".join(tx.public_ids.encode(each.id) for each in undos if each is not None)
        raise UndoRefused(
            f"the import group {id_} is taken back already, by undos that have kept nothing",
            hint="to bring it into effect again, undo these undos in this order with "
            f"longshore undo: {ids}",
        )
    return left


def begin_group_undo(
    tx: Transaction,
    catalogue: Catalogue,
    group_id: int,
    *,
    application_id: int | None,
    seen: str | None = None,
) -> list[Undo]:
    """Create the pending undos of the members of a group, in the order in which they run: the last
    member first, because those behind it name what it has made.

    The parameters are those of `begin_undo`. Raises UndoRefused and UndoConflict.
    """
    group = read_group(tx, group_id)
    members = undoable_members(tx, group)
    _check_seen(tx, group.members, seen)
    return [
        begin_undo(tx, catalogue, member, application_id=application_id, group_id=group_id)
        for member in members
    ]


def shown_name(tx: Transaction, of: Import | Undo) -> str:
    """`import gWbXnZyQAq`, `undo ...`"""
    noun = "undo" if isinstance(of, Undo) else of.noun
    return f"{noun} {tx.public_ids.encode(of.id)}"


def _check_import(tx: Transaction, import_: Import) -> None:
    name, id_ = shown_name(tx, import_), tx.public_ids.encode(import_.id)
    if import_.is_plan:
        raise UndoRefused(
            f"{id_} is a plan, which has written nothing",
            hint="undo the import that was made of it",
        )
    if import_.deleted_at is not None:
        raise UndoRefused(
            f"the {name} is deleted, and with it what it has done with each row is forgotten",
            hint="the history of each record still tells what was changed of it",
        )
    if not import_.is_finished:
        raise UndoConflict(
            f"the {name} is {import_.status}, and only what has ended is taken back",
            hint=f"longshore interrupt {id_} ends it where it is; what it has done until then can "
            "be taken back",
        )
    changed = import_.created_count + import_.updated_count
    if not changed and (import_.all_or_nothing or not has_changed(tx, import_.id)):
        raise UndoRefused(f"the {name} has changed nothing, so there is nothing to take back")
    if changed and not any(count_ledger(tx, import_.id).values()):
        raise UndoRefused(
            f"what the {name} has done with each row is not known: an older release has run it",
            hint="the history of each record still tells what was changed of it",
        )


def _check_undo(tx: Transaction, undo: Undo) -> None:
    name, id_ = shown_name(tx, undo), tx.public_ids.encode(undo.id)
    if not undo.is_finished:
        raise UndoConflict(
            f"the {name} is {undo.status}, and only what has ended is taken back",
            hint=f"longshore interrupt {id_} ends it where it is",
        )
    if not count_of_undo(tx, undo.id):
        raise UndoRefused(
            f"the {name} has given nothing back, so there is nothing to take back",
            hint=f"longshore show {id_} says why",
        )


def _check_family(tx: Transaction, of: Import | Undo) -> None:
    """Refuse what another undo of the family works on, and what is taken back already."""
    name = shown_name(tx, of)
    for each in _descendants(tx, _first(tx, of)):
        if not each.is_finished:
            id_ = tx.public_ids.encode(each.id)
            what = "it" if of.id in (each.import_id, each.undo_id) else "what belongs to it"
            raise UndoConflict(
                f"the undo {id_} of {what} is {each.status}: the {name} can be taken back when "
                "that has ended",
                hint=f"longshore show {id_} tells how far it is",
            )
    if (by := _taken_back_by(tx, of.id)) is not None:
        id_ = tx.public_ids.encode(by.id)
        raise UndoRefused(
            f"the {name} is taken back already, by the undo {id_}, which has kept nothing",
            hint=f"longshore undo {id_} brings it into effect again",
        )


def _check_seen(tx: Transaction, of: Sequence[Import | Undo], seen: str | None) -> None:
    """Refuse to begin an undo on what somebody was shown before another one."""
    if seen is None or not (newest := newest_undo(tx, of)) or newest == seen:
        return
    raise UndoConflict(
        f"the undo {newest} was begun after this was shown, so another one would do something else",
        hint="look at what it has done, and begin again if something is left",
    )


def _first(tx: Transaction, of: Import | Undo) -> ImportId:
    """The import of a family."""
    while isinstance(of, Undo):
        if of.import_id is not None:
            return of.import_id
        assert of.undo_id is not None, "it is of an import or of an undo"
        of = read_undo(tx, of.undo_id)
    return of.id


def _descendants(tx: Transaction, of: ImportId | RunId) -> list[Undo]:
    """All undos of a family."""
    found: list[Undo] = []
    for each in undos_of(tx, of):
        found += [each, *_descendants(tx, each.id)]
    return found


def _taken_back_by(tx: Transaction, of: ImportId | RunId) -> Undo | None:
    """The undo that has left nothing of an import, or of an undo; None: something may be left."""
    so_far = taken_back_so_far(tx, [of]).get(of)
    if so_far is None or so_far.whole_by is None:
        return None
    return read_undo(tx, RunId(so_far.whole_by))
