"""What begins and ends with a server, in the protocol of ASGI (asgi.readthedocs.io, "Lifespan")."""

import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send


class WithLifespan:
    """An application around which something is started and stopped."""

    def __init__(
        self,
        application: ASGIApp,
        *,
        on_start: Callable[[], None],
        on_stop: Callable[[], None],
        on_signal: Callable[[], None],
    ) -> None:
        """`on_signal` is called as soon as a signal asks the process to stop, which is before the
        last answers are sent; `on_stop` behind them."""
        self._application = application
        self._on_start = on_start
        self._on_stop = on_stop
        self._on_signal = on_signal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await run_in_threadpool(self._on_start)
                except Exception:
                    failure = {"message": traceback.format_exc()}
                    await send({"type": "lifespan.startup.failed", **failure})
                    raise
                _hear_signals(self._on_signal)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await run_in_threadpool(self._on_stop)
                await send({"type": "lifespan.shutdown.complete"})
                return


def _hear_signals(heard: Callable[[], None]) -> None:
    """Hear of the signals that stop a server before it does what it has set up for them.

    ASGI tells of the stop when all requests are answered, and a stream that goes on until then
    would keep it from stopping. Where signals are none of this thread's, streams end when the
    server gives requests up.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        former = signal.getsignal(number)
        if callable(former):
            signal.signal(number, _HeardBefore(heard, former))


@dataclass(frozen=True, slots=True)
class _HeardBefore:
    """A handler of a signal that lets somebody know, and goes on with that of the server."""

    heard: Callable[[], None]
    former: Callable[[int, FrameType | None], object]

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.heard()
        self.former(number, frame)
