"""An import that is all or nothing, killed while it judges, writes and goes back.

Goal: whatever a process was about, only what somebody else has changed meanwhile differs from
before. Method: as in `test_named_points`; somebody else changes two records when the first range is
written, so that the second one is not, and the first is taken back.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.imports import ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.conftest import Databases, PostgresqlDatabases, SqliteDatabases
from tests.crash.conftest import KINDS, in_tests
from tests.crash.end_state import State, assert_same, end_state
from tests.crash.going_back import CHANGED, write_whole_source
from tests.crash.processes import import_all, import_until_death
from tests.ground import lay_ground

SCRIPT = "tests.crash.going_back"
STORED = 1200  # records that are there before, of other values

# Points of a run, and where it passes them.
_POINTS = {
    "judged": 1,
    "committed": 1,
    "taken back": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneBack:
    """A run that was never killed."""

    databases: Databases
    ground: Settings
    sources: Path
    passed: Counter[str]
    state: State


@pytest.fixture(scope="session")
def gone_back_run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> GoneBack:
    folder = tmp_path_factory.mktemp(f"gone-back-{request.param}")
    databases: Databases
    if request.param == "sqlite":
        databases = SqliteDatabases(folder)
    else:
        databases = PostgresqlDatabases(request.getfixturevalue("postgresql"), folder)
    ground = databases.settings(folder / "ground", is_lasting=True)
    sources = folder / "sources"
    sources.mkdir()
    category = lay_ground(ground)["shipping_categories"]
    write_whole_source(sources, category)
    _store(ground, folder, category)
    whole = in_tests(databases.settings(folder / "whole", like=ground))
    passed = import_all(whole, sources, script=SCRIPT)
    _assert_only_named_fields_differ(whole)
    state = end_state(whole)
    databases.discard()
    return GoneBack(databases=databases, ground=ground, sources=sources, passed=passed, state=state)


@pytest.fixture
def gone_back(gone_back_run: GoneBack) -> Iterator[GoneBack]:
    """The same, for one test."""
    yield gone_back_run
    gone_back_run.databases.discard()


def _store(settings: Settings, folder: Path, category: str) -> None:
    file = folder / "stored.csv"
    rows = (f"A{number},Old {number},{category}\n" for number in range(STORED))
    file.write_text("code,name,shipping_category_id\n" + "".join(rows), encoding="utf-8")
    with open_longshore(settings) as longshore:
        import_ = longshore.submissions.submit(
            longshore.organizations.environment("default", "test"),
            Source.from_path(file),
            ImportRequest(resource_type="skus", reference="stored"),
        )
        assert longshore.import_runs.run(import_.id).created_count == STORED


def _assert_only_named_fields_differ(settings: Settings) -> None:
    with open_longshore(settings) as longshore, longshore.database.read() as tx:
        names = dict(tx.fetch("SELECT code, name FROM skus"))
        kept = tx.fetch("SELECT fields, reason FROM undo_kept")
        ((reason,),) = tx.fetch(
            "SELECT interruption_reason FROM imports WHERE interrupted_at IS NOT NULL"
        )
    before = {f"A{number}": f"Old {number}" for number in range(STORED)}
    assert names == before | dict.fromkeys(CHANGED, "by hand")
    assert kept == [("name", "changed_since")]
    assert "999 rows were taken back; 1 field stays" in str(reason)


@pytest.mark.parametrize(
    ("gone_back_run", "point", "passing"),
    [
        (kind, point, passing)
        for kind in KINDS
        for number, (point, passing) in enumerate(_POINTS.items())
        # Some of them are enough where a run takes longer.
        if kind == "sqlite" or number % 2 == 0
    ],
    indirect=["gone_back_run"],
    scope="session",
)
def test_a_process_killed_in_any_stage_ends_as_if_it_had_not_been(
    gone_back: GoneBack, tmp_path: Path, point: str, passing: int
) -> None:
    assert gone_back.passed[point] >= passing
    settings = in_tests(gone_back.databases.settings(tmp_path / "data", like=gone_back.ground))
    import_until_death(settings, gone_back.sources, point, passing, script=SCRIPT)
    import_all(settings, gone_back.sources, script=SCRIPT)
    _assert_only_named_fields_differ(settings)
    assert_same(end_state(settings), gone_back.state)
