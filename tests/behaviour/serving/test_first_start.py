"""The first start on an empty PostgreSQL database, of one server and of two at the same time."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.behaviour.serving.servers import run
from tests.postgresql import PostgresDatabases


@pytest.fixture
def empty(postgresql: PostgresDatabases) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


def test_the_first_start_prepares_the_database_and_shows_a_line_that_imports(empty, start):
    server = start(database_url=empty)
    line = server.welcome().splitlines()[-1]
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    created = json.loads(done.stdout)["data"]
    assert server.wait_for(created["id"], "completed")["processed_count"] == 2
    assert server.stop() == 0
    again = start(database_url=empty)
    assert again.stop() == 0
    assert again.rest == ""


def test_two_servers_that_start_at_once_make_one_organization(empty, start, tmp_path):
    with ThreadPoolExecutor() as threads:
        both = [
            threads.submit(
                start,
                "--no-worker",
                data=tmp_path / name,
                attachments=str(tmp_path / "a"),
                database_url=empty,
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
