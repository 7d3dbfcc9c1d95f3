"""Parts of uploads: bytes that are kept as they came, until all of a source is there.

Each part is a file or an object of its own, so nothing that a request writes can reach what another
one has written, whichever of them lives longer.
"""

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from longshore.errors import PermanentError
from longshore.sources.attachment_place import AttachmentPlace


class PartDamaged(PermanentError):
    """A part is not what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """What is known of a part once it is safe."""

    name: str  # opaque; unique in its place
    length: int
    digest: str  # SHA-256, hexadecimal


class PartStore:
    """The parts that are kept in a place."""

    def __init__(self, place: AttachmentPlace) -> None:
        self._place = place

    def write(self, blocks: Iterable[bytes]) -> StoredPart:
        """Store the bytes; when this returns, they survive a crash of the machine.

        Raises what the blocks and the place raise; then nothing is left behind.
        """
        name = f"upload-{secrets.token_hex(16)}.bytes"
        content = hashlib.sha256()
        length = 0
        with self._place.new(name) as file:
            for block in blocks:
                file.write(block)
                content.update(block)
                length += len(block)
        return StoredPart(name=name, length=length, digest=content.hexdigest())

    def open(self, parts: Sequence[StoredPart]) -> BinaryIO:
        """The bytes of the parts, one after the other, to be read once.

        Reading raises PartDamaged, AttachmentMissing, and what a bucket raises.
        """
        return cast(BinaryIO, io.BufferedReader(_Joined(self._blocks(parts))))

    def take(self, name: str, source: "PartStore") -> None:
        """Keep a part of another store under the same name, byte for byte. Raises AttachmentMissing
        when it is not there, and what either place raises."""
        blocks = source._place.read(name, 0)
        with self._place.new(name) as file:
            for block in blocks:
                file.write(block)

    def delete(self, names: Iterable[str]) -> None:
        """Remove parts; those that are gone already are fine."""
        self._place.remove(*names)

    def _blocks(self, parts: Sequence[StoredPart]) -> Iterator[bytes]:
        for part in parts:
            content = hashlib.sha256()
            for block in self._place.read(part.name, 0):
                content.update(block)
                yield block
            if content.hexdigest() != part.digest:
                raise PartDamaged(f"the part {part.name} of the upload is damaged")


class _Joined(io.RawIOBase):
    """Blocks as a file."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
