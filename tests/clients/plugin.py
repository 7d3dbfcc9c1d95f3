"""A plugin of the official terminal client, run as a program of its own."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.clients.installing import MODULES, Node

# It asks how an import is doing about once a second.
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    output: str  # of both streams, without colours
    cells: list[list[str]]  # of the lines of its tables

    def cell(self, name: str) -> str:
        """The cell right of the one that holds a name."""
        (value,) = [row[1] for row in self.cells if len(row) == 2 and row[0] == name]
        return value


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin, logged in to an organization."""

    name: str  # of its package
    node: Node
    organization: str
    domain: str
    token: str
    home: Path  # for what it keeps
    variables: Mapping[str, str]

    def run(self, command: str, *arguments: str) -> Ended:
        program = MODULES / "@commercelayer" / self.name / "bin/run.js"
        done = subprocess.run(
            [*self.node.node, str(program), command, *arguments],
            env=os.environ
            | {
                "CL_CLI_ORGANIZATION": self.organization,
                "CL_CLI_DOMAIN": self.domain,
                "CL_CLI_ACCESS_TOKEN": self.token,
                "HOME": str(self.home),
                "XDG_CACHE_HOME": str(self.home),
                "XDG_CONFIG_HOME": str(self.home),
                "XDG_DATA_HOME": str(self.home),
                "NO_COLOR": "1",
                # Whether there is a newer version of the plugin is no question of ours.
                "NO_UPDATE_NOTIFIER": "1",
            }
            | dict(self.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        output = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", done.stdout)
        return Ended(done.returncode, output, _cells(output))


Login = Callable[..., Plugin]  # of an organization's slug, and the application's kind


def _cells(output: str) -> list[list[str]]:
    lines = [line.strip() for line in output.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]
