"""What went wrong between a command and a server, by what can be done about it.

LongshoreError
├── RetryableError
│   └── ServerUnanswered       no answer, or one that says: later
├── PermanentError
│   └── ServerFailed           an answer that is none of the wire contract's
└── RequestRefused
    └── ServerRefused          an answer that says no, with the reasons
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from longshore.cli.messages import printable
from longshore.errors import PermanentError, RequestRefused, RetryableError

if TYPE_CHECKING:
    import httpx2

__all__ = [
    "ServerFailed",
    "ServerRefused",
    "ServerUnanswered",
    "refusal_of",
    "unanswered",
]

_CREDENTIALS_HINT = "set LONGSHORE_TOKEN, or LONGSHORE_CLIENT_ID and LONGSHORE_CLIENT_SECRET"
_REASONS_SHOWN_MAX = 10
_LATER = (429, 502, 503, 504)
# An earlier try of the same request is worked on.
_KEY_IN_USE = "IDEMPOTENCY_KEY_IN_USE"


class ServerUnanswered(RetryableError):
    """The request may succeed later.

    `retry_seconds` is when, if the server says so. `is_throttled`: it counts our requests, and
    they were too many. `was_reached`: something was there and may have done what was asked.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        retry_seconds: float | None = None,
        is_throttled: bool = False,
        was_reached: bool = True,
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_seconds = retry_seconds
        self.was_reached = was_reached
        self.is_throttled = is_throttled


class ServerFailed(PermanentError):
    """What answers is broken, or is no server of this kind."""


class ServerRefused(RequestRefused):
    """The server understood, and said no."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        status: int,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.errors = errors

    @property
    def is_about_place(self) -> bool:
        """Whether it is about none of the fields that were sent, but about the whole."""
        pointers = [_part(error, "source").get("pointer") for error in self.errors]
        return self.status == 422 and all(pointer in (None, "/data") for pointer in pointers)

    @property
    def same_content_as(self) -> Mapping[str, Any] | None:
        """The import that has done the same before, where that is the reason."""
        for error in self.errors:
            same = _part(error, "meta").get("same_content_as")
            if isinstance(same, dict):
                return same
        return None

    @property
    def offset(self) -> int | None:
        """Where the next bytes of an upload belong, where that is the reason."""
        for error in self.errors:
            offset = _part(error, "meta").get("offset")
            if self.status == 409 and isinstance(offset, int):
                return offset
        return None

    def is_unknown(self, *attributes: str) -> bool:
        """Whether the server does not know one of these attributes."""
        pointers = [_part(error, "source").get("pointer") for error in self.errors]
        return any(f"/data/attributes/{name}" in pointers for name in attributes)

    @property
    def is_invalid_token(self) -> bool:
        """Whether another token might do."""
        return self.status == 401 and any(
            error.get("code") == "INVALID_TOKEN" for error in self.errors
        )


def refusal_of(
    response: httpx2.Response, *, is_for_token: bool
) -> ServerUnanswered | ServerFailed | ServerRefused:
    """What a response means that is no success."""
    status = response.status_code
    url = response.request.url
    errors = _errors(response)
    reasons = "; ".join(_reasons(errors)) or f"{status} {response.reason_phrase}".strip()
    is_worked_on = any(error.get("code") == _KEY_IN_USE for error in errors)
    if status in _LATER or is_worked_on:
        return ServerUnanswered(
            f"the server cannot answer at the moment: {reasons}",
            retry_seconds=_retry_seconds(response),
            is_throttled=status == 429,
        )
    if 300 <= status < 400:
        return ServerFailed(
            f"{url} leads elsewhere: {printable(response.headers.get('location', '?'))}",
            hint="name the address to which it leads with --server",
        )
    if status >= 500:
        number = response.headers.get("x-request-id")
        return ServerFailed(
            f"the server failed: {reasons}",
            hint=f"its log may say more about the request {printable(number)}" if number else None,
        )
    if status == 401:
        what = "the client id and the secret" if is_for_token else "the token"
        message, hint = f"the server does not take {what}: {reasons}", _CREDENTIALS_HINT
    elif status == 404 and not errors:
        message = f"there is no such API at {url}"
        hint = "look at the address that --server names"
    else:
        message, hint = f"the server refuses it: {reasons}", None
    return ServerRefused(message, hint=hint, status=status, errors=errors)


def unanswered(error: httpx2.RequestError, url: str) -> ServerUnanswered | ServerFailed:
    """What it means that there was no response."""
    import httpx2

    cause = _tls_error(error)
    if cause is not None:
        reason = getattr(cause, "verify_message", None) or cause.reason or str(cause)
        return ServerFailed(
            f"no safe connection to {url}: {reason}",
            hint="--ca-file names the file of a certificate to be trusted",
        )
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return ServerUnanswered(
            f"nothing can be reached at {url}: {error}",
            hint="is the server running?",
            was_reached=False,
        )
    if isinstance(error, httpx2.TimeoutException):
        return ServerUnanswered(f"{url} does not answer in time")
    return ServerUnanswered(f"the connection to {url} broke: {str(error) or type(error).__name__}")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """What was wrong with the certificate or the encryption, wherever it is in the causes."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _errors(response: httpx2.Response) -> Sequence[Mapping[str, Any]]:
    """The errors of a document; none when it is no such document."""
    try:
        document = response.json()
        errors = document["errors"]
    except (ValueError, LookupError, TypeError):
        return []
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []


def _reasons(errors: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Of each error the most exact that it says."""
    for error in errors[:_REASONS_SHOWN_MAX]:
        reason = _part(error, "meta").get("reason") or error.get("detail") or error.get("title")
        if isinstance(reason, str):
            yield printable(reason.rstrip("."))


def _part(error: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = error.get(name)
    return part if isinstance(part, dict) else {}


def _retry_seconds(response: httpx2.Response) -> float | None:
    """Retry-After as seconds (RFC 9110, section 10.2.3); None also for a date."""
    try:
        return max(float(response.headers["retry-after"]), 0.0)
    except (KeyError, ValueError):
        return None
