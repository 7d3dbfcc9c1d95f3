"""What an operator does with applications: the programs that may ask for tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from longshore.access import (
    DEFAULT_ORGANIZATION,
    AccessToken,
    Application,
    ApplicationKind,
    Credentials,
    Environment,
    Mode,
    Rotation,
    Tokens,
    add_environment,
    create_application,
    delete_application,
    has_organizations,
    list_applications,
    oldest_application,
    revoke_tokens,
    rotate_secret,
    rotate_signing_key,
)
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.observations import ApplicationCreated, Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationChoice:
    """Which applications of an organization are meant; None stands for what nobody named."""

    organization: str  # slug
    mode: str | None = None
    identifier: str | None = None  # public id or client id
    kind: str | None = None
    name: str | None = None


class Applications:
    """The applications of one installation."""

    def __init__(self, database: Database, tokens: Tokens, observer: Observer) -> None:
        self._database = database
        self._tokens = tokens
        self._observer = observer

    def create(
        self, environment: Environment, kind: str, *, name: str | None = None
    ) -> Credentials:
        """Make an application, whose secret is known only now."""
        with self._database.write() as tx:
            return create_application(tx, environment, kind, name=name)

    def create_first(self) -> Credentials | None:
        """Make an integration of the default organization, and that with it; None: there is an
        organization already."""
        with self._database.write() as tx:
            if has_organizations(tx):
                return None
            environment = add_environment(tx, DEFAULT_ORGANIZATION, Mode.TEST)
            credentials = create_application(tx, environment, ApplicationKind.INTEGRATION)
        self._observer.observe(
            ApplicationCreated(
                application=self._database.public_ids.encode(credentials.application.id),
                kind=str(credentials.application.kind),
                organization=environment.organization,
                mode=str(environment.mode),
            )
        )
        return credentials

    def list(self, choice: ApplicationChoice) -> Sequence[Application]:
        """Those that are meant, oldest first."""
        with self._database.read() as tx:
            return _chosen(tx, choice)

    def rotate_secret(self, choice: ApplicationChoice) -> Credentials:
        """Give the one that is meant another secret, which is known only now."""
        with self._database.write() as tx:
            return rotate_secret(tx, _only(tx, choice).id)

    def revoke_tokens(self, choice: ApplicationChoice) -> Application:
        """Make all tokens of the one that is meant worth nothing."""
        with self._database.write() as tx:
            application = _only(tx, choice)
            revoke_tokens(tx, application.id)
        return application

    def delete(self, choice: ApplicationChoice) -> Application:
        """Shut out the one that is meant; as it was."""
        with self._database.write() as tx:
            application = _only(tx, choice)
            delete_application(tx, application.id)
        return application

    def rotate_signing_key(self, *, valid_seconds: int) -> Rotation:
        """Sign the tokens of all organizations with another key from now on; those of the key
        before are good for so long."""
        return rotate_signing_key(self._database, valid_seconds=valid_seconds)

    def sign_token(self, environment: Environment, kind: str) -> AccessToken:
        """A token of the environment's oldest application of a kind, which is made where there is
        none."""
        with self._database.read() as tx:
            application = oldest_application(tx, environment.number, kind)
        if application is None:
            with self._database.write() as tx:
                application = (
                    oldest_application(tx, environment.number, kind)
                    or create_application(tx, environment, kind).application
                )
        return self._tokens.sign(application)


def _only(tx: Transaction, choice: ApplicationChoice) -> Application:
    """The only application that is meant; raises RequestRefused when none or several are."""
    if choice.identifier is None and choice.kind is None and choice.name is None:
        raise RequestRefused(
            "say which application is meant",
            hint="by its ID, --kind or --name; longshore applications list shows them",
        )
    found = _chosen(tx, choice)
    if not found:
        named = f" {choice.identifier!r}" if choice.identifier else ""
        raise RequestRefused(
            f"there is no such application{named}",
            hint="longshore applications list shows those of the organization",
        )
    if len(found) > 1:
        ids = ", ".join(tx.public_ids.encode(each.id) for each in found)
        raise RequestRefused(f"{len(found)} applications are meant", hint=f"name one: {ids}")
    return found[0]


def _chosen(tx: Transaction, choice: ApplicationChoice) -> Sequence[Application]:
    encode = tx.public_ids.encode
    return [
        each
        for each in list_applications(tx, choice.organization)
        if (choice.identifier is None or choice.identifier in (encode(each.id), each.client_id))
        and (choice.kind is None or each.kind == choice.kind)
        and (choice.name is None or each.name == choice.name)
        and (choice.mode is None or each.mode == choice.mode)
    ]
