"""Streams of server-sent events (WHATWG HTML, "Server-sent events"), all fed by one poller.

Theory: each stream is about a *subject*, and every event tells all of how that stands, so events
that nobody has taken yet can be left out: a stream keeps the latest state alone, however slowly its
client reads. While there are streams, one task looks at all subjects at once, once a second, in a
thread of the readers; with the last stream it goes. Streams end by themselves after a while, so
that whoever may not look any more does not: the client connects again and says by the id of the
last event (`Last-Event-ID`) what it has been told.
"""

import asyncio
import json
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from longshore.errors import LongshoreError
from longshore.observations import Observer, RequestCrashed
from longshore.web.pools import Pools

EVENT_STREAM = "text/event-stream"

_LOOK_SECONDS = 1.0
_KEEP_ALIVE_SECONDS = 15.0  # proxies close what is silent for a minute, some for less
_STREAM_SECONDS = 300.0  # after which a client has to show its token, or its session, again
_RETRY_MILLISECONDS = 2000
# Nobody looks at so many pages; the next one is refused, or a program could take all of them.
_SHARE = 10


class State(Protocol):
    """How a subject stands at a moment."""

    @property
    def mark(self) -> str:
        """What is told with it, as the id of its events."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""

    def events(self, told: str | None) -> Sequence[tuple[str, Any]]:
        """Names and data (JSON) of what is sent to somebody who was told the state of that mark
        before; None: nothing."""


Look = Callable[[Collection[Any]], Mapping[Any, State]]


class TooManyStreams(LongshoreError):
    """The caller, or all of them, look at as much at once as may be."""


class EventStreams:
    """All streams of one process. Its methods belong to the event loop, except `stop`."""

    def __init__(self, look: Look, pools: Pools, observer: Observer, *, streams_max: int) -> None:
        self._look = look
        self._pools = pools
        self._observer = observer
        self._streams_max = streams_max
        self._per_caller_max = max(streams_max // _SHARE, 1)
        self._open: dict[_OpenStream, None] = {}
        self._by_caller: Counter[object] = Counter()
        self._poller: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_stopping = False

    def stop(self) -> None:
        """End all streams, because the server stops; may be called from a signal's handler."""
        self._is_stopping = True
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake_all)

    def enter(self, stream: "_OpenStream") -> None:
        """Take a stream; raises TooManyStreams."""
        if self._by_caller[stream.caller] >= self._per_caller_max:
            raise TooManyStreams(
                f"{self._per_caller_max} streams are open for you already",
                hint="close one of them: pages and programs that look on have one each",
            )
        if len(self._open) >= self._streams_max:
            raise TooManyStreams(
                f"{self._streams_max} streams are open already", hint="try again in a moment"
            )
        self._open[stream] = None
        self._by_caller[stream.caller] += 1
        self._loop = asyncio.get_running_loop()
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll(), name="progress of imports")

    def leave(self, stream: "_OpenStream") -> None:
        """Let go of a stream."""
        del self._open[stream]
        self._by_caller -= Counter((stream.caller,))
        if not self._open and self._poller is not None:
            self._poller.cancel()
            self._poller = None

    @property
    def is_stopping(self) -> bool:
        """Whether all streams are to end."""
        return self._is_stopping

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._open)

    async def _poll(self) -> None:
        while True:
            began = asyncio.get_running_loop().time()
            subjects = {stream.subject for stream in self._open}
            try:
                found = await self._pools.read(partial(self._look, subjects))
            except (LongshoreError, OSError):
                pass  # the database is away, say: whoever looks on hears of it by the silence
            except Exception as error:
                self._observer.observe(
                    RequestCrashed(
                        method="GET",
                        path="progress",
                        error=repr(error),
                        traceback=traceback.format_exc(),
                    )
                )
                for stream in self._open:
                    stream.fail()
            else:
                for stream in self._open:
                    if stream.subject in found:
                        stream.tell(found[stream.subject])
            taken = asyncio.get_running_loop().time() - began
            await asyncio.sleep(max(_LOOK_SECONDS - taken, _LOOK_SECONDS / 4))

    def _wake_all(self) -> None:
        for stream in self._open:
            stream.wake()


@dataclass(slots=True, eq=False)
class _OpenStream:
    """One stream: what it is about, whose it is, and what it would send next."""

    subject: Hashable
    caller: object
    state: State
    is_due: asyncio.Event = field(default_factory=asyncio.Event)
    has_failed: bool = False  # the client is to try again

    def tell(self, state: State) -> None:
        self.state = state
        self.is_due.set()

    def wake(self) -> None:
        self.is_due.set()

    def fail(self) -> None:
        self.has_failed = True
        self.wake()


class EventStream(Response):
    """The answer that goes on until its subject has ended, its client is gone, or the server stops.

    `state` is that of this moment; `refused` makes the answer where there are too many streams.
    """

    def __init__(
        self,
        streams: EventStreams,
        subject: Hashable,
        state: State,
        *,
        caller: object,
        last_id: str | None,
        refused: Callable[[TooManyStreams], Response],
    ) -> None:
        super().__init__(
            media_type=EVENT_STREAM,
            headers={
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",  # or nginx collects some kilobytes before it sends
            },
        )
        del self.headers["content-length"]
        self._streams = streams
        self._stream = _OpenStream(subject, caller, state)
        self._told = last_id or None
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            self._told is not None
            and self._stream.state.has_ended
            and (self._told == self._stream.state.mark)
        ):
            # Whoever is answered so does not connect again; all was told.
            await Response(status_code=204)(scope, receive, send)
            return
        try:
            self._streams.enter(self._stream)
        except TooManyStreams as refused:
            await self._refused(refused)(scope, receive, send)
            return
        try:
            await self._run(scope, receive, send)
        finally:
            self._streams.leave(self._stream)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        telling = asyncio.create_task(self._tell(send))
        leaving = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, leaving):
                task.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)
        if telling.done() and not telling.cancelled() and (error := telling.exception()):
            raise error

    async def _tell(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + _STREAM_SECONDS
        stream = self._stream
        await _send(send, f"retry: {_RETRY_MILLISECONDS}\n\n")
        stream.wake()  # the state that came with the request is the first one
        while not self._streams.is_stopping and loop.time() < until:
            try:
                await asyncio.wait_for(stream.is_due.wait(), _KEEP_ALIVE_SECONDS)
            except TimeoutError:
                await _send(send, ": nothing is known at the moment\n\n")
                continue
            stream.is_due.clear()
            if stream.has_failed or self._streams.is_stopping:
                break
            state = stream.state
            events = state.events(self._told)
            self._told = state.mark
            await _send(send, "".join(_written(name, state.mark, data) for name, data in events))
            if state.has_ended:
                break
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _written(name: str, mark: str, data: Any) -> str:
    # JSON has no line ends inside, so one line of data holds all of it.
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return f"event: {name}\nid: {mark}\ndata: {text}\n\n"
