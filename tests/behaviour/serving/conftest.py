from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.behaviour.serving.servers import Server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on one data folder."""
    started: list[Server] = []

    def start_one(*arguments: str, data: Path | None = None, **settings: str) -> Server:
        variables = {f"LONGSHORE_{name.upper()}": value for name, value in settings.items()}
        server = Server(data or tmp_path / "data", *arguments, settings=variables)
        started.append(server)
        return server

    yield start_one
    for server in started:
        server.stop()
