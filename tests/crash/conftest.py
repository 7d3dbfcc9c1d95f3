"""The ground that every crash test starts from, and the run that was never killed."""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.end_state import State, end_state
from tests.crash.processes import import_all
from tests.crash.sources import write_sources
from tests.ground import lay_ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninterrupted:
    """A run that was never killed."""

    ground: Path  # the data folder before it
    sources: Path
    passed: Counter[str]  # how often it passed each point
    state: State  # what it left

    def begin(self, data: Path) -> Path:
        """A data folder in which nothing has been imported yet."""
        shutil.copytree(self.ground, data)
        return data


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Uninterrupted:
    """All files imported in one go."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    ground, sources, data = folder / "ground", folder / "sources", folder / "data"
    sources.mkdir()
    write_sources(sources, lay_ground(ground))
    shutil.copytree(ground, data)
    passed = import_all(data, sources)
    return Uninterrupted(ground=ground, sources=sources, passed=passed, state=end_state(data))
