"""Request keys: what a client sends as Idempotency-Key, so that a request sent twice is done once.

Promises: of the requests with one key one at a time has its claim; what a request has created and
what it is answered are in one transaction; whoever lost the claim creates nothing. Knows nothing of
HTTP, of what is created, and of who is alive.
"""

from longshore.request_keys.request_key import (
    KEPT_MILLISECONDS,
    ClaimTaken,
    KeptAnswer,
    KeyClaim,
    KeyState,
    RequestKey,
)
from longshore.request_keys.store import (
    claim_key,
    forget_old_keys,
    keep_answer,
    read_answer,
    release_key,
)

__all__ = [
    "KEPT_MILLISECONDS",
    "ClaimTaken",
    "KeptAnswer",
    "KeyClaim",
    "KeyState",
    "RequestKey",
    "claim_key",
    "forget_old_keys",
    "keep_answer",
    "read_answer",
    "release_key",
]
