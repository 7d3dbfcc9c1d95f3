"""Import groups as resources: created, looked at and stopped by applications."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from longshore.database import Database, Transaction
from longshore.imports import (
    Import,
    ImportFinished,
    ImportGroup,
    count_groups,
    delete_import,
    delete_plan,
    get_group,
    hide_group,
    interrupt_import,
    list_groups,
    read_group,
)
from longshore.operations.asker import Asker
from longshore.operations.group_attributes import GroupShown, shown_group
from longshore.operations.group_source import GroupRequest, GroupSource
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.import_groups import NoSuchGroup
from longshore.operations.import_plans import ImportPlans
from longshore.operations.import_store import ImportStore
from longshore.operations.resource_reader import ResourceReader, settled
from longshore.operations.stores import Resource
from longshore.request_keys import keep_answer
from longshore.undos import interrupt_undo, undos_of

# What is read of members in the transaction that creates them: nothing of their attachments.
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
        *,
        on_stopped: Callable[[int], None],
        read_seconds: float,
    ) -> None:
        self._database = database
        self._store = store
        self._reader = reader
        self._plans = plans
        self._submissions = submissions
        # Told the environment of a group that was stopped, for which others may have waited.
        self._on_stopped = on_stopped
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
            found = self._found(tx, asker, _addressed(tx, asker, key))
        return replace(found, members=[settled(each) for each in found.members])

    def page(self, asker: Asker, *, offset: int, limit: int) -> GroupsFound:
        """A page of the groups of an environment, newest first, without their members."""
        number, public_ids = asker.environment.number, self._database.public_ids
        with self._database.read(seconds=self._read_seconds) as tx:
            found = list_groups(tx, number, offset=offset, limit=limit)
            return GroupsFound(
                groups=[shown_group(each, public_ids) for each in found],
                count=count_groups(tx, number),
            )

    def interrupt(self, asker: Asker, key: int) -> GroupFound:
        """Stop what is not finished of a group; raises ImportFinished and NoSuchGroup."""
        with self._database.write() as tx:
            group = _addressed(tx, asker, key)
            first = next((each for each in group.members if not each.is_finished), None)
            if first is None:
                raise ImportFinished(
                    f"the {group.noun} {tx.public_ids.encode(group.id)} is {group.status} already",
                    status=group.status,
                )
            # Those behind it go with it.
            interrupt_import(tx, first.id, application_id=asker.application_id)
            found = self._found(tx, asker, read_group(tx, group.id), _AT_ONCE)
        self._on_stopped(asker.environment.number)
        return found

    def delete(self, asker: Asker, key: int) -> None:
        """Hide a group with its members, and stop what is not finished of it and what takes it
        back; raises NoSuchGroup."""
        with self._database.write() as tx:
            group = _addressed(tx, asker, key)
            for member in group.members:
                if group.is_plan:
                    delete_plan(tx, member.id)
                    continue
                for undo in undos_of(tx, member.id):
                    if not undo.is_finished:
                        interrupt_undo(tx, undo.id, reason="the import was deleted")
                delete_import(tx, member.id, application_id=asker.application_id)
            hide_group(tx, group.id)
        self._on_stopped(asker.environment.number)

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
            shown=shown_group(group, tx.public_ids),
            members=[member(each) for each in group.members],
        )

    def _keep(self, tx: Transaction, asker: Asker, answer: bytes) -> None:
        if asker.claim is not None:
            keep_answer(tx, asker.claim, status=asker.claim.created_status, answer=answer)


def _addressed(tx: Transaction, asker: Asker, key: int) -> ImportGroup:
    found = get_group(tx, asker.environment.number, key)
    if found is None:
        raise NoSuchGroup(tx.public_ids.encode(key))
    return found
