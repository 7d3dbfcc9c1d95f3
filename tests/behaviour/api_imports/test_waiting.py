"""What an import that waits for an older one says over HTTP, and how it is freed."""

import os
import platform
from typing import Any

import pytest

from longshore.runs import RunWaits
from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, skus, submit
from tests.claiming import claim_import


def waits_for(client: Client, import_: dict[str, Any]) -> Any:
    """`meta.waits_for`, as the import alone and a list of all say."""
    alone = client.get(f"/api/imports/{import_['id']}").json()["data"]["meta"]["waits_for"]
    listed = client.get("/api/imports").json()["data"]
    (told,) = [each["meta"]["waits_for"] for each in listed if each["id"] == import_["id"]]
    if alone is not None and alone["stalled_seconds"] is not None:
        # A second may have passed between the two answers.
        assert told["stalled_seconds"] >= alone["stalled_seconds"]
        told["stalled_seconds"] = alone["stalled_seconds"]
    assert told == alone
    return alone


def test_an_import_says_for_which_older_one_it_waits(site: ImportSite) -> None:
    client = site.client()
    older = submit(client, skus(3))
    newer = submit(client, skus(3))
    other = submit(client, [{"name": "t"}], resource_type="tags")
    told = {
        "kind": "import",
        "id": older["id"],
        "resource_type": "skus",
        "status": "pending",
        "inputs_size": 3,
        "rows_done": 0,
        "process": None,
        "host": None,
        "pid": None,
        "since": older["attributes"]["created_at"],
        "stalled_seconds": None,
        "command": "longshore resume",
    }
    assert newer["meta"]["waits_for"] == waits_for(client, newer) == told
    assert older["meta"]["waits_for"] is waits_for(client, older) is None
    assert other["meta"]["waits_for"] is None
    site.run_all()
    assert waits_for(client, newer) is None


def test_who_runs_the_older_import_is_told_and_whether_it_stands_still(site: ImportSite) -> None:
    client = site.client()
    asked = submit(client, skus(3))
    older_id = site.longshore.public_ids.decode(asked["id"])
    newer = submit(client, skus(3))
    assert older_id is not None
    with site.longshore.parts.claims.claimed(older_id):
        if not site.database.is_embedded:
            site.longshore.presence.enter()
        told = waits_for(client, newer)
        assert (told["process"], told["host"], told["pid"]) == (
            "command",
            platform.node(),
            os.getpid(),
        )
        assert told["command"] == f"longshore interrupt {asked['id']}"
        assert (told["status"], told["stalled_seconds"]) == ("in_progress", None)
        with site.database.write() as tx:
            later = "UPDATE imports SET updated_at = updated_at - 75000 WHERE id = ?"
            tx.execute(later, (older_id,))
        assert waits_for(client, newer)["stalled_seconds"] >= 75


@pytest.mark.parametrize("way", ["interrupt", "delete"])
def test_interrupting_or_deleting_the_older_import_frees_the_newer_one(
    site: ImportSite, way: str
) -> None:
    client = site.client()
    older, newer = submit(client, skus(3)), submit(client, skus(3))
    newer_id = site.longshore.public_ids.decode(newer["id"])
    assert newer_id is not None
    with pytest.raises(RunWaits), site.database.write() as tx:
        claim_import(tx, newer_id)  # type: ignore[arg-type]
    rings = site.rings
    path = f"/api/imports/{older['id']}"
    if way == "interrupt":
        body = {"type": "imports", "id": older["id"], "attributes": {"_interrupt": True}}
        assert client.patch(path, {"data": body}).status_code == 200
    else:
        assert client.delete(path).status_code == 204
    assert site.rings == rings + 1
    assert waits_for(client, newer) is None
    site.run_all()
    shown = client.get(f"/api/imports/{newer['id']}").json()["data"]["attributes"]
    assert (shown["status"], shown["processed_count"]) == ("completed", 3)


def test_one_that_waits_can_be_interrupted_and_the_older_one_runs(site: ImportSite) -> None:
    client = site.client()
    older, newer = submit(client, skus(3)), submit(client, skus(3))
    body = {"type": "imports", "id": newer["id"], "attributes": {"_interrupt": True}}
    stopped = client.patch(f"/api/imports/{newer['id']}", {"data": body}).json()["data"]
    assert stopped["attributes"]["status"] == "interrupted"
    assert stopped["meta"]["waits_for"] is None
    site.run_all()
    shown = client.get(f"/api/imports/{older['id']}").json()["data"]["attributes"]
    assert shown["status"] == "completed"
