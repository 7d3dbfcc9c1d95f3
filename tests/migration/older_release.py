"""The program as it was before: its source at an older commit, run in place of this one's.

The dependencies are those of this release, in whose environment it runs.
"""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

# The last commit before runs had a life of their own (issue 11); its schema is 0013.
OLDER = "ff383a3"

_ROOT = Path(__file__).parents[2]


def unpack_older(folder: Path) -> Path:
    """What PYTHONPATH must name for `python -m longshore` to be the older release.

    Skips the test where the history is not there.
    """
    archived = subprocess.run(
        ["git", "archive", "--format=tar", OLDER, "src"],
        cwd=_ROOT,
        capture_output=True,
        check=False,
    )
    if archived.returncode:
        pytest.skip(
            f"the commit {OLDER} of the older release is not in this checkout (a shallow clone, or"
            f" no clone at all): {archived.stderr.decode().strip()}"
        )
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as archive:
        # The first releases of Python 3.11 have no filters, and the last ones warn without one.
        if hasattr(tarfile, "data_filter"):
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)
    return folder / "src"
