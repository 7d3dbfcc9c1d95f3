"""The demo runs, and a second run finds every record unchanged."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.docs.pages import ROOT

LONGSHORE = Path(sys.executable).with_name("longshore")


def run_demo(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "examples.demo", "--skus=100"],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LONGSHORE_")}
    return kept | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def imports(folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [LONGSHORE, "imports", "--json"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    data: list[dict[str, Any]] = json.loads(done.stdout)["data"]
    return data


def test_demo_run_twice_ends_well_and_leaves_every_record_unchanged_the_second_time(
    tmp_path: Path,
) -> None:
    first = run_demo(tmp_path)
    assert "can't be blank" in first  # the errors of the rows that are wrong on purpose
    formats = {path.name.partition(".")[2] for path in (tmp_path / "longshore-demo").iterdir()}
    assert formats == {"csv", "json", "ndjson.gz"}
    count = len(imports(tmp_path))

    run_demo(tmp_path)
    again = imports(tmp_path)[:count]  # newest first
    changed = {
        each["attributes"]["resource_type"]: each["meta"]
        for each in again
        if each["attributes"]["processed_count"] != each["meta"]["unchanged_count"]
    }
    assert changed == {}
