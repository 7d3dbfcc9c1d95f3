"""Two workers on two imports at once, against one worker on the same two.

Workers are processes of their own, on PostgreSQL; the imports are of two organizations, so they
share no records. The clock runs from the first start of an import to the last end of one, as the
database tells them: starting a worker does not count.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from benchmarks.inputs import sku_rows, write_skus
from benchmarks.places import Installation, postgresql_place
from benchmarks.report import print_table
from benchmarks.shop import Shop
from longshore.access import add_environment
from longshore.identifiers import ImportId
from longshore.imports import Import, read_import

_STAGES = (("first load", 1), ("all changed", 2), ("all unchanged", 2))
_ORGANIZATIONS = ("acme", "umbrella")
_LOOK_SECONDS = 0.1


def measure_workers(*, rows: int, rounds: int) -> None:
    """Two imports of `rows` SKUs each."""
    found: dict[str, list[tuple[float, float]]] = {stage: [] for stage, _ in _STAGES}
    loads = []
    for number in range(rounds):
        order = (1, 2) if number % 2 == 0 else (2, 1)
        seconds = {workers: _seconds(rows, workers) for workers in order}
        for index, (stage, _) in enumerate(_STAGES):
            found[stage].append((seconds[1][index], seconds[2][index]))
        loads.append(os.getloadavg()[0])
    print_table(
        f"Two imports of {rows:,} SKUs to PostgreSQL, {rounds} rounds, load {median(loads):.1f}",
        ("", "two workers / one", "rows/s with one", "rows/s with two"),
        [
            (
                stage,
                f"{median(one / two for one, two in times):.2f}",
                f"{2 * rows / median(one for one, _ in times):,.0f}",
                f"{2 * rows / median(two for _, two in times):,.0f}",
            )
            for stage, times in found.items()
        ],
    )


def _seconds(rows: int, workers: int) -> list[float]:
    """How long two imports take with so many workers, for each stage."""
    with postgresql_place() as place:
        installation = place.make()
        with installation.open() as shop:
            return _seconds_of_stages(shop, installation, rows, workers)


def _seconds_of_stages(
    shop: Shop, installation: Installation, rows: int, workers: int
) -> list[float]:
    with shop.longshore.database.write() as tx:
        for slug in _ORGANIZATIONS:
            add_environment(tx, slug, "test")
    shops = [Shop(shop.longshore, organization=slug) for slug in _ORGANIZATIONS]
    categories = [each.add_shipping_category() for each in shops]
    seconds = []
    for _, edition in _STAGES:
        ids = []
        for each, category in zip(shops, categories, strict=True):
            source = installation.folder.parent / "skus.csv"
            write_skus(source, sku_rows(rows, shipping_category_id=category, edition=edition))
            ids.append(each.submit("skus", source))
        with _working(installation, workers):
            imports = _wait(shop, ids)
        assert all((each.status, each.processed_count) == ("completed", rows) for each in imports)
        started = min(each.started_at or 0 for each in imports)
        ended = max(each.completed_at or 0 for each in imports)
        seconds.append((ended - started) / 1000)
    return seconds


def _wait(shop: Shop, ids: Sequence[ImportId]) -> list[Import]:
    while True:
        with shop.longshore.database.read() as tx:
            imports = [read_import(tx, id) for id in ids]
        if all(each.is_finished for each in imports):
            return imports
        time.sleep(_LOOK_SECONDS)


@contextmanager
def _working(installation: Installation, count: int) -> Iterator[None]:
    """So many workers, until the end of the block."""
    command = [sys.executable, "-m", "longshore", "worker", "--data", str(installation.folder)]
    variables = {**os.environ, "LONGSHORE_DATABASE_URL": installation.database_url}
    processes = [
        subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) for _ in range(count)
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
