"""Measure speed and memory: `make bench`, or `python -m benchmarks.run NAME ...`.

Without names all lines of the one table. What the figures were, on which machine, and what they
mean stands in docs/benchmarks.md.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from benchmarks.blame import measure_blame
from benchmarks.cases import CASES, Case
from benchmarks.client import measure_client
from benchmarks.connections import measure_connections
from benchmarks.contest import Grounds, measure_case
from benchmarks.dashboard import measure_dashboard
from benchmarks.digest import measure_digest
from benchmarks.disorder import measure_disorder
from benchmarks.encodings import measure_encodings
from benchmarks.failover import measure_failover
from benchmarks.ledger import measure_ledger
from benchmarks.lists import measure_lists
from benchmarks.memory import measure_memory
from benchmarks.places import PLACES, Place
from benchmarks.plans import measure_plans
from benchmarks.public_ids import measure_public_ids
from benchmarks.report import print_head, print_header, print_line
from benchmarks.serving import measure_serving
from benchmarks.shopify import measure_shopify
from benchmarks.undo import measure_undo
from benchmarks.workers import measure_workers

_ROWS = 100_000
_ROUNDS = 5

# The peak of a process hardly differs from one time to the next.
_MEMORY = "memory"
_MEMORY_ROWS = 10  # times as many
_MEMORY_FORMATS = ("csv", "json", "ndjson")
_WORKBOOK_ROWS = 2  # times as many
_WORKBOOK_BYTES_MAX = 200 * 10**6


class _Measure(Protocol):
    def __call__(self, *, rows: int, rounds: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Benchmark:
    """What has a report of its own, and is measured when it is named."""

    measure: _Measure
    rows: int
    rounds: int


_BENCHMARKS = {
    "workers": _Benchmark(measure_workers, rows=100_000, rounds=3),
    "serving": _Benchmark(measure_serving, rows=100_000, rounds=3),
    "client": _Benchmark(measure_client, rows=100_000, rounds=3),
    "failover": _Benchmark(measure_failover, rows=400_000, rounds=20),
    "public_ids": _Benchmark(measure_public_ids, rows=100_000, rounds=9),
    "ledger": _Benchmark(measure_ledger, rows=20_000, rounds=3),
    "lists": _Benchmark(measure_lists, rows=1_000_000, rounds=100),
    "digest": _Benchmark(measure_digest, rows=1_000_000, rounds=5),
    "connections": _Benchmark(measure_connections, rows=60_000, rounds=1),
    "blame": _Benchmark(measure_blame, rows=1_000_000, rounds=300),
    "plans": _Benchmark(measure_plans, rows=100_000, rounds=4),
    "undo": _Benchmark(measure_undo, rows=100_000, rounds=3),
    "shopify": _Benchmark(measure_shopify, rows=100_000, rounds=3),
    "disorder": _Benchmark(measure_disorder, rows=100_000, rounds=3),
    "dashboard": _Benchmark(measure_dashboard, rows=1_000_000, rounds=1),
    "encodings": _Benchmark(measure_encodings, rows=0, rounds=1),
}


def main() -> None:
    cases = {case.name: case for case in CASES}
    lines, others = ", ".join([*cases, _MEMORY]), ", ".join(_BENCHMARKS)
    parser = argparse.ArgumentParser(
        prog="make bench",
        description="Measure speed and memory.",
        epilog=f"Lines of the table, all of them without a NAME: {lines}. By name only: {others}.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure")
    parser.add_argument("--rows", type=int, help="how many rows, or records, to import")
    parser.add_argument("--rounds", type=int, help="how often; the figures are the medians")
    parser.add_argument("--database", choices=[*PLACES], help="only this one of the two")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in (*cases, _MEMORY, *_BENCHMARKS):
            parser.error(f"unknown benchmark: {name}, expected one of {lines}, {others}")
    names = arguments.names or [*cases, _MEMORY]
    databases = [arguments.database] if arguments.database else [*PLACES]
    with ExitStack() as stack:
        places = [stack.enter_context(PLACES[database]()) for database in databases]
        print_head([f"{place.database} {place.version}" for place in places])
        _print_lines(
            [cases[name] for name in names if name in cases],
            places,
            rows=arguments.rows or _ROWS,
            rounds=arguments.rounds or _ROUNDS,
            has_memory=_MEMORY in names and "sqlite" in databases,
        )
    for name in names:
        if name in _BENCHMARKS:
            benchmark = _BENCHMARKS[name]
            benchmark.measure(
                rows=arguments.rows or benchmark.rows, rounds=arguments.rounds or benchmark.rounds
            )


def _print_lines(
    cases: Sequence[Case], places: Sequence[Place], *, rows: int, rounds: int, has_memory: bool
) -> None:
    """The one table, each line as soon as it is measured."""
    if not cases and not has_memory:
        return
    print(f"{rows:,} rows, or records; medians of {rounds} alternating rounds", flush=True)
    print_header()
    for place in places:
        grounds = Grounds(place, rows)
        for case in cases:
            print_line(measure_case(case, grounds, rows=rows, rounds=rounds))
    if has_memory:
        for format in _MEMORY_FORMATS:
            print_line(measure_memory(format, rows=_MEMORY_ROWS * rows, rounds=1))
        # The texts that the cells share are kept up to a size.
        workbook_rows = _WORKBOOK_ROWS * rows
        print_line(
            measure_memory("xlsx", rows=workbook_rows, rounds=1, bytes_max=_WORKBOOK_BYTES_MAX)
        )


if __name__ == "__main__":
    main()
