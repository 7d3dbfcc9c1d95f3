from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.behaviour.conftest import Databases
from tests.behaviour.serving.servers import Server, Worker


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on one data folder."""
    started: list[Server] = []

    def start_one(
        *arguments: str,
        data: Path | None = None,
        on_terminal: bool = False,
        module: str = "longshore",
        **settings: str,
    ) -> Server:
        server = Server(
            data or tmp_path / "data",
            *arguments,
            settings=_variables(settings),
            on_terminal=on_terminal,
            module=module,
        )
        started.append(server)
        return server

    yield start_one
    for server in started:
        server.stop()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers on the same data folder."""
    started: list[Worker] = []

    def start_one(*arguments: str, data: Path | None = None, **settings: str) -> Worker:
        worker = Worker(data or tmp_path / "data", *arguments, settings=_variables(settings))
        started.append(worker)
        return worker

    yield start_one
    for worker in started:
        worker.stop()


@pytest.fixture
def shared(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """Settings that all processes of one installation need; its data folder is `data`."""
    return {"database_url": databases.settings(tmp_path / "data").database_url}


def _variables(settings: Mapping[str, str]) -> Mapping[str, str]:
    return {f"LONGSHORE_{name.upper()}": value for name, value in settings.items()}
