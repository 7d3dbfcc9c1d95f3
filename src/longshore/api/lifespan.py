"""What begins and ends with a server, in the protocol of ASGI (asgi.readthedocs.io, "Lifespan")."""

import traceback
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send


class WithLifespan:
    """An application around which something is started and stopped."""

    def __init__(
        self, application: ASGIApp, *, on_start: Callable[[], None], on_stop: Callable[[], None]
    ) -> None:
        self._application = application
        self._on_start = on_start
        self._on_stop = on_stop

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
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await run_in_threadpool(self._on_stop)
                await send({"type": "lifespan.shutdown.complete"})
                return
