"""How long an import stands still when its worker dies: from SIGKILL to the next chunk.

Two workers share a PostgreSQL database with the default settings; the one that imports is killed,
and the other one takes over. Twenty times.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from longshore.imports import Import
from longshore.settings import Settings
from tests.chaos.fleet import Fleet
from tests.chaos.installation import Installation, sku_rows
from tests.postgresql import PostgresServer


def measure_failover(*, rows: int, rounds: int) -> None:
    """Print median and worst of so many deaths, of imports with so many rows."""
    seconds = list(_measure(rows, rounds))
    print(
        f"failover after SIGKILL, {rounds} times: median {statistics.median(seconds):.1f} s,"
        f" worst {max(seconds):.1f} s"
    )


def _measure(rows: int, times: int) -> Iterator[float]:
    defaults = Settings()
    timing = {
        "LONGSHORE_HEARTBEAT_SECONDS": str(defaults.heartbeat_seconds),
        "LONGSHORE_TAKEOVER_SECONDS": str(defaults.takeover_seconds),
    }
    server = PostgresServer()
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(server.url(), Path(folder) / "data")
        fleet = Fleet(installation.url, installation.data, variables=timing)
        try:
            fleet.start()
            fleet.start()
            import_ = _submit(installation, rows, 0)
            for number in range(times):
                if installation.read(import_).is_finished:
                    import_ = _submit(installation, rows, number + 1)
                yield _failover(installation, fleet, import_)
                fleet.start()
        finally:
            fleet.kill_all()
            installation.close()
            server.close()


def _failover(installation: Installation, fleet: Fleet, import_: Import) -> float:
    moving = installation.read(import_).consumed_count
    installation.wait_for(import_, lambda current: current.consumed_count > moving)
    runner = installation.scalar(
        "SELECT pid FROM processes JOIN imports ON runner = name WHERE imports.id = ?", import_.id
    )
    (worker,) = (each for each in fleet.workers if each.pid == runner)
    fleet.kill(worker)
    killed_at = time.monotonic()
    before = installation.read(import_).consumed_count
    installation.wait_for(import_, lambda current: current.consumed_count > before)
    return time.monotonic() - killed_at


def _submit(installation: Installation, rows: int, number: int) -> Import:
    return installation.submit("default", sku_rows(0, rows, prefix=f"F{number}-"))
