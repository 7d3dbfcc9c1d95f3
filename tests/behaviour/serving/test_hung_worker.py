"""A worker hangs with the write lock of the embedded database: others do not hang with it.

It is stopped by SIGSTOP, in the moment in which the system says that it holds the lock.
"""

import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2

from tests.behaviour.serving.servers import (
    MEDIA_TYPE,
    PATIENCE_SECONDS,
    Server,
    skus,
    wait_until_gone,
)

ROWS = 5000
# More than a server has threads for writers, and for readers.
WRITERS = 45
SMALL_CHUNKS = {"chunk_rows": "20", "chunk_rows_first": "20"}


def hang_with_lock(server: Server) -> int:
    """Stop the server's worker in the middle of a write; its process."""
    worker = server.worker()
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        if holds_lock(worker, server.data):
            os.kill(worker, signal.SIGSTOP)
            while state(worker) != "T":
                pass
            if holds_lock(worker, server.data):
                return worker
            os.kill(worker, signal.SIGCONT)
        assert time.monotonic() < until, server.log()


def holds_lock(process_id: int, data: Path) -> bool:
    """Whether a process holds the write lock; man7.org, proc_locks(5)."""
    inode = (data / "longshore.lock").stat().st_ino
    held = re.compile(rf"^\d+: FLOCK .* {process_id} \S+:{inode} ", re.MULTILINE)
    return held.search(Path("/proc/locks").read_text(encoding="ascii")) is not None


def state(process_id: int) -> str:
    """How the system calls what a process is doing: T, it is stopped."""
    return Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1][0]


def test_a_worker_that_hangs_with_the_lock_is_replaced_and_its_import_finished(start):
    server = start(worker_silence_seconds="1", import_attempts_max="100", **SMALL_CHUNKS)
    id_ = server.submit(skus(ROWS))
    server.wait_for(id_, "in_progress", processed=1)
    hung = hang_with_lock(server)
    wait_until_gone(hung)
    ended = server.wait_for(id_, "completed")
    assert (ended["processed_count"], ended["errors_count"]) == (ROWS, 0)
    assert server.get("/api/skus?page%5Bsize%5D=1")["meta"]["record_count"] == ROWS
    assert "WorkerEnded" in server.log()
    assert "showed no sign of life for 1 seconds and was killed" in server.log()


def test_reads_go_on_while_writers_wait_for_a_worker_that_hangs(start):
    """The lock is held until the last read is answered, so none of them has waited for it."""
    server = start(worker_silence_seconds="3600", lock_wait_seconds="3600", **SMALL_CHUNKS)
    id_ = server.submit(skus(ROWS))
    server.wait_for(id_, "in_progress", processed=1)
    client = server.client
    sent = threading.Semaphore(0)

    def write(number: int) -> int:
        row = {"code": f"WAITED{number}", "name": "Waited", "do_not_ship": True}
        body = {"data": {"type": "skus", "attributes": row}}
        with httpx2.Client(
            base_url=server.url, headers=client.headers, timeout=PATIENCE_SECONDS
        ) as writer:
            request = writer.build_request("POST", "/api/skus", json=body)
            request.headers["Content-Type"] = MEDIA_TYPE
            sent.release()
            return writer.send(request).status_code

    hung = hang_with_lock(server)
    try:
        with ThreadPoolExecutor(WRITERS) as threads:
            writing = [threads.submit(write, number) for number in range(WRITERS)]
            for _ in writing:
                assert sent.acquire(timeout=PATIENCE_SECONDS)
            for _ in range(WRITERS):
                for path in ("/health", "/ready", "/api/skus", f"/api/imports/{id_}"):
                    assert client.get(path).status_code == 200
            assert not any(each.done() for each in writing)
            os.kill(hung, signal.SIGCONT)
            assert [each.result() for each in writing] == [201] * WRITERS
    finally:
        os.kill(hung, signal.SIGCONT)
    assert server.wait_for(id_, "completed")["processed_count"] == ROWS
