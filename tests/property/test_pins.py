"""An import that goes through its ranges right after their plan finds the pins of the plan.

Random files of every importable type are judged over an overlay, then written range by range as a
pinned import does; every range must have read the same, though ids and generated values are others.
Which types are taken, and how hard is tried, is said as for the properties of all types.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given, note, settings

from tests.property.seeds_of_all_types import ALL_SEEDS
from tests.property.sides import EngineSide, Planted, PlantedDatabase, PlantedFolder, engine_side
from tests.property.strategies import ImportCall
from tests.property.strategies_of_all_types import imports_of

_RANGE_ROWS = 3  # so that small files have several ranges
_CHUNK_RECORDS = 7  # so that some ranges have several chunks


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def planted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planted]:
    """An installation with records of every type; tests work on copies of it."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        planted: Planted = PlantedFolder(folder, ALL_SEEDS)
    else:
        databases = request.getfixturevalue("postgresql")
        migrated = request.getfixturevalue("migrated_postgresql")
        planted = PlantedDatabase(databases, migrated, folder, ALL_SEEDS)
    yield planted
    planted.close()


def test_ranges_read_what_their_plan_has_read(
    planted: Planted, importable_type: str, types_examples: int, types_hint: str
) -> None:
    is_embedded = isinstance(planted, PlantedFolder)

    @settings(max_examples=types_examples if is_embedded else max(types_examples // 4, 2))
    @given(imports_of(importable_type))
    def run(calls: list[ImportCall]) -> None:
        note(types_hint)
        with engine_side(planted, chunk_records=_CHUNK_RECORDS) as engine:
            for call in calls:
                compare(engine, call)

    run()


def compare(engine: EngineSide, call: ImportCall) -> None:
    """Judge the rows twice, and write them; all three have read the same."""
    judged = engine.judge(call, range_rows=_RANGE_ROWS)
    again = engine.judge(call, range_rows=_RANGE_ROWS)
    written = engine.write_ranges(call, range_rows=_RANGE_ROWS)
    for others in (again, written):
        assert len(others) == len(judged)
        for before, now in zip(judged, others, strict=True):
            assert now.moved_since(before.pin) == []
            assert now.pin.digest == before.pin.digest
