"""How the server is, for what watches over it. Neither question asks for a token or is counted.

`/health` is answered by the event loop itself: no thread, no database and nobody else's request can
keep it waiting. `/ready` looks at what requests need; one look serves all who ask
meanwhile, and a good one all who ask within a second.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from longshore import __version__
from longshore.api.errors import ApiError
from longshore.api.responses import RETRY_SECONDS, document_response, error_response
from longshore.api.services import Services
from longshore.errors import LongshoreError

_JSON = "application/json"
_METHODS = ("GET", "HEAD")
_OK = "ok"
_UNAVAILABLE = "unavailable"

_LOOK_SECONDS = 1.0  # how long a look at what is needed serves all who ask
_WAIT_SECONDS = 5.0  # what does not answer within this time is taken to be unavailable
_DISK_BYTES_MIN = 64 << 20  # with less, neither a chunk nor a source may be stored


class Health:
    """GET /health: 200 as long as the server answers at all."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        document = {"status": _OK, "version": __version__}
        await _response(scope, document, status=200)(scope, receive, send)


class Readiness:
    """GET /ready: 200 when all is there that requests need, else 503."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._threads = CapacityLimiter(len(self._checks()))
        self._looked_at = 0.0
        self._found: Mapping[str, str] = {}
        self._looking: asyncio.Task[Mapping[str, str]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = {} if scope["method"] not in _METHODS else await self._recent()
        is_ready = all(state == _OK for state in found.values())
        document = {"status": _OK if is_ready else _UNAVAILABLE, "version": __version__, **found}
        await _response(scope, document, status=200 if is_ready else 503)(scope, receive, send)

    async def _recent(self) -> Mapping[str, str]:
        is_good = all(state == _OK for state in self._found.values())
        if self._found and is_good and time.monotonic() - self._looked_at < _LOOK_SECONDS:
            return self._found
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> Mapping[str, str]:
        checks = self._checks()
        states = await asyncio.gather(*(self._state(check) for check in checks.values()))
        self._found = dict(zip(checks, states, strict=True))
        self._looked_at = time.monotonic()
        return self._found

    async def _state(self, check: Callable[[], bool]) -> str:
        """What a check finds; why it finds it is for the log, where requests that fail say it."""
        try:
            is_fine = await asyncio.wait_for(
                to_thread.run_sync(check, limiter=self._threads, abandon_on_cancel=True),
                _WAIT_SECONDS,
            )
        except (LongshoreError, SQLAlchemyError, OSError, TimeoutError):
            return _UNAVAILABLE
        return _OK if is_fine else _UNAVAILABLE

    def _checks(self) -> Mapping[str, Callable[[], bool]]:
        return {"database": self._has_database, "store": self._has_store, "disk": self._has_room}

    def _has_database(self) -> bool:
        self._services.operations.organizations.exist()
        return True

    def _has_store(self) -> bool:
        self._services.attachments.check()
        return True

    def _has_room(self) -> bool:
        folders = {self._services.settings.data, self._services.attachments.folder}
        return all(
            shutil.disk_usage(_existing(folder)).free >= _DISK_BYTES_MIN
            for folder in folders
            if folder is not None
        )


def _response(scope: Scope, document: Mapping[str, str], *, status: int) -> Response:
    if scope["method"] not in _METHODS:
        allowed = ", ".join(_METHODS)
        return error_response(
            ApiError(
                "METHOD_NOT_ALLOWED",
                method=scope["method"],
                allowed=allowed,
                headers={"Allow": allowed},
            )
        )
    headers = {"Cache-Control": "no-store"}
    if status != 200:
        headers["Retry-After"] = RETRY_SECONDS
    return document_response(document, status=status, headers=headers, media_type=_JSON)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there: it is made when it is needed."""
    folder = folder.absolute()
    return next(each for each in (folder, *folder.parents) if each.exists())
