"""An installation that takes imports over HTTP, without sockets and without a worker process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from longshore.api import create_asgi_application
from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.behaviour.api.site import Client, Observed, Site
from tests.behaviour.conftest import Databases


class ImportSite(Site):
    """A whole installation; who wants imports to be run says so."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.settings = Settings(data=folder, **settings)
        self.observed = Observed()
        self.longshore = open_longshore(self.settings, observer=self.observed)
        self.database = self.longshore.database
        self.rings = 0
        self.services = self.longshore.services(wake=self._ring)
        self.tokens = self.services.tokens
        self.application = create_asgi_application(self.services)

    def close(self) -> None:
        self.longshore.close()

    def run_all(self) -> None:
        """Run what waits in the order in which it was created, as a worker would: an import may
        wait for an undo, as an undo for an import."""
        longshore = self.longshore
        waiting: list[tuple[int, Callable[[Any], object]]] = [
            (each.id, longshore.import_runs.run)
            for each in (*longshore.imports.open(), *longshore.import_plans.open())
        ]
        waiting += [(each.id, longshore.undos.run) for each in longshore.undos.open()]
        for id_, run in sorted(waiting, key=lambda each: each[0]):
            run(id_)

    def attachments(self) -> list[str]:
        """Names of all files that are kept of sources."""
        folder = self.settings.data / "attachments"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def _ring(self) -> None:
        self.rings += 1


class Template:
    """An installation to copy: making one takes longer than a test."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases = databases
        self._settings = databases.settings(folder / "template", is_lasting=True)
        site = ImportSite(self._settings.data, database_url=self._settings.database_url)
        site.client()
        site.close()

    def open(self, folder: Path, **settings: Any) -> ImportSite:
        copied = self._databases.settings(folder, like=self._settings)
        return ImportSite(folder, database_url=copied.database_url, **settings)


def skus(count: int) -> list[dict[str, Any]]:
    """Rows that can be imported."""
    return [{"code": f"SKU{n}", "name": f"Sku {n}", "do_not_ship": True} for n in range(count)]


def document(inputs: Any, *, resource_type: Any = "skus", **attributes: Any) -> dict[str, Any]:
    """The document of a submission."""
    given = {"resource_type": resource_type, "inputs": inputs, **attributes}
    return {"data": {"type": "imports", "attributes": given, "relationships": {}}}


def submit(client: Client, inputs: Any, **attributes: Any) -> dict[str, Any]:
    """The resource of an import that is taken."""
    response = client.post("/api/imports", document(inputs, **attributes))
    assert response.status_code == 201, response.text
    resource = response.json()["data"]
    assert isinstance(resource, dict)
    return resource


def plan(client: Client, inputs: Any, **attributes: Any) -> dict[str, Any]:
    """The resource of a plan that is taken."""
    body = document(inputs, **attributes)
    body["data"]["type"] = "import_plans"
    response = client.post("/api/import_plans", body)
    assert response.status_code == 201, response.text
    resource = response.json()["data"]
    assert isinstance(resource, dict)
    return resource


def grouped(client: Client) -> str:
    """The id of an import group that waits."""
    given = {"inputs": {"skus": skus(1), "tags": [{"name": "grouped"}]}}
    body = {"data": {"type": "import_groups", "attributes": given}}
    response = client.post("/api/import_groups", body)
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["id"])


def planned(client: Client) -> str:
    """The id of a plan that waits."""
    return str(plan(client, skus(1))["id"])


def findings(response: httpx2.Response) -> dict[str, str]:
    """What was found wrong with an import: title by pointer."""
    assert response.status_code == 422, response.text
    errors = json.loads(response.content)["errors"]
    assert all(error["code"] == "VALIDATION_ERROR" for error in errors)
    return {error["source"]["pointer"]: error["title"] for error in errors}
