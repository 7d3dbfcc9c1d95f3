"""What work costs, counted and not timed: calls of functions, statements, round trips."""

import gc
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from types import FrameType
from typing import IO, Any

import psycopg
from psycopg.pq import Trace
from sqlalchemy import event
from sqlalchemy.pool import Pool

_DRIVER_CALLS = frozenset({"execute", "executemany"})


@dataclass(slots=True, kw_only=True)
class Cost:
    """What was counted between two moments."""

    calls: int = 0  # of Python functions; a generator is called for each of its elements
    statements: int = 0  # given to the driver, many rows at once or not
    round_trips: int = 0  # answers of a server that were waited for

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(
            calls=self.calls - other.calls,
            statements=self.statements - other.statements,
            round_trips=self.round_trips - other.round_trips,
        )


class CostMeter:
    """Counts what is done over the connections that are opened while it `listens`."""

    def __init__(self) -> None:
        self._files = ExitStack()
        self._traces: list[IO[bytes]] = []

    @contextmanager
    def listens(self) -> Iterator["CostMeter"]:
        event.listen(Pool, "connect", self._trace)
        with self._files:
            try:
                yield self
            finally:
                event.remove(Pool, "connect", self._trace)

    @contextmanager
    def counting(self) -> Iterator[Cost]:
        """The cost of the block, complete at its end, that of threads that it starts included."""
        cost = Cost()
        before = self._messages()
        calls, statements = count(), count()

        def note(_frame: FrameType, what: str, called: Any) -> None:
            if what == "call":
                next(calls)
            elif (
                what == "c_call"
                and called.__name__ in _DRIVER_CALLS
                and isinstance(called.__self__, sqlite3.Connection | sqlite3.Cursor)
            ):
                next(statements)

        # A collection calls what others have left, and Python 3.11.2 crashes in it meanwhile.
        gc.disable()
        threading.setprofile(note)
        sys.setprofile(note)
        try:
            yield cost
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            gc.enable()
        asked, waited = self._messages()
        cost.calls = next(calls)
        cost.statements = next(statements) + asked - before[0]
        cost.round_trips = waited - before[1]

    def _trace(self, connection: object, _record: object) -> None:
        """Have the messages between a client and its server written down; libpq does it."""
        if isinstance(connection, psycopg.Connection):
            trace = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            connection.pgconn.trace(trace.fileno())
            connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            self._traces.append(trace)

    def _messages(self) -> tuple[int, int]:
        """Statements that all connections have sent, and how often they waited for an answer."""
        statements = round_trips = 0
        for trace in self._traces:
            is_sending = False
            trace.seek(0)
            for line in trace:
                if line.startswith(b"F\t"):
                    is_sending = True
                    statements += line.split(b"\t", 3)[2].strip() in (b"Query", b"Execute")
                elif line.startswith(b"B\t"):
                    round_trips += is_sending
                    is_sending = False
        return statements, round_trips
