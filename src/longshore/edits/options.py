"""Edits as they are written on a command line."""

from longshore.edits.edits import Replacement, SetEdit
from longshore.errors import RequestRefused


def parse_set(text: str) -> SetEdit:
    """`FIELD=VALUE`; the value may hold a `=`. Raises RequestRefused."""
    column, equals, value = text.partition("=")
    if not equals or not column.strip():
        raise RequestRefused(f"expected FIELD=VALUE, found {text!r}")
    return SetEdit(column=column.strip(), value=value)


def parse_replacement(text: str) -> Replacement:
    """`FIELD:OLD=NEW`; OLD is everything between the first `:` and the only `=`.

    Raises RequestRefused.
    """
    column, colon, change = text.partition(":")
    old, equals, new = change.partition("=")
    if not (colon and equals) or not column.strip():
        raise RequestRefused(f"expected FIELD:OLD=NEW, found {text!r}")
    if "=" in new:
        raise RequestRefused(
            f"several = stand in {text!r}, and nothing says where the new value begins",
            hint="write the failed rows to a file, mend it there, and give it with --file",
        )
    return Replacement(column=column.strip(), old=old, new=new)
