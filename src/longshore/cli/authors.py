"""Who made a change, for people."""

from collections.abc import Mapping
from typing import Any

__all__ = ["author_shown"]

_WORKERS = {"imports": "import", "import_undos": "undo", "migrations": "migration"}


def author_shown(who: Mapping[str, Any], *, row: str = "", of: str | None = None) -> str:
    """`import xYvBnMkLoP, row 3 (line 4)`, `application aBcDeFgHiJ (integration)`; `row` says where
    in an import, `of` what an undo takes back."""
    worker, application = who.get("worker"), who.get("application")
    if worker is not None:
        if of == worker["id"]:
            return f"import {of}, which went back"
        taken_back = "" if of is None else f" of {of}"
        return f"{_WORKERS[worker['type']]} {worker['id']}{taken_back}{row}"
    if application is not None:
        kind = application.get("kind")
        return f"application {application['id']} ({kind or 'deleted since'})"
    return "a person" if who.get("terminal") else "nobody knows"
