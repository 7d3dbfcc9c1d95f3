"""What the night shift reads: the log of a server and its worker, each line of it."""

import json

import httpx2

from tests.behaviour.serving.servers import skus


def lines_of(server):
    """The log, every line of which is JSON."""
    return [json.loads(line) for line in server.log().splitlines()]


def named(lines, name):
    return [line for line in lines if line["observation"] == name]


def test_every_line_of_a_json_log_is_json_also_under_faults(start):
    server = start(log_format="json", log_level="request")
    id_ = server.submit(skus(20))
    server.wait_for(id_, "completed")
    token = server.client.headers["authorization"]
    forged = httpx2.get(f"{server.url}/api/skus", headers={"Authorization": f"{token}x"})
    assert forged.status_code == 401
    odd = httpx2.get(f"{server.url}/api/%0Ainfo%20TokenIssued%1b[2J", headers={"Accept": "*/*"})
    assert odd.status_code in (401, 404)
    refused = httpx2.post(
        f"{server.url}/oauth/token",
        json={"grant_type": "client_credentials", "client_id": "x", "client_secret": "secret!"},
    )
    assert refused.status_code == 401
    folder = server.data / "longshore.db"
    hidden = server.data / "hidden.db"
    folder.rename(hidden)
    try:
        answered = [server.client.get("/api/skus").status_code for _ in range(3)]
    finally:
        hidden.rename(folder)
    assert set(answered) <= {200, 503}
    answer = server.client.get("/api/skus")
    assert server.stop() == 0

    lines = lines_of(server)
    kinds = [line["kind"] for line in named(lines, "ProcessStarted")]
    assert sorted(kinds) == ["server", "worker", "worker"]
    assert [line["kind"] for line in named(lines, "ProcessStopped")].count("server") == 1
    assert [line["import_id"] for line in named(lines, "ImportStarted")] == [id_]
    assert [line["processed"] for line in named(lines, "ImportCompleted")] == [20]
    requests = {line["request_id"]: line for line in named(lines, "RequestAnswered")}
    line = requests[answer.headers["x-request-id"]]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/skus", 200)
    assert line["application"]
    assert line["milliseconds"] >= 0
    assert requests[forged.headers["x-request-id"]]["status"] == 401
    told = {line["request_id"]: line for line in named(lines, "TokenRefused")}
    assert told.keys() == {
        forged.headers["x-request-id"],
        refused.headers["x-request-id"],
    }
    assert "secret!" not in server.log()
    assert token.removeprefix("Bearer ") not in server.log()
    assert not named(lines, "TokenIssued")


def test_without_further_words_a_log_tells_of_processes_and_imports(start):
    server = start()
    id_ = server.submit(skus(5))
    server.wait_for(id_, "completed")
    server.get("/api/skus")
    assert server.stop() == 0
    names = [line.split(" ")[2] for line in server.log().splitlines()]
    assert {"ProcessStarted", "ImportStarted", "ImportCompleted", "ProcessStopped"} <= set(names)
    assert "RequestAnswered" not in names
    assert "ChunkCommitted" not in names
