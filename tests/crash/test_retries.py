"""Failures of three causes mended by a retry each, by processes that are killed in between.

Goal: no row is lost and none is taken twice, whatever a process was about when it died. Method:
the processes mend what an import has left, each wherever the one before it died, and what they
leave is compared with what a process left that was never killed.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.database import Transaction
from longshore.imports import Import, ImportRequest, list_imports
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.conftest import Databases, PostgresqlDatabases, SqliteDatabases
from tests.crash.conftest import KINDS, in_tests
from tests.crash.end_state import State, assert_same, end_state
from tests.crash.processes import (
    RETRYING,
    environment,
    import_all,
    import_until_death,
    import_until_killed,
)
from tests.crash.retrying import CAUSES, SOURCE, write_source
from tests.ground import lay_ground

_ROWS = {"sqlite": 9_900, "postgresql": 2_970}
_KILLS_IN_A_ROW = 5
# One in so many of the random kills of imports.
_SHARES = {"sqlite": 5, "postgresql": 15}

# Points of a run, and where among its passings; those of the first are in the first retry.
_POINTS = {
    "reading": 0.0,
    "creating": 0.4,
    "submitted": 0.7,
    "claiming": 0.5,
    "started": 0.8,
    "flushed": 0.1,
    "checkpointed": 0.6,
    "committing": 0.3,
    "committed": 0.9,
    "ending": 0.6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Failures that were mended by a process that was never killed."""

    databases: Databases
    ground: Settings  # the installation with the import whose rows failed
    sources: Path
    passed: Counter[str]  # how often the process passed each point
    state: State  # what it left

    def begin(self, data: Path) -> Settings:
        """An installation in which nothing has been mended yet."""
        settings = self.databases.settings(data, like=self.ground)
        return replace(
            in_tests(settings),
            chunk_rows=100,
            chunk_rows_first=50,
            # All kills may fall before the first chunk of one retry, which is no fault of it.
            import_attempts_max=_KILLS_IN_A_ROW + 1,
        )


@pytest.fixture(scope="session")
def mended_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mended:
    folder = tmp_path_factory.mktemp(f"mended-{request.param}")
    databases: Databases
    if request.param == "sqlite":
        databases = SqliteDatabases(folder)
    else:
        databases = PostgresqlDatabases(request.getfixturevalue("postgresql"), folder)
    ground = databases.settings(folder / "ground", is_lasting=True)
    sources = folder / "sources"
    sources.mkdir()
    rows = _ROWS[request.param]
    write_source(sources, rows, lay_ground(ground)["shipping_categories"])
    _import_source(ground, sources, rows)
    mended = Mended(databases=databases, ground=ground, sources=sources, passed=Counter(), state={})
    whole = mended.begin(folder / "whole")
    passed = import_all(whole, sources, script=RETRYING)
    _assert_all_are_in(whole, rows)
    databases.discard()
    return replace(mended, passed=passed, state=end_state(whole))


@pytest.fixture
def mended(mended_run: Mended) -> Iterator[Mended]:
    """The same, for one test."""
    yield mended_run
    mended_run.databases.discard()


def _import_source(settings: Settings, sources: Path, rows: int) -> None:
    """Import the file; nine rows of a hundred fail."""
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        import_ = longshore.submissions.submit(
            environment,
            Source.from_path(sources / SOURCE),
            ImportRequest(resource_type="skus", reference=SOURCE),
        )
        ended = longshore.import_runs.run(import_.id)
        assert ended.errors_count == rows * 3 // 33


def _assert_all_are_in(settings: Settings, rows: int) -> None:
    """Each row has made one record, and each retry took what the one before it had not mended."""
    with open_longshore(settings) as longshore, longshore.database.read() as tx:
        assert tx.fetch("SELECT count(*), count(DISTINCT code) FROM skus") == [(rows, rows)]
        share = rows // 33
        assert [(each.inputs_size, each.errors_count) for each in _retries(tx)] == [
            (3 * share, 2 * share),
            (2 * share, share),
            (share, 0),
        ]


def _retries(tx: Transaction) -> list[Import]:
    number = next(number for (number,) in tx.fetch("SELECT environment FROM imports LIMIT 1"))
    found = reversed(list_imports(tx, number))
    return [each for each in found if isinstance(each, Import) and each.retry_of is not None]


@pytest.mark.parametrize(
    ("mended_run", "point", "share"),
    [
        (kind, point, share)
        for kind in KINDS
        for number, (point, share) in enumerate(_POINTS.items())
        # Some of them are enough where a run takes longer.
        if kind == "sqlite" or number % 3 == 0
    ],
    indirect=["mended_run"],
    scope="session",
)
def test_a_process_killed_while_it_mends_ends_as_if_it_had_not_been(
    mended: Mended, tmp_path: Path, point: str, share: float
) -> None:
    passing = 1 + int(mended.passed[point] * share)
    settings = mended.begin(tmp_path / "data")
    import_until_death(settings, mended.sources, point, passing, script=RETRYING)
    import_all(settings, mended.sources, script=RETRYING)
    assert_same(end_state(settings), mended.state)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" in metafunc.fixturenames:
        kills = metafunc.config.getoption("--crash-kills")
        cases = [
            pytest.param(kind, number, id=f"{kind}-{number}")
            for kind in KINDS
            for number in range(max(kills // _SHARES[kind], 1))
        ]
        metafunc.parametrize(["mended_run", "row"], cases, indirect=["mended_run"], scope="session")


def test_processes_killed_one_after_another_mend_all_once(
    mended: Mended, tmp_path: Path, testrun_uid: str, request: pytest.FixtureRequest, row: int
) -> None:
    """Each dies somewhere in the next third of the work."""
    seed = os.environ.get("LONGSHORE_TEST_CRASH_SEED") or f"{testrun_uid} {request.node.name}"
    print(f"LONGSHORE_TEST_CRASH_SEED={seed!r}")  # noqa: T201
    chance = random.Random(seed)
    settings = mended.begin(tmp_path / "data")
    for _ in range(_KILLS_IN_A_ROW):
        after_points = chance.randint(1, mended.passed.total() // 3)
        import_until_killed(settings, mended.sources, after_points, chance, script=RETRYING)
    import_all(settings, mended.sources, script=RETRYING)
    assert_same(end_state(settings), mended.state)


def _command(settings: Settings, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "longshore", *arguments],
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("mended_run", KINDS, indirect=True, scope="session")
def test_a_killed_retry_is_finished_by_resume_before_there_is_another(
    mended: Mended, tmp_path: Path
) -> None:
    settings = replace(mended.begin(tmp_path / "data"), chunk_rows=10, chunk_rows_first=10)
    options = [f"{each.column}:{each.old}={each.new}" for each in CAUSES]
    with open_longshore(settings) as longshore:
        with longshore.database.read() as tx:
            ((id_,),) = tx.fetch("SELECT id FROM imports WHERE reference = ?", (SOURCE,))
        first = longshore.public_ids.encode(id_)
        for number, option in enumerate(options, 1):
            with _command(settings, "retry", first, "--replace", option) as process:
                while True:
                    has_ended = process.poll() is not None
                    with longshore.database.read() as tx:
                        retries = _retries(tx)
                    if len(retries) == number and retries[-1].consumed_count:
                        break
                    assert not has_ended, process.communicate()
                process.kill()
            last = retries[-1]
            while longshore.import_runs.is_running(last):
                pass
            if not longshore.imports.read(last.id).is_finished:
                with _command(settings, "retry", first) as process:
                    _, errors = process.communicate()
                assert process.returncode == 2
                public_id = longshore.public_ids.encode(last.id)
                assert f"the retry {public_id} has not ended" in errors
                with _command(settings, "resume") as process:
                    _, errors = process.communicate()
                assert process.returncode == (0 if number == len(options) else 1), errors
            assert longshore.imports.read(last.id).is_finished
    lines = (mended.sources / SOURCE).read_text("utf-8").splitlines()
    _assert_all_are_in(settings, len(lines) - 1)
