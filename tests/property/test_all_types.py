"""How the rows of an import are grouped into chunks, and which way they go, never shows.

Random files of every importable type go through chunks of the usual size, of seven rows, of one
and of few records, and through a run to which every row is odd; then everything that is told and
stored is compared. Before each import a dry run tells what it would do, and must leave no trace.

Each run of the suite takes a few types, drawn by a seed that the header and a failure print:
`--types-seed=N` draws the same again, `--types=all` or `--types=skus,prices` takes others, and
`--types-examples=N` says how hard to try.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, note, settings

from tests.property.seeds_of_all_types import ALL_SEEDS
from tests.property.sides import Planted, PlantedFolder, engine_side
from tests.property.strategies import ImportCall
from tests.property.strategies_of_all_types import imports_of
from tests.property.telling import ToldWhole, differing

# How the engine is made to work: the first way is the one that the others are compared with.
WAYS: Mapping[str, Mapping[str, Any]] = {
    "usual": {},
    "chunks of 7": {"chunk_rows": 7, "chunk_rows_first": 7},
    "chunks of 1": {"chunk_rows": 1, "chunk_rows_first": 1},
    "chunks of 17 records": {"chunk_records": 17},  # which end in the middle
    "all odd": {"all_odd": True},
}
# Where a database shares the semantics with the first one, fewer suffice.
WAYS_WITH_DRY_RUNS = ("usual", "chunks of 1", "all odd")
WAYS_WITH_TRACES = ("usual",)
WAYS_OF_POSTGRESQL = ("usual", "chunks of 1")


@pytest.fixture(scope="module")
def seeds() -> Sequence[ImportCall]:
    """Records of every type."""
    return ALL_SEEDS


def test_grouping_does_not_show(
    planted: Planted, importable_type: str, types_examples: int, types_hint: str
) -> None:
    is_embedded = isinstance(planted, PlantedFolder)
    examples = types_examples if is_embedded else max(types_examples // 4, 2)

    @settings(max_examples=examples)
    @given(imports_of(importable_type))
    def run(calls: list[ImportCall]) -> None:
        note(types_hint)
        usual, *others = WAYS if is_embedded else WAYS_OF_POSTGRESQL
        expected = whole_of(planted, usual, calls)
        for way in others:
            found = whole_of(planted, way, calls)
            assert not list(differing(found, expected)), f"{way} is not {usual}"

    run()


def whole_of(planted: Planted, way: str, calls: list[ImportCall]) -> dict[str, object]:
    """All that is told of imports in the order in which they are made, and all that they leave."""
    told: list[ToldWhole] = []
    with engine_side(planted, chunk_milliseconds=0, **WAYS[way]) as engine:
        before = engine.stored_bytes() if way in WAYS_WITH_TRACES else ""
        for call in calls:
            dry = engine.tell_dry(call) if way in WAYS_WITH_DRY_RUNS else None
            if before and call is calls[0]:
                assert engine.stored_bytes() == before, "a dry run leaves no trace"
            told.append(engine.tell(call))
            if dry is not None:
                unlike = list(differing(dry, told[-1].dry))
                assert not unlike, f"a dry run tells what an import does: {way}"
        return {"told": told, "contents": engine.contents()}
