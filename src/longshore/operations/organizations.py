"""What an operator does with organizations: whom data belongs to."""

from collections.abc import Mapping, Sequence

from longshore.access import (
    ApplicationKind,
    Credentials,
    Organization,
    add_environment,
    create_application,
    create_organization,
    find_organization,
    has_organizations,
    list_organizations,
    set_organization,
    unknown_organization,
)
from longshore.database import Database


class Organizations:
    """The organizations of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def set(self, slug: str, values: Mapping[str, str]) -> Organization:
        """Set flags, and the name, from texts; an empty text sets a flag to its default.

        Raises RequestRefused as `access.set_organization` does.
        """
        with self._database.write() as tx:
            return set_organization(tx, slug, values)
