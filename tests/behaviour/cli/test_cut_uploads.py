"""A file that is sent while its connection is cut and its server killed, again and again.

Goal: every row is in once, as if nothing had happened, and no process of the server grows with the
file. Method: a proxy lets half of a part through, or kills the server and starts it again. A
release is tried with a million rows (`--uploads-at-full-size`).
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from longshore.cli.remote import patience, uploading
from tests.behaviour.cli.conftest import invoke
from tests.behaviour.cli.served import Served, proxy_before, serve

ROWS, PART_BYTES = 20_000, 16_384
ROWS_OF_A_RELEASE, PART_BYTES_OF_A_RELEASE = 1_048_576, 1_048_576
MEMORY_BYTES = 256 * 1024 * 1024

GOES, CUT = ("PUT", "none"), ("PUT", "cut")
FAULTS = [GOES, CUT, GOES, CUT, GOES, ("PUT", "killed"), CUT, GOES, CUT, CUT, ("PATCH", "killed")]


def most_memory(served: Served) -> int:
    """How many bytes a server, or its worker, has had at most."""
    pid = served.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(map(_peak, [str(pid), *children]))


def _peak(pid: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def test_a_file_is_one_import_however_often_its_way_breaks(
    migrated: Path,
    tmp_path: Path,
    make_file: Callable[..., Path],
    organization: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    is_release = bool(request.config.getoption("--uploads-at-full-size"))
    rows = ROWS_OF_A_RELEASE if is_release else ROWS
    part_bytes = PART_BYTES_OF_A_RELEASE if is_release else PART_BYTES
    monkeypatch.setattr(uploading, "PART_BYTES", part_bytes)
    monkeypatch.setattr(patience, "_FIRST_SECONDS", 0.05)
    file = make_file("tags.csv", "name\n" + "".join(f"tag_{n:07}\n" for n in range(rows)))
    data = Path(shutil.copytree(migrated, tmp_path / "served"))
    with ExitStack() as servers:
        served = servers.enter_context(serve(data))
        monkeypatch.setenv("LONGSHORE_TOKEN", served.token(organization))
        peaks: list[int] = []

        def on_fault(fault: str) -> None:
            nonlocal served
            if fault == "killed":
                peaks.append(most_memory(served))
                served.process.kill()
                served = servers.enter_context(serve(data))
                proxy.upstream = urlsplit(served.url).netloc

        proxy = servers.enter_context(proxy_before(served.url))
        proxy.faults, proxy.on_fault = list(FAULTS), on_fault
        ended = invoke("import", "tags", file, "--server", proxy.url)
        peaks.append(most_memory(served))
        assert ended.code == 0, ended.err
        assert proxy.faults == []
        assert (ended.facts["rows"], ended.facts["created"]) == (f"{rows:,}",) * 2
        assert "import" in ended.facts
        assert max(peaks) < MEMORY_BYTES
    place = ("--data", data, "--organization", organization)
    exported = tmp_path / "exported.csv"
    invoke("export", "tags", "--output", exported, *place)
    header, *names = exported.read_text().splitlines()
    column = header.split(",").index("name")
    assert sorted(line.split(",")[column] for line in names) == [f"tag_{n:07}" for n in range(rows)]
