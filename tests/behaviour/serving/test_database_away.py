"""A server whose PostgreSQL is stopped says so, and goes on when it is there again."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.behaviour.serving.servers import MEDIA_TYPE, PATIENCE_SECONDS, Server, environment
from tests.postgresql import PostgresServer

SKU = {"code": "SHIRT", "name": "Shirt", "do_not_ship": True}


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A database server of the test's own."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def credentials(postgres: PostgresServer, tmp_path: Path) -> dict[str, str]:
    """What an application of the installation asks for a token with."""
    variables = {"LONGSHORE_DATABASE_URL": postgres.url(), "LONGSHORE_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "longshore", "organizations", "create", "acme", "--json"]
    done = subprocess.run(
        command, env={**environment(), **variables}, capture_output=True, check=True
    )
    application = json.loads(done.stdout)["data"]["application"]
    return {
        "grant_type": "client_credentials",
        "client_id": application["client_id"],
        "client_secret": application["client_secret"],
    }


def test_requests_are_put_off_while_the_database_is_away_and_answered_afterwards(
    postgres: PostgresServer, credentials: dict[str, str], start: Callable[..., Server]
) -> None:
    server = start(database_url=postgres.url())
    with httpx2.Client(base_url=server.url, timeout=PATIENCE_SECONDS) as client:
        token = client.post("/oauth/token", json=credentials).json()["access_token"]
        client.headers.update(
            {
                "Authorization": f"Bearer {token}",
                "Accept": MEDIA_TYPE,
                "Content-Type": MEDIA_TYPE,
            }
        )
        attempts = _attempts(client, credentials)
        assert client.get("/api/skus").status_code == 200

        postgres.stop()
        for _ in range(2):
            for name, attempt in attempts.items():
                _assert_put_off(name, attempt(), postgres)

        postgres.start()
        answers = {name: attempt() for name, attempt in attempts.items()}
        assert {name: answer.status_code for name, answer in answers.items()} == {
            "list": 200,
            "create": 201,
            "import": 201,
            "token": 200,
            "ready": 200,
        }
        assert client.get("/api/skus").json()["data"][0]["attributes"]["code"] == "SHIRT"
    assert server.process.poll() is None
    assert "Traceback" not in server.log()
    assert "RequestPostponed" in server.log()


@pytest.mark.parametrize("is_refused", [True, False])
@pytest.mark.parametrize("arguments", [(), ("--no-worker",)])
def test_a_server_stops_within_seconds_while_the_database_is_away(
    postgres: PostgresServer,
    start: Callable[..., Server],
    arguments: tuple[str, ...],
    is_refused: bool,
) -> None:
    server = start(*arguments, database_url=postgres.url())
    assert server.get("/api/skus")["data"] == []
    if is_refused:
        postgres.stop()
    else:
        postgres.freeze()
    try:
        server.process.terminate()
        assert server.process.wait(5) == 0
    finally:
        postgres.thaw()
        if is_refused:
            postgres.start()


def _attempts(
    client: httpx2.Client, credentials: dict[str, str]
) -> dict[str, Callable[[], httpx2.Response]]:
    def document(type_: str, attributes: dict[str, Any]) -> bytes:
        return json.dumps({"data": {"type": type_, "attributes": attributes}}).encode()

    sku = document("skus", SKU)
    import_ = document("imports", {"resource_type": "tags", "inputs": [{"name": "summer"}]})
    return {
        "list": lambda: client.get("/api/skus"),
        "create": lambda: client.post("/api/skus", content=sku),
        "import": lambda: client.post("/api/imports", content=import_),
        "token": lambda: client.post(
            "/oauth/token", json=credentials, headers={"Content-Type": "application/json"}
        ),
        "ready": lambda: client.get("/ready"),
    }


def _assert_put_off(name: str, answer: httpx2.Response, postgres: PostgresServer) -> None:
    assert answer.status_code == 503, (name, answer.text)
    assert int(answer.headers["retry-after"]) >= 1
    # Where the database is, is nobody's business.
    assert str(postgres.port) not in answer.text
    if name == "ready":
        assert answer.json()["database"] == "unavailable"
        return
    assert answer.headers["content-type"] == MEDIA_TYPE
    (error,) = answer.json()["errors"]
    assert (error["code"], error["status"]) == ("SERVICE_UNAVAILABLE", "503")
    assert error["detail"] == "the database is away"
