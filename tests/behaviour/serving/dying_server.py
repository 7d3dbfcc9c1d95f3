"""`longshore serve`, which kills itself at a moment of the first POST to /api with a key.

    python -m tests.behaviour.serving.dying_server serve --dies-at answering

`claimed`: the key is claimed, and nothing else has happened; `created`: everything is committed,
and nobody has heard of it yet; `answering`: the first byte of the answer would come next.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from longshore.__main__ import main
from longshore.api import keyed_requests
from longshore.api.context import RequestContext
from longshore.api.endpoints import Endpoint


def die() -> None:
    """End at once, as by SIGKILL, with everything that is under way."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(moment: str) -> None:
    """Arrange for the end of this process."""
    keyed: Any = keyed_requests.KeyedRequest
    handled, respond = keyed._handled, Endpoint.__call__

    async def dying_handled(
        self: Any, handle: Callable[[RequestContext], Awaitable[Response]]
    ) -> Response:
        if moment == "claimed":
            die()
        response = await handle_all(self, handle)
        if moment == "created":
            die()
        return response

    async def handle_all(self: Any, handle: Any) -> Response:
        response = await handled(self, handle)
        assert isinstance(response, Response)
        return response

    async def dying_respond(self: Endpoint, scope: Any, receive: Any, send: Any) -> None:
        has_key = any(name == b"idempotency-key" for name, _ in scope["headers"])

        async def dying_send(message: Any) -> None:
            if moment == "answering" and has_key:
                die()
            await send(message)

        await respond(self, scope, receive, dying_send)

    keyed._handled = dying_handled
    endpoint: Any = Endpoint
    endpoint.__call__ = dying_respond


if __name__ == "__main__":
    place = sys.argv.index("--dies-at")
    _, chosen = sys.argv[place : place + 2]
    del sys.argv[place : place + 2]
    die_at(chosen)
    main()
