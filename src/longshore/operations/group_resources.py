"""Import groups as resources: created, looked at, stopped and taken back by applications."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from longshore.database import Database, Transaction
from longshore.imports import Import, ImportGroup, read_group
from longshore.operations.asker import Asker
from longshore.operations.group_attributes import GroupShown, shown_group
from longshore.operations.group_source import GroupRequest, GroupSource
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.import_groups import ImportGroups
from longshore.operations.import_plans import ImportPlans
from longshore.operations.import_store import ImportStore
from longshore.operations.resource_reader import ResourceReader, settled
from longshore.operations.stores import Resource
from longshore.operations.undo_attributes import group_undos_meta
from longshore.operations.undos import Undos
from longshore.request_keys import keep_answer

# What is read of members in a transaction that writes: nothing of their attachments.
_AT_ONCE = frozenset(("errors_log", "warnings_log"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFound:
    """A group as it is shown, and its members, in their order."""

    shown: GroupShown
    members: Sequence[Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsFound:
    """Some of the groups of an environment, newest first."""

    groups: Sequence[GroupShown]
    count: int  # of all


class GroupResources:
    """The import groups of one installation as applications see them."""

    def __init__(
        self,
        database: Database,
        store: ImportStore,
        reader: ResourceReader,
        plans: ImportPlans,
        submissions: GroupSubmissions,
        groups: ImportGroups,
        undos: Undos,
        *,
        read_seconds: float,
    ) -> None:
        self._database = database
        self._store = store
        self._reader = reader
        self._plans = plans
        self._submissions = submissions
        self._groups = groups
        self._undos = undos
        self._read_seconds = read_seconds

    def create(
        self,
        asker: Asker,
        source: GroupSource,
        request: GroupRequest,
        *,
        answer: Callable[[GroupFound], bytes],
        rows_max: int | None,
        on_stored: Callable[[], None],
    ) -> GroupFound:
        """Create a group of pending imports; `answer` makes what is kept for a request that is sent
        again. `on_stored` is called as soon as they may run.

        Raises as `GroupSubmissions.submit` does.
        """
        created: list[GroupFound] = []

        def show(tx: Transaction, group: ImportGroup) -> None:
            created.append(self._found(tx, asker, group, _AT_ONCE))
            self._keep(tx, asker, answer(created[-1]))

        self._submissions.submit(
            asker.environment, source, request, rows_max=rows_max, on_created=show
        )
        on_stored()
        return created[-1]

    def read(self, asker: Asker, key: int) -> GroupFound:
        """The group with this id as it is shown; raises NoSuchGroup."""
        with self._database.read(seconds=self._read_seconds) as tx:
            found = self._found(tx, asker, self._groups.get_in(tx, asker, key))
        return replace(found, members=[settled(each) for each in found.members])

    def page(self, asker: Asker, *, offset: int, limit: int) -> GroupsFound:
        """A page of the groups of an environment, newest first, without their members."""
        with self._database.read(seconds=self._read_seconds) as tx:
            page = self._groups.page_in(tx, asker, offset=offset, limit=limit)
            return GroupsFound(groups=[_shown(tx, each) for each in page.groups], count=page.count)

    def interrupt(
        self, asker: Asker, key: int, *, answer: Callable[[GroupFound], bytes]
    ) -> GroupFound:
        """Stop what is not finished of a group; `answer` is as that of `create`.

        Raises ImportFinished and NoSuchGroup.
        """
        with self._database.write() as tx:
            found = self._found(tx, asker, self._groups.interrupt_in(tx, asker, key), _AT_ONCE)
            self._keep(tx, asker, answer(found))
        self._groups.freed(asker.environment)
        return found

    def undo(self, asker: Asker, key: int, *, answer: Callable[[GroupFound], bytes]) -> GroupFound:
        """Begin to take back what a group has done: the group, whose `meta` names the undos;
        `answer` is as that of `create`.

        Raises UndoRefused, UndoConflict and NoSuchGroup.
        """
        begun: list[GroupFound] = []

        def show(tx: Transaction, group: ImportGroup) -> None:
            begun.append(self._found(tx, asker, group, _AT_ONCE))
            self._keep(tx, asker, answer(begun[-1]))

        group = self._groups.get(asker, key)
        self._undos.start_group(
            asker, group, on_created=lambda tx, _undos: show(tx, read_group(tx, group.id))
        )
        return begun[-1]

    def delete(self, asker: Asker, key: int) -> None:
        """Hide a group with its members, and stop what is not finished of it and what takes it
        back; raises NoSuchGroup."""
        self._groups.delete(asker, key)

    def _found(
        self,
        tx: Transaction,
        asker: Asker,
        group: ImportGroup,
        fields: Collection[str] | None = None,
    ) -> GroupFound:
        reading = self._reader.reading(tx, asker)

        def member(import_: Import) -> Resource:
            if group.is_plan:
                return self._plans.shown(tx, import_, is_listed=True)
            return self._store.resource(reading, import_, fields, is_listed=True)

        return GroupFound(
            shown=_shown(tx, group),
            members=[member(each) for each in group.members],
        )

    def _keep(self, tx: Transaction, asker: Asker, answer: bytes) -> None:
        if asker.claim is not None:
            keep_answer(tx, asker.claim, status=asker.claim.created_status, answer=answer)


def _shown(tx: Transaction, group: ImportGroup) -> GroupShown:
    return shown_group(group, tx.public_ids, undos=group_undos_meta(tx, group.id))
