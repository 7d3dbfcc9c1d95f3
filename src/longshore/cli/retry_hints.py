"""How the failed rows of an import are mended, as it is typed in a shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from longshore.cli.messages import say_hint

if TYPE_CHECKING:
    from longshore.imports import ErrorGroup, LoggedError

__all__ = ["say_how_to_retry"]

_EDITS_SHOWN_MAX = 5


def say_how_to_retry(findings: Iterable[ErrorGroup | LoggedError], public_id: str) -> None:
    """Say what mends the values that have suggestions, and what mends anything."""
    edits = list(dict.fromkeys(filter(None, map(_edit, findings))))
    if edits:
        options = " ".join(f"--replace {shlex.quote(edit)}" for edit in edits[:_EDITS_SHOWN_MAX])
        more = len(edits) - _EDITS_SHOWN_MAX
        told = f"  ({more} more likewise)" if more > 0 else ""
        say_hint(f"longshore retry {public_id} {options}{told}")
    say_hint(
        f"longshore errors {public_id} --failed-rows FILE writes the rows that failed, and "
        f"longshore retry {public_id} --file FILE imports them once they are mended"
    )


def _edit(finding: ErrorGroup | LoggedError) -> str | None:
    """FIELD:OLD=NEW; None where these signs stand in the texts, or a terminal cannot show them."""
    if finding.suggestion is None or finding.column is None or ":" in finding.column:
        return None
    edit = f"{finding.column}:{finding.value}={finding.suggestion}"
    return edit if edit.count("=") == 1 and edit.isprintable() else None
