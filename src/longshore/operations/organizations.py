"""What an operator does with organizations: whom data belongs to."""

from collections.abc import Mapping, Sequence

from longshore.access import (
    ApplicationKind,
    Credentials,
    Environment,
    Organization,
    add_environment,
    create_application,
    create_organization,
    find_organization,
    has_organizations,
    list_organizations,
    open_environment,
    set_organization,
    unknown_organization,
)
from longshore.database import Database
from longshore.operations.removal import (
    Belongings,
    RemovalProgress,
    count_belongings,
    remove_organization,
)
from longshore.sources import AttachmentStore


class Organizations:
    """The organizations of one installation."""

    def __init__(self, database: Database, attachments: AttachmentStore) -> None:
        self._database = database
        self._attachments = attachments

    def create(
        self, slug: str, values: Mapping[str, str], *, mode: str
    ) -> tuple[Organization, Credentials]:
        """Make an organization, and an integration of it in a mode.

        Raises RequestRefused for a slug that cannot be or is taken, and for unfit values.
        """
        with self._database.write() as tx:
            create_organization(tx, slug, values)
            environment = add_environment(tx, slug, mode)
            credentials = create_application(tx, environment, ApplicationKind.INTEGRATION)
            created = find_organization(tx, slug)
        assert created is not None, "it was made above"
        return created, credentials

    def list(self) -> Sequence[Organization]:
        """All, oldest first."""
        with self._database.read() as tx:
            return list_organizations(tx)

    def exist(self) -> bool:
        """Whether there is any; the database is asked for it."""
        with self._database.read() as tx:
            return has_organizations(tx)

    def read(self, slug: str) -> Organization:
        """The one of this slug; raises RequestRefused when there is none."""
        with self._database.read() as tx:
            found = find_organization(tx, slug)
        if found is None:
            raise unknown_organization(slug)
        return found

    def environment(self, slug: str, mode: str) -> Environment:
        """The environment of an organization in a mode.

        The default organization is made on first use; another one that nobody has created is
        refused.
        """
        return open_environment(self._database, slug, mode)

    def set(self, slug: str, values: Mapping[str, str]) -> Organization:
        """Set flags, and the name, from texts; an empty text sets a flag to its default.

        Raises RequestRefused as `access.set_organization` does.
        """
        with self._database.write() as tx:
            return set_organization(tx, slug, values)

    def belongings(self, slug: str) -> Belongings:
        """What would go with an organization; raises RequestRefused as `count_belongings` does."""
        return count_belongings(self._database, slug)

    def remove(
        self,
        belongings: Belongings,
        *,
        on_progress: RemovalProgress = lambda _table, _done, _total: None,
    ) -> None:
        """Remove an organization with all that it has; ended at any moment, it can be repeated.

        Raises RequestRefused when its imports are not finished; then nothing is removed.
        """
        remove_organization(self._database, self._attachments, belongings, on_progress=on_progress)
