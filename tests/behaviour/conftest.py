"""Places for the tests of behaviour: databases.

Whatever is specified here runs on every database of `DATABASES`; what is special to one of them
is tested apart, in `database/`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from psycopg.conninfo import conninfo_to_dict

from longshore.access import Environment, ensure_environment
from longshore.database import Database
from longshore.settings import Settings
from tests.postgresql import PostgresDatabases
from tests.rewinding import RewoundDatabases


class Databases(Protocol):
    """A kind of database."""

    def settings(
        self, folder: Path, *, is_lasting: bool = False, like: Settings | None = None
    ) -> Settings:
        """Settings of an installation of its own, in that data folder: an empty one, or a copy of
        another that is closed. One that lasts is there for more than one test."""

    def destroy(self, settings: Settings) -> None:
        """Take the database of an installation away for good."""

    def discard(self) -> None:
        """Remove what was made since the last time, but for what lasts."""


class SqliteDatabases:
    """Embedded databases: copies of one that is migrated once."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template"
        Database.open(self._template, Settings()).close()

    def settings(
        self, folder: Path, *, is_lasting: bool = False, like: Settings | None = None
    ) -> Settings:
        shutil.copytree(self._template if like is None else like.data, folder)
        return Settings(data=folder, lock_wait_seconds=10)

    def destroy(self, settings: Settings) -> None:
        file = settings.data / "longshore.db"
        assert file.exists()
        for each in settings.data.glob("longshore.db*"):
            each.unlink()
        file.mkdir()

    def discard(self) -> None:
        pass  # pytest removes its folders


class PostgresqlDatabases:
    """Databases of a server: copies of one that is migrated once."""

    def __init__(self, databases: PostgresDatabases, folder: Path) -> None:
        self._databases = databases
        self._rewound = RewoundDatabases(databases)
        self._template = databases.create()
        Database.open(folder, Settings(database_url=databases.url(self._template))).close()
        self._taken: list[tuple[str, str]] = []  # with their templates

    def settings(
        self, folder: Path, *, is_lasting: bool = False, like: Settings | None = None
    ) -> Settings:
        template = self._template if like is None else _name(like)
        if like is not None and like.data.exists():
            shutil.copytree(like.data, folder)
        name = self._rewound.take(template)
        if not is_lasting:
            self._taken.append((name, template))
        return Settings(data=folder, database_url=self._databases.url(name), lock_wait_seconds=10)

    def destroy(self, settings: Settings) -> None:
        self._databases.drop(_name(settings))

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database in which there is not even a table."""
        name = self._databases.create()
        try:
            yield self._databases.url(name)
        finally:
            self._databases.drop(name)

    def discard(self) -> None:
        for name, template in self._taken:
            self._rewound.give_back(name, template)
        self._taken.clear()


def _name(settings: Settings) -> str:
    return str(conninfo_to_dict(settings.database_url)["dbname"])


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind_of_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """A kind of database, which gives empty ones."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        return SqliteDatabases(folder)
    return PostgresqlDatabases(request.getfixturevalue("postgresql"), folder)


@pytest.fixture
def databases(kind_of_database: Databases) -> Iterator[Databases]:
    """The same, for one test."""
    yield kind_of_database
    kind_of_database.discard()


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Settings:
    """Settings of an empty installation of its own."""
    return databases.settings(tmp_path / "data")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database of these settings."""
    with Database.open(settings.data, settings) as database:
        yield database


@pytest.fixture
def environment(database: Database) -> Environment:
    """The default organization in test mode."""
    return ensure_environment(database)
