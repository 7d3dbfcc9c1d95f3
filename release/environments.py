"""Fresh environments with the program in them, and nothing of the checkout.

Whatever pip and uv are told by the environment and their files (an index, a cache) holds here too.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from release.refusals import expect

__all__ = ["borrow", "install", "make", "uv_tool_install"]


def make(folder: Path) -> Path:
    """An empty environment without pip; where it is."""
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


def install(folder: Path, *what: str, options: Sequence[str] = ()) -> Path:
    """Install with the pip of the checkout; the program in the environment."""
    _run(
        [
            *(sys.executable, "-m", "pip", "--python", str(folder / "bin/python")),
            *("install", "--quiet", "--disable-pip-version-check", *options, *what),
        ],
        f"pip cannot install {' '.join(what)}",
    )
    return folder / "bin/longshore"


def borrow(folder: Path, packages: str) -> None:
    """Let an environment see the packages of another one behind its own, but what those have
    installed in place (`pip install --editable`)."""
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "borrowed.pth").write_text(f"{packages}\n", "utf-8")


def uv_tool_install(uv: str, wheel: Path, folder: Path) -> Path:
    """`uv tool install`, with its tools in a folder of their own; the program."""
    bin_ = folder / "bin"
    _run(
        [uv, "tool", "install", "--quiet", "--python", sys.executable, str(wheel)],
        f"uv cannot install {wheel.name}",
        {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(bin_)},
    )
    return bin_ / "longshore"


def _run(command: Sequence[str], failure: str, variables: Mapping[str, str] = {}) -> None:
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    expect(done.returncode == 0, f"{failure}:\n{done.stdout}")
