"""The program as an environment has it, far from the checkout, and what it is asked."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from release.refusals import expect

__all__ = ["Installed"]

_STOP_SECONDS = 60
_COMMANDS = re.compile(r"^Commands:\n(?P<lines>(?:  .*\n)+)", re.MULTILINE)
_COMMAND = re.compile(r"^  (?P<word>\S+)", re.MULTILINE)


class Installed:
    """An installed program, which works in a folder of its own and remembers what it was asked."""

    def __init__(self, program: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data = folder / "data"
        self._program = program
        self._asked: list[tuple[str, ...]] = []

    def commands(self, *above: str) -> list[tuple[str, ...]]:
        """Every command that its help names, those within groups by both words."""
        help_text = self._answer((*above, "--help"))
        usage = f"Usage: {' '.join(('longshore', *above))} "
        expect(help_text.startswith(usage), f"help does not begin with {usage}: {help_text[:200]}")
        listed = _COMMANDS.search(help_text)
        if listed is None:
            return [above]
        words = [each["word"] for each in _COMMAND.finditer(listed["lines"])]
        return [command for word in words for command in self.commands(*above, word)]

    def has_run(self, command: tuple[str, ...]) -> bool:
        """Whether it was asked for more than the help of a command."""
        return any(asked[: len(command)] == command for asked in self._asked)

    def run(self, *arguments: str, code: int = 0, settings: Mapping[str, str] = {}) -> str:
        """What a command prints on standard output; it has to end with the code."""
        self._asked.append(arguments)
        return self._answer(arguments, code=code, settings=settings)

    def ask(self, *arguments: str, code: int = 0, settings: Mapping[str, str] = {}) -> Any:
        """What a command answers as JSON."""
        return json.loads(self.run(*arguments, "--json", code=code, settings=settings))["data"]

    def write(self, name: str, text: str) -> str:
        """A file in its folder, by its path."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return str(path)

    @contextmanager
    def started(self, *arguments: str, tells: str) -> Iterator[str]:
        """A command that runs until it is asked to stop, and then ends well: the first line of
        what it `tells` on standard output or error."""
        self._asked.append(arguments)
        command = " ".join(("longshore", *arguments))
        with open(self.folder / f"{arguments[0]}.log", "w+b") as log:
            process = subprocess.Popen(
                [str(self._program), *arguments],
                cwd=self.folder,
                env=self._environment({}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if tells == "stdout" else log,
                stderr=subprocess.PIPE if tells == "stderr" else log,
                text=True,
            )
            told: IO[str] | None = getattr(process, tells)
            assert told is not None
            try:
                yield told.readline().strip()
            finally:
                process.send_signal(signal.SIGTERM)
                rest = _end(process)
            log.seek(0)
            rest += log.read().decode(errors="replace")
        expect(process.returncode == 0, f"{command} ended with {process.returncode}:\n{rest}")
        expect("Traceback" not in rest, f"{command} was surprised:\n{rest}")

    def _answer(
        self, arguments: tuple[str, ...], *, code: int = 0, settings: Mapping[str, str] = {}
    ) -> str:
        done = subprocess.run(
            [str(self._program), *arguments],
            cwd=self.folder,
            env=self._environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        command = " ".join(("longshore", *arguments))
        expect(
            done.returncode == code,
            f"{command} ended with {done.returncode}, expected {code}:\n{done.stdout}{done.stderr}",
        )
        expect("Traceback" not in done.stderr, f"{command} was surprised:\n{done.stderr}")
        return done.stdout

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Nothing by which it could find the checkout, or another installation."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LONGSHORE_", "PYTHON", "PG")) and name != "VIRTUAL_ENV"
        }
        return {**kept, "LONGSHORE_DATA": str(self.data), **settings}


def _end(process: subprocess.Popen[str]) -> str:
    """What a process that was asked to stop still tells; one that does not stop is killed."""
    try:
        told = process.communicate(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        told = process.communicate()
    return "".join(filter(None, told))
