"""The official terminal client's seeder, unmodified, and the imports that follow it.

As its maker sets up a demo store: what imports need is seeded from files, their rows are told the
ids that this gave, and the plugin for imports takes them. Then everything is seeded again, and
cleaned away.
"""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.clients.certificates import Certificate
from tests.clients.installing import FOLDER
from tests.clients.plugin import Ended, Login, Plugin
from tests.clients.serving import Server
from tests.clients.store import IMPORTED, Store, write_schemas, write_store


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    folder = request.config.getoption("--seeder-data")
    if folder is not None:
        return Store(Path(folder), "demo_store", "demo_store_full")
    return write_store(tmp_path / "store")


@pytest.fixture
def read(
    imports_tls_server: Server, certificate: Certificate
) -> Iterator[Callable[[str, str], dict[str, Any]]]:
    """The document at a path of the server, for a token."""
    trusted = ssl.create_default_context(cafile=certificate.authority)
    with httpx2.Client(base_url=imports_tls_server.url, verify=trusted, timeout=60) as client:

        def read(path: str, token: str) -> dict[str, Any]:
            response = client.get(path, headers={"Authorization": f"Bearer {token}"})
            assert response.status_code == 200, response.text
            document: dict[str, Any] = response.json()
            return document

        yield read


@pytest.fixture
def seeder(login: Login, tls_variables: Mapping[str, str], tmp_path: Path) -> Callable[..., Plugin]:
    """Logs the seeder in; it may ask as often as it likes in live mode only."""
    module = (FOLDER / "scripts/schemas.mjs").as_uri()
    variables = {
        **tls_variables,
        "NODE_OPTIONS": f"{tls_variables['NODE_OPTIONS']} --import={module}",
        "LONGSHORE_TEST_SCHEMAS": str(write_schemas(tmp_path / "openapi.json")),
    }

    def seeder(slug: str) -> Plugin:
        return login(slug, name="cli-plugin-seeder", mode="live", variables=variables)

    return seeder


def completed(ended: Ended) -> None:
    assert ended.code == 0, ended.output
    assert "SUCCESS" in ended.output, ended.output


def test_seeder_makes_a_store_that_imports_fill(
    login: Login,
    seeder: Callable[..., Plugin],
    imports_tls_server: Server,
    read: Callable[[str, str], dict[str, Any]],
    store: Store,
    tmp_path: Path,
) -> None:
    imports_tls_server.add_organization("store")
    seeding, importing = seeder("store"), login("store", mode="live")
    data = ["-b", "custom", "-u", str(store.folder), "-n"]

    def ids(resource_type: str) -> dict[str, str]:
        """The ids of the records, by their references."""
        found: dict[str, str] = {}
        page = f"/api/{resource_type}?page[size]=25"
        while page:
            document = read(page, seeding.token)
            found |= {each["attributes"]["reference"]: each["id"] for each in document["data"]}
            page = document["links"].get("next")
        return found

    def references(resource_type: str) -> list[str]:
        return [row["reference"] for row in store.rows(resource_type)]

    completed(seeding.run("seeder:check", *data, store.whole, "-r"))
    completed(seeding.run("seeder:seed", *data, store.seeded))
    seeded = {name: ids(name) for name in store.types(store.seeded)}
    assert {name: list(found) for name, found in seeded.items()} == {
        name: references(name) for name in store.types(store.seeded)
    }

    for resource_type, parent in IMPORTED.items():
        parents = ids(_plural(parent))
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in store.rows(resource_type):
            groups.setdefault(parents[row.pop(parent)], []).append(row)
        for parent_id, rows in groups.items():
            file = tmp_path / "rows.json"
            named = ["-p", parent_id]
            if resource_type == "skus":
                rows = [{**row, "shipping_category_id": parent_id} for row in rows]
                named = []
            file.write_text(json.dumps(rows))
            ended = importing.run(
                "imports:create", "-t", resource_type, *named, "-i", str(file), "--quiet"
            )
            assert ended.code == 0, ended.output
            told = f"Import of {len(rows)} {resource_type.replace('_', ' ')} completed."
            assert told in ended.output
        assert list(ids(resource_type)) == references(resource_type)

    # Everything is found and stays what it is.
    before = {name: ids(name) for name in store.types(store.whole)}
    completed(seeding.run("seeder:seed", *data, store.seeded, "--keep"))
    completed(seeding.run("seeder:seed", *data, store.whole))
    assert {name: ids(name) for name in before} == before

    completed(seeding.run("seeder:clean", *data, store.whole))
    assert {name: ids(name) for name in store.types(store.whole)} == {
        name: {} for name in store.types(store.whole)
    }


def _plural(name: str) -> str:
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
