"""How much memory an import takes, whatever the length of its file."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.inputs import sku_rows, write_skus
from benchmarks.report import MemoryLine
from benchmarks.shop import new_shop

_FEW = 10_000
_PAGE_CACHE_BYTES = 1 << 20


def measure_memory(
    format: str, *, rows: int, rounds: int, bytes_max: int | None = None
) -> MemoryLine:
    """The peak of a process that imports `rows` to SQLite, and its growth from fewer."""
    few = max(_peak_bytes(format, _FEW) for _ in range(rounds))
    many = max(_peak_bytes(format, rows) for _ in range(rounds))
    return MemoryLine(
        what=f"peak memory, {rows:,} SKUs, {format.upper()}",
        database="SQLite",
        bytes=many,
        growth=many / few,
        load=os.getloadavg()[0],
        bytes_max=bytes_max,
    )


def _peak_bytes(format: str, rows: int) -> int:
    with tempfile.TemporaryDirectory(prefix="longshore-bench-") as name:
        folder = Path(name)
        with new_shop(folder / "data") as shop:
            category = shop.add_shipping_category()
        source = folder / f"skus.{format}"
        write_skus(source, sku_rows(rows, shipping_category_id=category))
        report = folder / "peak"
        subprocess.run(
            [
                *(sys.executable, "-m", "benchmarks.peak", str(report)),
                *("import", "skus", str(source), "--data", str(folder / "data")),
            ],
            # Pages are counted beside: as many as the setting allows come on top, once the database
            # has as many.
            env={**os.environ, "LONGSHORE_PAGE_CACHE_BYTES": str(_PAGE_CACHE_BYTES)},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return int(report.read_text())
