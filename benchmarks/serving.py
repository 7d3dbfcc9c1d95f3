"""How fast a server answers while it imports: reads, and submissions of other imports.

A real server with its worker, on this machine; one client reads a list again and again, each
request timed from its first byte out to its last byte in.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx2

from benchmarks.report import print_table

_MEDIA_TYPE = "application/vnd.api+json"
_LIST = "/api/skus?page%5Bsize%5D=25"
_NEWEST = f"{_LIST}&sort=-created_at"
_SUBMITTED_ROWS = 10_000  # as many as the official clients send at once
_IDLE_REQUESTS = 200
_PAUSE_SECONDS = 0.02  # between reads, as of a client that looks at what it got


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and a client of it."""

    client: httpx2.Client
    process_id: int

    def submit(self, rows: Sequence[dict[str, Any]]) -> str:
        attributes = {"resource_type": "skus", "inputs": rows}
        body = {"data": {"type": "imports", "attributes": attributes}}
        response = self.client.post("/api/imports", content=json.dumps(body).encode())
        response.raise_for_status()
        return str(response.json()["data"]["id"])

    def is_finished(self, id_: str) -> bool:
        response = self.client.get(f"/api/imports/{id_}?fields%5Bimports%5D=status")
        status = response.raise_for_status().json()["data"]["attributes"]["status"]
        return status in ("completed", "interrupted")

    def time(self, path: str) -> float:
        """Seconds that a request takes."""
        began = time.perf_counter()
        self.client.get(path).raise_for_status()
        return time.perf_counter() - began


def measure_serving(*, rows: int, rounds: int) -> None:
    """Reads of 25 records while an import of `rows` runs, and what a submission takes then."""
    idle: list[float] = []
    busy: list[float] = []
    newest: list[float] = []
    submissions: list[float] = []
    rates: list[float] = []
    for _ in range(rounds):
        with serve(rows) as server:
            wait(server, server.submit(make_skus(_SUBMITTED_ROWS, 0)))
            idle += [server.time(_LIST) for _ in range(_IDLE_REQUESTS)]
            began = time.perf_counter()
            id_ = server.submit(make_skus(rows, _SUBMITTED_ROWS))
            busy += wait(server, id_, lambda: server.time(_LIST))
            rates.append(rows / (time.perf_counter() - began))
            id_ = server.submit(make_skus(rows, _SUBMITTED_ROWS + rows))
            began = time.perf_counter()
            other = server.submit(make_skus(_SUBMITTED_ROWS, _SUBMITTED_ROWS + 2 * rows))
            submissions.append(time.perf_counter() - began)
            newest += wait(server, id_, lambda: server.time(_NEWEST))
            wait(server, other)
    print_table(
        f"A server that imports {rows:,} SKUs, milliseconds ({rounds} rounds)",
        ("request", "median", "95 %", "99 %", "slowest"),
        [
            ("list of 25, idle", *figures(idle)),
            ("list of 25, importing", *figures(busy)),
            (f"list of the 25 newest of {2 * rows:,}, importing", *figures(newest)),
            (f"submission of {_SUBMITTED_ROWS:,} rows, importing", *figures(submissions)),
        ],
    )
    print(f"\nrows/s from submission to completion, while it is read: {min(rates):,.0f}")


def wait(server: Server, id_: str, meanwhile: Callable[[], float] = lambda: 0.0) -> list[float]:
    """What `meanwhile` gives again and again until the import is finished."""
    found: list[float] = []
    looked_at = 0.0
    while True:
        found.append(meanwhile())
        if time.monotonic() - looked_at > 0.5:
            looked_at = time.monotonic()
            if server.is_finished(id_):
                return found
        time.sleep(_PAUSE_SECONDS)


def make_skus(count: int, first: int) -> list[dict[str, Any]]:
    return [
        {
            "code": f"SKU{number:09d}",
            "name": f"navy shirt {number}",
            "description": f"A navy shirt of 100 % cotton, item {number} of this season",
            "weight": 100 + number % 900,
            "unit_of_weight": "gr",
            "do_not_ship": True,
        }
        for number in range(first, first + count)
    ]


@contextmanager
def serve(rows: int) -> Iterator[Server]:
    """A server with nothing in it, which takes imports of so many rows."""
    settings = {"LONGSHORE_IMPORT_INPUTS_MAX": str(rows)}
    with (
        tempfile.TemporaryDirectory(prefix="longshore-bench-") as folder,
        serve_folder(Path(folder) / "data", settings) as server,
    ):
        yield server


@contextmanager
def serve_folder(data: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    """A server of a data folder."""
    program = [sys.executable, "-m", "longshore", "--data", str(data)]
    environment = {
        **os.environ,
        "LONGSHORE_IMPORT_BYTES_MAX": str(1 << 30),
        "LONGSHORE_RATE_LIMIT_REQUESTS": "100000",
        **settings,
    }
    process = subprocess.Popen(
        [*program, "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        token = subprocess.run(
            [*program, "token"], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": _MEDIA_TYPE}
        with httpx2.Client(base_url=url, headers=headers, timeout=600) as client:
            yield Server(client, process.pid)
    finally:
        process.terminate()
        process.communicate()


def figures(seconds: Sequence[float]) -> tuple[str, str, str, str]:
    """Milliseconds: median, 95 and 99 of a hundred, slowest."""
    if len(seconds) < 2:
        seconds = [*seconds, *seconds]
    hundredths = quantiles(seconds, n=100, method="inclusive")
    chosen = (hundredths[49], hundredths[94], hundredths[98], max(seconds))
    median_, p95, p99, slowest = (f"{value * 1000:.1f}" for value in chosen)
    return median_, p95, p99, slowest
