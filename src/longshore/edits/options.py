"""Edits as they are written on a command line."""

import re

from longshore.edits.edits import Replacement, SetEdit
from longshore.errors import RequestRefused


def parse_set(text: str) -> SetEdit:
    """`FIELD=VALUE`; the value may hold a `=`. Raises RequestRefused."""
    column, equals, value = text.partition("=")
    if not equals or not column.strip():
        raise RequestRefused(f"expected FIELD=VALUE, found {text!r}")
    return SetEdit(column=column.strip(), value=value)


def parse_replacement(text: str) -> Replacement:
    """`FIELD:OLD=NEW`; a `=` of OLD or NEW, and a `:` of FIELD, has a backslash before it.

    Raises RequestRefused.
    """
    column, colon, change = _split(text, ":")
    old, equals, new = _split(change, "=")
    if not (colon and equals) or not column.strip():
        raise RequestRefused(f"expected FIELD:OLD=NEW, found {text!r}")
    if _split(new, "=")[1]:
        raise RequestRefused(
            f"several = stand in {text!r}, and nothing says where the new value begins",
            hint=r"write \= for one that belongs to a value",
        )
    return Replacement(
        column=column.strip().replace(r"\:", ":"),
        old=old.replace(r"\=", "="),
        new=new.replace(r"\=", "="),
    )


def replacement_text(column: str, old: str, new: str) -> str:
    """What `parse_replacement` reads as a replacement of these."""
    values = (each.replace("=", r"\=") for each in (old, new))
    return f"{column.replace(':', chr(92) + ':')}:{'='.join(values)}"


def _split(text: str, sign: str) -> tuple[str, str, str]:
    """A text before and behind the first of a sign that no backslash stands before."""
    found = re.search(rf"(?<!\\){sign}", text)
    if found is None:
        return text, "", ""
    return text[: found.start()], sign, text[found.end() :]
