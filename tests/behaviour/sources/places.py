"""Places of attachments as somebody sees them who goes around the store."""

from pathlib import Path
from typing import Protocol

import obstore

from longshore.sources import AttachmentStore, open_attachments
from tests.s3 import S3Server


class Place(Protocol):
    """A store of attachments, and what lies in its place."""

    store: AttachmentStore

    def names(self) -> list[str]: ...

    def get(self, key: str) -> bytes: ...

    def put(self, key: str, data: bytes) -> None: ...


class FolderPlace:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = AttachmentStore(folder)

    def names(self) -> list[str]:
        found = self.folder.iterdir() if self.folder.exists() else ()
        return sorted(path.name for path in found)

    def get(self, key: str) -> bytes:
        return (self.folder / key).read_bytes()

    def put(self, key: str, data: bytes) -> None:
        (self.folder / key).write_bytes(data)


class BucketPlace:
    def __init__(self, server: S3Server) -> None:
        self.server = server
        self.settings = server.settings()
        self.store = open_attachments(self.settings)
        prefix = self.settings.attachments.removeprefix("s3://").partition("/")[2]
        self.client = server.client(prefix)

    def names(self) -> list[str]:
        return sorted(found["path"] for page in obstore.list(self.client) for found in page)

    def get(self, key: str) -> bytes:
        return bytes(obstore.get(self.client, key).buffer())

    def put(self, key: str, data: bytes) -> None:
        obstore.put(self.client, key, data)
