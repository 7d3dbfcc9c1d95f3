"""An import whose source lies in a bucket, while that cannot be reached."""

import io
import secrets
from contextlib import ExitStack

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from longshore.imports import ImportRequest
from longshore.sources import AttachmentsAway, Source
from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import document, skus, submit
from tests.behaviour.sources.unreliable import UnreliableWay

ROWS_COUNT = 3000
# Longer than what is fetched at a time, so that most of it is still to come when rows are applied.
SOURCE = b"code,name,do_not_ship,description\n" + b"".join(
    b"SKU%d,Sku,true,%s\n" % (number, secrets.token_hex(2000).encode())
    for number in range(ROWS_COUNT)
)


@pytest.fixture
def way(s3):
    with UnreliableWay(s3.endpoint) as way:
        yield way


@pytest.fixture
def site(open_site, s3, way):
    return open_site(attachments=s3.new_place(), s3_endpoint=way.endpoint)


def test_a_run_that_loses_the_bucket_is_gone_on_with_later(site, way):
    longshore = site.longshore
    environment = longshore.organizations.environment("default", "test")
    import_ = longshore.submissions.submit(
        environment,
        Source.from_stream(io.BytesIO(SOURCE), name="skus.csv"),
        ImportRequest(resource_type="skus"),
    )
    with ExitStack() as later:

        def lose(_import):
            if not way.is_closed:
                later.enter_context(way.closed())

        with pytest.raises(AttachmentsAway, match="the object store is away"):
            longshore.import_runs.run(import_.id, on_progress=lose)
        (left,) = longshore.imports.open()
        assert 0 < left.processed_count < ROWS_COUNT
        assert not left.is_finished
    ended = longshore.import_runs.run(import_.id)
    assert (ended.status, ended.processed_count) == ("completed", ROWS_COUNT)
    assert ended.created_count == ROWS_COUNT


def test_requests_that_need_the_bucket_are_told_to_come_again(site, way, client):
    created = submit(client, skus(1))
    path = f"/api/imports/{created['id']}"
    with way.closed():
        answer = client.post("/api/imports", document(skus(1)))
        assert refusal(answer)[:2] == (503, "SERVICE_UNAVAILABLE")
        assert refusal(client.get(path))[:2] == (503, "SERVICE_UNAVAILABLE")
        # Who only asks how far it is gets an answer.
        shown = client.document(f"{path}?fields[imports]=status")["data"]["attributes"]
        assert shown == {"status": "pending"}
    assert client.document("/api/imports")["meta"]["record_count"] == 1


def test_no_snapshot_is_open_while_the_bucket_is_asked(site, way, client):
    created = [submit(client, skus(2)) for _ in range(3)]
    held, seen = [], []

    def take(*_):
        held.append(1)

    def give_back(*_):
        held.pop()

    event.listen(Pool, "checkout", take)
    event.listen(Pool, "checkin", give_back)
    way.on_asked = lambda: seen.append(len(held))
    try:
        listed = client.document("/api/imports")["data"]
        asked_for_list = len(seen)
        shown = client.document(f"/api/imports/{created[0]['id']}")["data"]
    finally:
        event.remove(Pool, "checkout", take)
        event.remove(Pool, "checkin", give_back)
    assert 0 < asked_for_list < len(seen)
    assert set(seen) == {0}
    for each in (*listed, shown):
        assert each["attributes"]["attachment_url"].startswith("http")
        assert [row["code"] for row in each["attributes"]["inputs"]] == [
            row["code"] for row in skus(2)
        ]
