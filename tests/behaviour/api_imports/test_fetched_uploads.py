"""Uploads whose bytes a worker fetches: what it fetches, and what becomes of what it cannot."""

import gzip

import pytest
from sqlalchemy import select

from longshore.outgoing import OutgoingFailed
from longshore.uploads import uploads
from tests.behaviour.api.site import errors_of
from tests.behaviour.api_imports.uploading import (
    CSV,
    begin,
    begun,
    check_all,
    import_of,
    put,
    shown,
)
from tests.behaviour.outgoing.file_server import serve_files


@pytest.fixture
def server():
    with serve_files() as server:
        yield server


@pytest.fixture
def site(open_site):
    return open_site(outgoing_allow="127.0.0.1")


@pytest.fixture
def client(site):
    return site.client()


def test_an_upload_is_fetched_checked_and_imported(site, client, server):
    address = server.has("/feeds/skus.csv.gz", gzip.compress(CSV))
    id_ = begun(client, name=None, source_url=f"{address}?token=hunter2")
    begun_as = shown(client, id_)
    assert (begun_as["state"], begun_as["name"]) == ("checking", "skus.csv.gz")
    assert begun_as["source_url"] == address
    check_all(site)
    attributes = shown(client, id_)
    assert (attributes["state"], attributes["refusal"]) == ("ready", None)
    assert attributes["found"]["rows_count"] == 100
    assert attributes["received_bytes"] == attributes["read_bytes"] == len(gzip.compress(CSV))
    assert server.requests[0][0].endswith("?token=hunter2")
    assert import_of(client, id_).status_code == 201
    site.run_all()
    assert client.document("/api/skus")["meta"]["record_count"] == 100


def test_the_answer_says_the_format_unless_the_client_does(site, client, server):
    lines = b'{"code":"A"}\n{"code":"B"}\n'
    address = server.has("/export", lines, Content_Disposition='attachment; filename="a.ndjson"')
    id_ = begun(client, name=None, source_url=address)
    check_all(site)
    assert shown(client, id_)["found"]["format"] == "ndjson"


def test_secrets_of_an_address_are_shown_never_and_kept_only_until_the_check(site, client, server):
    place = server.has("/skus.csv", CSV).removeprefix("http://")
    id_ = begun(client, source_url=f"http://shop:hunter2@{place}?key=hunter2")
    assert stored_url(site).count("hunter2") == 2
    check_all(site)
    assert server.requests[0][1]["Authorization"].startswith("Basic ")
    assert shown(client, id_)["source_url"] == f"http://{place}"
    assert stored_url(site) == f"http://{place}"


def stored_url(site):
    with site.database.read() as tx:
        return str(tx.connection.execute(select(uploads.c.source_url)).scalar_one())


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://10.0.0.1/skus.csv", "10.0.0.1 is an internal address: private"),
        ("http://[::ffff:10.0.0.1]/skus.csv", "is an internal address: private"),
        ("http://167772161/skus.csv", "10.0.0.1 is an internal address: private"),
    ],
)
def test_an_internal_address_is_refused(site, client, address, message):
    id_ = begun(client, source_url=address)
    check_all(site)
    attributes = shown(client, id_)
    assert attributes["state"] == "refused"
    assert message in attributes["refusal"]["message"]
    assert "LONGSHORE_OUTGOING_ALLOW" in attributes["refusal"]["hint"]


def test_what_is_no_file_is_refused_with_the_reason(site, client, server):
    redirect = server.has("/a.csv", status=302, Location="http://10.0.0.1/latest?x=hunter2")
    id_ = begun(client, source_url=redirect)
    check_all(site)
    refusal = shown(client, id_)["refusal"]
    assert refusal["message"] == f"{redirect} redirects to http://10.0.0.1/latest"
    broken = begun(client, source_url=server.has("/b.csv", b"PK\x03\x04broken"))
    check_all(site)
    assert shown(client, broken)["state"] == "refused"


def test_what_is_longer_than_an_upload_may_be_is_refused(open_site, server):
    site = open_site(outgoing_allow="127.0.0.1", upload_bytes_max=1024)
    client = site.client()
    id_ = begun(client, source_url=server.has("/a.csv", CSV * 10))
    check_all(site)
    assert "has more than 1,024 bytes" in shown(client, id_)["refusal"]["message"]


def test_a_failure_of_the_network_is_tried_again_and_refused_in_the_end(site, client, server):
    address = server.has("/a.csv", status=503)
    id_ = begun(client, source_url=address)
    for _ in range(2):
        with pytest.raises(OutgoingFailed):
            check_all(site)
        assert shown(client, id_)["state"] == "checking"
    server.has("/a.csv", CSV, length=len(CSV) + 1, Connection="close")
    check_all(site)
    attributes = shown(client, id_)
    assert attributes["state"] == "refused"
    assert "broke off before the end" in attributes["refusal"]["message"]


def test_a_failure_that_passes_leaves_nothing(site, client, server):
    address = server.has("/a.csv", CSV, length=len(CSV) + 1, Connection="close")
    id_ = begun(client, source_url=address)
    with pytest.raises(OutgoingFailed):
        check_all(site)
    server.has("/a.csv", CSV)
    check_all(site)
    attributes = shown(client, id_)
    assert (attributes["state"], attributes["received_bytes"]) == ("ready", len(CSV))
    assert len(site.attachments()) == 2


def test_an_address_that_cannot_be_read_is_an_error_of_the_request_that_repeats_nothing(client):
    for address in ("ftp://h/hunter2", "https://a@b@hunter2/", "hunter2", 5, "https://h:hunter2/"):
        answer = begin(client, source_url=address)
        assert answer.status_code == 422
        (error,) = errors_of(answer)
        assert error["source"]["pointer"] == "/data/attributes/source_url"
        assert "hunter2" not in answer.text
    answer = begin(client, source_url="https://example.com/a.csv", size=5)
    assert [each["source"]["pointer"] for each in errors_of(answer)] == ["/data/attributes/size"]


def test_no_part_is_taken_of_what_is_fetched(client, server):
    id_ = begun(client, source_url=server.has("/a.csv", CSV))
    assert put(client, id_, 0, CSV).status_code == 409
