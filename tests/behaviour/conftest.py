"""Places for the tests of behaviour: databases.

Whatever is specified here runs on every database of `DATABASES`; what is special to one of them
is tested apart, in `database/`.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from longshore.access import Environment, ensure_environment
from longshore.database import Database
from longshore.settings import Settings


class SqliteDatabases:
    """Embedded databases: copies of one that is migrated once."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template"
        Database.open(self._template, Settings()).close()

    def open(self, folder: Path) -> Database:
        shutil.copytree(self._template, folder)
        return Database.open(folder, Settings(lock_wait_seconds=10))


DATABASES: dict[str, Callable[[Path], SqliteDatabases]] = {"sqlite": SqliteDatabases}


@pytest.fixture(scope="session", params=list(DATABASES))
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SqliteDatabases:
    """A kind of database, of which `open` gives an empty one."""
    return DATABASES[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture
def database(databases: SqliteDatabases, tmp_path: Path) -> Iterator[Database]:
    """An empty database of an installation of its own."""
    with databases.open(tmp_path / "data") as database:
        yield database


@pytest.fixture
def environment(database: Database) -> Environment:
    """The default organization in test mode."""
    return ensure_environment(database)
