"""Killed at random instants, once and five times in a row.

The seed is printed with each failing test; LONGSHORE_TEST_CRASH_SEED repeats its run.
"""

import os
import random
from pathlib import Path

import pytest

from tests.crash.conftest import Uninterrupted
from tests.crash.end_state import assert_same, end_state
from tests.crash.processes import import_all, import_until_killed

_KILLS_IN_A_ROW = 5


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kills = metafunc.config.getoption("--crash-kills")
    if "instant" in metafunc.fixturenames:
        metafunc.parametrize("instant", range(kills))
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", range(kills // _KILLS_IN_A_ROW))


@pytest.fixture
def chance(request: pytest.FixtureRequest, testrun_uid: str) -> random.Random:
    seed = os.environ.get("LONGSHORE_TEST_CRASH_SEED") or f"{testrun_uid} {request.node.name}"
    print(f"LONGSHORE_TEST_CRASH_SEED={seed!r}")  # noqa: T201
    return random.Random(seed)


def test_a_process_killed_at_a_random_instant_ends_as_if_it_had_not_been(
    uninterrupted: Uninterrupted, tmp_path: Path, chance: random.Random, instant: int
) -> None:
    data = uninterrupted.begin(tmp_path / "data")
    after_points = chance.randint(0, uninterrupted.passed.total())
    import_until_killed(data, uninterrupted.sources, after_points, chance)
    import_all(data, uninterrupted.sources)
    assert_same(end_state(data), uninterrupted.state)


def test_processes_killed_one_after_another_end_as_if_none_had_been(
    uninterrupted: Uninterrupted, tmp_path: Path, chance: random.Random, row: int
) -> None:
    """Each dies somewhere in the next third of the work; five of them die before the last."""
    data = uninterrupted.begin(tmp_path / "data")
    for _ in range(_KILLS_IN_A_ROW):
        after_points = chance.randint(20, uninterrupted.passed.total() // 3)
        import_until_killed(data, uninterrupted.sources, after_points, chance)
    import_all(data, uninterrupted.sources)
    assert_same(end_state(data), uninterrupted.state)
