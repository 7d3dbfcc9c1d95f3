"""Attachments as objects in a bucket of a store that speaks the protocol of Amazon's S3.

An object appears when its upload is complete, and not before. Reading asks for one range after
another, so no connection waits while rows are applied, and memory is bounded both ways.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from longshore.errors import RequestRefused
from longshore.sources.attachment_folder import not_stored
from longshore.sources.attachment_place import BLOCK_BYTES, AttachmentMissing, Kept
from longshore.sources.bucket_errors import explained, is_beyond_the_end, is_no_such_object
from longshore.sources.restart_points import Sink

if TYPE_CHECKING:
    from obstore import WritableFile
    from obstore.store import S3Config

_RANGE_BYTES = 4 << 20
# Parts are at least 5 MiB long, and at most 10,000: so an attachment may have 80 GiB.
_PART_BYTES = 8 << 20
_PARTS_AT_ONCE = 2
_PAGE_OBJECTS = 1000
_TRIES_AGAIN = 4
_TRIES_SECONDS = 30  # in all; whoever waits for an answer waits for as long
_KEY_VARIABLES = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
_ROLE_VARIABLES = frozenset(
    (
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    )
)
_CONTENT_TYPE = "application/gzip"  # never a Content-Encoding, which clients would take away


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAddress:
    """Which bucket, and where its store is."""

    bucket: str
    prefix: str  # before every name, with a slash between; may be empty
    endpoint: str  # a URL; empty for Amazon's own
    region: str

    @property
    def location(self) -> str:
        place = f"s3://{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")
        return f"{place} at {self.endpoint}" if self.endpoint else place


class AttachmentBucket:
    """A place that is a bucket, or what begins with a prefix in it."""

    folder = None

    def __init__(self, address: BucketAddress) -> None:
        """Credentials are those of the environment; nothing is asked of the store yet.

        Raises RequestRefused when there are none, and no machine at Amazon could bring them.
        """
        self._address = address
        if not _may_have_credentials(address):
            raise RequestRefused(
                f"there are no credentials for {self.location}",
                hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            )
        self._store = S3Store(
            address.bucket,
            prefix=address.prefix or None,
            config=_config(address),
            client_options={
                "allow_http": address.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=60),
            },
            retry_config={
                "max_retries": _TRIES_AGAIN,
                "retry_timeout": timedelta(seconds=_TRIES_SECONDS),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
            },
        )

    @property
    def location(self) -> str:
        return self._address.location

    @contextmanager
    def new_pair(self, first: str, second: str) -> Iterator[tuple[Sink, Sink]]:
        beginning = BytesIO()
        upload = _Upload(self._store, second, self.location)
        try:
            yield beginning, upload
            with _explaining(self.location):
                obstore.put(self._store, first, beginning.getvalue())
            upload.complete()
        except BaseException:
            # What is reported is the reason, not that the leftovers could not be removed either.
            with suppress(Exception):
                upload.abort()
            with suppress(Exception):
                obstore.delete(self._store, [first, second])
            raise

    @contextmanager
    def new(self, name: str) -> Iterator[Sink]:
        upload = _Upload(self._store, name, self.location)
        try:
            yield upload
            upload.complete()
        except BaseException:
            with suppress(Exception):
                upload.abort()
            with suppress(Exception):
                obstore.delete(self._store, name)
            raise

    def read(self, name: str, offset: int) -> Iterator[bytes]:
        fetched, end = self._fetch(name, offset)
        return self._blocks(name, offset, fetched, end)

    def exists(self, name: str) -> bool:
        with _explaining(self.location):
            try:
                obstore.head(self._store, name)
            except FileNotFoundError:
                return False
        return True

    def check(self) -> None:
        self.exists("ready")  # whatever it says: it was asked

    def remove(self, *keys: str) -> None:
        with _explaining(self.location), suppress(FileNotFoundError):
            for key in keys:
                obstore.delete(self._store, key)

    def kept(self) -> Iterator[Kept]:
        with _explaining(self.location):
            for page in obstore.list(self._store, chunk_size=_PAGE_OBJECTS):
                for found in page:
                    yield Kept(found["path"], found["last_modified"].timestamp())

    def signed_url(self, name: str, seconds: int) -> str | None:
        with _explaining(self.location):
            return obstore.sign(self._store, "GET", name, timedelta(seconds=seconds))

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        try:
            with tempfile.TemporaryFile() as file:
                yield cast(BinaryIO, file)
        except BrokenPipeError:
            raise  # as of a folder
        except OSError as error:
            raise not_stored(Path(tempfile.gettempdir()), error) from error

    def _blocks(self, name: str, offset: int, fetched: memoryview, end: int) -> Iterator[bytes]:
        while True:
            for start in range(0, len(fetched), BLOCK_BYTES):
                yield bytes(fetched[start : start + BLOCK_BYTES])
            offset += len(fetched)
            if offset >= end:
                return
            fetched, end = self._fetch(name, offset)

    def _fetch(self, name: str, offset: int) -> tuple[memoryview, int]:
        """The next bytes, and how many the object has in all."""
        with _explaining(self.location):
            try:
                wanted = (offset, offset + _RANGE_BYTES)
                result = obstore.get(self._store, name, options={"range": wanted})
                return memoryview(result.buffer()), result.meta["size"]
            except FileNotFoundError as error:
                if not is_no_such_object(error):
                    raise
            except BaseError as error:
                if not is_beyond_the_end(error):
                    raise
                return memoryview(b""), 0
        raise AttachmentMissing(f"the attachment is gone: {name} in {self.location}")


class _Upload:
    """Bytes on their way to an object; short ones go in one request, long ones in parts."""

    def __init__(self, store: S3Store, name: str, location: str) -> None:
        self._location = location
        self._gathered = bytearray()
        self._writer: WritableFile = obstore.open_writer(
            store,
            name,
            attributes={"Content-Type": _CONTENT_TYPE},
            buffer_size=_PART_BYTES,
            max_concurrency=_PARTS_AT_ONCE,
        )

    def write(self, data: bytes, /) -> None:
        self._gathered += data
        if len(self._gathered) >= BLOCK_BYTES:
            self._send()

    def complete(self) -> None:
        """Make it an object."""
        self._send()
        with _explaining(self._location):
            self._writer.close()

    def abort(self) -> None:
        """Take back the parts that were sent."""
        self._writer.__exit__(InterruptedError, InterruptedError(), None)

    def _send(self) -> None:
        if not self._gathered:
            return
        data = bytes(self._gathered)
        self._gathered.clear()
        with _explaining(self._location):
            self._writer.write(data)


@contextmanager
def _explaining(location: str) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise explained(error, location) from None


def _may_have_credentials(address: BucketAddress) -> bool:
    """False when the environment names none; at Amazon the machine may have a role, too."""
    if not address.endpoint or "amazonaws.com" in address.endpoint:
        return True
    given = {name for name, value in os.environ.items() if value}
    return given >= _KEY_VARIABLES or not given.isdisjoint(_ROLE_VARIABLES)


def _config(address: BucketAddress) -> "S3Config":
    """Where requests go: to the bucket's own host at Amazon, else to a path of the endpoint.

    A bucket with dots in its name has no host that a certificate covers.
    """
    own_host = not address.endpoint and "." not in address.bucket
    endpoint = address.endpoint
    if not endpoint:
        domain = "amazonaws.com.cn" if address.region.startswith("cn-") else "amazonaws.com"
        host = f"s3.{address.region}.{domain}"
        endpoint = f"https://{address.bucket}.{host}" if own_host else f"https://{host}"
    return {
        "region": address.region,
        "endpoint": endpoint,
        "aws_endpoint_url_s3": endpoint,  # or a variable of this name would win
        "virtual_hosted_style_request": own_host,
        "disable_bulk_delete": True,  # not every store can remove several objects at once
    }
