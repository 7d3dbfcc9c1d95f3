"""Attachments are downloaded from signed addresses, without a token."""

import gzip
import json
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from longshore import clock
from tests.behaviour.api.site import Client, refusal
from tests.behaviour.api_imports.site import skus, submit


def path_of(resource):
    """Path and query of the address of an import's attachment."""
    url = urlsplit(resource["attributes"]["attachment_url"])
    return f"{url.path}?{url.query}"


@pytest.fixture
def anybody(site):
    """A client without a token."""
    return Client(site)


def test_it_holds_the_rows_as_they_were_sent(client, anybody):
    created = submit(client, skus(2))
    response = anybody.get(path_of(created), headers={"Accept": "*/*", "Content-Type": None})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in response.headers
    name = f"skus-{created['id']}.json.gz"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert json.loads(gzip.decompress(response.content)) == skus(2)


def test_csv_is_csv(client, anybody):
    text = "code,name\r\nA,Cap é\r\n"
    created = submit(client, text, format="csv")
    assert gzip.decompress(anybody.get(path_of(created)).content).decode() == text


def test_every_reading_signs_another_address(client):
    created = submit(client, skus(1))
    path = f"/api/imports/{created['id']}"
    listed = client.document("/api/imports")["data"][0]
    for resource in (client.document(path)["data"], listed):
        assert resource["attributes"]["attachment_url"].startswith(
            f"http://127.0.0.1:8000/attachments/{created['id']}.json.gz?expires="
        )
    secure = client.document(path, base_url="https://shop.example:8443")["data"]
    assert secure["attributes"]["attachment_url"].startswith("https://shop.example:8443/")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda path: path.partition("?")[0],
        lambda path: path[:-1] + ("0" if path[-1] != "0" else "1"),
        lambda path: path.replace("expires=", "expires=9"),
        lambda path: path.replace(".json.gz", ".csv.gz"),
        lambda path: path.replace("expires=", "expires=x"),
        lambda path: path.replace("signature=", "signature=%C3%A9"),
    ],
)
def test_an_address_that_was_not_given_so_is_forbidden(client, anybody, tamper):
    path = path_of(submit(client, skus(1)))
    assert refusal(anybody.get(tamper(path))) == (403, "FORBIDDEN", None)


def test_the_address_of_one_import_does_not_open_another(client, anybody):
    one, other = submit(client, skus(1)), submit(client, skus(1))
    response = anybody.get(path_of(one).replace(one["id"], other["id"]))
    assert refusal(response) == (403, "FORBIDDEN", None)


def test_an_address_expires_after_five_minutes(client, anybody, monkeypatch):
    path = path_of(submit(client, skus(1)))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + 299_000)
    assert anybody.get(path).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + 302_000)
    assert refusal(anybody.get(path)) == (403, "FORBIDDEN", None)


def test_what_is_deleted_or_gone_is_not_found(site, client, anybody):
    created = submit(client, skus(1))
    path = path_of(created)
    client.delete(f"/api/imports/{created['id']}")
    assert refusal(anybody.get(path))[:2] == (404, "NOT_FOUND")


def test_only_get_and_head_are_answered(client, anybody):
    path = path_of(submit(client, skus(1)))
    head = anybody.send("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert refusal(anybody.post(path, {}))[0] == 405


def test_out_of_a_bucket_it_comes_from_the_bucket_itself(open_site, s3):
    settings = s3.settings()
    site = open_site(attachments=settings.attachments, s3_endpoint=settings.s3_endpoint)
    client = site.client()
    created = submit(client, skus(2))
    path = f"/api/imports/{created['id']}"
    listed = client.document("/api/imports")["data"][0]
    for resource in (created, client.document(path)["data"], listed):
        url = urlsplit(resource["attributes"]["attachment_url"])
        assert f"{url.scheme}://{url.netloc}" == s3.endpoint
        assert parse_qs(url.query)["X-Amz-Expires"] == ["300"]
        answer = httpx2.get(url.geturl())
        assert answer.headers["content-type"] == "application/gzip"
        assert json.loads(gzip.decompress(answer.content)) == skus(2)
    site.run_all()
    ended = client.document(path)["data"]["attributes"]
    assert (ended["status"], ended["processed_count"], len(ended["inputs"])) == ("completed", 2, 2)
    assert site.attachments() == []


def test_out_of_a_bucket_what_is_gone_has_no_address(open_site, s3):
    settings = s3.settings()
    site = open_site(attachments=settings.attachments, s3_endpoint=settings.s3_endpoint)
    client = site.client()
    created = submit(client, skus(1))
    assert site.longshore.attachments.sweep((), older_than_seconds=-2) == 2
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert (shown["attachment_url"], shown["inputs"]) == (None, None)
