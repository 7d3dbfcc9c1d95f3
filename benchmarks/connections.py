"""How much memory a server takes, by how many clients are connected to it at once.

A real server with its worker, on this machine. Each client keeps its connection, and on it lists
records, makes one and submits an import, again and again.
"""

import asyncio
import json
import re
import subprocess
from pathlib import Path

import httpx2

from benchmarks.report import print_table
from benchmarks.serving import Server, make_skus, serve, wait

_MIB = 1024 * 1024
_CLIENTS = (1, 20, 60, 100)
_REQUESTS = 1200  # of all clients together
_INPUTS = 100  # rows of each import

# As much as the server may take with the most clients.
_GOAL_BYTES = 200 * _MIB


def measure_connections(*, rows: int, rounds: int) -> None:
    """The peaks of a server with `rows` SKUs for each number of clients, over all rounds."""
    table = []
    for clients in _CLIENTS:
        found = [_measure(rows, clients) for _ in range(rounds)]
        server, worker = (max(each) for each in zip(*found, strict=True))
        table.append((f"{clients}", f"{server / _MIB:.0f} MiB", f"{worker / _MIB:.0f} MiB"))
    print_table(
        f"Peaks of a server with {rows:,} SKUs, and of its worker, by clients that list and write",
        ("clients", "server", "worker"),
        table,
    )
    print(f"\nThe goal for the server is {_GOAL_BYTES // _MIB} MiB.")


def _measure(rows: int, clients: int) -> tuple[int, int]:
    """The most bytes that the server has had, and its worker."""
    with serve(rows) as server:
        wait(server, server.submit(make_skus(rows, 0)))
        asyncio.run(_ask(server, clients))
        (worker,) = _children(server.process_id)
        return _peak_bytes(server.process_id), _peak_bytes(worker)


async def _ask(server: Server, clients: int) -> None:
    """Let so many clients ask until all requests are answered."""
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
    client = httpx2.AsyncClient(
        base_url=server.client.base_url, headers=server.client.headers, timeout=600, limits=limits
    )

    async def ask(number: int) -> None:
        for turn in range(_REQUESTS // clients // 4):
            code = f"{number}-{turn}"
            answers = [
                await client.get("/api/skus?page%5Bsize%5D=25&sort=-updated_at"),
                await client.get(f"/api/skus?page%5Bnumber%5D={number + 1}&include=prices"),
                await client.post("/api/skus", content=_document("skus", _sku(code))),
                await client.post(
                    "/api/imports",
                    content=_document(
                        "imports",
                        {"resource_type": "skus", "inputs": make_skus(_INPUTS, number * _INPUTS)},
                    ),
                ),
            ]
            for answer in answers:
                # An environment holds so many unfinished imports, and no more.
                assert answer.status_code in (200, 201, 422), answer.text

    async with client:
        await asyncio.gather(*(ask(number) for number in range(clients)))


def _sku(code: str) -> dict[str, object]:
    return {"code": code, "name": f"Sku {code}", "do_not_ship": True}


def _document(resource_type: str, attributes: dict[str, object]) -> bytes:
    return json.dumps({"data": {"type": resource_type, "attributes": attributes}}).encode()


def _children(process_id: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process_id)], capture_output=True, text=True, check=True
    )
    return [int(line) for line in listed.stdout.split()]


def _peak_bytes(process_id: int) -> int:
    """The most memory that a process has ever had; man7.org, proc_pid_status(5)."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    assert found is not None
    return int(found[1]) * 1024
