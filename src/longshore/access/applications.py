"""Applications: the programs that may ask for tokens, each within one environment."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update

from longshore.access.environments import Environment, Mode
from longshore.access.secrets import digest_of, matches, random_text
from longshore.access.tables import applications, environments, organizations, refresh_tokens
from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import SEQUENCE_BITS

SCOPE = "market:all"

_NAME_LENGTH_MAX = 255


class ApplicationKind(StrEnum):
    """What an application is; its permissions follow from it."""

    INTEGRATION = "integration"
    SALES_CHANNEL = "sales_channel"
    WEBAPP = "webapp"
    CLI = "cli"
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A program that may ask for tokens of one environment."""

    id: int
    environment: int  # number
    mode: Mode
    kind: ApplicationKind
    name: str
    client_id: str
    is_public: bool  # it has no secret, because those who use it could read it
    scopes: str
    redirect_uri: str | None
    token_generation: int  # of the tokens that are good
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An application with its secret, which is known only at this moment."""

    application: Application
    secret: str | None  # None: the application is public


def create_application(
    tx: Transaction,
    environment: Environment,
    kind: str,
    *,
    name: str | None = None,
    redirect_uri: str | None = None,
) -> Credentials:
    """Make an application; without a name it is called as its kind.

    Raises RequestRefused for a kind or a name that cannot be.
    """
    name = name or kind.replace("_", " ").capitalize()
    if kind not in tuple(ApplicationKind):
        raise RequestRefused(
            f"no such kind of application: {kind}",
            hint=f"the kinds are {', '.join(ApplicationKind)}",
        )
    if len(name) > _NAME_LENGTH_MAX or not name.isprintable():
        raise RequestRefused(
            "an application cannot be called so",
            hint=f"a name has 1 to {_NAME_LENGTH_MAX} characters that can be printed",
        )
    secret = None if kind == ApplicationKind.SALES_CHANNEL else random_text()
    (id_,) = tx.reserve_ids(environment.number, 1)
    tx.connection.execute(
        insert(applications).values(
            id=id_,
            environment=environment.number,
            kind=kind,
            name=name,
            client_id=random_text(),
            secret_digest=None if secret is None else digest_of(secret),
            scopes=SCOPE,
            redirect_uri=redirect_uri,
            created_at=tx.now(),
            updated_at=tx.now(),
        )
    )
    created = get_application(tx, id_)
    assert created is not None
    return Credentials(application=created, secret=secret)


def get_application(tx: Transaction, id_: int) -> Application | None:
    """The application with this id, unless it was deleted."""
    row = tx.connection.execute(_BY_ID, {"id": id_}).one_or_none()
    return None if row is None else _application(row)


def find_client(tx: Transaction, client_id: str) -> Application | None:
    """The application with this client id, unless it was deleted."""
    if not (client_id.isascii() and client_id.isalnum()):
        return None  # such as no client id is made of, and no database can be asked for all
    query = _living().where(applications.c.client_id == client_id)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _application(row)


def oldest_application(tx: Transaction, environment: int, kind: str) -> Application | None:
    """The first application of a kind in an environment."""
    query = _living().where(applications.c.environment == environment, applications.c.kind == kind)
    row = tx.connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _application(row)


def list_applications(tx: Transaction, slug: str) -> Sequence[Application]:
    """The applications of an organization, of both modes, oldest first."""
    rows = tx.connection.execute(_living().where(organizations.c.slug == slug))
    return [_application(row) for row in rows]


def authenticate(tx: Transaction, client_id: str, secret: str | None) -> Application | None:
    """The application that a client id and a secret prove; None where they prove nothing.

    A public application is proved by its client id alone; a secret given all the same counts
    for nothing.
    """
    found = find_client(tx, client_id)
    if found is None or found.is_public:
        return found
    digest = tx.connection.execute(
        select(applications.c.secret_digest).where(applications.c.id == found.id)
    ).scalar_one()
    return found if secret is not None and matches(secret, digest) else None


def rotate_secret(tx: Transaction, id_: int) -> Credentials:
    """Give an application another secret; the one before is worth nothing at once, tokens go on.

    Raises RequestRefused for an application that has none.
    """
    found = get_application(tx, id_)
    if found is None or found.is_public:
        raise RequestRefused("the application has no secret to be changed")
    secret = random_text()
    tx.connection.execute(
        update(applications)
        .where(applications.c.id == id_)
        .values(secret_digest=digest_of(secret), updated_at=tx.now())
    )
    return Credentials(application=found, secret=secret)


def revoke_tokens(tx: Transaction, id_: int) -> None:
    """Make every token that an application was given worth nothing at once; its secret stays."""
    tx.connection.execute(delete(refresh_tokens).where(refresh_tokens.c.application_id == id_))
    tx.connection.execute(
        update(applications)
        .where(applications.c.id == id_)
        .values(token_generation=applications.c.token_generation + 1, updated_at=tx.now())
    )


def delete_application(tx: Transaction, id_: int) -> None:
    """Shut an application out: its secret and all its tokens are worth nothing at once."""
    tx.connection.execute(delete(refresh_tokens).where(refresh_tokens.c.application_id == id_))
    tx.connection.execute(
        update(applications).where(applications.c.id == id_).values(deleted_at=tx.now())
    )


def _living() -> Select[Any]:
    return (
        select(applications, environments.c.mode)
        .join_from(applications, environments, applications.c.environment == environments.c.number)
        .join(organizations)
        .where(applications.c.deleted_at.is_(None))
        # Within a millisecond the sequence tells, which counts across environments.
        .order_by(applications.c.created_at, applications.c.id % (1 << SEQUENCE_BITS))
    )


# Built once: it runs with every request.
_BY_ID = _living().where(applications.c.id == bindparam("id"))


def _application(row: Any) -> Application:
    return Application(
        id=row.id,
        environment=row.environment,
        mode=Mode(row.mode),
        kind=ApplicationKind(row.kind),
        name=row.name,
        client_id=row.client_id,
        is_public=row.secret_digest is None,
        scopes=row.scopes,
        redirect_uri=row.redirect_uri,
        token_generation=row.token_generation,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
