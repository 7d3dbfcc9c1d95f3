"""PostgreSQL databases that tests use one after the other.

Making a database takes up to two seconds, and bringing one back to what it held when it was made
takes milliseconds. One whose schema a test has changed is not used again.
"""

from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.postgresql import PostgresDatabases

# What a test may have left: another trigger, a function, a column.
_SCHEMA: LiteralString = """
    SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped),
           (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
"""
_TABLES: LiteralString = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
)
_SEQUENCES: LiteralString = (
    "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL"
    " FROM pg_sequences WHERE schemaname = 'public'"
)
# Nobody else may be in it: not a process that a test has left, and not its locks.
_CLEAR: LiteralString = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


@dataclass(slots=True)
class _Template:
    """A database, what it holds, and those that were copies of it."""

    name: str
    schema: tuple[Any, ...] = ()
    rows: dict[str, bytes] = field(default_factory=dict)  # of tables that are not empty
    sequences: list[tuple[Any, ...]] = field(default_factory=list)
    used: list[str] = field(default_factory=list)


class RewoundDatabases:
    """Databases that hold what a template holds, when they are handed out."""

    def __init__(self, databases: PostgresDatabases) -> None:
        self._databases = databases
        self._templates: dict[str, _Template] = {}

    def take(self, template: str) -> str:
        """The name of a database like the template, to which nobody may be connected."""
        known = self._templates.get(template)
        if known is None:
            known = self._templates[template] = self._read(template)
        while known.used:
            name = known.used.pop()
            if self._rewind(name, known):
                return name
            self._databases.drop(name)
        return self._databases.create(template=template)

    def give_back(self, name: str, template: str) -> None:
        """Let another test have it, whatever was done to it."""
        self._templates[template].used.append(name)

    def _read(self, name: str) -> _Template:
        template = _Template(name)
        with psycopg.connect(self._databases.url(name)) as connection:
            template.schema = connection.execute(_SCHEMA).fetchone() or ()
            template.sequences = connection.execute(_SEQUENCES).fetchall()
            for table in _not_empty(connection):
                statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
                with connection.cursor().copy(statement) as copy:
                    template.rows[table] = b"".join(bytes(block) for block in copy)
        return template

    def _rewind(self, name: str, template: _Template) -> bool:
        """Whether it holds again what the template holds."""
        try:
            connection = psycopg.connect(self._databases.url(name))
        except psycopg.OperationalError:
            return False  # the test has dropped it
        with connection:
            connection.execute(_CLEAR)
            if connection.execute(_SCHEMA).fetchone() != template.schema:
                return False
            connection.execute("SET LOCAL session_replication_role = replica")  # no foreign keys
            for table in _not_empty(connection):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, rows in template.rows.items():
                statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with connection.cursor().copy(statement) as copy:
                    copy.write(rows)
            for sequence in template.sequences:
                connection.execute("SELECT setval(%s, %s, %s)", sequence)
        return True


def _not_empty(connection: "psycopg.Connection[Any]") -> list[str]:
    tables = [name for (name,) in connection.execute(_TABLES)]
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
            sql.Literal(name), sql.Identifier(name)
        )
        for name in tables
    )
    return [name for (name,) in connection.execute(query)]
