"""Real processes that import, and their deaths."""

import json
import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

from longshore.settings import Settings

_ROOT = Path(__file__).parents[2]

# What a process does, which goes on wherever the one before it died.
IMPORTING = "tests.crash.importing"
RETRYING = "tests.crash.retrying"

# Longer than two points of a run lie apart; after it the kill comes wherever the process is.
_GAP_SECONDS = 0.03


def import_all(settings: Settings, sources: Path, *, script: str = IMPORTING) -> Counter[str]:
    """Import to the end; how often each point was passed."""
    done = subprocess.run(
        _command(script, sources),
        cwd=_ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return Counter(json.loads(done.stdout))


def import_until_death(
    settings: Settings, sources: Path, point: str, passing: int, *, script: str = IMPORTING
) -> None:
    """Import until the process kills itself at the n-th passing of a point."""
    done = subprocess.run(
        [*_command(script, sources), "--die-at", point, str(passing)],
        cwd=_ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, f"{point} was not passed {passing} times"


def import_until_killed(
    settings: Settings,
    sources: Path,
    after_points: int,
    chance: random.Random,
    *,
    script: str = IMPORTING,
) -> bool:
    """Import, and kill the process somewhere behind its n-th point; False: it was done before."""
    told, tells = os.pipe()
    try:
        process = subprocess.Popen(
            [*_command(script, sources), "--report", str(tells)],
            cwd=_ROOT,
            env=environment(settings),
            pass_fds=[tells],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        os.close(tells)
        with process:
            passed = 0
            while passed < after_points and (heard := os.read(told, after_points - passed)):
                passed += len(heard)
            select.select([told], [], [], chance.uniform(0, _GAP_SECONDS))
            process.kill()
            _, errors = process.communicate()
    finally:
        os.close(told)
    assert process.returncode in (0, -signal.SIGKILL), errors.decode()
    return process.returncode == -signal.SIGKILL


def _command(script: str, sources: Path) -> list[str]:
    return [sys.executable, "-m", script, str(sources)]


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a process that has these settings."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_ROOT / "src"), str(_ROOT)]),
        **{
            f"LONGSHORE_{each.name.upper()}": str(getattr(settings, each.name))
            for each in fields(settings)
            if getattr(settings, each.name) != each.default
        },
    }
