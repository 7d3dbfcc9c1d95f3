"""A version in the path means the API that there is, and stays in its links."""

import json

import pytest

from tests.behaviour.api.site import HOST, Client, refusal
from tests.behaviour.reading.factory import Records


@pytest.mark.parametrize("version", ["v1", "1", "2.0", "v7.10.3", "2024-01", "2024-01-31"])
def test_links_keep_the_version_that_was_asked_for(
    client: Client, records: Records, version: str
) -> None:
    base = f"/api/{version}"
    category = records.public(records.add("shipping_categories", name="A"))
    created = client.post(
        f"{base}/skus?include=shipping_category",
        {
            "data": {
                "type": "skus",
                "attributes": {"code": "A", "name": "A"},
                "relationships": {
                    "shipping_category": {"data": {"type": "shipping_categories", "id": category}}
                },
            }
        },
    )
    assert created.status_code == 201, created.text
    sku = f"{HOST}{base}/skus/{created.json()['data']['id']}"
    assert created.headers["location"] == created.json()["data"]["links"]["self"] == sku
    (included,) = created.json()["included"]
    assert included["links"]["self"] == f"{HOST}{base}/shipping_categories/{category}"
    listed = client.document(f"{base}/skus?page[size]=1&filter[q][code_eq]=A")
    assert listed["links"]["first"].startswith(f"{HOST}{base}/skus?")
    (data,) = listed["data"]
    for name in ("self", "related"):
        link = data["relationships"]["shipping_category"]["links"][name]
        assert link.startswith(f"{sku}/")
        assert client.document(link.removeprefix(HOST))["data"]["id"] == category
    assert client.document(f"{base}/organization")["data"]["type"] == "organizations"
    # Without a version, links have none.
    plain = client.document(f"/api/skus/{data['id']}")["data"]
    assert json.dumps(plain).count(f"{HOST}/api/skus/") == json.dumps(plain).count(HOST)


@pytest.mark.parametrize("path", ["/api/v1", "/api/vx/skus", "/api/v1/v1/skus", "/api/v1/nothing"])
def test_what_is_no_version_is_not_found(client: Client, path: str) -> None:
    assert refusal(client.get(path))[:2] == (404, "NOT_FOUND")


def test_a_request_with_a_version_is_logged_as_it_was_sent(client: Client) -> None:
    client.document("/api/v1/skus")
    assert client.site.observed.requests[-1].path == "/api/v1/skus"
