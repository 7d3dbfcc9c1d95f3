"""Whoever looks on at imports is told how they get on, and costs the server nothing.

Method: a server without a worker, so that what is submitted waits for as long as a test likes; one
worker finishes it.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from tests.behaviour.serving.servers import Server, Worker, skus

_OUTCOMES = ("created", "updated", "unchanged", "skipped", "errors")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # A tenth of the streams is for one caller.
    settings = {"LONGSHORE_STREAMS_MAX": "20"}
    folder = tmp_path_factory.mktemp("progress") / "data"
    server = Server(folder, "--no-worker", settings=settings)
    yield server
    server.stop()


class Stream:
    """The events of an import, as they come."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def __iter__(self) -> Iterator[tuple[str, str, Any]]:
        event: dict[str, str] = {}
        for line in self._lines:
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
            elif "data" in event:
                yield event["event"], event["id"], json.loads(event["data"])
                event = {}

    def next(self) -> tuple[str, str, Any]:
        return next(iter(self))


class Streams(ExitStack):
    """Streams that are open together."""

    def open(self, server: Server, id_: str, type_: str = "imports", **headers: str) -> Stream:
        asked = {"Accept": "text/event-stream", **headers}
        path = f"/api/{type_}/{id_}/progress"
        return Stream(self.enter_context(server.client.stream("GET", path, headers=asked)))


def test_a_stream_tells_why_an_import_waits_and_how_far_it_is_until_it_ends(server):
    rows = skus(3000)
    rows[41]["weight"] = "heavy"
    id_ = server.submit(rows)
    with Streams() as streams:
        stream = streams.open(server, id_)
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        name, _, told = stream.next()
        assert (name, told["status"], told["rows_to_go"]) == ("progress", "pending", 3000)
        assert told["wait"]["reason"] == "no_worker"
        assert told["wait"]["message"] == "Nobody runs imports: 1 waits."
        assert told["wait"]["command"] == "longshore worker"
        worker = Worker(server.data)
        failed, marks = [], []
        for name, mark, told in stream:
            marks.append(mark)
            if name == "failed":
                failed += told
                continue
            outcomes = sum(told[f"{outcome}_count"] for outcome in _OUTCOMES)
            assert outcomes + told["rows_to_go"] == told["inputs_size"] == 3000
        worker.stop()
    assert (name, told["status"], told["errors_count"]) == ("end", "completed", 1)
    assert [(each["row"], each["attribute"]) for each in failed] == [(42, "weight")]

    # Whoever comes back is told what came after, and at the end that nothing more will come.
    with Streams() as streams:
        again = [name for name, _, _ in streams.open(server, id_, **{"Last-Event-ID": marks[0]})]
        assert again == ["failed", "end"]
        told_failed = f"41-1-{told['status']}"
        again = [name for name, _, _ in streams.open(server, id_, **{"Last-Event-ID": told_failed})]
        assert again == ["end"]
        last = streams.open(server, id_, **{"Last-Event-ID": marks[-1]})
        assert last.response.status_code == 204


def test_a_stream_tells_how_far_an_undo_is(server):
    id_ = server.submit(skus(300, first=10_000))  # which no other test has imported
    worker = Worker(server.data)
    server.wait_for(id_, "completed")
    worker.stop()
    body = {"data": {"type": "imports", "id": id_, "attributes": {"_undo": True}}}
    asked = server.client.patch(f"/api/imports/{id_}", content=json.dumps(body).encode())
    undo_id = asked.json()["data"]["meta"]["undo"]["id"]
    with Streams() as streams:
        stream = streams.open(server, undo_id, "import_undos")
        name, _, told = stream.next()
        assert (name, told["type"], told["status"]) == ("progress", "import_undos", "pending")
        assert (told["rows_done"], told["rows_count"], told["changes_count"]) == (0, 300, 300)
        assert told["wait"]["reason"] == "no_worker"
        worker = Worker(server.data)
        *_, (name, _, told) = stream
        worker.stop()
    assert (name, told["status"], told["rows_to_go"]) == ("end", "completed", 0)
    assert (told["removed_count"], told["restored_count"], told["kept_count"]) == (300, 0, 0)


def test_one_caller_has_a_tenth_of_the_streams_and_gives_them_back(server):
    id_ = server.submit(skus(1))
    with Streams() as streams:
        both = [streams.open(server, id_) for _ in range(2)]
        assert [stream.next()[0] for stream in both] == ["progress"] * 2
        refused = streams.open(server, id_).response
        assert refused.status_code == 429
        assert refused.headers["retry-after"]
        assert "2 streams are open for you already" in refused.read().decode()
    with Streams() as streams:
        until_free = iter(lambda: streams.open(server, id_).response.status_code, 200)
        assert set(until_free) <= {429}


def test_what_is_not_there_or_not_taken_as_events_is_refused(server):
    id_ = server.submit(skus(1))
    assert server.client.get("/api/imports/none/progress").status_code == 404
    assert server.client.get(f"/api/imports/{id_}/progress").status_code == 406


def test_a_server_that_stops_ends_its_streams(server):
    """Goal: the stop waits for no stream. Method: a stream that is cut, as those are that are in
    the way of a stop, has no proper end, which the client would say."""
    id_ = server.submit(skus(1))
    with Streams() as streams:
        stream = streams.open(server, id_)
        stream.next()
        server.process.send_signal(signal.SIGTERM)
        assert {name for name, _, _ in stream} <= {"progress"}
    assert server.stop() == 0
