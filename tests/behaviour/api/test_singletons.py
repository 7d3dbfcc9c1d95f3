"""The organization and the application of a token, and health."""

import anyio
import pytest

from longshore import __version__
from longshore.access import set_organization
from longshore.catalogue import ORGANIZATION_FLAGS
from tests.behaviour.api.site import CATALOGUE, HOST, Client, refusal


def fetchable(resource_type):
    return {each.name for each in CATALOGUE.types[resource_type].attributes if each.fetchable}


def test_a_token_retrieves_its_organization_with_all_flags(site):
    client = site.client(slug="acme", mode="live")
    with site.database.write() as tx:
        set_organization(tx, "acme", {"name": "Acme Ltd", "tags_max_allowed_number": "3"})
    document = client.document("/api/organization")
    data = document["data"]
    assert (data["type"], data["id"]) == ("organizations", client.environment.organization_id)
    assert data["links"]["self"] == f"{HOST}/api/organization"
    assert data["meta"] == {"mode": "live", "organization_id": data["id"]}
    attributes = data["attributes"]
    assert set(attributes) == fetchable("organizations")
    assert attributes["name"] == "Acme Ltd"
    assert attributes["slug"] == "acme"
    assert attributes["domain"] == "acme.localhost"
    flags = {**ORGANIZATION_FLAGS, "tags_max_allowed_number": 3}
    assert {name: attributes[name] for name in flags} == flags
    assert (attributes["metadata"], attributes["config"]) == ({}, None)
    assert attributes["created_at"].endswith("Z")


def test_a_token_retrieves_its_application_without_its_secret(site):
    client = site.client("cli")
    response = client.get("/api/application")
    application = client.credentials.application
    data = response.json()["data"]
    assert data["type"] == "applications"
    assert data["id"] == site.database.public_ids.encode(application.id)
    assert set(data["attributes"]) == fetchable("applications")
    assert data["attributes"]["kind"] == "cli"
    assert data["attributes"]["name"] == "Cli"
    assert data["attributes"]["public_access"] is False
    assert data["attributes"]["scopes"] == "market:all"
    for secret in (client.credentials.secret, application.client_id):
        assert secret not in response.text


@pytest.mark.parametrize("kind", ["integration", "webapp", "cli", "imports", "sales_channel"])
@pytest.mark.parametrize("path", ["/api/organization", "/api/application"])
def test_every_kind_of_application_may_ask_who_it_is(site, kind, path):
    assert site.client(kind).get(path).status_code == 200


def test_only_the_fields_asked_for_are_shown(client):
    data = client.document("/api/organization?fields[organizations]=name,slug")["data"]
    assert set(data["attributes"]) == {"name", "slug"}
    data = client.document("/api/application?fields%5Bapplications%5D=kind")["data"]
    assert data["attributes"] == {"kind": "integration"}


@pytest.mark.parametrize("path", ["/api/organization", "/api/application"])
def test_a_singleton_has_no_other_methods_no_list_and_no_access_without_a_token(site, client, path):
    assert refusal(Client(site).get(path))[:2] == (401, "INVALID_TOKEN")
    assert refusal(client.post(path, {"data": {}}))[:2] == (405, "METHOD_NOT_ALLOWED")
    assert refusal(client.patch(path, {"data": {}}))[:2] == (405, "METHOD_NOT_ALLOWED")
    assert client.get(f"{path}s").status_code == 404
    assert refusal(client.get(f"{path}?fields[nothing][x]=1"))[0] == 400


def test_health_tells_the_version_to_anybody_and_asks_nothing_else(site, databases):
    response = Client(site).get("/health", headers={"Accept": None, "Content-Type": None})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"status": "ok", "version": __version__}
    site.database.close()
    databases.destroy(site.settings)
    assert Client(site).get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_nothing_can_be_written_to_how_the_server_is(site, path):
    response = Client(site).send("POST", path)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


def test_a_server_is_ready_when_database_store_and_disk_are(site):
    response = Client(site).get("/ready", headers={"Accept": None, "Content-Type": None})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {
        "status": "ok",
        "version": __version__,
        "database": "ok",
        "store": "ok",
        "disk": "ok",
    }


def test_a_server_without_room_on_its_disk_is_not_ready(site, monkeypatch):
    monkeypatch.setattr("longshore.api.health._DISK_BYTES_MIN", 1 << 62)
    response = Client(site).get("/ready")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["disk"]) == ("ok", "unavailable")


def test_a_server_is_not_ready_when_the_database_does_not_answer(site, databases):
    site.database.close()
    databases.destroy(site.settings)
    response = Client(site).get("/ready")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["status"] == "unavailable"
    assert response.json()["database"] == "unavailable"


def test_the_description_is_one_copy_that_is_sent_once_and_compressed(site):
    stranger = Client(site)
    plain = stranger.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert plain.status_code == 200
    assert "content-encoding" not in plain.headers
    packed = stranger.get("/openapi.json", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) * 5 < int(plain.headers["content-length"])
    tag = plain.headers["etag"]
    assert packed.headers["etag"] == tag
    for known in (tag, f'"other", W/{tag}', "*"):
        again = stranger.get("/openapi.json", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert stranger.get("/openapi.json", headers={"If-None-Match": '"other"'}).status_code == 200


def test_clients_that_do_not_read_hold_a_piece_of_an_answer_each(site):
    pieces = []

    async def ask():
        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            pieces.append(message)
            if len(pieces) == 2:
                raise ConnectionError  # the client takes no more

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/openapi.json",
            "query_string": b"",
            "headers": [],
        }
        await site.application(scope, receive, send)

    with pytest.raises(ConnectionError):
        anyio.run(ask)
    start, first = pieces
    assert start["status"] == 200
    assert len(first["body"]) == 1 << 16
    assert first["more_body"]
