"""The process that is killed: uploads a file, wherever the last one left off, and imports it.

`python -m tests.behaviour.serving.uploading_process SOURCE [--die-at POINT N]`, with settings of
the installation in its environment. It prints how often it passed which point.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from longshore.assembly import Longshore, open_longshore
from longshore.identifiers import RunId
from longshore.imports import ImportRequest
from longshore.jobs import RunTaken
from longshore.operations import Asker, IncomingPart, Selection
from longshore.settings import Settings
from longshore.uploads import NewUpload, Upload, UploadState

PART_BYTES = 20_000


class Passed:
    """Counts the points that the process passes, and lets it die at one of them."""

    def __init__(self, dies_at: tuple[str, int] | None) -> None:
        self.points: Counter[str] = Counter()
        self._dies_at = dies_at

    def __call__(self, point: str) -> None:
        self.points[point] += 1
        if (point, self.points[point]) == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


def upload_file(longshore: Longshore, source: Path, passed: Passed) -> None:
    """Bring a file to the end of its import."""
    asker = Asker(environment=longshore.organizations.environment("default", "test"))
    upload = _begun(longshore, asker, source)
    data = source.read_bytes()
    while upload.state is UploadState.RECEIVING and upload.received_bytes < len(data):
        offset = upload.received_bytes
        part = IncomingPart(offset=offset, blocks=[data[offset : offset + PART_BYTES]])
        upload = longshore.uploads.add_part(asker, upload.id, part)
        passed("part answered")
    if upload.state is UploadState.RECEIVING:
        upload = longshore.uploads.finish(asker, upload.id)
        passed("finished")
    if upload.state is UploadState.CHECKING:
        _drive(longshore, upload.id)
        upload = longshore.uploads.read(asker, upload.id)
    assert upload.state is UploadState.READY, upload
    if upload.import_id is None:
        longshore.submissions.submit_upload_and_read(
            asker,
            upload.id,
            ImportRequest(resource_type="tags"),
            Selection.nothing_of("imports"),
            on_stored=lambda: passed("submitted"),
        )
        upload = longshore.uploads.read(asker, upload.id)
    assert upload.import_id is not None
    _drive(longshore, upload.import_id)


def _begun(longshore: Longshore, asker: Asker, source: Path) -> Upload:
    found, _ = longshore.uploads.list(asker, offset=0, limit=1)
    if found:
        return found[0]
    new = NewUpload(
        environment=asker.environment.number,
        application_id=None,
        name=source.name,
        resource_type="tags",
        size=source.stat().st_size,
    )
    return longshore.uploads.create(asker, new, answer=lambda _upload: b"")


def _drive(longshore: Longshore, run_id: RunId) -> None:
    while True:
        try:
            longshore.parts.driver.run(run_id)
            return
        except RunTaken:
            time.sleep(0.02)  # its dead runner is known by its silence


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("--die-at", nargs=2, metavar=("POINT", "N"))
    given = parser.parse_args()
    dies_at = None if given.die_at is None else (given.die_at[0], int(given.die_at[1]))
    noted = Passed(dies_at)
    with open_longshore(Settings.from_environment(os.environ), on_point=noted) as opened:
        upload_file(opened, given.source, noted)
    json.dump(noted.points, sys.stdout)
