"""Import groups as they are stored: found, and run to their ends."""

from collections.abc import Callable

from longshore.access import Environment
from longshore.database import Database
from longshore.errors import RequestRefused
from longshore.imports import Import, ImportGroup, get_group, read_group
from longshore.operations.import_runs import ImportRuns


class NoSuchGroup(RequestRefused):
    """The environment has no import group of that id, or it was deleted."""

    def __init__(self, public_id: str) -> None:
        super().__init__(
            f"there is no import group {public_id!r}", hint="`longshore groups` lists them"
        )


class ImportGroups:
    """The import groups of one installation, and groups of plans."""

    def __init__(self, database: Database, import_runs: ImportRuns) -> None:
        self._database = database
        self._import_runs = import_runs

    def find(self, environment: Environment, public_id: str) -> ImportGroup:
        """The group, of imports or of plans, of an environment; raises NoSuchGroup."""
        id = self._database.public_ids.decode(public_id.strip())
        with self._database.read() as tx:
            found = None if id is None else get_group(tx, environment.number, id)
        if found is None:
            raise NoSuchGroup(public_id)
        return found

    def read(self, group_id: int) -> ImportGroup:
        """The group with this id, which exists."""
        with self._database.read() as tx:
            return read_group(tx, group_id)

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
            self._import_runs.run(member.id, on_progress=on_progress, should_stop=should_stop)
        return self.read(group.id)
