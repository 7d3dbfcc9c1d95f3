"""The official terminal client's plugin for imports, unmodified, over https.

It is told the organization's slug and the domain, as after a login, and reaches the server at the
address that it makes of them.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.plugin import Ended, Login
from tests.clients.serving import Server


@pytest.fixture
def imports(imports_tls_server: Server) -> Callable[[str], list[dict[str, Any]]]:
    """The imports of an organization as the server has them, by their references."""

    def imports(slug: str) -> list[dict[str, Any]]:
        found = imports_tls_server.run("imports", "--organization", slug)
        flat = [{"id": each["id"], **each["attributes"]} for each in found]
        return sorted(flat, key=lambda import_: import_["reference"])

    return imports


def skus(prefix: str, count: int) -> list[dict[str, Any]]:
    return [
        {"code": f"{prefix}-{number}", "name": f"Name {number}", "do_not_ship": True}
        for number in range(1, count + 1)
    ]


def write_json(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text(json.dumps(rows))
    return str(path)


def write_csv(path: Path, rows: list[dict[str, Any]]) -> str:
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def succeeded(ended: Ended) -> Ended:
    assert ended.code == 0, ended.output
    return ended


def test_plugin_creates_lists_groups_details_and_deletes(
    login: Login, imports_tls_server: Server, imports: Any, tmp_path: Path
) -> None:
    """More rows than one import takes, as JSON and as CSV, and everything that can be asked."""
    imports_tls_server.add_organization("plugin")
    plugin = login("plugin")

    # JSON, cut into two imports.
    file = write_json(tmp_path / "skus.json", skus("JSON", 11_100))
    created = succeeded(plugin.run("imports:create", "-t", "skus", "-i", file, "--quiet"))
    assert "Import of 11100 skus completed." in created.output
    parts = imports("plugin")
    group = parts[0]["metadata"]["group_id"]
    assert [part["reference"] for part in parts] == [f"{group}-000{n}" for n in (1, 2)]
    assert [part["processed_count"] for part in parts] == [10_000, 1_100]
    assert {part["reference_origin"] for part in parts} == {"cli-plugin-imports"}
    assert parts[1]["metadata"]["chunk_number"] == "2/2"
    assert parts[1]["metadata"]["chunk_items"] == "10001-11100"

    # CSV, cut into two, with a row in the second that fails.
    rows = skus("CSV", 11_100)
    rows[10_050]["name"] = ""
    file = write_csv(tmp_path / "skus.csv", rows)
    created = succeeded(plugin.run("imports:create", "-t", "skus", "-i", file, "--csv", "--quiet"))
    assert "Import of 11100 skus completed with errors." in created.output
    first, second = (
        part
        for part in imports("plugin")
        if part["reference"] not in {part["reference"] for part in parts}
    )
    assert (first["format"], first["processed_count"]) == ("csv", 10_000)
    assert (second["processed_count"], second["errors_count"]) == (1_099, 1)

    listed = succeeded(plugin.run("imports:list"))
    ids = {row[0] for row in listed.cells if len(row) == 8} - {"ID"}
    assert ids == {part["id"] for part in [*parts, first, second]}
    assert "Total import count: 4" in listed.output
    narrowed = succeeded(plugin.run("imports:list", "-w", "-t", "skus", "-s", "completed"))
    assert "No imports found" in narrowed.output  # with errors and warnings

    grouped = succeeded(plugin.run("imports:group", group))
    assert [row[0] for row in grouped.cells if len(row) == 8][1:] == [part["id"] for part in parts]
    nothing = succeeded(plugin.run("imports:group", "nosuch"))
    assert "nosuch not found" in nothing.output

    # So many inputs are not in the document; they come from the attachment.
    saved = tmp_path / "saved.json"
    of_json = succeeded(
        plugin.run("imports:details", parts[1]["id"], "--inputs", "--save-inputs", str(saved))
    )
    assert of_json.cell("inputs_size") == "1100"
    assert "JSON-11100" in of_json.output
    assert json.loads(saved.read_text()) == skus("JSON", 11_100)[10_000:]
    of_csv = succeeded(plugin.run("imports:details", second["id"], "--inputs", "--logs"))
    assert "CSV-11100" in of_csv.output
    assert "ERROR LOG\t[ 1 error ]" in of_csv.output
    assert "can't be blank" in of_csv.output

    deleted = succeeded(plugin.run("imports:delete", second["id"]))
    assert f"Successfully deleted import with id {second['id']}" in deleted.output
    assert second["id"] not in {import_["id"] for import_ in imports("plugin")}
    again = plugin.run("imports:details", second["id"])
    assert again.code != 0
    assert "Unable to find import" in again.output


def test_plugin_understands_what_is_refused(
    login: Login, imports_tls_server: Server, imports: Any, tmp_path: Path
) -> None:
    imports_tls_server.add_organization("refused")
    plugin = login("refused")
    file = write_json(tmp_path / "prices.json", [{"sku_code": "A", "amount_cents": 100}])
    failed = plugin.run("imports:create", "-t", "prices", "-p", "nosuchid00", "-i", file, "-q")
    assert "completed with errors" in failed.output
    assert "must exist" in failed.output
    assert imports("refused") == []

    over = write_json(tmp_path / "skus.json", [{"code": "A"}, *skus("A", 5)])
    interrupted = succeeded(plugin.run("imports:create", "-t", "skus", "-i", over, "-q"))
    assert "Import of 6 skus completed with errors." in interrupted.output
    (import_,) = imports("refused")
    assert (import_["status"], import_["errors_count"]) == ("interrupted", 1)
    details = succeeded(plugin.run("imports:details", import_["id"], "--inputs", "--logs"))
    assert details.cell("status") == "interrupted"
    assert details.cell("completed_at") == ""
    assert "A-5" in details.output  # an input that no row came to
    assert "WARNING LOG\t[ 0 warnings ]" in details.output
    assert "ERROR LOG\t[ 1 error ]" in details.output


def test_plugin_starts_imports_without_waiting_for_them(
    login: Login, imports_tls_server: Server, imports: Any, tmp_path: Path
) -> None:
    imports_tls_server.add_organization("visitor")
    plugin = login("visitor", "cli")
    file = write_json(tmp_path / "skus.json", skus("BLIND", 450))
    command = ["imports:create", "-t", "skus", "-i", file]
    blind = succeeded(plugin.run(*command, "--blind", "-s", "100"))
    assert "The import of 450 skus has been started" in blind.output
    assert sorted(part["inputs_size"] for part in imports("visitor")) == [50, 100, 100, 100, 100]

    # A shop's token is refused before anything is sent, and one of nobody by the server.
    shop = login("visitor", "sales_channel").run(*command)
    assert "Invalid application kind" in shop.output
    token = imports_tls_server.expired_token("visitor")
    expired = replace(plugin, token=token).run("imports:list")
    assert expired.code != 0
    assert "Invalid token" in expired.output
