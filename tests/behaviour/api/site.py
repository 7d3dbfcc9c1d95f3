"""A whole server without a socket: the ASGI application over a database, and its clients."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import anyio
import httpx2
from starlette.types import ASGIApp

from longshore.access import (
    Credentials,
    Environment,
    create_application,
    ensure_environment,
)
from longshore.api import MEDIA_TYPE, create_asgi_application
from longshore.assembly import open_longshore
from longshore.catalogue import load_catalogue
from longshore.observations import Observation, RequestAnswered
from longshore.settings import Settings
from tests.behaviour.conftest import Databases

CATALOGUE = load_catalogue()
HOST = "http://127.0.0.1:8000"


class Observed:
    """Remembers what was observed: requests apart, because every one is told."""

    def __init__(self) -> None:
        self.requests: list[RequestAnswered] = []
        self.observations: list[Observation] = []

    def observe(self, observation: Observation) -> None:
        if isinstance(observation, RequestAnswered):
            self.requests.append(observation)
        else:
            self.observations.append(observation)


class Site:
    """One installation, answering requests."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.settings = Settings(data=folder, **settings)
        self.observed = Observed()
        self.longshore = open_longshore(self.settings, observer=self.observed)
        self.database = self.longshore.database
        self.services = self.longshore.services()
        self.tokens = self.services.tokens
        self.application = create_asgi_application(self.services)

    def close(self) -> None:
        self.longshore.close()

    @cached_property
    def server(self) -> ASGIApp:
        """API and dashboard together, as they are served."""
        return self.longshore.server(None)

    def client(
        self, kind: str = "integration", *, slug: str = "default", mode: str = "test"
    ) -> "Client":
        """A client with a token of an application of that kind."""
        environment = ensure_environment(self.database, slug, mode)
        with self.database.write() as tx:
            credentials = create_application(tx, environment, kind)
        return Client(
            self, environment, credentials, self.tokens.sign(credentials.application).token
        )


class Client:
    """Sends requests in one environment."""

    def __init__(
        self,
        site: Site,
        environment: Environment | None = None,
        credentials: Credentials | None = None,
        token: str | None = None,
    ) -> None:
        self.site = site
        self._environment = environment
        self._credentials = credentials
        self.token = token

    @property
    def environment(self) -> Environment:
        assert self._environment is not None
        return self._environment

    @property
    def credentials(self) -> Credentials:
        assert self._credentials is not None
        return self._credentials

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str | None] | None = None,
        content: Any = None,
        base_url: str = HOST,
        **options: Any,
    ) -> httpx2.Response:
        """One request; headers that are None are left out."""
        all_headers: dict[str, str | None] = {"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
        if self.token is not None:
            all_headers["Authorization"] = f"Bearer {self.token}"
        all_headers.update(headers or {})

        async def exchange() -> httpx2.Response:
            transport = httpx2.ASGITransport(self.site.application, **options)
            async with httpx2.AsyncClient(transport=transport, base_url=base_url) as client:
                request = client.build_request(
                    method,
                    path,
                    headers={k: v for k, v in all_headers.items() if v is not None},
                    content=content,
                )
                for name, value in all_headers.items():
                    if value is None:
                        request.headers.pop(name, None)
                return await client.send(request)

        return anyio.run(exchange)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.send("GET", path, **options)

    def document(self, path: str, **options: Any) -> dict[str, Any]:
        """The document of a GET that succeeds."""
        response = self.get(path, **options)
        assert response.status_code == 200, response.text
        document = response.json()
        assert isinstance(document, dict)
        return document

    def post(self, path: str, document: Any, **options: Any) -> httpx2.Response:
        return self.send("POST", path, content=json.dumps(document).encode(), **options)

    def patch(self, path: str, document: Any, **options: Any) -> httpx2.Response:
        return self.send("PATCH", path, content=json.dumps(document).encode(), **options)

    def delete(self, path: str, **options: Any) -> httpx2.Response:
        return self.send("DELETE", path, **options)


def errors_of(response: httpx2.Response) -> list[dict[str, Any]]:
    """The errors of a response that failed, its shape checked."""
    assert response.headers["content-type"] == MEDIA_TYPE
    document = response.json()
    assert set(document) == {"errors"}
    assert document["errors"]
    for error in document["errors"]:
        assert set(error) <= {"title", "detail", "code", "status", "source", "meta"}
        assert {"title", "detail", "code", "status"} <= set(error)
        assert error["status"] == str(response.status_code)
    errors = document["errors"]
    assert isinstance(errors, list)
    return errors


def refusal(response: httpx2.Response) -> tuple[int, str, str | None]:
    """Status, code and place of the only error of a response."""
    (error,) = errors_of(response)
    source = error.get("source", {})
    return response.status_code, error["code"], source.get("pointer") or source.get("parameter")


class Template:
    """An installation to copy: opening one, and making its keys, takes longer than a test."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases = databases
        self._settings = databases.settings(folder / "template", is_lasting=True)
        site = Site(self._settings.data, database_url=self._settings.database_url)
        site.client()
        site.close()

    def open(self, folder: Path, **settings: Any) -> Site:
        copied = self._databases.settings(folder, like=self._settings)
        return Site(folder, database_url=copied.database_url, **settings)
