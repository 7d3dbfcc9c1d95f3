"""A request key, the right to work on it, and what is kept of it."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from longshore.errors import RetryableError

# For so long a request may be sent again.
KEPT_MILLISECONDS = 24 * 3600 * 1000


class ClaimTaken(RetryableError):
    """Another request has taken the key over; what this one did is void."""

    def __init__(self) -> None:
        super().__init__("another request has the key")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """The key of a request, and where it counts: each path and application has its own."""

    application_id: int  # which is of one environment
    method: str
    path: str  # without the version of the API
    key: str

    @property
    def name(self) -> str:
        """What tells it from the other keys of its application."""
        # Neither methods nor keys hold spaces, so no two are spelled alike.
        text = f"{self.method} {self.path} {self.key}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class KeyState(StrEnum):
    """What is known of a key for which no answer is kept."""

    CLAIMED = "claimed"  # by whoever asks
    TAKEN = "taken"  # by another request
    FREE = "free"


@dataclass(slots=True, kw_only=True)
class KeyClaim:
    """The right of one request to be worked on, among those with one key."""

    key: RequestKey
    # What tells the request from others, known when its body was read.
    digest: Callable[[], str]
    created_status: int  # of the answer, if it creates something
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    # An answer was written, in a transaction that is committed if the request ends well.
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What became of the request with a key."""

    digest: str  # of that request
    status: int
    resource_type: str | None  # None: it was refused
    resource_id: int | None
    answer: bytes | None  # None: it was too long to be kept
