"""What new SKUs whose codes come in no order write to an SQLite file that has ten times as many.

Every chunk touches most pages of the index of codes, so it is here that the page cache and the
moves of the write-ahead log show. What is counted is what the process hands to write(2) and
pwrite(2) while it imports: frames of the log and pages that are moved from it into the file
(proc_pid_io(5), `wchar`; other systems than Linux do not tell).
"""

import os
import random
import re
from pathlib import Path
from statistics import median

from benchmarks.inputs import sku_row, write_skus
from benchmarks.places import sqlite_place
from benchmarks.report import print_table
from benchmarks.shop import Shop

_STORED = 10  # times as many SKUs


def measure_disorder(*, rows: int, rounds: int) -> None:
    written = []
    with sqlite_place() as place:
        filled = place.make()
        source = place.folder / "skus.csv"
        with filled.open() as shop:
            category = shop.add_shipping_category()
            write_skus(source, (sku_row(2 * each, category) for each in range(_STORED * rows)))
            shop.import_("skus", source)
        for seed in range(rounds):
            numbers = random.Random(seed).sample(range(_STORED * rows), rows)
            write_skus(source, (sku_row(2 * each + 1, category) for each in numbers))
            with place.copied(filled) as installation, installation.open() as shop:
                written.append(_written_bytes(shop, source, rows))
    print_table(
        f"{rows:,} new SKUs in no order into {_STORED * rows:,}, {rounds} rounds",
        ("", "KB written per row", "load"),
        [("SQLite", f"{median(written) / rows / 1000:.1f}", f"{os.getloadavg()[0]:.1f}")],
    )


def _written_bytes(shop: Shop, source: Path, rows: int) -> int:
    """By the run of an import; its attachment is stored before."""
    submitted = shop.submit("skus", source)
    before = _handed_over()
    assert shop.longshore.import_runs.run(submitted).created_count == rows
    return _handed_over() - before


def _handed_over() -> int:
    """Bytes that this process has written so far, to whatever file."""
    (count,) = re.findall(r"^wchar: (\d+)$", Path("/proc/self/io").read_text(), re.MULTILINE)
    return int(count)
