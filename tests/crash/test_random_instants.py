"""Killed at random instants, once and five times in a row.

The seed is printed with each failing test; LONGSHORE_TEST_CRASH_SEED repeats its run.
"""

import os
import random
from pathlib import Path

import pytest

from tests.crash.conftest import KINDS, Uninterrupted
from tests.crash.end_state import assert_same, end_state
from tests.crash.processes import import_all, import_until_killed

_KILLS_IN_A_ROW = 5

# One in so many; a run on PostgreSQL takes longer.
_SHARES = {"sqlite": 1, "postgresql": 3}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, kills_each in (("instant", 1), ("row", _KILLS_IN_A_ROW)):
        if name in metafunc.fixturenames:
            kills = metafunc.config.getoption("--crash-kills") // kills_each
            cases = [
                pytest.param(kind, number, id=f"{kind}-{number}")
                for kind in KINDS
                for number in range(kills // _SHARES[kind])
            ]
            of_run = ["uninterrupted_run"]
            metafunc.parametrize([*of_run, name], cases, indirect=of_run, scope="session")


@pytest.fixture
def chance(request: pytest.FixtureRequest, testrun_uid: str) -> random.Random:
    seed = os.environ.get("LONGSHORE_TEST_CRASH_SEED") or f"{testrun_uid} {request.node.name}"
    print(f"LONGSHORE_TEST_CRASH_SEED={seed!r}")  # noqa: T201
    return random.Random(seed)


def test_a_process_killed_at_a_random_instant_ends_as_if_it_had_not_been(
    uninterrupted: Uninterrupted, tmp_path: Path, chance: random.Random, instant: int
) -> None:
    settings = uninterrupted.begin(tmp_path / "data")
    after_points = chance.randint(0, uninterrupted.passed.total())
    import_until_killed(settings, uninterrupted.sources, after_points, chance)
    import_all(settings, uninterrupted.sources)
    assert_same(end_state(settings), uninterrupted.state)


def test_processes_killed_one_after_another_end_as_if_none_had_been(
    uninterrupted: Uninterrupted, tmp_path: Path, chance: random.Random, row: int
) -> None:
    """Each dies somewhere in the next third of the work; five of them die before the last."""
    settings = uninterrupted.begin(tmp_path / "data")
    for _ in range(_KILLS_IN_A_ROW):
        after_points = chance.randint(20, uninterrupted.passed.total() // 3)
        import_until_killed(settings, uninterrupted.sources, after_points, chance)
    import_all(settings, uninterrupted.sources)
    assert_same(end_state(settings), uninterrupted.state)
