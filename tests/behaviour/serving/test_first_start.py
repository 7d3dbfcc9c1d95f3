"""The first start on an empty database, of one server and of two at the same time."""

import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.behaviour.serving.servers import LINK, run
from tests.postgresql import PostgresDatabases


@pytest.fixture
def empty(postgresql: PostgresDatabases) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


def test_the_first_start_prepares_the_database_and_shows_a_line_that_imports(empty, start):
    server = start(database_url=empty, on_terminal=True)
    line = server.welcome().splitlines()[-1]
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    created = json.loads(done.stdout)["data"]
    assert server.wait_for(created["id"], "completed")["processed_count"] == 2
    assert server.stop() == 0
    again = start(database_url=empty, on_terminal=True)
    assert again.stop() == 0
    assert LINK.fullmatch(again.rest.strip())


def test_two_servers_that_start_at_once_make_one_organization(empty, start, tmp_path):
    with ThreadPoolExecutor() as threads:
        both = [
            threads.submit(
                start,
                "--no-worker",
                data=tmp_path / name,
                attachments=str(tmp_path / "a"),
                database_url=empty,
                on_terminal=True,
            )
            for name in ("first", "second")
        ]
    servers = [each.result() for each in both]
    assert [server.stop() for server in servers] == [0, 0]
    told = [server.rest for server in servers]
    assert sorted(text.count("client secret") for text in told) == [0, 1]
    variables = {"LONGSHORE_DATABASE_URL": empty}
    data = tmp_path / "first"
    listed = json.loads(run(data, "organizations", "list", "--json", settings=variables))["data"]
    assert [each["slug"] for each in listed] == ["default"]
    applications = json.loads(run(data, "applications", "list", "--json", settings=variables))[
        "data"
    ]
    assert len(applications) == 1


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_secret_goes_where_it_is_kept_and_the_command_that_gives_one_is_named(
    start, shared, tmp_path, log_format
):
    server = start("--no-worker", log_format=log_format, **shared)
    assert server.stop() == 0
    assert server.rest == ""
    told = server.log()
    assert "secret is shown in terminals only" in told
    named = re.search(r"longshore (applications rotate [0-9A-Za-z]{10})", told)
    assert named is not None
    variables = {"LONGSHORE_DATABASE_URL": shared["database_url"]}
    rotated = json.loads(run(tmp_path / "data", *named[1].split(), "--json", settings=variables))[
        "data"
    ]
    again = start("--no-worker", **shared)
    grant = {"grant_type": "client_credentials"}
    body = grant | {name: rotated[name] for name in ("client_id", "client_secret")}
    assert httpx2.post(f"{again.url}/oauth/token", json=body).status_code == 200
    assert again.stop() == 0
    assert rotated["client_id"] not in told
    assert again.rest == ""
    assert "terminals only" not in again.log().removeprefix(told)
