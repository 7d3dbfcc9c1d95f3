"""The headers of every answer: what a browser may do with it, and that nobody frames it."""

import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longshore.observations import REQUEST_ID, Observer, RequestAnswered

_PATH_CHARACTERS = 200  # of a path, in a log line

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class WithHeaders:
    """An application whose answers have these headers, and are told of."""

    def __init__(self, application: ASGIApp, observer: Observer) -> None:
        self._application = application
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = secrets.token_hex(16)
        REQUEST_ID.set(request_id)
        began = time.monotonic()

        async def send_headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Request-Id"] = request_id
                self._observer.observe(
                    RequestAnswered(
                        method=scope["method"],
                        path=_shown(scope["path"]),
                        status=message["status"],
                        application=None,
                        milliseconds=round((time.monotonic() - began) * 1000, 1),
                    )
                )
            await send(message)

        await self._application(scope, receive, send_headed)


def _shown(path: str) -> str:
    """A path as it may be told: a one-time code is a secret."""
    before, found, code = path.partition("/sign-in/")
    return (before + found + ("..." if code else ""))[:_PATH_CHARACTERS]
