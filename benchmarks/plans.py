"""What a plan and its import take together, as a multiple of a plain import of the same file.

They take turns, each with a new copy of the ground, and who goes first changes with every round.
"""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.cases import CASES, Case
from benchmarks.contest import Grounds
from benchmarks.places import PLACES, Installation
from benchmarks.report import print_table
from benchmarks.shop import Shop, Timing
from longshore.imports import Import, ImportRequest
from longshore.sources import Source

_CASES = (
    "skus",
    "skus_changed",
    "skus_unchanged",
    "prices",
    "stock_items",
    "addresses",
    "customers",
    "orders",
    "price_tiers",
    "tiered_prices",
)
_GOAL = 2.5  # times the import, at most


def measure_plans(*, rows: int, rounds: int) -> None:
    """Plans of so many rows, or records, and their imports."""
    table: list[tuple[str, ...]] = []
    for make_place in PLACES.values():
        with make_place() as place:
            grounds = Grounds(place, rows)
            for case in (case for case in CASES if case.name in _CASES):
                table.append(_Contest(case, grounds, rows).line(rounds))
    print_table(
        f"Plans of {rows:,} rows, or records, and their imports, as multiples of the import; "
        f"medians of {rounds} rounds",
        ("", "database", "plan", "apply", "together", "by processor", "goal", "", "load"),
        table,
    )


class _Contest:
    """One case: the plain import, and the plan with its import."""

    def __init__(self, case: Case, grounds: Grounds, rows: int) -> None:
        self._case = case
        self._grounds = grounds
        self._rows = case.rows(rows)

    def line(self, rounds: int) -> tuple[str, ...]:
        """The case's line of the table."""
        loads, found = [], []
        with tempfile.TemporaryDirectory(dir=self._grounds.place.folder) as name:
            source = Path(name) / f"source.{self._case.format}"
            for number in range(rounds):
                gc.collect()
                if number % 2:
                    planned = self._time_plan(source)
                    found.append((self._time_import(source), *planned))
                else:
                    imported = self._time_import(source)
                    found.append((imported, *self._time_plan(source)))
                loads.append(os.getloadavg()[0])
        together = median(
            (plan.seconds + apply.seconds) / plain.seconds for plain, plan, apply in found
        )
        by_processor = median(
            (plan.processor + apply.processor) / plain.processor for plain, plan, apply in found
        )
        return (
            self._case.what,
            self._grounds.place.database,
            f"{median(plan.seconds / plain.seconds for plain, plan, _ in found):.2f}",
            f"{median(apply.seconds / plain.seconds for plain, _, apply in found):.2f}",
            f"{together:.2f}",
            f"{by_processor:.2f}",
            f"<= {_GOAL:g}",
            "yes" if round(together, 2) <= _GOAL else "no",
            f"{median(loads):.1f}",
        )

    @contextmanager
    def _copy(self, source: Path) -> Iterator[tuple[Installation, Shop, str | None]]:
        ground = self._grounds[self._case.ground]
        with self._grounds.place.copied(ground) as copy, copy.open() as shop:
            self._case.write(source, shop, self._rows)
            parent = self._case.parent
            yield copy, shop, None if parent is None else shop.only_id(parent)

    def _time_import(self, source: Path) -> Timing:
        with self._copy(source) as (_, shop, parent):
            import_, timing = shop.import_(self._case.type, source, parent=parent)
            assert import_.processed_count == self._rows, import_
            return timing

    def _time_plan(self, source: Path) -> tuple[Timing, Timing]:
        with self._copy(source) as (copy, shop, parent):
            longshore, environment = shop.longshore, shop.environment

            def plan() -> Import:
                request = ImportRequest(resource_type=self._case.type, parent=parent)
                made = longshore.import_plans.submit(environment, Source.from_path(source), request)
                return longshore.import_runs.run(made.id)

            def apply() -> Import:
                begun = longshore.plan_applier.apply(environment, planned, to_run=True)
                return longshore.import_runs.run(begun.id)

            planned, of_plan = _timed(plan, copy)
            applied, of_apply = _timed(apply, copy)
            for each in (planned, applied):
                assert (each.status, each.processed_count) == ("completed", self._rows), each
            return of_plan, of_apply


def _timed(work: Callable[[], Import], copy: Installation) -> tuple[Import, Timing]:
    started, worked = perf_counter(), copy.processor()
    done = work()
    seconds, processor = perf_counter() - started, copy.processor() - worked
    return done, Timing(seconds=seconds, processor=processor)
