"""The list of imports and import groups of an environment, as people look at it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from longshore.access import Application, get_application
from longshore.database import Database, Transaction
from longshore.imports import (
    ImportGroup,
    ListedCriteria,
    ListedImport,
    ListedStatus,
    applications_in_overview,
    count_overview,
    frequent_causes,
    list_overview,
    read_group,
    rows_by_day,
    types_in_overview,
)
from longshore.operations.asker import Asker
from longshore.operations.undo_starts import UndoRefused, undoable_members
from longshore.undos import (
    Extent,
    Undo,
    extent_of_all,
    taken_back_so_far,
    undone_imports,
    undos_of_group,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsListed:
    """A page of the list, with what is said of its lines beside them."""

    lines: Sequence[ListedImport]
    count: int  # of the whole list
    undone: Mapping[int, Extent]  # how far lines are taken back
    applications: Mapping[int, Application | None]  # None: it was deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChoices:
    """What the lists of an environment can be narrowed to, as far as that makes a difference."""

    types: Sequence[str]
    applications: Mapping[int, Application | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUndoing:
    """What takes an import group back, or might."""

    undos: Sequence[Undo]  # oldest first
    in_effect: Mapping[int, Extent]  # by undo: how much of what it did is still so
    extent: Extent  # how far the group is taken back
    extents: Mapping[int, Extent]  # and each of its members
    refusal: str | None  # why it cannot be taken back; None: it can


class ImportLists:
    """Lists imports; each look is one snapshot."""

    def __init__(self, database: Database, *, read_seconds: float) -> None:
        self._database = database
        self._read_seconds = read_seconds

    def page(
        self, asker: Asker, criteria: ListedCriteria, *, offset: int, limit: int
    ) -> ImportsListed:
        """A page of the imports and groups of an environment that meet the criteria."""
        number = asker.environment.number
        with self._database.read(seconds=self._read_seconds) as tx:
            undone: Collection[int] = ()
            if criteria.status is ListedStatus.UNDONE:
                undone = undone_imports(tx, number)
            lines = list_overview(tx, number, criteria, undone, offset=offset, limit=limit)
            return ImportsListed(
                lines=lines,
                count=count_overview(tx, number, criteria, undone),
                undone=_extents(tx, lines),
                applications=_applications(
                    tx, {line.application_id for line in lines if line.application_id is not None}
                ),
            )

    def choices(self, asker: Asker) -> ListChoices:
        """What there is to narrow a list of the environment to."""
        number = asker.environment.number
        with self._database.read(seconds=self._read_seconds) as tx:
            return ListChoices(
                types=types_in_overview(tx, number),
                applications=_applications(tx, applications_in_overview(tx, number)),
            )

    def rows_by_day(self, asker: Asker, since: int) -> Mapping[str, tuple[int, ...]]:
        """Rows of the imports that were created since a moment, by day (UTC): created, updated,
        left unchanged or skipped, failed."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return rows_by_day(tx, asker.environment.number, since)

    def causes(self, asker: Asker, *, since: int, limit: int) -> Sequence[tuple[str, str, int]]:
        """What most errors of imports since a moment are about: attribute, code and count."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return frequent_causes(tx, asker.environment.number, since, limit=limit)

    def undoing_of_group(self, group: ImportGroup) -> GroupUndoing:
        """What takes a group back, or might."""
        ids = [each.id for each in group.members]
        with self._database.read(seconds=self._read_seconds) as tx:
            so_far = taken_back_so_far(tx, ids)
            refusal = None
            try:
                undoable_members(tx, read_group(tx, group.id))
            except UndoRefused as refused:
                refusal = refused.message
            changed = [each.id for each in group.members if each.created_count + each.updated_count]
            return GroupUndoing(
                undos=undos_of_group(tx, group.id),
                in_effect={
                    undo: left for each in so_far.values() for undo, left in each.in_effect.items()
                },
                extent=extent_of_all(changed, so_far),
                extents={id_: each.extent for id_, each in so_far.items()},
                refusal=refusal,
            )


def _extents(tx: Transaction, lines: Sequence[ListedImport]) -> Mapping[int, Extent]:
    """How far lines are taken back: of a group, its members that have changed something."""
    changed = {
        line.id: [each.id for each in line.members if each.has_changed]
        if line.is_group
        else [line.id]
        for line in lines
    }
    so_far = taken_back_so_far(tx, {id_ for of in changed.values() for id_ in of})
    return {line_id: extent_of_all(of, so_far) for line_id, of in changed.items()}


def _applications(tx: Transaction, ids: Sequence[int] | set[int]) -> dict[int, Application | None]:
    return {id_: get_application(tx, id_) for id_ in sorted(ids)}
