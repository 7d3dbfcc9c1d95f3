"""Import groups as they are stored: found, listed, run to their ends, stopped, deleted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from longshore.access import Environment
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
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
from longshore.operations.failed_in_file import FailedInFile, find_failed_in_file
from longshore.operations.import_runs import ImportRuns
from longshore.operations.sent_files import first_of
from longshore.sources import AttachmentStore
from longshore.undos import interrupt_undo, undos_of


class NoSuchGroup(RequestRefused):
    """The environment has no import group of that id, or it was deleted."""

    def __init__(self, public_id: str) -> None:
        super().__init__(
            f"there is no import group {public_id!r}", hint="`longshore groups` lists them"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsPage:
    """Some of the groups of an environment, newest first."""

    groups: list[ImportGroup]
    count: int  # of all


class ImportGroups:
    """The import groups of one installation, and groups of plans."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        import_runs: ImportRuns,
        *,
        on_stopped: Callable[[int], None],
        read_seconds: float,
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._import_runs = import_runs
        # Told the environment of a group that was stopped, for which others may have waited.
        self._on_stopped = on_stopped
        self._read_seconds = read_seconds

    # One group

    def find(self, environment: Environment, public_id: str) -> ImportGroup:
        """The group, of imports or of plans, of an environment; raises NoSuchGroup."""
        id = self._database.public_ids.decode(public_id.strip())
        with self._database.read() as tx:
            found = None if id is None else get_group(tx, environment.number, id)
        if found is None:
            raise NoSuchGroup(public_id)
        return found

    def read(self, group_id: int) -> ImportGroup:
        """The group with this id, which exists; also a deleted one."""
        with self._database.read() as tx:
            return read_group(tx, group_id)

    def get(self, asker: Asker, key: int) -> ImportGroup:
        """The group with this id of the environment of whoever asks; raises NoSuchGroup."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return self.get_in(tx, asker, key)

    def get_in(self, tx: Transaction, asker: Asker, key: int) -> ImportGroup:
        """The same in the caller's transaction."""
        found = get_group(tx, asker.environment.number, key)
        if found is None:
            raise NoSuchGroup(tx.public_ids.encode(key))
        return found

    def original(self, group: ImportGroup) -> Iterator[bytes]:
        """The bytes of the file that a group was made from, as it was sent. Raises
        AttachmentMissing where it is not kept."""
        assert group.attachment_name is not None, "somebody has looked whether there is one"
        return self._attachments.sent(group.attachment_name)

    def failed_in_file(self, group: ImportGroup) -> FailedInFile | None:
        """The rows of another system's file of which rows of a group failed, or of a group of
        plans; of a retry in the file of the first group. None: no such file is kept."""
        with self._database.read() as tx:
            kept = group if group.retry_of is None else read_group(tx, group.retry_of)
        return find_failed_in_file(self._database, self._attachments, kept, group.members)

    def failed_of_member(self, import_: Import) -> FailedInFile | None:
        """The same for a member of a group, or a retry of one; None also of other imports."""
        with self._database.read() as tx:
            first = first_of(tx, import_)
            if first is None or first.group_id is None:
                return None
            kept = read_group(tx, first.group_id)
        return find_failed_in_file(self._database, self._attachments, kept, [import_])

    # Lists

    def page(self, asker: Asker, *, offset: int, limit: int, are_plans: bool = False) -> GroupsPage:
        """A page of the groups of an environment, newest first."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return self.page_in(tx, asker, offset=offset, limit=limit, are_plans=are_plans)

    def page_in(
        self,
        tx: Transaction,
        asker: Asker,
        *,
        offset: int,
        limit: int,
        are_plans: bool = False,
    ) -> GroupsPage:
        """The same in the caller's transaction."""
        number = asker.environment.number
        return GroupsPage(
            groups=list_groups(tx, number, are_plans=are_plans, offset=offset, limit=limit),
            count=count_groups(tx, number, are_plans=are_plans),
        )

    # Changes

    def run(
        self,
        group: ImportGroup,
        *,
        on_progress: Callable[[Import], None] = lambda _member: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> ImportGroup:
        """Run the members one after the other, or until `should_stop`; the group as it is then.

        `on_progress` hears each member that goes on. Raises as `ImportRuns.run` does.
        """
        for member in group.members:
            if should_stop():
                break
            if not member.is_finished:
                self._import_runs.run(member.id, on_progress=on_progress, should_stop=should_stop)
        return self.read(group.id)

    def interrupt(self, asker: Asker, key: int) -> ImportGroup:
        """Stop the members of a group that are not finished, the running one at its last committed
        chunk; the group as it is then.

        Raises ImportFinished and NoSuchGroup.
        """
        with self._database.write() as tx:
            group = self.interrupt_in(tx, asker, key)
        self._on_stopped(asker.environment.number)
        return group

    def interrupt_in(self, tx: Transaction, asker: Asker, key: int) -> ImportGroup:
        """The same in the caller's transaction, behind which it calls `freed`."""
        group = self.get_in(tx, asker, key)
        first = next((each for each in group.members if not each.is_finished), None)
        if first is None:
            public_id = tx.public_ids.encode(group.id)
            raise ImportFinished(
                f"the {group.noun} {public_id} is {group.status} already, only pending and running "
                "ones can be interrupted",
                status=group.status,
            )
        # Those behind it go with it.
        interrupt_import(tx, first.id, application_id=asker.application_id)
        return read_group(tx, group.id)

    def freed(self, environment: Environment) -> None:
        """Tell those who waited that a group was stopped."""
        self._on_stopped(environment.number)

    def delete(self, asker: Asker, key: int) -> None:
        """Hide a group and all its members; what waits or runs of them is stopped, and so is what
        takes them back. What they have imported stays.

        Raises NoSuchGroup.
        """
        with self._database.write() as tx:
            group = self.get_in(tx, asker, key)
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
