"""How an import at a server gets on, as the server tells by itself."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from longshore.errors import LongshoreError

if TYPE_CHECKING:
    from longshore.cli.remote.client import ApiClient

__all__ = ["ProgressStream"]

_FRESH_SECONDS = 5.0  # the server tells something every second


class ProgressStream:
    """Listens to the events of one import, in a thread: who waits for them would not hear Ctrl-C.

    Whoever looks gets the last one, and asks the server in another way where there is none.
    """

    def __init__(self, client: ApiClient, import_id: str) -> None:
        self._client = client
        self._path = f"imports/{import_id}/progress"
        self._latest: dict[str, Any] | None = None
        self._heard_at = 0.0
        self.is_over = False  # nothing more comes of it
        self.has_begun = False  # the server knows of it
        threading.Thread(target=self._listen, name="progress", daemon=True).start()

    @property
    def latest(self) -> dict[str, Any] | None:
        """What the server has told a moment ago; None: nothing."""
        is_fresh = time.monotonic() - self._heard_at < _FRESH_SECONDS
        return self._latest if is_fresh else None

    def _listen(self) -> None:
        import httpx2

        try:
            for name, data in _events(self._client.lines(self._path)):
                self.has_begun = True
                if name in ("progress", "end"):
                    self._latest, self._heard_at = json.loads(data), time.monotonic()
        # A server without such a path, a connection that is cut, an answer that is something else.
        except (LongshoreError, httpx2.HTTPError, OSError, RuntimeError, ValueError):
            pass
        finally:
            self.is_over = True


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Names and data of events (WHATWG HTML, "Interpreting an event stream")."""
    name, data = "message", ""
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield name, data
            name, data = "message", ""
        elif field == "event":
            name = value
        elif field == "data":
            data += value
