"""Client ids and secrets: 256 random bits each, written in letters and digits alone.

A secret is kept as its SHA-256 and compared by it. Slow hashes protect what people choose; 256
random bits cannot be guessed, however fast the hash.
"""

import hashlib
import hmac
import math
import secrets
import string

# No `-` or `_`: people select the whole with a double click, and a token's payload, which holds
# the client id, stays free of them.
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = math.ceil(256 / math.log2(len(_ALPHABET)))


def random_text() -> str:
    """43 random letters and digits: 256 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def digest_of(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def matches(text: str, digest: str) -> bool:
    """Whether a digest is that of a text; takes equally long whatever is given."""
    return hmac.compare_digest(digest_of(text), digest)
