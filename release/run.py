"""Build wheel and sdist in dist/, after everything about them was checked: `make release`.

Nothing is uploaded. It needs git, and a package index for the dependencies.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from longshore import __version__
from release import environments
from release.distributions import (
    ROOT,
    Distributions,
    build,
    build_wheel_of,
    check_contents,
    copy_source,
    source_files,
    unpack,
)
from release.installed import Installed
from release.journey import travel
from release.metadata import check_metadata, lowest_versions, reserved_links
from release.refusals import ReleaseRefused, expect
from tests.postgresql import PostgresDatabases, PostgresServer

_EXTRAS = "parquet,s3,zstd"
_DIST = ROOT / "dist"

# They need nothing that takes long, and read files from everywhere.
_TESTS_OF_SDIST = (
    "tests/unit/test_requirements.py",
    "tests/docs/test_links.py",
    "tests/docs/test_deployment.py",
)


def main() -> int:
    try:
        with tempfile.TemporaryDirectory(prefix="longshore-release-") as folder:
            _release(Path(folder))
    except ReleaseRefused as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 1
    return 0


def _release(folder: Path) -> None:
    _note_what_is_not_committed()
    _say(f"building longshore {__version__}")
    files = copy_source(folder / "source")
    built = build(folder / "source", folder / "built")
    check_contents(built, files)
    check_metadata(built)
    if reserved := reserved_links(built.wheel):
        _note(
            f"{', '.join(reserved)} lead to a reserved name: put the address of the project into "
            "project.urls of pyproject.toml before you upload"
        )
    _say("building the wheel again out of the sdist")
    _check_same(built.wheel, build_wheel_of(built.sdist, folder / "again"))
    _say("collecting the tests of the sdist, and running some")
    _check_tests(unpack(built.sdist, folder / "tests"))
    with _postgresql() as databases:
        _check_installed(built, folder, databases)
    _keep(built)


def _check_installed(built: Distributions, folder: Path, databases: PostgresDatabases) -> None:
    """Install the wheel in every way, and use every command each time."""

    def check(name: str, program: Path) -> None:
        database = databases.create()
        url = databases.url(database)
        count = travel(Installed(program, folder / name / "work"), __version__, url)
        databases.drop(database)
        _say(f"  all {count} commands work")

    wheel = str(built.wheel)
    _say("pip install, with the newest dependencies")
    environment = environments.make(folder / "newest/environment")
    check("newest", environments.install(environment, wheel))
    environments.install(environment, f"{wheel}[{_EXTRAS}]")

    _say("pip install, with the lowest versions of dependencies that the metadata allows")
    environment = environments.make(folder / "lowest/environment")
    lowest = lowest_versions(built.wheel)
    check("lowest", environments.install(environment, f"{wheel}[{_EXTRAS}]", *lowest))

    uv = shutil.which("uv")
    if uv is None:
        _note("uv is not on this machine: uv tool install was not tried")
    else:
        _say("uv tool install")
        check("uv", environments.uv_tool_install(uv, built.wheel, folder / "uv"))


def _check_same(wheel: Path, again: Path) -> None:
    expect(wheel.name == again.name, f"the sdist builds {again.name}, not {wheel.name}")
    expect(
        wheel.read_bytes() == again.read_bytes(),
        f"the sdist builds another {wheel.name} than the checkout",
    )


def _check_tests(sdist: Path) -> None:
    """That every test finds what it imports in the sdist, and that some pass there."""
    for arguments in (("--collect-only", "tests"), _TESTS_OF_SDIST):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "--quiet", *arguments],
            cwd=sdist,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        end = "\n".join(done.stdout.splitlines()[-30:])
        expect(done.returncode == 0, f"the tests of the sdist fail:\n{end}")


@contextmanager
def _postgresql() -> Iterator[PostgresDatabases]:
    server = PostgresServer()
    try:
        yield PostgresDatabases(server.url())
    finally:
        server.close()


def _keep(built: Distributions) -> None:
    """Put both into dist/, in place of what was released before."""
    _DIST.mkdir(exist_ok=True)
    for older in _DIST.glob("longshore-*"):
        older.unlink()
    for file in (built.sdist, built.wheel):
        shutil.copy(file, _DIST / file.name)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        print(f"{digest}  {(_DIST / file.name).relative_to(ROOT)}")


def _note_what_is_not_committed() -> None:
    changed = source_files("--modified", "--others", "--exclude-standard")
    if changed:
        shown = ", ".join(changed[:5]) + (", ..." if len(changed) > 5 else "")
        _note(f"{len(changed)} files are not as they are committed: {shown}")


def _say(line: str) -> None:
    print(line, flush=True)


def _note(line: str) -> None:
    print(f"note: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
