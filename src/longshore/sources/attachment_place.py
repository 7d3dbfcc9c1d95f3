"""Where attachments are kept: what a place promises, and how it fails.

A place knows names and bytes; what they mean, and that an attachment is a gzip member with an
index beside it, is the business of the store.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from longshore.errors import LongshoreError, PermanentError, RetryableError
from longshore.sources.restart_points import Sink

BLOCK_BYTES = 1 << 18  # what is handed to a place, and taken from it, at a time


class AttachmentStoreFull(PermanentError):
    """There is no room for the attachment."""


class AttachmentNotWritable(PermanentError):
    """The place of the attachments cannot be written to."""


class AttachmentsRefused(PermanentError):
    """The object store refuses: the credentials, the bucket, or what is asked of it."""


class AttachmentsAway(RetryableError):
    """The object store cannot be reached, or has trouble of its own."""


class AttachmentMissing(LongshoreError):
    """There is no attachment of this name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that lies in a place."""

    key: str  # a name, or what a writer who was killed left under another
    modified: float  # seconds since the epoch


class AttachmentPlace(Protocol):
    """Bytes under names; all of a pair are there, or none."""

    @property
    def folder(self) -> Path | None:
        """The folder that the place is; None for one that every machine reaches alike."""

    @property
    def location(self) -> str:
        """The same text wherever it is the same place; for people too, so without secrets."""

    def new_pair(self, first: str, second: str) -> AbstractContextManager[tuple[Sink, Sink]]:
        """Two sinks, whose bytes are safely kept under their names if the block succeeds.

        `first` appears before `second`, which may be of any length. Raises AttachmentStoreFull,
        AttachmentNotWritable, AttachmentsRefused and AttachmentsAway.
        """

    def new(self, name: str) -> AbstractContextManager[Sink]:
        """A sink, whose bytes are safely kept under the name if the block succeeds. Raises as
        `new_pair` does."""

    def read(self, name: str, offset: int) -> Iterator[bytes]:
        """The bytes from `offset` on, block by block. Raises AttachmentMissing at once."""

    def exists(self, name: str) -> bool: ...

    def check(self) -> None:
        """Raise what a write would raise at once: the place is away, or nobody may write there."""

    def remove(self, *keys: str) -> None:
        """Remove what lies there; what does not is fine. Raises as `new_pair` does."""

    def kept(self) -> Iterator[Kept]:
        """All that lies in the place, in no order."""

    def signed_url(self, name: str, seconds: int) -> str | None:
        """Where anybody can fetch the bytes for so long; None when the place serves nobody."""

    def spool(self) -> AbstractContextManager[BinaryIO]:
        """A file without a name on a disk of this machine, gone after the block."""
