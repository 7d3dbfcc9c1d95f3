"""Bring the schema of a database to this version of longshore.

Revisions are files of `migrations/versions`, applied in the order of their numbers and never
changed once released. Alembic is loaded only when there is something to apply: a current
database opens with one SELECT.
"""

import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, text, update

from longshore import clock
from longshore.database.job_schema import is_job_schema_current, migrate_job_schema
from longshore.database.schema import installation, sequences
from longshore.errors import RequestRefused
from longshore.identifiers import new_key, new_secret

MIGRATIONS = Path(__file__).parent / "migrations"

# Revisions that no process may live through: what it knows of before would be wrong afterwards.
_ALONE = ("0010",)  # the key of public ids


def revisions() -> list[str]:
    """The numbers of all revisions that this version of longshore knows, in order."""
    return sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def schema_revision() -> str:
    """The revision that this version of longshore works with."""
    return revisions()[-1]


def revision_of(connection: Connection, place: str = "") -> str | None:
    """The revision of a database, None when it is empty; raises RequestRefused for a database
    that is not longshore's or belongs to a newer version of it.

    `place` is what messages call it; an embedded one is called by its path.
    """
    place = place or connection.engine.url.database or ""
    elsewhere = (
        "name another folder with --data or LONGSHORE_DATA"
        if connection.dialect.name == "sqlite"
        else "name another one with --database or LONGSHORE_DATABASE_URL"
    )
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise RequestRefused(
                f"the database {place} holds tables that are not longshore's",
                hint=elsewhere,
            )
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        return None
    if revision not in revisions():
        raise RequestRefused(
            f"the database {place} was made by a newer version of longshore (schema {revision}, "
            f"this version knows up to {revisions()[-1]})",
            hint=f"upgrade longshore, or {elsewhere}",
        )
    return str(revision)


def is_current(connection: Connection, place: str = "") -> bool:
    """Whether there is nothing to apply."""
    if revision_of(connection, place) != revisions()[-1]:
        return False
    return connection.dialect.name == "sqlite" or is_job_schema_current(connection)


def needs_to_be_alone(revision: str | None) -> bool:
    """Whether nobody else may have a database of that revision open while it is migrated."""
    return revision is not None and any(revision < each for each in _ALONE)


def migrate(connection: Connection, to: str | None = None) -> None:
    """Apply what is missing, in the caller's write transaction; `to` an older revision only to
    test what comes after it.

    The tables of the job engine take several transactions: repeat it until `is_current`.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(MIGRATIONS))
    head = to or revisions()[-1]
    environment = EnvironmentContext(
        Config(attributes={"connection": connection}),
        script,
        fn=lambda revision, _: script._upgrade_revs(head, revision),
        destination_rev=head,
    )
    with environment:
        script.run_env()
    _found_installation(connection)
    if head == revisions()[-1]:
        _ensure_key_of_ids(connection)
    if connection.dialect.name != "sqlite" and to is None:
        migrate_job_schema(connection)


def _found_installation(connection: Connection) -> None:
    """Give a new installation its own row, its secret and its sequence."""
    if connection.execute(select(installation.c.id)).first() is None:
        connection.execute(
            insert(installation).values(
                id=1,
                public_id_secret=new_secret(),
                url_secret=secrets.token_hex(32),
                created_at=clock.now(),
            )
        )
        connection.execute(insert(sequences).values(name="ids", value=0))


def _ensure_key_of_ids(connection: Connection) -> None:
    """Give an installation the key of its public ids; those given before stay as they are."""
    columns = installation.c
    if connection.execute(select(columns.public_id_key)).scalar() is not None:
        return
    last_number = (
        "SELECT value FROM sequences WHERE name = 'ids'"
        if connection.dialect.name == "sqlite"
        else "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ids"
    )
    connection.execute(
        update(installation).values(
            public_id_key=new_key().hex(),
            records_before_key=connection.execute(text(last_number)).scalar_one(),
            events_before_key=connection.execute(
                text("SELECT coalesce(max(id), 0) FROM events")
            ).scalar_one(),
        )
    )
