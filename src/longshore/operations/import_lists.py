"""The list of imports and import groups of an environment, as people look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from longshore.access import Application, get_application
from longshore.database import Database, Transaction
from longshore.imports import (
    ImportGroup,
    ListedCriteria,
    ListedImport,
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
from longshore.undos import Undo, last_undos_of, undone_among, undone_selected, undos_of_group


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsListed:
    """A page of the list, with what is said of its lines beside them."""

    lines: Sequence[ListedImport]
    count: int  # of the whole list
    undone: frozenset[int]  # which of the lines are taken back
    undoing: Mapping[int, Undo]  # the newest undo of those that have one
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
    is_undone: bool  # all of it
    undone_members: frozenset[int]
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
        undone = undone_selected(number)
        with self._database.read(seconds=self._read_seconds) as tx:
            lines = list_overview(tx, number, criteria, undone, offset=offset, limit=limit)
            ids = [line.id for line in lines]
            return ImportsListed(
                lines=lines,
                count=count_overview(tx, number, criteria, undone),
                undone=undone_among(tx, number, ids),
                undoing=last_undos_of(tx, ids),
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
            undone = undone_among(tx, group.environment, ids)
            refusal = None
            try:
                undoable_members(tx, read_group(tx, group.id))
            except UndoRefused as refused:
                refusal = refused.message
            changed = {each.id for each in group.members if each.created_count + each.updated_count}
            return GroupUndoing(
                undos=undos_of_group(tx, group.id),
                is_undone=bool(changed) and changed <= undone,
                undone_members=undone,
                refusal=refusal,
            )


def _applications(tx: Transaction, ids: Sequence[int] | set[int]) -> dict[int, Application | None]:
    return {id_: get_application(tx, id_) for id_ in sorted(ids)}
