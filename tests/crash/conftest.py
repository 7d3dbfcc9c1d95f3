"""The ground that every crash test starts from, and the run that was never killed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from longshore.settings import Settings
from tests.behaviour.conftest import Databases, PostgresqlDatabases, SqliteDatabases
from tests.crash.end_state import State, end_state
from tests.crash.processes import import_all
from tests.crash.sources import write_sources
from tests.ground import lay_ground

KINDS = ("sqlite", "postgresql")

# How much of the rows is imported: on PostgreSQL each chunk takes longer.
_SHARES = {"sqlite": 1.0, "postgresql": 0.25}


def in_tests(settings: Settings) -> Settings:
    return replace(
        settings,
        # Many small chunks, so that there are many places to die at, and as many in every run, so
        # not cut by time; those of nested records are cut in the middle by their number instead.
        chunk_rows=1000,
        chunk_rows_first=250,
        chunk_milliseconds=0,
        chunk_records=2000,
        # What shares a database knows a dead process by its silence. It is awaited, not made up,
        # because it costs nothing: the next process takes longer to start.
        takeover_seconds=0.5,
        heartbeat_seconds=0.1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninterrupted:
    """A run that was never killed."""

    databases: Databases
    ground: Settings  # the installation before it
    sources: Path
    passed: Counter[str]  # how often it passed each point
    state: State  # what it left

    def begin(self, data: Path) -> Settings:
        """An installation in which nothing has been imported yet."""
        return in_tests(self.databases.settings(data, like=self.ground))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test runs on both kinds of database, unless it says itself how often on which."""
    of_run = "uninterrupted_run"
    chosen = hasattr(metafunc.module, "pytest_generate_tests") or any(
        of_run in marker.args[0] for marker in metafunc.definition.iter_markers("parametrize")
    )
    if of_run in metafunc.fixturenames and not chosen:
        metafunc.parametrize(of_run, KINDS, indirect=True)


@pytest.fixture(scope="session")
def uninterrupted_run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Uninterrupted:
    """All files imported in one go, into a database of each kind."""
    folder = tmp_path_factory.mktemp(f"uninterrupted-{request.param}")
    databases: Databases
    if request.param == "sqlite":
        databases = SqliteDatabases(folder)
    else:
        databases = PostgresqlDatabases(request.getfixturevalue("postgresql"), folder)
    ground = databases.settings(folder / "ground", is_lasting=True)
    sources = folder / "sources"
    sources.mkdir()
    write_sources(sources, lay_ground(ground), share=_SHARES[request.param])
    whole = in_tests(databases.settings(folder / "whole", like=ground))
    passed = import_all(whole, sources)
    run = Uninterrupted(
        databases=databases, ground=ground, sources=sources, passed=passed, state=end_state(whole)
    )
    databases.discard()
    return run


@pytest.fixture
def uninterrupted(uninterrupted_run: Uninterrupted) -> Iterator[Uninterrupted]:
    """The same, for one test."""
    yield uninterrupted_run
    uninterrupted_run.databases.discard()


@pytest.fixture
def bare(uninterrupted: Uninterrupted, tmp_path: Path) -> Iterator[Settings]:
    """An installation of which there is nothing: no data folder, and no table."""
    databases = uninterrupted.databases
    settings = Settings(data=tmp_path / "data")
    if isinstance(databases, PostgresqlDatabases):
        with databases.empty() as url:
            yield in_tests(replace(settings, database_url=url))
    else:
        yield in_tests(settings)
