"""How fast an import is taken back, as a fraction of how fast it was.

Both in one copy of the ground, one after the other, so a machine that is slower for a while slows
both.
"""

import gc
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.cases import CASES, Case
from benchmarks.contest import Grounds
from benchmarks.inputs import sku_code, write_csv
from benchmarks.places import PLACES
from benchmarks.report import print_table
from benchmarks.shop import Shop, Timing
from longshore.imports import Import
from longshore.operations import Asker

_CHANGED = next(case for case in CASES if case.name == "skus_changed")


def _write_names(path: Path, _shop: Shop, rows: int) -> None:
    write_csv(path, ("code", "name"), ((sku_code(n), f"renamed {n}") for n in range(rows)))


_NAMES = replace(
    _CHANGED, name="skus_names", what="SKUs of 2 columns, all changed", write=_write_names
)
_CASES = (
    "skus",
    "skus_wide",
    "prices",
    "stock_items",
    "addresses",
    "customers",
    "orders",
    "price_tiers",
    "tiered_prices",
)
_GOAL = 0.5  # of the rate of the import
_JUDGED = ("skus_changed", "skus_names")  # undos of updates


def measure_undo(*, rows: int, rounds: int) -> None:
    """Undos of imports of so many rows, or records."""
    table: list[tuple[str, ...]] = []
    for make_place in PLACES.values():
        with make_place() as place:
            grounds = Grounds(place, rows)
            for case in (_CHANGED, _NAMES, *(case for case in CASES if case.name in _CASES)):
                table.append(_line(case, grounds, rows, rounds))
    print_table(
        f"Undos of imports of {rows:,} rows, or records; medians of {rounds} rounds",
        (
            "",
            "database",
            "import, rows/s",
            "undo, rows/s",
            "of the import",
            "by processor",
            "goal",
            "",
            "load",
        ),
        table,
    )


def _line(case: Case, grounds: Grounds, rows: int, rounds: int) -> tuple[str, ...]:
    loads = []
    timings = []
    with tempfile.TemporaryDirectory(dir=grounds.place.folder) as name:
        source = Path(name) / f"source.{case.format}"
        for _ in range(rounds):
            gc.collect()
            timings.append(_time(case, grounds, source, case.rows(rows)))
            loads.append(os.getloadavg()[0])
    records = case.rows(rows) * case.records
    fraction = median(imported.seconds / undone.seconds for imported, undone in timings)
    by_processor = median(imported.processor / undone.processor for imported, undone in timings)
    judged = case.name in _JUDGED
    return (
        case.what,
        grounds.place.database,
        f"{records / median(imported.seconds for imported, _ in timings):,.0f}",
        f"{records / median(undone.seconds for _, undone in timings):,.0f}",
        f"{fraction:.2f}",
        f"{by_processor:.2f}",
        f"{_GOAL:g}" if judged else "",
        ("yes" if round(fraction, 2) >= _GOAL else "no") if judged else "",
        f"{median(loads):.1f}",
    )


def _time(case: Case, grounds: Grounds, source: Path, rows: int) -> tuple[Timing, Timing]:
    """How long an import took, and its undo."""
    with grounds.place.copied(grounds[case.ground]) as installation, installation.open() as shop:
        case.write(source, shop, rows)
        parent = None if case.parent is None else shop.only_id(case.parent)
        before = shop.counts()
        import_, timing = shop.import_(case.type, source, parent=parent)
        assert import_.processed_count == rows, import_
        started, worked = perf_counter(), installation.processor()
        _undo(shop, import_)
        undone = Timing(
            seconds=perf_counter() - started, processor=installation.processor() - worked
        )
        assert shop.counts() == before  # all of it is taken back
        return timing, undone


def _undo(shop: Shop, import_: Import) -> None:
    undos = shop.longshore.undos
    begun = undos.start(Asker(environment=shop.environment), import_, to_run=True)
    undo = undos.run(begun.id)
    assert (undo.status, undo.kept_count) == ("completed", 0), undo
