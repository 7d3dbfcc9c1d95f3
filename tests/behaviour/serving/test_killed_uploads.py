"""Uploads whose processes are killed between any two steps.

Goal: what was answered is there, nothing is there twice, and what a dead process has left is swept.
Method: one process after another is killed at the next named point, the last one comes to the end,
and the records are compared with those of the file.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.imports import Import, attachment_names
from longshore.operations import Asker
from longshore.settings import Settings
from longshore.uploads import stored_names
from tests.crash.conftest import in_tests
from tests.crash.processes import environment

ROWS = 6_000
ROOT = Path(__file__).parents[3]

# In the order in which they are passed, each by the process that goes on after the one before.
POINTS = (
    "part stored",  # the bytes are safe, and nothing counts them
    "part answered",
    "finished",
    "claiming",
    "checking",
    "checked",  # the attachment is safe, and nothing names it
    "ending",
    "submitted",
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "tags.csv"
    source.write_text("name\n" + "".join(f"tag-number-{n}\n" for n in range(ROWS)))
    return source


def run(settings: Settings, source: Path, *arguments: str) -> int:
    """Upload until the end, or until death; the exit code."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.behaviour.serving.uploading_process",
            str(source),
            *arguments,
        ],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


def test_an_upload_goes_on_wherever_its_process_died(settings: Settings, source: Path) -> None:
    settings = replace(in_tests(settings), import_attempts_max=len(POINTS))
    for point in POINTS:
        assert run(settings, source, "--die-at", point, "1") == -9, point
    assert run(settings, source) == 0
    with open_longshore(settings) as longshore:
        environment_ = longshore.organizations.environment("default", "test")
        (upload,), _ = longshore.uploads.list(Asker(environment=environment_), offset=0, limit=9)
        assert (upload.received_bytes, upload.size) == (source.stat().st_size,) * 2
        (import_,) = longshore.imports.list(environment_)
        assert isinstance(import_, Import)
        assert (upload.import_id, import_.created_count) == (import_.id, ROWS)
        with longshore.database.read() as tx:
            assert stored_names(tx) == set()
            known = attachment_names(tx)
        longshore.attachments.sweep(known, older_than_seconds=-1)
        folder = settings.data / "attachments"
        (name,) = known
        assert {path.name for path in folder.iterdir()} == {name, f"{name}.index"}
