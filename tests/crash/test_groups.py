"""A group whose processes are killed in every member ends as if they had not been.

Goal: whatever dies, no row of a member is lost or done twice, and no member begins before those
before it have ended. Method: processes kill themselves behind or within a chunk of each member; one
comes to the end, and what is left is compared with a run that was never killed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.imports import ImportGroup, list_groups
from longshore.settings import Settings
from tests.behaviour.conftest import Databases, PostgresqlDatabases, SqliteDatabases
from tests.crash.conftest import KINDS, in_tests
from tests.crash.end_state import assert_same, end_state
from tests.crash.grouping import FIRST, MEMBERS, ROWS, write_members
from tests.crash.processes import import_all, import_until_death
from tests.ground import lay_ground

_SCRIPT = "tests.crash.grouping"
# Where each process dies, and how many rows of each member are done by then.
_DEATHS = (
    ("creating", 1, None),
    ("checkpointed", 2, (FIRST, 0, 0, 0)),
    ("committed", 2, (ROWS, FIRST, 0, 0)),
    ("checkpointed", 3, (ROWS, ROWS, FIRST, 0)),
    ("committed", 2, (ROWS, ROWS, ROWS, FIRST)),
)


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


def test_a_group_killed_in_every_member_ends_as_if_it_had_not_been(
    databases: Databases, tmp_path: Path
) -> None:
    ground = databases.settings(tmp_path / "ground")
    write_members(tmp_path, lay_ground(ground)["shipping_categories"])
    whole = in_tests(databases.settings(tmp_path / "whole", like=ground))
    assert import_all(whole, tmp_path, script=_SCRIPT)["committed"] == 2 * len(MEMBERS)
    settings = in_tests(databases.settings(tmp_path / "killed", like=ground))
    for point, passing, reached in _DEATHS:
        import_until_death(settings, tmp_path, point, passing, script=_SCRIPT)
        group = group_of(settings)
        done = None if group is None else tuple(each.consumed_count for each in group.members)
        assert done == reached, point
    import_all(settings, tmp_path, script=_SCRIPT)
    assert_same(end_state(settings), end_state(whole))
    ended = group_of(settings)
    assert ended is not None
    assert {str(each.status) for each in ended.members} == {"completed"}
    assert ended.total("errors_count") > 0


def group_of(settings: Settings) -> ImportGroup | None:
    """The group of an installation, if it is there."""
    with open_longshore(settings) as longshore, longshore.database.read() as tx:
        number = longshore.organizations.environment("default", "test").number
        return next(iter(list_groups(tx, number)), None)
