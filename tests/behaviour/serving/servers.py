"""Real servers and workers: `longshore serve` on a port of its own, and `longshore worker`, each
in a process of its own.
"""

import json
import os
import pty
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import httpx2

_ROOT = Path(__file__).parents[3]
MEDIA_TYPE = "application/vnd.api+json"

# What a start shows on a terminal behind the address.
LINK = re.compile(
    r"Dashboard: (https?://[0-9.:]+/dashboard/sign-in/[0-9A-Za-z]+) \(good for 15 minutes, once\)"
)

# So long anything may take on a machine that does other things too; nothing sleeps for it.
PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.02


def environment() -> dict[str, str]:
    """The environment in which a process finds longshore."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT / "src"), str(_ROOT)])}


def command(data: Path, *arguments: str, module: str = "longshore") -> list[str]:
    """A command of longshore, or of a module that is run as it is."""
    return [sys.executable, "-m", module, "--data", str(data), *arguments]


def run(data: Path, *arguments: str, settings: Mapping[str, str] = {}) -> str:
    """What a command of longshore writes to standard output."""
    done = subprocess.run(
        command(data, *arguments),
        env={**environment(), **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Server:
    """A server that runs, and a client of it that may do everything."""

    def __init__(
        self,
        data: Path,
        *arguments: str,
        settings: Mapping[str, str] = {},
        on_terminal: bool = False,
        module: str = "longshore",
    ) -> None:
        self.data = data
        self.settings = settings
        self._log = data.with_name(f"{data.name}.log")
        screen, output = pty.openpty() if on_terminal else os.pipe()
        self._output = os.fdopen(screen, encoding="utf-8")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command(data, "serve", "--port", "0", *arguments, module=module),
                env={**environment(), **settings},
                stdout=output,
                stderr=log,
            )
        os.close(output)
        self.url = self._line().strip()
        if not self.url:
            self.process.wait()
            self._output.close()
            raise AssertionError(self.log())
        self.rest = ""  # what it wrote to standard output and nobody read, when it has stopped
        self._client: httpx2.Client | None = None

    def log(self) -> str:
        """What it wrote to standard error."""
        return self._log.read_text(encoding="utf-8")

    def welcome(self) -> str:
        """What the first start shows behind the address, up to the line to try."""
        lines: list[str] = []
        while line := self._line():
            lines.append(line)
            if line.startswith("TOKEN="):
                break
        return "".join(lines)

    def _line(self) -> str:
        """The next line of standard output; empty: there is none."""
        try:
            return self._output.readline()
        except OSError:
            return ""  # Linux reports the end of a terminal as an error

    @property
    def client(self) -> httpx2.Client:
        if self._client is None:
            token = run(self.data, "token", settings=self.settings).strip()
            self._client = httpx2.Client(
                base_url=self.url,
                headers={
                    "Authorization": f"Bearer {token}",
                    "Accept": MEDIA_TYPE,
                    "Content-Type": MEDIA_TYPE,
                },
                verify=ssl.create_default_context(),
                timeout=PATIENCE_SECONDS,
            )
        return self._client

    def get(self, path: str) -> dict[str, Any]:
        """The document of a GET that succeeds."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        document = response.json()
        assert isinstance(document, dict)
        return document

    def submit(self, inputs: Any, resource_type: str = "skus", **attributes: Any) -> str:
        """The id of an import that is taken."""
        given = {"resource_type": resource_type, "inputs": inputs, **attributes}
        body = {"data": {"type": "imports", "attributes": given}}
        response = self.client.post("/api/imports", content=json.dumps(body).encode())
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["id"])

    def import_(self, id_: str) -> dict[str, Any]:
        """The attributes of an import, without what is long."""
        names = "status,inputs_size,processed_count,errors_count,interrupted_at"
        document = self.get(f"/api/imports/{id_}?fields%5Bimports%5D={names}")
        attributes = document["data"]["attributes"]
        assert isinstance(attributes, dict)
        return attributes

    def wait_for(self, id_: str, *statuses: str, processed: int = 0) -> dict[str, Any]:
        """The attributes of an import as soon as it has one of the statuses, and so many rows."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            attributes = self.import_(id_)
            if attributes["status"] in statuses and attributes["processed_count"] >= processed:
                return attributes
            assert time.monotonic() < until, f"{attributes}\n{self.log()}"
            time.sleep(_LOOK_SECONDS)

    def worker(self) -> int:
        """The id of the process of its worker that runs imports, as soon as there is one."""
        return self._child(lambda command: "--runs reading" not in command)

    def reading_worker(self) -> int:
        """The same of the one that runs plans, on an embedded database."""
        return self._child(lambda command: "--runs reading" in command)

    def _child(self, is_wanted: Callable[[str], bool]) -> int:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = [id_ for id_ in children(self.process.pid) if is_wanted(_command_of(id_))]
            if found:
                return found[0]
            assert time.monotonic() < until, self.log()
            time.sleep(_LOOK_SECONDS)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and wait for that; its exit code."""
        if self._client is not None:
            self._client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        if not self._output.closed:
            while line := self._line():
                self.rest += line
            self._output.close()
        return code


class Worker:
    """A worker that runs, with nothing to be read from its standard input."""

    def __init__(self, data: Path, *arguments: str, settings: Mapping[str, str] = {}) -> None:
        self.process = subprocess.Popen(
            command(data, "worker", *arguments),
            env={**environment(), **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        assert line.startswith("waiting for imports"), line + self.process.stderr.read()

    def wait_for_children(self, count: int, *, without: Collection[int] = ()) -> list[int]:
        """Its own workers, as soon as there are so many, and none of some others."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = children(self.process.pid)
            if len(found) == count and not set(without) & set(found):
                return found
            assert time.monotonic() < until, f"{found} are there"
            time.sleep(_LOOK_SECONDS)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and wait for that; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


def _command_of(process_id: int) -> str:
    """With what a process was started."""
    return subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(process_id)], capture_output=True, text=True
    ).stdout


def children(process_id: int) -> list[int]:
    """The processes that a process has started and that live."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    found = (re.split(r"\s+", line.strip()) for line in listed.stdout.splitlines())
    return [
        int(pid) for pid, parent, state in found if int(parent) == process_id and state[0] != "Z"
    ]


def wait_until_gone(process_id: int) -> None:
    """Return when there is no such process any more."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True
        ).stdout.strip()
        if not state or state[0] == "Z":
            return
        assert time.monotonic() < until, f"process {process_id} lives on"
        time.sleep(_LOOK_SECONDS)


def peak_bytes(process_id: int) -> int:
    """The most memory that a process has ever had; man7.org, proc_pid_status(5)."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def skus(count: int, *, first: int = 0) -> list[dict[str, Any]]:
    """Rows that can be imported."""
    return [
        {"code": f"SKU{n:06}", "name": f"Sku {n}", "do_not_ship": True}
        for n in range(first, first + count)
    ]
