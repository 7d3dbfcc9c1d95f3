"""`longshore import` killed, `longshore resume`, and all is as if nothing had been."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from longshore.assembly import Longshore, open_longshore
from longshore.settings import Settings
from tests.crash.conftest import Uninterrupted
from tests.crash.end_state import assert_same, end_state
from tests.crash.processes import environment


def _start(settings: Settings, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "longshore", *arguments],
        env=environment(replace(settings, chunk_rows=500)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _consumed_count(longshore: Longshore) -> int:
    with longshore.database.read() as tx:
        counts = tx.fetch("SELECT processed_count FROM imports WHERE source_name = 'skus.csv'")
    return sum(count for (count,) in counts)


def test_a_killed_command_is_finished_by_resume(
    uninterrupted: Uninterrupted, tmp_path: Path
) -> None:
    command = ("import", "skus", str(uninterrupted.sources / "skus.csv"), "--skip-errors")
    whole = uninterrupted.begin(tmp_path / "whole")
    with _start(whole, *command) as process:
        pass
    assert process.returncode == 1  # some rows fail

    settings = uninterrupted.begin(tmp_path / "data")
    with open_longshore(settings) as longshore, _start(settings, *command) as process:
        while _consumed_count(longshore) == 0:
            assert process.poll() is None
        process.kill()
        process.wait()
        (import_,) = longshore.imports.open()
        while longshore.import_runs.is_running(import_):
            pass
    assert process.returncode < 0
    with _start(settings, "resume") as process:
        pass
    assert process.returncode == 1
    assert_same(end_state(settings), end_state(whole))
