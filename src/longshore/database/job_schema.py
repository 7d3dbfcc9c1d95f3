"""The tables of the job engine (Procrastinate), which PostgreSQL has beside ours.

They are made and upgraded with the schema, from the statements that the installed package brings:
the whole schema once, later the package's migrations that the database has not seen, one in each
transaction: PostgreSQL lets nobody use a value of an enumeration in the transaction that adds it
(manual, ALTER TYPE). The name of the last one is kept with the installation.
"""

from importlib import resources
from typing import Any

from sqlalchemy import Connection, select, update

from longshore.database.schema import installation


def job_migrations() -> list[str]:
    """The names of all migrations that the installed package knows, in order."""
    files = resources.files("procrastinate.sql") / "migrations"
    return sorted(file.name for file in files.iterdir() if file.name.endswith(".sql"))


def is_job_schema_current(connection: Connection) -> bool:
    """Whether the database has seen all migrations of the installed package."""
    applied = connection.execute(select(installation.c.job_schema)).scalar()
    return applied is not None and applied >= job_migrations()[-1]


def migrate_job_schema(connection: Connection) -> None:
    """Make the tables, or apply the next migration that is missing, in the caller's transaction."""
    applied = connection.execute(select(installation.c.job_schema)).scalar()
    known = job_migrations()
    package = resources.files("procrastinate.sql")
    if applied is None:
        name, file = known[-1], package / "schema.sql"
    elif missing := [each for each in known if each > applied]:
        name, file = missing[0], package / "migrations" / missing[0]
    else:
        return
    driver: Any = connection.connection.driver_connection
    driver.execute(file.read_bytes())
    connection.execute(update(installation).values(job_schema=name))
