"""Attachments in a bucket: how they get there, who may fetch them, and what goes wrong."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import obstore
import pytest

from longshore.errors import RequestRefused
from longshore.readers import Position
from longshore.settings import Settings
from longshore.sources import (
    AttachmentsAway,
    AttachmentsRefused,
    AttachmentStore,
    Source,
    open_attachments,
)
from tests.behaviour.sources.places import BucketPlace
from tests.behaviour.sources.unreliable import UnreliableWay
from tests.s3 import SECRET, S3Server

SMALL = b"code\nA\n"
LIFETIME_SECONDS = 300


def incompressible(rows_count: int) -> bytes:
    """CSV that stays about as long: 65 bytes a row, of which gzip keeps more than a half."""
    return b"code\n" + b"".join(
        b"%s\n" % hashlib.sha256(b"%d" % number).hexdigest().encode()
        for number in range(rows_count)
    )


LARGE = incompressible(300_000)


def source(data: bytes) -> Source:
    return Source.from_stream(io.BytesIO(data), name="source.csv")


def test_long_source_goes_up_in_parts_while_it_is_read(bucket_place: BucketPlace) -> None:
    seen = []

    def look(count: int, _total: int | None) -> None:
        if count > len(LARGE) * 0.9:
            seen.append(bucket_place.server.unfinished_uploads())

    stored = bucket_place.store.write(source(LARGE), progress=look)
    assert stored.stored_bytes > 10 << 20
    assert set(seen) == {1}, "its first part is there before its last row is read"
    assert bucket_place.server.unfinished_uploads() == 0
    found = obstore.get(bucket_place.client, stored.name)
    assert str(found.meta["e_tag"]).rstrip('"').endswith("-2"), "of two parts"
    assert found.attributes["Content-Type"] == "application/gzip"
    assert gzip.decompress(found.buffer()) == LARGE


def test_short_source_goes_up_at_once(bucket_place: BucketPlace) -> None:
    stored = bucket_place.store.write(source(SMALL))
    assert "-" not in str(obstore.head(bucket_place.client, stored.name)["e_tag"])


def test_upload_that_ends_in_the_middle_leaves_nothing(bucket_place: BucketPlace) -> None:
    class Stop(BaseException):
        """Like Ctrl-C."""

    def stop(count: int, _total: int | None) -> None:
        if count > len(LARGE) * 0.9:
            assert bucket_place.server.unfinished_uploads() == 1
            raise Stop

    with pytest.raises(Stop):
        bucket_place.store.write(source(LARGE), progress=stop)
    assert bucket_place.server.unfinished_uploads() == 0
    assert bucket_place.names() == []


def test_reading_restarts_in_the_middle_and_fetches_only_what_follows(
    bucket_place: BucketPlace,
) -> None:
    store, stored = bucket_place.store, bucket_place.store.write(source(LARGE))
    points = json.loads(bucket_place.get(f"{stored.name}.index"))["points"]
    row, line, offset, stored_offset = points[len(points) // 2]
    # What lies before the point is not asked for: it could be anything.
    packed = bucket_place.get(stored.name)
    bucket_place.put(stored.name, bytes(stored_offset) + packed[stored_offset:])
    assert b"".join(store.blocks(stored.name, offset)) == LARGE[offset:]
    numbers = [
        number
        for rows in store.open(stored.name, stored.layout, Position(row, line, offset))
        for number in rows.numbers
    ]
    assert numbers == list(range(row, stored.rows_count + 1))


def test_memory_does_not_grow_with_the_source(s3: S3Server) -> None:
    script = Path(__file__).with_name("storing.py")
    settings = s3.settings()
    done = subprocess.run(
        [sys.executable, str(script), settings.attachments, settings.s3_endpoint],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    grown = json.loads(done.stdout)
    assert grown["stored_bytes"] > 64 << 20
    assert grown["writing_bytes"] < 48 << 20
    assert grown["reading_bytes"] < 24 << 20


def test_presigned_url_is_good_for_five_minutes_and_without_credentials(
    bucket_place: BucketPlace,
) -> None:
    stored = bucket_place.store.write(source(SMALL))
    url = bucket_place.store.signed_url(stored.name, LIFETIME_SECONDS)
    assert url is not None
    assert SECRET not in url
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["300"]
    answer = httpx2.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/gzip"
    assert "Content-Encoding" not in answer.headers
    assert gzip.decompress(answer.content) == SMALL
    assert httpx2.get(url.replace("X-Amz-Expires=300", "X-Amz-Expires=301")).status_code == 403
    assert httpx2.get(url.replace(".gz?", ".gz.index?")).status_code == 403
    assert httpx2.get(url.partition("?")[0]).status_code == 403
    assert httpx2.delete(url).status_code == 403


def test_presigned_url_expires(bucket_place: BucketPlace) -> None:
    stored = bucket_place.store.write(source(SMALL))
    url = bucket_place.store.signed_url(stored.name, 1)
    assert url is not None
    deadline = time.monotonic() + 30
    while httpx2.get(url).status_code == 200:
        assert time.monotonic() < deadline
    assert httpx2.get(url).status_code == 403


def test_store_says_where_it_is(bucket_place: BucketPlace) -> None:
    settings = bucket_place.settings
    assert not bucket_place.store.is_folder
    assert bucket_place.store.location == f"{settings.attachments} at {settings.s3_endpoint}"


def every_call(store: AttachmentStore) -> Iterator[Callable[[], object]]:
    """Everything that asks the store for something, ready to be called."""
    name = "0" * 32 + ".gz"
    yield lambda: store.write(source(SMALL))
    yield lambda: store.write(source(LARGE))
    yield lambda: list(store.blocks(name))
    yield lambda: store.sweep({}, older_than_seconds=0)


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wrong", "403 SignatureDoesNotMatch"),
        ("AWS_ACCESS_KEY_ID", "NOBODY", "403 InvalidAccessKeyId"),
    ],
)
def test_wrong_credentials_are_told_and_not_repeated(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: str
) -> None:
    monkeypatch.setenv(variable, value)
    for call in every_call(open_attachments(s3.settings())):
        with pytest.raises(AttachmentsRefused, match="the object store refuses access to") as told:
            call()
        assert code in told.value.message
        assert told.value.hint is not None
        assert "AWS_ACCESS_KEY_ID" in told.value.hint
        assert value not in f"{told.value.message} {told.value.hint}"
        assert told.value.__suppress_context__, "the other text repeats the request"


def test_bucket_that_is_not_there_is_told(s3: S3Server) -> None:
    for call in every_call(open_attachments(s3.settings(attachments="s3://no-such-bucket/a"))):
        with pytest.raises(AttachmentsRefused, match="there is no such bucket: s3://no-such-"):
            call()


def test_store_that_is_away_is_told(s3: S3Server) -> None:
    with UnreliableWay(s3.endpoint) as way:
        store = open_attachments(s3.settings(s3_endpoint=way.endpoint))
        stored = store.write(source(LARGE))
        blocks = store.blocks(stored.name)
        beginning = next(blocks)
        with way.closed():
            for call in every_call(store):
                with pytest.raises(AttachmentsAway, match=r"is away: s3://.* \(no connection\)"):
                    call()
            with pytest.raises(AttachmentsAway):
                list(blocks)
            with pytest.raises(AttachmentsAway):
                store.exists(stored.name)
        assert LARGE.startswith(beginning)
        assert b"".join(store.blocks(stored.name)) == LARGE


def test_connections_that_break_are_tried_again(s3: S3Server) -> None:
    with UnreliableWay(s3.endpoint) as way:
        store = open_attachments(s3.settings(s3_endpoint=way.endpoint))
        way.break_next(2)
        stored = store.write(source(LARGE))
        blocks = store.blocks(stored.name)
        beginning = next(blocks)
        way.break_next(2)
        assert beginning + b"".join(blocks) == LARGE


def test_credentials_must_be_there_where_no_machine_brings_them(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(RequestRefused, match="there are no credentials for s3://") as refused:
        open_attachments(s3.settings())
    assert refused.value.hint == "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def test_without_obstore_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "longshore.sources.attachment_bucket", raising=False)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(RequestRefused, match="need obstore, which is not installed") as refused:
        open_attachments(Settings(attachments="s3://shop"))
    assert refused.value.hint == "pip install 'longshore[s3]'"


def test_endpoint_of_the_environment_does_not_lead_elsewhere(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    store = open_attachments(s3.settings())
    assert store.exists(store.write(source(SMALL)).name)


@pytest.mark.parametrize(
    ("attachments", "region", "start"),
    [
        ("s3://shop/a", "eu-west-1", "https://shop.s3.eu-west-1.amazonaws.com/a/"),
        ("s3://shop.example/a", "eu-west-1", "https://s3.eu-west-1.amazonaws.com/shop.example/a/"),
        ("s3://shop", "cn-north-1", "https://shop.s3.cn-north-1.amazonaws.com.cn/"),
    ],
)
def test_at_amazon_a_bucket_has_a_host_of_its_own(
    s3: S3Server, attachments: str, region: str, start: str
) -> None:
    settings = Settings(attachments=attachments, s3_region=region)
    url = open_attachments(settings).signed_url("x.gz", LIFETIME_SECONDS)
    assert url is not None
    assert url.startswith(f"{start}x.gz?")
    assert f"%2F{region}%2Fs3%2F" in url


def test_plain_http_is_spoken_only_where_the_endpoint_says_so(s3: S3Server) -> None:
    store = open_attachments(s3.settings(s3_endpoint=s3.endpoint.replace("http:", "https:")))
    with pytest.raises(AttachmentsAway):
        store.write(source(SMALL))


def test_folder_of_the_settings_is_taken(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for settings, folder in (
        (Settings(data=data), data / "attachments"),
        (Settings(data=data, attachments=str(tmp_path / "other")), tmp_path / "other"),
    ):
        store = open_attachments(settings)
        assert store.is_folder
        assert store.location == f"the folder {folder}"
        assert store.signed_url("x.gz", LIFETIME_SECONDS) is None
        assert store.path(store.write(source(SMALL)).name).parent == folder
