"""A group of plans whose processes are killed again and again ends as if nothing had happened.

Goal: the members behind stand on what those before them would make, though it was another process
that had gone through these. Method: that of `test_killed_plans`.
"""

from pathlib import Path
from typing import Any

from longshore.assembly import open_longshore
from longshore.imports import ALL_OUTCOMES, list_groups
from longshore.settings import Settings
from tests.behaviour.conftest import Databases
from tests.crash.conftest import in_tests
from tests.crash.group_planning import write_members
from tests.crash.processes import import_all, import_until_death
from tests.crash.test_killed_plans import databases

__all__ = ["databases"]

_SCRIPT = "tests.crash.group_planning"
_ROWS = 1_050  # two ranges
# Where processes die, one after the other: in the middle of a member, and before the last one.
_DEATHS = (("committed", 2), ("ending", 1))


def test_a_group_of_plans_ends_the_same_though_its_processes_were_killed(
    databases: Databases, tmp_path: Path
) -> None:
    write_members(tmp_path, _ROWS)
    whole = in_tests(databases.settings(tmp_path / "whole"))
    import_all(whole, tmp_path, script=_SCRIPT)
    expected = told(whole)
    assert [counts for counts, _ in expected] == [
        ("completed", 2, 0, 0, 0),
        ("completed", _ROWS, 0, 0, 0),
        ("completed", 931, 98, 0, 21),
    ]
    settings = in_tests(databases.settings(tmp_path / "killed"))
    for point, passing in _DEATHS:
        import_until_death(settings, tmp_path, point, passing, script=_SCRIPT)
    import_all(settings, tmp_path, script=_SCRIPT)
    assert told(settings) == expected


def told(settings: Settings) -> list[tuple[Any, Any]]:
    """Counts and rows of the members of the only group."""
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        with longshore.database.read() as tx:
            (group,) = list_groups(tx, environment.number, are_plans=True)
        found = []
        for plan in group.members:
            counts = (
                str(plan.status),
                plan.created_count,
                plan.updated_count,
                plan.unchanged_count,
                plan.errors_count,
            )
            with longshore.import_plans.rows(plan, outcomes=ALL_OUTCOMES) as rows:
                found.append((counts, list(rows)))
        return found
