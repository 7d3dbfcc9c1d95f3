"""The tutorial does what it says.

Its blocks run in order in an empty folder. A block whose info names a file (```csv skus.csv)
writes that file. A block `console` holds commands after `$ `, and after each command lines that it
prints, on standard output or standard error, in this order, others between them left out. Lines are
compared without regard to spacing; ids, times and durations are masked. A line `(exit status 1)`
says how a command ends when it is not 0. An id in a command is the one that was printed where the
tutorial has it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT, Block, blocks

TUTORIAL = ROOT / "docs/tutorial.md"
BIN = Path(sys.executable).parent
# Ten letters and digits are an id; names in capitals or small letters are none.
ID = re.compile(r"\b(?![a-z_]{10}\b|[A-Z_]{10}\b)[A-Za-z0-9]{10}\b")


def test_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    ids: dict[str, str] = {}
    for block in blocks(TUTORIAL):
        kind, _, file = block.info.partition(" ")
        if file:
            (tmp_path / file).write_text("\n".join(block.lines) + "\n", "utf-8")
        elif kind == "console":
            for command, expected in commands(block):
                printed = run(ID.sub(lambda id_: ids.get(id_[0], id_[0]), command), tmp_path)
                missing = first_missing(expected, printed, ids)
                assert missing is None, "\n".join([f"$ {command}", *printed, f"without: {missing}"])


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it prints."""
    command: str | None = None
    printed: list[str] = []
    for line in [*block.lines, "$ "]:
        if line.startswith("$ "):
            if command is not None:
                yield command, printed
            command, printed = line.removeprefix("$ "), []
        else:
            assert command is not None, f"printed without a command: {line}"
            printed.append(line)


def run(command: str, folder: Path) -> list[str]:
    """What a command prints in the folder, and a line with its exit status when it is not 0."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("LONGSHORE_")
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment | {"PATH": f"{BIN}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    status = [f"(exit status {done.returncode})"] if done.returncode else []
    return [*done.stdout.splitlines(), *status]


def first_missing(expected: list[str], printed: list[str], ids: dict[str, str]) -> str | None:
    """The first expected line that does not come after those before it; the end must agree. Adds
    the ids that were printed by those that were expected."""
    rest = iter(printed)
    for line in filter(str.strip, expected):
        found = next((each for each in rest if masked(each) == masked(line)), None)
        if found is None:
            return line
        ids.update(zip(ID.findall(line), ID.findall(found), strict=True))
    left = list(rest)
    return left[-1] if left and left[-1].startswith("(exit status") else None


def masked(line: str) -> str:
    """A line with single spaces, its ids, times and durations masked."""
    text = " ".join(line.split())
    text = re.sub(r"\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?\b", "<time>", text)
    # Behind more than a second stands the rate: `1.2 s, 2 rows/s`.
    text = re.sub(r"\b\d+(\.\d+)? (s|ms)\b(, [\d,]+ \w+/s\b)?", "<duration>", text)
    return ID.sub("<id>", text)


def test_time_of_a_slow_step_is_masked_with_its_rate() -> None:
    assert masked("time  1.2 s, 1,240 rows/s") == masked("time  0.03 s")
