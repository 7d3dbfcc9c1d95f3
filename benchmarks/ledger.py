"""What the ledger costs an import: packing and writing it, in the time of a chunk."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from benchmarks.cases import CASES, Case
from benchmarks.contest import Grounds
from benchmarks.places import PLACES, Installation
from benchmarks.report import print_table
from benchmarks.shop import Shop
from longshore.assembly import open_longshore
from longshore.engine.chunk import overview
from longshore.imports import append_to_ledger
from longshore.observations import ChunkCommitted, NullObserver, Observation
from longshore.settings import Settings

_CASES = ("skus", "skus_changed", "customers", "orders")
_GOAL = 0.03  # of the chunk's time, at most


@dataclass(slots=True)
class _Stage(NullObserver):
    """How long the stage took and how long the chunks, and how many calls the stage made."""

    counts_calls: bool
    seconds: float = 0.0
    calls: int = 0
    chunk_seconds: list[float] = field(default_factory=list)

    def observe(self, observation: Observation) -> None:
        if isinstance(observation, ChunkCommitted):
            self.chunk_seconds.append(observation.seconds)

    def watched(self, part: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*arguments: Any) -> Any:
            if self.counts_calls:
                sys.setprofile(self._count)
            started = perf_counter()
            try:
                return part(*arguments)
            finally:
                self.seconds += perf_counter() - started
                sys.setprofile(None)

        return watch

    def _count(self, _frame: Any, event: str, _argument: Any) -> None:
        if event in ("call", "c_call"):
            self.calls += 1


def measure_ledger(*, rows: int, rounds: int) -> None:
    """The stage of each case on each database: calls and microseconds of a chunk, and its share."""
    table = []
    for make_place in PLACES.values():
        with make_place() as place:
            grounds = Grounds(place, rows)
            for case in (case for case in CASES if case.name in _CASES):
                found = [_measure(case, grounds, rows, counts_calls=False) for _ in range(rounds)]
                counted = _measure(case, grounds, rows, counts_calls=True)
                table.append(_cells(case, place.database, found, counted))
    print_table(
        f"The ledger in imports of {rows:,} rows, or records; medians of {rounds} rounds",
        ("", "database", "chunks", "calls a chunk", "µs a chunk", "chunk, µs", "share"),
        table,
    )
    print(f"\nThe goal is a share of at most {_GOAL:.0%}.")


def _cells(case: Case, database: str, found: Sequence[_Stage], counted: _Stage) -> Sequence[str]:
    chunks = len(counted.chunk_seconds)
    stage = median(each.seconds / len(each.chunk_seconds) for each in found)
    chunk = median(sum(each.chunk_seconds) / len(each.chunk_seconds) for each in found)
    share = median(each.seconds / sum(each.chunk_seconds) for each in found)
    return (
        case.what,
        database,
        f"{chunks}",
        f"{counted.calls / chunks:,.0f}",
        f"{stage * 1e6:,.0f}",
        f"{chunk * 1e6:,.0f}",
        f"{share:.1%}",
    )


def _measure(case: Case, grounds: Grounds, rows: int, *, counts_calls: bool) -> _Stage:
    """Import the case's file into a copy of its ground, with an eye on the stage."""
    stage = _Stage(counts_calls)
    with (
        tempfile.TemporaryDirectory(dir=grounds.place.folder) as name,
        grounds.place.copied(grounds[case.ground]) as installation,
        _opened(installation, stage) as shop,
    ):
        source = Path(name) / f"source.{case.format}"
        case.write(source, shop, case.rows(rows))
        parent = None if case.parent is None else shop.only_id(case.parent)
        with (
            patch.object(overview, "ledger_entry", stage.watched(overview.ledger_entry)),
            patch(
                "longshore.engine.checkpointer.append_to_ledger",
                stage.watched(append_to_ledger),
            ),
        ):
            import_, _ = shop.import_(case.type, source, parent=parent)
        assert import_.consumed_count == case.rows(rows), import_
    return stage


@contextmanager
def _opened(installation: Installation, stage: _Stage) -> Iterator[Shop]:
    settings = Settings(data=installation.folder, database_url=installation.database_url)
    with open_longshore(settings, observer=stage) as longshore:
        yield Shop(longshore)
