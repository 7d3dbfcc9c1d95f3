"""A data folder that holds something, and the program that is given what it cannot take."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from longshore.settings import Settings
from tests.crash.end_state import State, assert_same, end_state
from tests.ground import lay_ground


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder, and commands in it."""

    data: Path

    def run(self, *arguments: object) -> Ended:
        """Run a command as a process of its own."""
        with self.start(*arguments) as process:
            out, err = process.communicate()
        return Ended(process.returncode, out, err)

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "longshore", *map(str, arguments)],
            env={**os.environ, "LONGSHORE_DATA": str(self.data)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def state(self) -> State:
        return end_state(Settings(data=self.data))

    @property
    def files(self) -> list[str]:
        """What the folder of attachments holds."""
        folder = self.data / "attachments"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Nothing is lost, added or left behind by what the block does."""
        state, files = self.state, self.files
        yield
        assert_same(self.state, state)
        assert self.files == files


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("bad-input") / "data"
    lay_ground(Settings(data=data))
    return data


@pytest.fixture
def place(ground: Path, tmp_path: Path) -> Place:
    """A data folder with a few records."""
    return Place(Path(shutil.copytree(ground, tmp_path / "data")))


@contextmanager
def mounted(folder: Path, *, megabytes: int) -> Iterator[None]:
    """A file system in memory on a folder; skips the test where mounting is not allowed."""
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    if not shutil.which("mount") or not _succeeds("mount", *options):
        pytest.skip("this test mounts a small file system, which only root on Linux may do")
    try:
        yield
    finally:
        assert _succeeds("umount", str(folder))


def remount(folder: Path, option: str) -> None:
    """Change a mounted file system: `size=64m`, `ro`, `rw`."""
    assert _succeeds("mount", "-o", f"remount,{option}", str(folder))


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0
