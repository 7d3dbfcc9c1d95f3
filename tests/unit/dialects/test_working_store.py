"""What is remembered of the rows of a file lies on the disk, where it has no name."""

import sys
from pathlib import Path

import pytest

from longshore.dialects.header import SourceRow
from longshore.dialects.working_store import WorkingStore


def open_files() -> dict[str, int]:
    """The files that this process has open, with their sizes."""
    found = {}
    for each in Path("/proc/self/fd").iterdir():
        try:
            found[str(each.readlink())] = each.stat().st_size
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="open files are looked up in /proc")
def test_nothing_is_left_of_rows_when_the_process_is_killed() -> None:
    """The rows are more than the cache of the database holds, so they are in a file; no name leads
    to that, so it is gone with the process."""
    before = open_files()
    with WorkingStore() as work:
        rows = [SourceRow(number, number + 1, ["x" * 10_000]) for number in range(1, 3_001)]
        for row in rows:
            work.defer(row)
        added = {name: size for name, size in open_files().items() if name not in before}
        assert sum(added.values()) > 10_000_000
        assert all(name.endswith("(deleted)") for name in added)
        assert list(work.deferred()) == rows
    assert open_files().keys() == before.keys()
