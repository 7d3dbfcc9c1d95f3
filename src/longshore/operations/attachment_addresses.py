"""Addresses of attachments that need no token: signed, and good for five minutes."""

import hashlib
import hmac
import re
from enum import StrEnum

from longshore import clock
from longshore.imports import Import
from longshore.sources import ATTACHMENT_URL_SECONDS

_NAME = re.compile(r"([0-9A-Za-z]{10})\.(?:csv|json)\.gz")
_EXPIRES = re.compile(r"[0-9]{1,12}")


class Signature(StrEnum):
    """What the signature of an address is worth."""

    GOOD = "good"
    FORGED = "forged"
    EXPIRED = "expired"


def attachment_address(import_: Import, public_id: str, *, base_url: str, key: bytes) -> str:
    """Where an import's source can be had from now on for five minutes."""
    name = f"{public_id}.{import_.format}.gz"
    expires = clock.now() // 1000 + ATTACHMENT_URL_SECONDS
    return f"{base_url}/attachments/{name}?expires={expires}&signature={_sign(name, expires, key)}"


def check_signature(name: str, *, expires: str, signature: str, key: bytes) -> Signature:
    """What the rest of an address says for the attachment that it names."""
    if not _EXPIRES.fullmatch(expires) or not hmac.compare_digest(
        _sign(name, int(expires), key).encode(), signature.encode()
    ):
        return Signature.FORGED
    return Signature.EXPIRED if int(expires) < clock.now() // 1000 else Signature.GOOD


def public_id_in(name: str) -> str | None:
    """The public id of the import whose attachment is called so; None: no attachment is."""
    found = _NAME.fullmatch(name)
    return None if found is None else found[1]


def _sign(name: str, expires: int, key: bytes) -> str:
    return hmac.new(key, f"{name}\n{expires}".encode(), hashlib.sha256).hexdigest()
