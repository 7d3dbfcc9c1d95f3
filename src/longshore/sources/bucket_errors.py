"""What an object store's failures mean to a person.

The texts that come with them repeat requests and answers, in which a session token may stand: so
nothing of them is passed on but the status, the store's own code and the kind of failure.
"""

import re

from longshore.errors import PermanentError, RetryableError
from longshore.sources.attachment_place import AttachmentsAway, AttachmentsRefused

_STATUS = re.compile(r"status code: ([0-9]{3})")
_CODE = re.compile(r"<Code>([A-Za-z0-9.]{1,80})</Code>")
_KIND = re.compile(r"kind: (Connect|Timeout)\b")
_KINDS = {"Connect": "no connection", "Timeout": "no answer in time"}
# Where machines at Amazon are given the credentials of their role.
_CREDENTIAL_PLACES = ("http://169.254.", "https://sts.")

_CREDENTIALS_HINT = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what their owner may do"


def explained(error: Exception, location: str) -> RetryableError | PermanentError:
    """The failure in words of ours; raise it `from None`, for the text says too much."""
    status, code = _status(error), _code(error)
    if status is None:
        if any(place in str(error) for place in _CREDENTIAL_PLACES):
            return AttachmentsRefused(
                f"there are no credentials for {location}",
                hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role",
            )
        kind = _KIND.search(str(error))
        reason = _KINDS[kind[1]] if kind else "the connection broke"
        return AttachmentsAway(f"the object store is away: {location} ({reason})")
    said = f"{location} ({status} {code})" if code else f"{location} ({status})"
    if code == "NoSuchBucket":
        return AttachmentsRefused(
            f"there is no such bucket: {said}", hint="create it, or check LONGSHORE_ATTACHMENTS"
        )
    if code == "RequestTimeTooSkewed":
        return AttachmentsRefused(
            f"the object store refuses access to {said}", hint="check the clock of this machine"
        )
    if status in (401, 403) or code in ("ExpiredToken", "InvalidToken"):
        return AttachmentsRefused(
            f"the object store refuses access to {said}", hint=_CREDENTIALS_HINT
        )
    if status >= 500 or status in (408, 429):
        return AttachmentsAway(f"the object store has trouble: {said}")
    return AttachmentsRefused(
        f"the object store does not do what it is asked: {said}",
        hint="check LONGSHORE_S3_ENDPOINT and LONGSHORE_S3_REGION",
    )


def is_no_such_object(error: Exception) -> bool:
    """Whether the bucket is there, but not what was asked for in it."""
    return _status(error) == 404 and _code(error) in (None, "NoSuchKey")


def is_beyond_the_end(error: Exception) -> bool:
    """Whether the object has fewer bytes than the first that was asked for."""
    return _status(error) == 416


def _status(error: Exception) -> int | None:
    found = _STATUS.search(str(error))
    return int(found[1]) if found else None


def _code(error: Exception) -> str | None:
    found = _CODE.search(str(error))
    return found[1] if found else None
