"""What two databases hold, read with their drivers alone."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

# The installation is compared apart; the other two are of each database itself.
_KEPT_OUT = ("installation", "sequences", "processes", "record_zones", "alembic_version")

Contents = dict[str, list[str]]


def source_contents(folder: Path) -> Contents:
    """Every row of every table of a data folder, sorted as texts."""
    with closing(sqlite3.connect(folder / "longshore.db")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        names = [name for (name,) in tables.fetchall() if not name.startswith("sqlite_")]
        return {
            name: _rows(connection.execute(f'SELECT * FROM "{name}"'))
            for name in names
            if name not in _KEPT_OUT
        }


def target_contents(url: str) -> Contents:
    """The same of a PostgreSQL database, without the tables of the job engine."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in tables.fetchall() if not name.startswith("procrastinate_")]
        return {
            name: _rows(connection.execute(f'SELECT * FROM "{name}"'))
            for name in names
            if name not in _KEPT_OUT
        }


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    """What a PostgreSQL database answers; changes are kept."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _rows(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    # SQLite has numbers for booleans.
    return sorted(
        repr([int(value) if isinstance(value, bool) else value for value in row]) for row in rows
    )
