"""Memory does not grow with a file of which one row fails: `make long` judges 1,048,576 rows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from longshore.database import Database
from longshore.settings import Settings
from tests.behaviour.cli.test_large_workbook import IMPORT

PEAK_BYTES_MAX = 200 * 10**6


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_one_failed_row_at_the_end_of_a_large_file_leaves_nothing_behind(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rows = int(request.config.getoption("--judged-rows"))
    file = tmp_path / "skus.csv"
    with file.open("w", encoding="utf-8") as source:
        source.write("code,name,do_not_ship\n")
        source.writelines(f"A{number},Mug no. {number},true\n" for number in range(rows - 1))
        source.write("B,,true\n")
    data = tmp_path / "data"
    words = ("import", "skus", str(file), "--all-or-nothing", "--json", "--data", str(data))
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT, *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1, ended.stderr
    shown = json.loads(ended.stdout)["data"]
    assert (shown["meta"]["skipped_count"], shown["attributes"]["errors_count"]) == (rows - 1, 1)
    assert int(ended.stderr.split()[-1]) < PEAK_BYTES_MAX
    database = Database.open(data, Settings(data=data))
    with database.read() as tx:
        for table in ("skus", "entries", "creations"):
            assert tx.fetch(f"SELECT count(*) FROM {table}") == [(0,)]
    database.close()
