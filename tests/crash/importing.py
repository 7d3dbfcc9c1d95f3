"""The process that is killed: imports all files of a folder, wherever it left off before.

`python -m tests.crash.importing SOURCES [--die-at POINT N] [--report DESCRIPTOR]`, with the
settings of the installation in its environment.

It is written as anybody's script would be who cannot know where the last one died: an import that
was created is run to its end, once nobody else runs it, a file without an import is imported. At
its start it checks what must hold at every moment. It kills itself when it passes a point for the
n-th time, and tells on a descriptor, a byte each, that it has passed one. At its end it prints how
often it passed which.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from longshore.assembly import Longshore, open_longshore
from longshore.imports import Import, ImportRequest, list_imports
from longshore.settings import Settings
from longshore.sources import Source
from tests.crash.end_state import assert_accounts_agree
from tests.crash.sources import FILES


class Points:
    """Counts the points that the process passes, and lets it die at one of them."""

    def __init__(self, dies_at: tuple[str, int] | None, report: int | None) -> None:
        self.passed: Counter[str] = Counter()
        self.submitting = False
        self.then: Callable[[str], object] = lambda _point: None  # hears each point, before death
        self._dies_at = dies_at
        self._report = report

    def __call__(self, point: str) -> None:
        self.passed[point] += 1
        self.then(point)
        if (point, self.passed[point]) == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._report is not None:
            os.write(self._report, b".")


def import_files(longshore: Longshore, sources: Path, points: Points) -> None:
    """Bring every file to the end of its import."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        found = {
            import_.reference: import_
            for import_ in list_imports(tx, environment.number)
            if isinstance(import_, Import)
        }
    for resource_type, name in FILES:
        import_ = found.get(name)
        if import_ is None:
            points.submitting = True
            import_ = longshore.submissions.submit(
                environment,
                Source.from_path(sources / name),
                ImportRequest(resource_type=resource_type, skip_errors=True, reference=name),
                on_read=lambda _done, _total: points("reading"),
            )
            points.submitting = False
            points("submitted")
        finish(longshore, import_)


def finish(longshore: Longshore, import_: Import) -> None:
    """Bring an import to its end."""
    if not import_.is_finished:
        # Where a dead runner is known by its silence, it may not have been silent for long.
        while longshore.import_runs.is_running(import_):
            time.sleep(0.02)
        longshore.import_runs.run(import_.id)


def go_on(work: Callable[[Longshore, Path, Points], None]) -> None:
    """Do the work of a script on the installation and with the arguments of the process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sources", type=Path)
    parser.add_argument("--die-at", nargs=2, metavar=("POINT", "N"))
    parser.add_argument("--report", type=int)
    arguments = parser.parse_args()
    dies_at = (arguments.die_at[0], int(arguments.die_at[1])) if arguments.die_at else None
    points = Points(dies_at, arguments.report)

    @event.listens_for(Engine, "commit")
    def before_commit(_connection: Connection) -> None:
        # How many heartbeats another thread commits is a matter of time.
        if threading.current_thread() is threading.main_thread():
            points("creating" if points.submitting else "committing")

    with open_longshore(Settings.from_environment(os.environ), on_point=points) as longshore:
        assert_accounts_agree(longshore)
        work(longshore, arguments.sources, points)
    json.dump(points.passed, sys.stdout)


if __name__ == "__main__":
    go_on(import_files)
