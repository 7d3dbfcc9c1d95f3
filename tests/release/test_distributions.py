"""What would be released: the wheel and the sdist of this very source.

`make release` does more of the same, with dependencies from a package index; here the wheel stands
in a fresh environment that borrows the dependencies of the running one.
"""

import subprocess
import sysconfig
import zipfile
from pathlib import Path

import click
import pytest

from longshore import __version__
from release import environments
from release.distributions import (
    ROOT,
    Distributions,
    build,
    build_wheel_of,
    check_contents,
    copy_source,
)
from release.installed import Installed
from release.journey import travel
from release.metadata import check_metadata, metadata_of
from release.refusals import ReleaseRefused
from tests.docs.test_reference import commands

# An sdist has no files of git, and releases nothing.
pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="releases are made out of a git checkout"
)


class Built:
    """The files of the source, and what was built out of them."""

    def __init__(self, folder: Path) -> None:
        self.files = copy_source(folder / "source")
        self.distributions = build(folder / "source", folder / "built")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("release"))


def test_wheel_and_sdist_hold_the_files_of_the_project_and_valid_metadata(built: Built) -> None:
    check_contents(built.distributions, built.files)
    check_metadata(built.distributions)


def test_sdist_builds_the_wheel_of_the_checkout(built: Built, tmp_path: Path) -> None:
    again = build_wheel_of(built.distributions.sdist, tmp_path)
    assert again.read_bytes() == built.distributions.wheel.read_bytes()


def test_a_file_too_many_in_the_package_is_found(built: Built, tmp_path: Path) -> None:
    wheel = tmp_path / built.distributions.wheel.name
    wheel.write_bytes(built.distributions.wheel.read_bytes())
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("longshore/notes.txt", "")
    more = Distributions(wheel=wheel, sdist=built.distributions.sdist)
    with pytest.raises(ReleaseRefused, match=r"with longshore/notes\.txt"):
        check_contents(more, built.files)


def test_a_file_that_is_missing_in_the_package_is_found(built: Built) -> None:
    with pytest.raises(ReleaseRefused, match=r"without longshore/more\.py"):
        check_contents(built.distributions, [*built.files, "src/longshore/more.py"])


def test_the_description_has_the_links_of_the_readme_and_all_lead_to_the_source(
    built: Built,
) -> None:
    metadata = metadata_of(built.distributions.wheel)
    source = (metadata.project_urls or {})["Source"]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert metadata.description is not None
    assert "](docs/tutorial.md)" in readme
    assert metadata.description.replace(f"]({source}/", "](") == readme


def test_an_installed_wheel_runs_every_command_far_from_the_checkout(
    built: Built, tmp_path: Path
) -> None:
    environment = environments.make(tmp_path / "environment")
    program = environments.install(
        environment, str(built.distributions.wheel), options=("--no-deps", "--no-index")
    )
    environments.borrow(environment, sysconfig.get_path("purelib"))
    where = subprocess.run(
        [environment / "bin/python", "-I", "-c", "import longshore; print(longshore.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout).is_relative_to(environment)
    declared = [each for each in commands().values() if not isinstance(each, click.Group)]
    assert travel(Installed(program, tmp_path / "work"), __version__) == len(declared)
