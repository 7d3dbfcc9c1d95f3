"""How fast the pages of the dashboard answer: of an empty installation, and while an import runs
over records that are there already.

A real server with its workers, on this machine; one reader who has signed in asks for one page
after another, each timed from its first byte out to its last byte in.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from benchmarks.report import print_table
from benchmarks.serving import Server, figures, serve_folder

_EMPTY_REQUESTS = 100
_LINK = re.compile(r"(\S+)/dashboard/sign-in/(\w+)")


def measure_dashboard(*, rows: int, rounds: int) -> None:
    """Each page, while an import of `rows` SKUs runs that updates as many."""
    empty: list[float] = []
    bytes_empty = 0
    busy: dict[str, list[float]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="longshore-bench-") as folder:
            data = Path(folder) / "data"
            settings = {"LONGSHORE_IMPORT_INPUTS_MAX": str(rows)}
            with serve_folder(data, settings) as server, _reader(server, data) as reader:
                _time(reader, "/dashboard")  # the templates are read once
                empty += [_time(reader, "/dashboard") for _ in range(_EMPTY_REQUESTS)]
                bytes_empty = _bytes_with_files(reader, "/dashboard")
                first = _imported(data, Path(folder) / "first.csv", rows, 1)
                running = _imported(data, Path(folder) / "again.csv", rows, 2, waits=False)
                for name, path in _pages(reader, server, first):
                    wait_until_it_runs(server, running)
                    busy.setdefault(name, []).extend(_time(reader, path) for _ in range(20))
                    if server.is_finished(running):
                        running = _imported(
                            data, Path(folder) / "more.csv", rows, time.time_ns(), waits=False
                        )
    print_table(
        f"Pages of the dashboard, milliseconds ({rounds} rounds)",
        ("page", "median", "95 %", "99 %", "slowest"),
        [
            ("imports, nothing imported", *figures(empty)),
            *(
                (f"{name}, {rows:,} records, importing", *figures(times))
                for name, times in busy.items()
            ),
        ],
    )
    print(f"\nbytes of the first page with all of its files, as sent: {bytes_empty:,}")


def wait_until_it_runs(server: Server, id_: str) -> None:
    """Wait until an import has begun, or has ended."""
    path = f"/api/imports/{id_}?fields%5Bimports%5D=status"
    while server.client.get(path).json()["data"]["attributes"]["status"] == "pending":
        time.sleep(0.05)


@contextmanager
def _reader(server: Server, data: Path) -> Iterator[httpx2.Client]:
    url = str(server.client.base_url).rstrip("/")
    command = [sys.executable, "-m", "longshore", "--data", str(data), "dashboard"]
    told = subprocess.run(
        [*command, "--no-open", "--url", url], capture_output=True, text=True, check=True
    )
    found = _LINK.search(told.stdout)
    assert found is not None, told
    with httpx2.Client(base_url=url, timeout=60, headers={"Origin": url}) as reader:
        answer = reader.post(f"/dashboard/sign-in/{found[2]}")
        assert answer.status_code == 303, answer.text
        yield reader


def _imported(data: Path, file: Path, rows: int, version: int, *, waits: bool = True) -> str:
    """The id of an import of so many SKUs, of which each version has names of its own."""
    with file.open("w") as out:
        out.write("code,name,do_not_ship\n")
        out.writelines(f"SKU{n:09d},shirt {n} of {version},true\n" for n in range(rows))
    command = [sys.executable, "-m", "longshore", "--data", str(data)]
    if waits:
        subprocess.run([*command, "import", "skus", str(file)], capture_output=True, check=True)
        return _newest(command)
    before = _newest(command)
    subprocess.Popen(
        [*command, "import", "skus", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while (newest := _newest(command)) == before:
        time.sleep(0.1)
    return newest


def _newest(command: list[str]) -> str:
    """The id of the import that was made last."""
    listed = subprocess.run(
        [*command, "imports", "--limit", "1", "--json"], capture_output=True, text=True, check=True
    )
    found = re.search(r'"id":"(\w+)","type":"imports"', listed.stdout)
    assert found is not None, listed.stdout
    return found[1]


def _pages(reader: httpx2.Client, server: Server, import_: str) -> Iterator[tuple[str, str]]:
    sku = server.client.get("/api/skus?page%5Bsize%5D=1").json()["data"][0]["id"]
    yield "imports", "/dashboard"
    yield "imports that failed", "/dashboard?status=interrupted"
    yield "an import", f"/dashboard/imports/{import_}"
    yield "rows of an import", f"/dashboard/imports/{import_}/rows"
    yield "records of a type", "/dashboard/records/skus"
    yield "a record", f"/dashboard/records/skus/{sku}"
    yield "system", "/dashboard/system"
    yield "activity", "/dashboard/activity"


def _time(reader: httpx2.Client, path: str) -> float:
    began = time.perf_counter()
    answer = reader.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    return time.perf_counter() - began


def _bytes_with_files(reader: httpx2.Client, path: str) -> int:
    """How many bytes a browser gets that has nothing yet."""
    page = reader.get(path)
    size = int(page.headers["content-length"])
    for address in set(re.findall(r'(?:href|src)="(/dashboard/static/[^"]+)"', page.text)):
        size += int(reader.get(address).headers["content-length"])
    return size
