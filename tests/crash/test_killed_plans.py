"""A plan whose process is killed is made again from its first row, and ends as if nothing had
happened.

Goal: no row is told twice or of another moment than the others. Method: a process kills itself at a
named point, another one goes on, and what is stored of the plan is compared with that of a process
that was never killed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from longshore.assembly import open_longshore
from longshore.imports import ALL_OUTCOMES, Import, list_pins, list_plans
from longshore.settings import Settings
from tests.behaviour.conftest import Databases, PostgresqlDatabases, SqliteDatabases
from tests.crash.conftest import KINDS, in_tests
from tests.crash.planning import write_planned
from tests.crash.processes import import_all, import_until_death
from tests.ground import lay_ground

_SCRIPT = "tests.crash.planning"
_ROWS = 2_300
# Where the process dies, and at which passing.
_DEATHS = {"claiming": 1, "committed": 2}


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Each kind of database."""
    folder = tmp_path / "kind"
    folder.mkdir()
    found: Databases
    if request.param == "sqlite":
        found = SqliteDatabases(folder)
    else:
        found = PostgresqlDatabases(request.getfixturevalue("postgresql"), folder)
    yield found
    found.discard()


def test_a_plan_ends_the_same_wherever_its_process_was_killed(
    databases: Databases, tmp_path: Path
) -> None:
    ground = databases.settings(tmp_path / "ground")
    write_planned(tmp_path, _ROWS, lay_ground(ground)["shipping_categories"])
    whole = in_tests(databases.settings(tmp_path / "whole", like=ground))
    import_all(whole, tmp_path, script=_SCRIPT)
    expected = told(whole)
    counts, rows, pins = expected
    assert counts["status"] == "completed"
    assert (len(rows), len(pins)) == (_ROWS, 3)
    for point, passing in _DEATHS.items():
        settings = in_tests(databases.settings(tmp_path / point, like=ground))
        import_until_death(settings, tmp_path, point, passing, script=_SCRIPT)
        import_all(settings, tmp_path, script=_SCRIPT)
        assert told(settings) == expected, point


def told(settings: Settings) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """What is known of the only plan: counts, rows and pins."""
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        with longshore.database.read() as tx:
            (plan,) = list_plans(tx, environment.number)
            assert isinstance(plan, Import)
            pins = [(pin.first_row, pin.digest) for pin in list_pins(tx, plan.id, limit=100)]
        attributes = longshore.import_plans.resource(plan).attributes
        names = ("status", "created_count", "updated_count", "unchanged_count", "errors_count")
        counts = {name: attributes[name] for name in (*names, "errors_log", "warnings")}
        with longshore.import_plans.rows(plan, outcomes=ALL_OUTCOMES) as rows:
            return counts, list(rows), pins
