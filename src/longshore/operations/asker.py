"""Who asks for an operation."""

from dataclasses import dataclass

from longshore.access import Environment
from longshore.request_keys import KeyClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whoever asks, and where: an application over HTTP, or somebody at a terminal."""

    environment: Environment  # the border of everything that is read and written
    application_id: int | None = None  # None: somebody at a terminal
    # Of the server that is asked, for addresses in its answers; None: none is, and an answer is as
    # long as it needs to be.
    base_url: str | None = None
    # Of the key under which something is to be created; whoever creates it keeps the answer.
    claim: KeyClaim | None = None
