"""A file in parts through the official terminal client: all of it is of one type, and in order."""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.clients.certificates import make_certificate
from tests.clients.installing import FOLDER, find_node, install_clients
from tests.clients.plugin import Plugin
from tests.clients.serving import serve
from tests.postgresql import PostgresServer

_SLUG = "plugin"
# So many rows the client puts into one import.
_PART_ROWS = 10_000


def measure_client(*, rows: int, rounds: int) -> None:
    """Seconds from the first import's creation to the last one's end, on PostgreSQL with two
    workers; each round imports new SKUs."""
    node = find_node()
    install_clients(node)
    server = PostgresServer()
    try:
        with tempfile.TemporaryDirectory(prefix="longshore-bench-") as name:
            folder = Path(name)
            certificate = make_certificate(folder, [_SLUG])
            with serve(folder, certificate, database_url=server.url()) as running:
                second = _second_worker(running.data, running.database_url)
                try:
                    running.add_organization(_SLUG)
                    variables = {
                        "NODE_EXTRA_CA_CERTS": str(certificate.authority),
                        "NODE_OPTIONS": f"--import={(FOLDER / 'scripts/localhost.mjs').as_uri()}",
                    }
                    token = running.token(_SLUG)
                    plugin = Plugin(
                        "cli-plugin-imports", node, _SLUG, running.domain, token, folder, variables
                    )
                    settings = Settings(data=running.data, database_url=running.database_url)
                    taken = [
                        _round(plugin, settings, folder, number, rows) for number in range(rounds)
                    ]
                finally:
                    second.send_signal(signal.SIGTERM)
                    second.wait()
    finally:
        server.close()
    parts = -(-rows // _PART_ROWS)
    told = ", ".join(f"{seconds:.1f}" for seconds in taken)
    print(
        f"{parts} parts, {rows:,} rows, 2 workers: {told} s,"
        f" median {statistics.median(taken):.1f} s"
    )


def _round(plugin: Plugin, settings: Settings, folder: Path, number: int, rows: int) -> float:
    file = folder / f"skus-{number}.json"
    file.write_text(
        json.dumps(
            [
                {"code": f"R{number}-{row}", "name": f"Name {row}", "do_not_ship": True}
                for row in range(rows)
            ]
        )
    )
    ended = plugin.run("imports:create", "-t", "skus", "-i", str(file), "-q")
    assert ended.code == 0, ended.output
    with open_longshore(settings) as longshore:
        while longshore.imports.open():
            time.sleep(0.05)
        with longshore.database.read() as tx:
            ((created, completed, processed),) = tx.fetch(
                "SELECT min(created_at), max(completed_at), sum(processed_count) FROM ("
                "SELECT * FROM imports ORDER BY id DESC LIMIT ?) AS round",
                (-(-rows // _PART_ROWS),),
            )
    assert processed == rows
    return float(completed - created) / 1000


def _second_worker(data: Path, database_url: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "longshore", "worker"],
        env={**os.environ, "LONGSHORE_DATA": str(data), "LONGSHORE_DATABASE_URL": database_url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
