"""Measure speed and memory: `make bench`, or `python -m benchmarks.run NAME --rows N`.

What the figures were, on which machine, and what they mean stands in docs/benchmarks.md.
"""

import argparse
import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol

from benchmarks.client import measure_client
from benchmarks.connections import measure_connections
from benchmarks.failover import measure_failover
from benchmarks.memory import measure_memory
from benchmarks.public_ids import measure_public_ids
from benchmarks.serving import measure_serving
from benchmarks.speed import (
    measure_formats,
    measure_postgresql,
    measure_shuffled,
    measure_speed,
    measure_wide,
)
from benchmarks.workers import measure_workers


class _Measure(Protocol):
    def __call__(self, *, rows: int, rounds: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Benchmark:
    measure: _Measure
    rows: int
    rounds: int


_BENCHMARKS = {
    "speed": _Benchmark(measure_speed, rows=100_000, rounds=5),
    "shuffled": _Benchmark(measure_shuffled, rows=100_000, rounds=5),
    "postgresql": _Benchmark(measure_postgresql, rows=100_000, rounds=5),
    "workers": _Benchmark(measure_workers, rows=100_000, rounds=3),
    "formats": _Benchmark(measure_formats, rows=100_000, rounds=5),
    "wide": _Benchmark(measure_wide, rows=50_000, rounds=3),
    "serving": _Benchmark(measure_serving, rows=100_000, rounds=3),
    "client": _Benchmark(measure_client, rows=100_000, rounds=3),
    "failover": _Benchmark(measure_failover, rows=400_000, rounds=20),
    "public_ids": _Benchmark(measure_public_ids, rows=100_000, rounds=9),
    "connections": _Benchmark(measure_connections, rows=60_000, rounds=1),
    "memory": _Benchmark(measure_memory, rows=1_000_000, rounds=1),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure speed and memory.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_BENCHMARKS))
    parser.add_argument("--rows", type=int, help="how many rows, or records, to import")
    parser.add_argument("--rounds", type=int, help="how often; the figures are the medians")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in _BENCHMARKS:
            parser.error(f"unknown benchmark: {name}, expected one of {', '.join(_BENCHMARKS)}")
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy"
        f" {version('sqlalchemy')}, {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores",
        flush=True,
    )
    for name in arguments.names or _BENCHMARKS:
        benchmark = _BENCHMARKS[name]
        benchmark.measure(
            rows=arguments.rows or benchmark.rows, rounds=arguments.rounds or benchmark.rounds
        )


if __name__ == "__main__":
    main()
