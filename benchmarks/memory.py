"""How much memory an import takes, whatever the length of its file."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.inputs import sku_rows, write_skus_csv, write_skus_json, write_skus_ndjson
from benchmarks.report import print_table
from benchmarks.shop import new_shop

_MIB = 1024 * 1024
_FEW = 10_000

_WRITERS = {"csv": write_skus_csv, "json": write_skus_json, "ndjson": write_skus_ndjson}


def measure_memory(*, rows: int, rounds: int) -> None:
    """The peak of a process that imports few rows, and of one that imports `rows`."""
    table = []
    for format in _WRITERS:
        few = max(_peak_bytes(format, _FEW) for _ in range(rounds))
        many = max(_peak_bytes(format, rows) for _ in range(rounds))
        table.append(
            (format, f"{few / _MIB:.0f} MiB", f"{many / _MIB:.0f} MiB", f"{many / few - 1:+.0%}")
        )
    print_table(
        "Peak of the process `longshore import skus FILE`",
        ("", f"{_FEW:,} rows", f"{rows:,} rows", "growth"),
        table,
    )


def _peak_bytes(format: str, rows: int) -> int:
    with tempfile.TemporaryDirectory(prefix="longshore-bench-") as name:
        folder = Path(name)
        with new_shop(folder / "data") as shop:
            category = shop.add_shipping_category()
        source = folder / f"skus.{format}"
        _WRITERS[format](source, sku_rows(rows, shipping_category_id=category))
        report = folder / "peak"
        subprocess.run(
            [
                *(sys.executable, "-m", "benchmarks.peak", str(report)),
                *("import", "skus", str(source), "--data", str(folder / "data")),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return int(report.read_text())
