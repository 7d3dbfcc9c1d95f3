"""One command serves the API and runs imports; it starts, stops and comes back."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time

import httpx2
import pytest

from tests.behaviour.serving.servers import (
    LINK,
    PATIENCE_SECONDS,
    children,
    command,
    environment,
    peak_bytes,
    run,
    skus,
    wait_until_gone,
)
from tests.clients.certificates import make_certificate


def test_the_first_start_shows_a_line_that_imports_two_skus(start):
    server = start(on_terminal=True)
    welcome = server.welcome()
    line = welcome.splitlines()[-1]
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    created = json.loads(done.stdout)["data"]
    assert created["attributes"]["status"] == "pending"
    assert server.wait_for(created["id"], "completed")["processed_count"] == 2
    codes = [each["attributes"]["code"] for each in server.get("/api/skus")["data"]]
    assert codes == ["TSHIRT", "MUG"]
    assert server.stop() == 0
    again = start(on_terminal=True)
    assert again.stop() == 0
    assert again.url.startswith("http://127.0.0.1:")
    assert LINK.fullmatch(again.rest.strip())


def test_an_import_is_run_at_once_and_shows_how_far_it_is(start):
    server = start()
    id_ = server.submit(skus(10_000))
    assert server.wait_for(id_, "in_progress", "completed", processed=1)
    assert server.wait_for(id_, "completed")["processed_count"] == 10_000


def test_an_import_of_ten_thousand_rows_is_taken_while_another_runs(start):
    server = start()
    first = server.submit(skus(10_000))
    server.wait_for(first, "in_progress", "completed", processed=1)
    began = time.monotonic()
    second = server.submit(skus(10_000, first=10_000))
    assert time.monotonic() - began < 10
    server.wait_for(second, "completed")
    server.wait_for(first, "completed")
    assert server.get("/api/skus?page%5Bsize%5D=1")["meta"]["record_count"] == 20_000


@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are read from /proc")
def test_a_big_body_is_not_held_in_memory(start):
    server = start()
    server.submit(skus(10))
    before = peak_bytes(server.process.pid)
    text = "x" * 6000
    rows = [{**row, "description": text} for row in skus(10_000)]
    began = time.monotonic()
    server.submit(rows)
    assert time.monotonic() - began < 15
    assert peak_bytes(server.process.pid) - before < 32 * 1024 * 1024


def test_an_import_that_runs_is_stopped_with_a_final_answer(start):
    server = start(chunk_rows="50", chunk_rows_first="50")
    id_ = server.submit(skus(10_000))
    server.wait_for(id_, "in_progress", processed=1)
    body = {"data": {"type": "imports", "id": id_, "attributes": {"_interrupt": True}}}
    response = server.client.patch(f"/api/imports/{id_}", content=json.dumps(body).encode())
    attributes = response.json()["data"]["attributes"]
    assert attributes["status"] == "interrupted"
    count = attributes["processed_count"]
    assert 0 < count < 10_000
    other = server.submit([{"name": "after"}], "tags")
    server.wait_for(other, "completed")
    assert server.import_(id_)["processed_count"] == count
    assert server.get("/api/skus?page%5Bsize%5D=1")["meta"]["record_count"] == count


def test_a_worker_that_is_killed_comes_back_and_finishes(start):
    server = start(chunk_rows="50", chunk_rows_first="50")
    id_ = server.submit(skus(10_000))
    server.wait_for(id_, "in_progress", processed=1)
    os.kill(server.worker(), signal.SIGKILL)
    assert server.wait_for(id_, "completed")["processed_count"] == 10_000
    assert server.get("/api/skus?page%5Bsize%5D=1")["meta"]["record_count"] == 10_000
    assert "WorkerEnded" in server.log()
    assert "it was killed by SIGKILL" in server.log()


def test_a_server_that_is_killed_takes_its_workers_along_and_the_next_start_finishes(start):
    server = start(chunk_rows="50", chunk_rows_first="50")
    id_ = server.submit(skus(10_000))
    server.wait_for(id_, "in_progress", processed=1)
    workers = server.worker(), server.reading_worker()
    server.process.kill()
    for worker in workers:
        wait_until_gone(worker)
    again = start()
    assert again.wait_for(id_, "completed")["processed_count"] == 10_000


def test_it_stops_within_seconds_with_clients_connected_and_an_import_open(start):
    server = start(chunk_rows="50", chunk_rows_first="50")
    id_ = server.submit(skus(10_000))
    server.wait_for(id_, "in_progress", processed=1)
    worker = server.worker()
    host, port = server.url.removeprefix("http://").split(":")
    with (
        socket.create_connection((host, int(port))) as idle,
        socket.create_connection((host, int(port))) as sending,
    ):
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        # A submission that never comes to its end.
        sending.sendall(b"POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 15
    wait_until_gone(worker)
    again = start()
    status = again.import_(id_)
    assert status["status"] in ("in_progress", "completed")
    assert again.wait_for(id_, "completed")["processed_count"] == 10_000


def test_ctrl_c_stops_it_too(start):
    server = start()
    worker = server.worker()
    assert server.stop(signal.SIGINT) == 0
    wait_until_gone(worker)


def test_imports_of_the_terminal_are_left_to_it(start, tmp_path):
    server = start()
    server.worker()
    source = tmp_path / "skus.json"
    source.write_text(json.dumps(skus(2000)), encoding="utf-8")
    for _ in range(3):
        shown = json.loads(run(server.data, "import", "skus", str(source), "--json"))
        assert shown["data"]["attributes"]["status"] == "completed"


def test_what_the_terminal_left_open_is_finished(start, tmp_path):
    data = tmp_path / "data"
    source = tmp_path / "skus.json"
    source.write_text(json.dumps(skus(5000)), encoding="utf-8")
    variables = {"LONGSHORE_CHUNK_ROWS": "20", "LONGSHORE_CHUNK_ROWS_FIRST": "20"}
    terminal = subprocess.Popen(
        command(data, "import", "skus", str(source), "--verbose"),
        env={**environment(), **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert terminal.stderr is not None
    for line in terminal.stderr:
        if "ChunkCommitted" in line:
            break
    terminal.kill()
    terminal.wait()
    terminal.stderr.close()
    server = start()
    (import_,) = server.get("/api/imports")["data"]
    assert server.wait_for(import_["id"], "completed")["processed_count"] == 5000


def test_organizations_take_turns(start):
    server = start(chunk_rows="50", chunk_rows_first="50")
    token = run(server.data, "--mode", "live", "token").strip()
    long = server.submit(skus(10_000))
    server.wait_for(long, "in_progress", processed=1)
    attributes = {"resource_type": "tags", "inputs": [{"name": "sale"}]}
    body = {"data": {"type": "imports", "attributes": attributes}}
    headers = {"Authorization": f"Bearer {token}"}
    created = server.client.post(
        "/api/imports", content=json.dumps(body).encode(), headers=headers
    ).json()["data"]["id"]
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        other = server.client.get(f"/api/imports/{created}", headers=headers).json()["data"]
        if other["attributes"]["status"] == "completed":
            break
        assert time.monotonic() < until, server.log()
        time.sleep(0.02)
    assert server.wait_for(long, "completed")["processed_count"] == 10_000


def test_https_is_served_with_a_certificate(start, tmp_path):
    made = make_certificate(tmp_path, [])
    server = start(
        "--tls-cert", str(made.certificate), "--tls-key", str(made.key), on_terminal=True
    )
    assert server.url.startswith("https://127.0.0.1:")
    assert f"--cacert {made.certificate}" in server.welcome()
    trusted = ssl.create_default_context(cafile=made.authority)
    with httpx2.Client(verify=trusted) as client:
        assert client.get(f"{server.url}/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "70000"),
        (["--tls-key", __file__], "--tls-key needs --tls-cert"),
        (["--tls-cert", __file__], "the certificate cannot be used"),
        (["--tls-cert", "missing.pem"], "missing.pem"),
        (["--host", "256.1.1.1"], "cannot listen at 256.1.1.1"),
    ],
)
def test_what_cannot_be_served_is_said(tmp_path, arguments, message):
    done = subprocess.run(
        command(tmp_path / "data", "serve", *arguments),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said(start, tmp_path):
    server = start()
    port = server.url.rpartition(":")[2]
    done = subprocess.run(
        command(tmp_path / "other", "serve", "--port", port),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"cannot listen at 127.0.0.1 port {port}" in done.stderr
    assert children(server.process.pid)


def test_another_server_can_run_the_application(tmp_path):
    script = (
        "import uvicorn, socket, sys\n"
        "listening = socket.create_server(('127.0.0.1', 0))\n"
        "print(listening.getsockname()[1], flush=True)\n"
        "config = uvicorn.Config('longshore.server:application', factory=True, log_level='error')\n"
        "uvicorn.Server(config).run(sockets=[listening])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**environment(), "LONGSHORE_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    try:
        response = httpx2.get(f"http://127.0.0.1:{port}/health", timeout=PATIENCE_SECONDS)
        assert response.json()["status"] == "ok"
        workers = children(process.pid)
        assert len(workers) == 2
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()
    for worker in workers:
        wait_until_gone(worker)


def test_a_plan_is_made_while_an_import_keeps_its_worker_busy(start):
    server = start()
    writing = server.worker()
    os.kill(writing, signal.SIGSTOP)  # so it is at its import for as long as the test likes
    try:
        id_ = server.submit(skus(10))
        attributes = {"resource_type": "skus", "inputs": skus(10)}
        body = {"data": {"type": "import_plans", "attributes": attributes}}
        made = server.client.post("/api/import_plans", content=json.dumps(body).encode())
        plan = f"/api/import_plans/{made.json()['data']['id']}"
        until = time.monotonic() + PATIENCE_SECONDS
        while server.get(plan)["data"]["attributes"]["status"] != "completed":
            assert time.monotonic() < until, server.log()
        assert server.get(plan)["data"]["attributes"]["created_count"] == 10
        assert server.import_(id_)["status"] == "pending"
    finally:
        os.kill(writing, signal.SIGCONT)
    assert server.wait_for(id_, "completed")["processed_count"] == 10
