"""The body of a request as it comes in, decoded, and never longer than it may be."""

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator

import anyio.from_thread
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from longshore.api.errors import ApiError

_GZIP_WINDOW_BITS = 31  # zlib manual: 15 bits of window plus 16 for the gzip wrapper
_PIECE_BYTES = 1 << 18  # of a body that is decompressed


class IncomingBody:
    """The body of a request, read at most once and never beyond a limit."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_complete = False
        self._gunzip: zlib._Decompress | None = None
        self._hash: hashlib._Hash | None = None

    def decode(self, encoding: str) -> None:
        """Decode what is read from now on: RFC 9110, section 8.4. Raises ApiError."""
        encoding = encoding.strip().lower()
        if encoding in ("gzip", "x-gzip"):
            self._gunzip = zlib.decompressobj(_GZIP_WINDOW_BITS)
        elif encoding not in ("", "identity"):
            raise ApiError(
                "UNSUPPORTED_CONTENT_ENCODING",
                found=encoding,
                headers={"Accept-Encoding": "gzip, identity"},
            )

    def hash_with(self, prefix: bytes) -> None:
        """Have a digest made of these bytes and the body's, as they are sent; to be called before
        anything is read."""
        self._hash = hashlib.sha256(prefix)

    @property
    def is_complete(self) -> bool:
        """Whether the last byte has come."""
        return self._is_complete

    def digest(self) -> str:
        """The SHA-256 that `hash_with` asks for, hexadecimal, of a body that is complete."""
        assert self._hash is not None, "nobody has asked for it"
        assert self._is_complete, "the rest of the body would make it another one"
        return self._hash.hexdigest()

    async def pass_over(self, bytes_max: int) -> None:
        """Read what is left for its digest alone; raises ApiError when it is too long."""
        size = 0
        while not self._is_complete:
            size += len(await self._next())
            if size > bytes_max:
                raise ApiError("PAYLOAD_TOO_LARGE", bytes_max=bytes_max)

    async def read(self, bytes_max: int) -> bytes:
        """The whole body, if any may be; what a method has no use for is left alone."""
        if not bytes_max:
            return b""
        return b"".join([piece async for piece in self._pieces(bytes_max)])

    def stream(self, bytes_max: int) -> Iterator[bytes]:
        """The pieces of the body, for a handler in its thread."""
        pieces = self._pieces(bytes_max)

        async def next_piece() -> bytes | None:
            return await anext(pieces, None)

        while (piece := anyio.from_thread.run(next_piece)) is not None:
            yield piece

    async def drain(self, bytes_max: int) -> None:
        """Read what is left and forget it, within a limit."""
        try:
            await self.pass_over(bytes_max)
        except (ApiError, ClientDisconnect):
            return

    async def _pieces(self, bytes_max: int) -> AsyncIterator[bytes]:
        size = 0
        while not self._is_complete:
            for piece in self._decoded(await self._next()):
                size += len(piece)
                if size > bytes_max:
                    raise ApiError("PAYLOAD_TOO_LARGE", bytes_max=bytes_max)
                if piece:
                    yield piece
        if self._gunzip is not None and not self._gunzip.eof:
            raise ApiError("BAD_REQUEST", reason="The gzip data of the body ends too early.")

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        sent: bytes = message.get("body", b"")
        self._is_complete = not message.get("more_body", False)
        if self._hash is not None:
            self._hash.update(sent)
        return sent

    def _decoded(self, sent: bytes) -> Iterator[bytes]:
        """What was sent, never more of it at a time than `_PIECE_BYTES` where it is compressed."""
        if self._gunzip is None:
            yield sent
            return
        while sent and not self._gunzip.eof:
            try:
                yield self._gunzip.decompress(sent, _PIECE_BYTES)
            except zlib.error as error:
                reason = "The body is not gzip, as its Content-Encoding says."
                raise ApiError("BAD_REQUEST", reason=reason) from error
            sent = self._gunzip.unconsumed_tail
        if self._gunzip.unused_data:
            raise ApiError("BAD_REQUEST", reason="Something follows the gzip data of the body.")
