"""The ground that every crash test starts from, and the run that was never killed."""

import io
import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from longshore.assembly import ImportRequest, open_longshore
from longshore.imports import Source
from longshore.readers import Format
from longshore.settings import Settings
from tests.crash.end_state import State, end_state
from tests.crash.processes import import_all
from tests.crash.sources import GROUND, write_sources


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
    write_sources(sources, _lay_ground(ground))
    shutil.copytree(ground, data)
    passed = import_all(data, sources)
    return Uninterrupted(ground=ground, sources=sources, passed=passed, state=end_state(data))


def _lay_ground(data: Path) -> dict[str, str]:
    """Import the records that others need; their ids by type."""
    ids: dict[str, str] = {}
    with open_longshore(Settings(data=data)) as longshore:
        environment = longshore.environment("default", "test", create=True)
        for resource_type, row in GROUND:
            known = {
                field: ids[value[1:]] if isinstance(value, str) and value[0] == "@" else value
                for field, value in row.items()
            }
            source = Source.from_stream(
                io.BytesIO(json.dumps([known]).encode()), format=Format.JSON
            )
            submitted = longshore.submit(
                environment, source, ImportRequest(resource_type=resource_type)
            )
            assert longshore.run(submitted.id).created_count == 1
            with longshore.database.read() as tx:
                ((id,),) = tx.fetch(f'SELECT id FROM "{resource_type}"')
            ids[resource_type] = longshore.public_ids.encode(id)
    return ids
