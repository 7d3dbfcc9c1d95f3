"""Memory does not grow with a file of Shopify: `make long` imports one of a million rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.shopify import write_shopify

PEAK_BYTES_MAX = 150 * 10**6
_PAGE_CACHE_BYTES = 1 << 20  # which a large database fills

IMPORT = """
import sys
from pathlib import Path
from longshore.__main__ import main

try:
    main()
finally:
    (line,) = (
        each
        for each in Path("/proc/self/status").read_text().splitlines()
        if each.startswith("VmHWM")
    )
    print(int(line.split()[1]) * 1024, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_large_file_of_shopify_is_imported_in_bounded_memory(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rows = int(request.config.getoption("--shopify-rows"))
    file = tmp_path / "products.csv"
    write_shopify(file, rows)
    data = ("--data", str(tmp_path / "data"))
    setup = ("setup", "--currency", "EUR", "--warehouse", "Main", "--shipping-category", "All")
    subprocess.run([sys.executable, "-m", "longshore", *setup, *data], check=True)
    words = ("import", str(file), "--currency", "EUR", "--json", *data)
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT, *words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LONGSHORE_PAGE_CACHE_BYTES": str(_PAGE_CACHE_BYTES)},
    )
    attributes = json.loads(ended.stdout)["data"]["attributes"]
    skus = rows // 4 * 3
    assert attributes["created_count"] == 3 * skus
    assert attributes["errors_count"] == 0
    assert int(ended.stderr.splitlines()[-1]) < PEAK_BYTES_MAX
