"""Servers without a worker, workers without a server, and what they say of each other."""

import json
import os
import signal
import subprocess
import time
from typing import Any

import pytest

from tests.behaviour.serving.servers import (
    PATIENCE_SECONDS,
    children,
    command,
    environment,
    run,
    skus,
    wait_until_gone,
)

# So small that an import of thousands of rows is met in the middle.
SMALL_CHUNKS = {"chunk_rows": "50", "chunk_rows_first": "50"}
STOPS = [signal.SIGTERM, signal.SIGINT]


@pytest.fixture
def status(shared, tmp_path):
    """What `longshore status` tells."""

    def status(*arguments: str, takeover_seconds: str = "15") -> str:
        variables = {
            "LONGSHORE_DATABASE_URL": shared["database_url"],
            "LONGSHORE_HEARTBEAT_SECONDS": "0.1",
            "LONGSHORE_TAKEOVER_SECONDS": takeover_seconds,
        }
        return run(tmp_path / "data", "status", *arguments, settings=variables)

    return status


@pytest.fixture
def status_document(status):
    def status_document() -> dict[str, Any]:
        document = json.loads(status("--json"))
        assert isinstance(document, dict)
        return document

    return status_document


def test_imports_wait_until_a_worker_comes(start, start_worker, shared, status_document):
    server = start("--no-worker", **shared)
    id_ = server.submit(skus(10))
    assert children(server.process.pid) == []
    (waiting,) = status_document()["imports"]
    assert (waiting["id"], waiting["standing"], waiting["stuck"]) == (id_, "waiting", False)
    assert server.import_(id_)["status"] == "pending"
    start_worker(**shared)
    assert server.wait_for(id_, "completed")["processed_count"] == 10
    assert status_document()["imports"] == []


@pytest.mark.parametrize("stop", STOPS, ids=["SIGTERM", "Ctrl-C"])
def test_a_worker_works_until_it_is_told_to_stop(start, start_worker, shared, stop):
    """The end of its standard input tells it nothing."""
    server = start("--no-worker", **shared)
    worker = start_worker(**shared)
    server.wait_for(server.submit(skus(10)), "completed")
    assert worker.process.poll() is None
    assert worker.stop(stop) == 0


@pytest.mark.parametrize("stop", STOPS, ids=["SIGTERM", "Ctrl-C"])
def test_a_worker_that_stops_leaves_its_import_to_the_next_one(start, start_worker, shared, stop):
    server = start("--no-worker", **shared)
    id_ = server.submit(skus(10_000))
    worker = start_worker(**shared, **SMALL_CHUNKS)
    server.wait_for(id_, "in_progress", processed=1)
    assert worker.stop(stop) == 0
    left = server.import_(id_)
    assert left["status"] == "in_progress"
    assert 0 < left["processed_count"] < 10_000
    start_worker(**shared)
    assert server.wait_for(id_, "completed")["processed_count"] == 10_000


@pytest.mark.parametrize("stop", STOPS, ids=["SIGTERM", "Ctrl-C"])
def test_several_workers_are_kept_alive_and_stop_together(start, start_worker, shared, stop):
    server = start("--no-worker", **shared)
    workers = start_worker("--concurrency", "2", **shared)
    first, second = workers.wait_for_children(2)
    os.kill(first, signal.SIGKILL)
    assert second in workers.wait_for_children(2, without=[first])
    server.wait_for(server.submit(skus(10)), "completed")
    last = workers.wait_for_children(2)
    assert workers.stop(stop) == 0
    for process_id in last:
        wait_until_gone(process_id)


def test_several_workers_run_several_imports_at_a_time(start, start_worker, shared):
    server = start("--no-worker", **shared)
    ids = [server.submit(skus(5000, first=n * 5000)) for n in range(2)]
    start_worker("--concurrency", "2", **shared, **SMALL_CHUNKS)
    seen = [server.wait_for(id_, "in_progress", processed=1) for id_ in ids]
    assert all(0 < each["processed_count"] < 5000 for each in seen)
    assert [server.wait_for(id_, "completed")["processed_count"] for id_ in ids] == [5000, 5000]


def test_several_workers_end_when_their_keeper_is_killed(start_worker, shared):
    workers = start_worker("--concurrency", "2", **shared)
    kept = workers.wait_for_children(2)
    workers.process.kill()
    for process_id in kept:
        wait_until_gone(process_id)


# longshore status


def test_nobody_is_there(shared, status, status_document):
    shown = dict(line.split("  ", 1) for line in status().splitlines())
    assert shown["processes alive"].strip() == "0"
    assert shown["imports unfinished"].strip() == "0"
    document = status_document()
    assert (document["processes"], document["imports"]) == ([], [])


def test_processes_are_shown_with_their_heartbeats(
    start, start_worker, shared, status, status_document
):
    server = start("--no-worker", **shared)
    worker = start_worker(**shared)
    server.wait_for(server.submit(skus(1)), "completed")
    document = status_document()
    found = {each["kind"]: each for each in document["processes"]}
    assert {kind: each["pid"] for kind, each in found.items()} == {
        "server": server.process.pid,
        "worker": worker.process.pid,
    }
    assert all(each["alive"] for each in found.values())
    assert all(each["started_at"] <= each["heartbeat_at"] for each in found.values())
    rows = [line.split() for line in status().splitlines()]
    assert {(row[0], row[2]) for row in rows if row and row[-1] == "ago"} == {
        ("server", str(server.process.pid)),
        ("worker", str(worker.process.pid)),
    }
    worker.stop()
    server.stop()
    assert status_document()["processes"] == []


def test_a_process_that_was_killed_is_silent(start_worker, shared, status):
    worker = start_worker(**shared)
    worker.process.kill()
    worker.process.wait()
    until = time.monotonic() + PATIENCE_SECONDS
    while "silent for" not in (shown := status(takeover_seconds="0.5")):
        assert time.monotonic() < until, shown
    assert "processes alive" in shown


def test_an_import_that_runs_is_shown_with_its_process(
    start, start_worker, shared, status, status_document
):
    server = start("--no-worker", **shared)
    id_ = server.submit(skus(10_000))
    assert "waiting" in status()
    worker = start_worker(**shared, chunk_rows="1", chunk_rows_first="1")
    server.wait_for(id_, "in_progress", processed=1)
    (running,) = status_document()["imports"]
    assert (running["id"], running["standing"], running["stuck"]) == (id_, "running", False)
    assert running["inputs_size"] == 10_000
    if shared["database_url"]:
        assert running["pid"] == worker.process.pid
    line = next(line for line in status().splitlines() if line.startswith(id_))
    assert "running" in line
    assert "default" in line


# Attachments


def test_attachments_in_another_folder_are_refused(start, shared, tmp_path):
    """Whatever stores a source or runs an import: others would not find what it stores."""
    server = start("--no-worker", **shared)
    file = tmp_path / "skus.json"
    file.write_text(json.dumps(skus(1)))
    elsewhere = tmp_path / "elsewhere"
    for arguments in (
        ["serve", "--port", "0"],
        ["serve", "--port", "0", "--no-worker"],
        ["worker"],
        ["worker", "--concurrency", "2"],
        ["import", "skus", str(file)],
    ):
        done = subprocess.run(
            command(tmp_path / "data", *arguments),
            env={
                **environment(),
                "LONGSHORE_DATABASE_URL": shared["database_url"],
                "LONGSHORE_ATTACHMENTS": str(elsewhere),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert (done.returncode, done.stdout) == (2, ""), arguments
        error, hint = done.stderr.splitlines()
        assert error.startswith(f"error: attachments are kept in the folder {elsewhere} here, and")
        assert error.endswith(f"keeps them in the folder {tmp_path / 'data' / 'attachments'}")
        assert hint.startswith("hint: use one LONGSHORE_ATTACHMENTS everywhere")
    assert server.get("/api/imports")["data"] == []
