"""A server on this machine to fetch from."""

from collections.abc import Iterator

import pytest

from tests.behaviour.outgoing.file_server import FileServer, serve_files


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serve_files() as server:
        yield server
