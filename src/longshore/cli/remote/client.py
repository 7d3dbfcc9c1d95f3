"""Requests to the API of a server, each tried again where that is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

from longshore.cli.progress import duration
from longshore.cli.remote.patience import Patience
from longshore.cli.remote.refusals import (
    ServerFailed,
    ServerRefused,
    ServerUnanswered,
    refusal_of,
    unanswered,
)
from longshore.cli.remote.server import RemoteCredentials, Server
from longshore.cli.stops import Stops

if TYPE_CHECKING:
    import httpx2

__all__ = ["ApiClient", "Query"]

# Parameters of a query, in their order.
Query = Sequence[tuple[str, str]]

MEDIA_TYPE = "application/vnd.api+json"
_CONNECT_SECONDS = 10.0
# Reading and checking 10,000 rows takes a busy server a while.
_ANSWER_SECONDS = 60.0


class ApiClient:
    """One connection to a server, with the token that it asks for."""

    def __init__(
        self,
        server: Server,
        credentials: RemoteCredentials,
        stops: Stops,
        *,
        on_exchange: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """`on_exchange` is told a line about each request."""
        import httpx2

        from longshore import __version__

        self.server = server
        self.stops = stops
        self._credentials = credentials
        self._token = credentials.token
        self._on_exchange = on_exchange
        self._has_answered = False
        self._http = httpx2.Client(
            verify=server.tls(),
            timeout=httpx2.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            headers={"User-Agent": f"longshore/{__version__}", "Accept": MEDIA_TYPE},
        )

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, query: Query = ()) -> dict[str, Any]:
        """The document at a path below `/api`; raises what `refusals` has, and StopRequested."""
        return self._patiently("GET", path, query=query)

    def patch(self, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Change a resource; only for changes that may happen twice."""
        return self._patiently("PATCH", path, content=_encoded(document))

    def post(
        self, path: str, content: bytes, *, key: str, find: Callable[[], dict[str, Any] | None]
    ) -> dict[str, Any]:
        """Create a resource, exactly once: a server that knows request keys answers each try with
        this one alike. Others do not, so before it is tried again, `find` looks whether an earlier
        try, whose answer was lost, has done it."""
        patience = Patience(self.stops)
        while True:
            try:
                return self._exchange("POST", path, content=content, key=key)
            except ServerUnanswered as error:
                self._bear(patience, error)
            if (found := find()) is not None:
                return found

    def put(self, path: str, content: bytes, query: Query) -> dict[str, Any]:
        """Send raw bytes, once: whoever gets no answer asks what has come of them."""
        return self._exchange("PUT", path, query=query, content=content)

    def delete(self, path: str) -> None:
        """Remove a resource, if it is there."""
        try:
            self._patiently("DELETE", path)
        except ServerRefused as refused:
            if refused.status != 404:
                raise

    def pages(self, path: str, query: Query, *, size: int) -> Iterator[list[dict[str, Any]]]:
        """The resources of a list, page by page."""
        number, count = 1, 1
        while number <= count:
            page = [("page[number]", str(number)), ("page[size]", str(size))]
            document = self.get(path, [*query, *page])
            yield list_in(document)
            count = int(document.get("meta", {}).get("page_count", 0))
            number += 1

    def lines(self, path: str) -> Iterator[str]:
        """The lines of a stream of events, as they come; raises ServerFailed where there is none,
        and what the HTTP library raises when the connection ends."""
        url = f"{self.server.url}/api/{path}"
        with ExitStack() as streams:
            response = streams.enter_context(self._stream(url))
            if response.status_code == 401 and self._credentials.client_id is not None:
                self._token = self._ask_for_token()
                response = streams.enter_context(self._stream(url))
            media_type = response.headers.get("content-type", "").partition(";")[0]
            if response.status_code != 200 or media_type != "text/event-stream":
                raise ServerFailed(f"{url} is no stream of events")
            self._on_exchange(f"GET {url}: {response.status_code}")
            yield from response.iter_lines()

    def _stream(self, url: str) -> AbstractContextManager[httpx2.Response]:
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {self._token}"}
        return self._http.stream("GET", url, headers=headers)

    def _patiently(
        self, method: str, path: str, *, query: Query = (), content: bytes | None = None
    ) -> dict[str, Any]:
        patience = Patience(self.stops)
        while True:
            try:
                return self._exchange(method, path, query=query, content=content)
            except ServerUnanswered as error:
                self._bear(patience, error)

    def _bear(self, patience: Patience, error: ServerUnanswered) -> None:
        if not error.was_reached and not self._has_answered:
            raise error  # nobody waits for a server that may never have been there
        patience.bear(error)

    def _exchange(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        content: bytes | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """One request, with a fresh token if the one at hand has expired."""
        url = f"{self.server.url}/api/{path}"
        if self._token is None:
            self._token = self._ask_for_token()
        try:
            return self._send(method, url, query=query, content=content, token=self._token, key=key)
        except ServerRefused as refused:
            if not refused.is_invalid_token or self._credentials.client_id is None:
                raise
        # Nothing was done for a token that is not valid, so this is no second time.
        self._token = self._ask_for_token()
        return self._send(method, url, query=query, content=content, token=self._token, key=key)

    def _ask_for_token(self) -> str:
        content = _encoded(
            {
                "grant_type": "client_credentials",
                "client_id": self._credentials.client_id,
                "client_secret": self._credentials.client_secret,
            }
        )
        document = self._send("POST", f"{self.server.url}/oauth/token", content=content)
        token = document.get("access_token")
        if not isinstance(token, str):
            raise ServerFailed(f"{self.server.url} gives no token")
        return token

    def _send(
        self,
        method: str,
        url: str,
        *,
        query: Query = (),
        content: bytes | None = None,
        token: str | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        import httpx2

        is_for_token = token is None
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token is not None:
            headers = {"Content-Type": MEDIA_TYPE, "Authorization": f"Bearer {token}"}
        if method == "PUT":
            headers["Content-Type"] = "application/octet-stream"
        if key is not None:
            headers["Idempotency-Key"] = key
        began = time.monotonic()
        try:
            response = self._http.request(
                method, url, params=list(query) or None, content=content, headers=headers
            )
        except httpx2.RequestError as error:
            raise unanswered(error, self.server.url) from error
        self._has_answered = True
        taken = duration(time.monotonic() - began)
        self._on_exchange(f"{method} {url}: {response.status_code} in {taken}")
        if not response.is_success:
            raise refusal_of(response, is_for_token=is_for_token)
        return {} if response.status_code == 204 else _document(response)


def list_in(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources of a document of a list; raises ServerFailed."""
    data = document.get("data")
    if not isinstance(data, list):
        raise ServerFailed("the server answers a list with something else")
    return data


def _document(response: httpx2.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise ServerFailed(
            f"{response.request.url} answers with no JSON document",
            hint="look at the address that --server names",
        )
    return document


def _encoded(document: Mapping[str, Any]) -> bytes:
    """A body; lone surrogates and long integers in it are for the server to judge."""
    from longshore.json_text import encode_json

    return encode_json(document)
