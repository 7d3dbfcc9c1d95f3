"""Uploads as a client sends them, and their checks as a worker does them."""

import base64
import hashlib
from typing import Any

import httpx2

from longshore.runs import open_runs
from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite

CSV = b"code,name,do_not_ship\n" + b"".join(b"SKU%d,Sku %d,true\n" % (n, n) for n in range(100))


def begin(client: Client, **attributes: Any) -> httpx2.Response:
    """The answer to whoever begins an upload."""
    given = {"name": "skus.csv", "resource_type": "skus", **attributes}
    return client.post("/api/uploads", {"data": {"type": "uploads", "attributes": given}})


def begun(client: Client, **attributes: Any) -> str:
    """The id of a new upload."""
    answer = begin(client, **attributes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def put(
    client: Client, id_: str, offset: int, data: bytes, *, digest_of: bytes | None = None
) -> httpx2.Response:
    """The answer to a part; with `digest_of` it has the digest of these bytes."""
    headers: dict[str, str | None] = {"Content-Type": "application/octet-stream"}
    if digest_of is not None:
        digest = base64.b64encode(hashlib.sha256(digest_of).digest()).decode()
        headers["Content-Digest"] = f"sha-256=:{digest}:"
    path = f"/api/uploads/{id_}/parts?offset={offset}"
    return client.send("PUT", path, content=data, headers=headers)


def complete(client: Client, id_: str) -> httpx2.Response:
    """The answer to whoever says that all bytes are there."""
    return client.patch(
        f"/api/uploads/{id_}",
        {"data": {"type": "uploads", "id": id_, "attributes": {"complete": True}}},
    )


def shown(client: Client, id_: str) -> dict[str, Any]:
    """The attributes of an upload."""
    attributes = client.document(f"/api/uploads/{id_}")["data"]["attributes"]
    assert isinstance(attributes, dict)
    return attributes


def check_all(site: ImportSite) -> None:
    """Check what waits, as a worker would."""
    with site.database.read() as tx:
        runs = [run for run in open_runs(tx) if run.kind == "upload_check"]
    for run in runs:
        site.longshore.parts.driver.run(run.id)


def checked(site: ImportSite, client: Client, data: bytes, **attributes: Any) -> str:
    """The id of an upload that was sent in one part, and checked."""
    id_ = begun(client, **attributes)
    assert put(client, id_, 0, data).status_code == 200
    assert complete(client, id_).status_code == 200
    check_all(site)
    return id_


def import_of(client: Client, id_: str, **attributes: Any) -> httpx2.Response:
    """The answer to whoever has an upload imported."""
    given = {"resource_type": "skus", "upload_id": id_, **attributes}
    return client.post("/api/imports", {"data": {"type": "imports", "attributes": given}})
