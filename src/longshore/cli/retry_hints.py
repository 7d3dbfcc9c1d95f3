"""How the failed rows of an import are mended, as it is typed in a shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from longshore.cli.messages import say_hint
from longshore.cli.workbooks import is_workbook_name

if TYPE_CHECKING:
    from longshore.imports import ErrorGroup, LoggedError

__all__ = ["say_how_to_retry"]

_EDITS_SHOWN_MAX = 5
_TABLES = (".csv", ".tsv")
_CUT = "…"  # at the end of a value that is too long to be told


def say_how_to_retry(
    findings: Iterable[ErrorGroup | LoggedError],
    public_id: str,
    *,
    is_tabular: bool,
    written: str | None = None,
) -> None:
    """Say what mends the values that have suggestions, and what mends anything.

    `is_tabular` is whether the source is a table; `written` the file that has the failed rows
    already, of which a table is none that could mend JSON.
    """
    edits = list(dict.fromkeys(filter(None, map(_edit, findings))))
    if edits:
        options = " ".join(f"--replace {shlex.quote(edit)}" for edit in edits[:_EDITS_SHOWN_MAX])
        more = len(edits) - _EDITS_SHOWN_MAX
        told = f"  ({more} more likewise)" if more > 0 else ""
        say_hint(f"longshore retry {public_id} {options}{told}")
    if written is not None and (is_tabular or not _is_table_name(Path(written))):
        say_hint(
            f"mend the rows there, and longshore retry {public_id} --file {shlex.quote(written)} "
            "imports them"
        )
        return
    file = "FILE" if is_tabular else "FILE.json"
    why = "" if written is None else "no table can mend rows of JSON: "
    say_hint(
        f"{why}longshore errors {public_id} --failed-rows {file} writes the rows that failed, and "
        f"longshore retry {public_id} --file {file} imports them once they are mended"
    )


def _is_table_name(path: Path) -> bool:
    """Whether a file of failed rows of this name is a table, whatever the source is."""
    return path.suffix.lower() in _TABLES or is_workbook_name(path)


def _edit(finding: ErrorGroup | LoggedError) -> str | None:
    """FIELD:OLD=NEW; None where the value is a part of a cell, was cut, or cannot be typed."""
    from longshore.edits import replacement_text

    if finding.suggestion is None or finding.column is None or finding.value is None:
        return None
    if _is_in_list(finding.attribute) or finding.value.endswith(_CUT):
        return None
    edit = replacement_text(finding.column, finding.value, finding.suggestion)
    return edit if edit.isprintable() and "\\" not in finding.value else None


def _is_in_list(attribute: str) -> bool:
    """Whether an error is about one of the names that a cell holds."""
    return attribute.split(".")[-2:-1] == ["tags"] or attribute == "tags"
