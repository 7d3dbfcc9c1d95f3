"""Texts that came from outside, such that every database can hold them.

PostgreSQL stores neither NUL nor half a character (a lone surrogate), and no driver can send the
latter. A name, a message or a value that is only shown has a sign in their place; whatever must be
found again is kept as JSON, which has escapes for both.
"""

import json

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str | None) -> str | None:
    """The text, with a sign in the place of what no database holds."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    return text.replace("\0", _REPLACEMENT).encode("utf-8", "replace").decode()


def storable_json(value: object) -> str:
    """The value as JSON, all in ASCII."""
    return json.dumps(value)
