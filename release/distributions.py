"""Build wheel and sdist out of the files that git knows, and look into them.

What lies around in a checkout (data, caches, node_modules) can neither get into them nor be taken
for a part of the program. Hatchling gives every file the same time and mode, so whoever builds the
same files with the same Hatchling has the same bytes.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from release.refusals import ReleaseRefused, expect

__all__ = [
    "Distributions",
    "build",
    "build_wheel_of",
    "check_contents",
    "copy_source",
    "source_files",
    "unpack",
]

ROOT = Path(__file__).parents[1]

# Only whoever keeps the project runs it.
_NOT_IN_SDIST = frozenset({".ci/run"})

_METADATA_FILES = frozenset({"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """The two files that are released."""

    wheel: Path
    sdist: Path


def source_files(*options: str) -> list[str]:
    """The files of the project by their paths from its root, as git tells them, in order: those
    that are committed, changed or new; with `options` of `git ls-files` others."""
    asked = options or ("--cached", "--others", "--exclude-standard")
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", *asked],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        raise ReleaseRefused(f"git does not list the files of {ROOT}: {listed.stderr.strip()}")
    found = {name for name in listed.stdout.split("\0") if name}
    return sorted(name for name in found if (ROOT / name).is_file())


def copy_source(folder: Path) -> list[str]:
    """Copy the files of the project to a folder, and tell which."""
    files = source_files()
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return files


def build(source: Path, into: Path) -> Distributions:
    """Build both out of a folder with the source."""
    _hatchling(source, into)
    (wheel,), (sdist,) = into.glob("*.whl"), into.glob("*.tar.gz")
    return Distributions(wheel=wheel, sdist=sdist)


def build_wheel_of(sdist: Path, folder: Path) -> Path:
    """The wheel that a distributor builds out of the sdist."""
    _hatchling(unpack(sdist, folder), folder / "wheel", "--target", "wheel")
    (wheel,) = (folder / "wheel").glob("*.whl")
    return wheel


def unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist; the folder in it that holds everything."""
    with tarfile.open(sdist) as archive:
        # Python before 3.11.4 has no filters; the archive is one of ours.
        if hasattr(tarfile, "data_filter"):
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)
    return folder / sdist.name.removesuffix(".tar.gz")


def check_contents(built: Distributions, files: list[str]) -> None:
    """That the wheel holds the package, the sdist the project, and neither anything else."""
    package = {name.removeprefix("src/") for name in files if name.startswith("src/longshore/")}
    expect("longshore/py.typed" in package, "src/longshore/py.typed is missing")
    described = built.wheel.name.split("-py3-")[0] + ".dist-info"
    metadata = {f"{described}/{name}" for name in _METADATA_FILES}
    _compare(built.wheel, _wheel_files(built.wheel), package | metadata)
    _compare(built.sdist, _sdist_files(built.sdist), {*files, "PKG-INFO"} - _NOT_IN_SDIST)


def _hatchling(source: Path, into: Path, *options: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(into), *options],
        cwd=source,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    expect(done.returncode == 0, f"hatchling cannot build {source}:\n{done.stdout}")


def _wheel_files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _sdist_files(sdist: Path) -> set[str]:
    with tarfile.open(sdist) as archive:
        return {each.name.partition("/")[2] for each in archive if each.isfile()}


def _compare(file: Path, found: AbstractSet[str], expected: AbstractSet[str]) -> None:
    differences = [f"without {name}" for name in sorted(expected - found)]
    differences += [f"with {name}" for name in sorted(found - expected)]
    expect(not differences, "\n  ".join([f"{file.name} is not what it should be:", *differences]))
