"""What became of a source at a server, for people: all its parts as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import click

from longshore.cli.digest import CAUSES_SHOWN_MAX, LISTED_MAX, write_digest
from longshore.cli.messages import counted, printable, say
from longshore.cli.report import (
    SHOWN_MAX,
    Effort,
    amounts_shown,
    warn_of_first,
    write_first_errors,
)
from longshore.cli.tables import write_facts

if TYPE_CHECKING:
    from longshore.cli.remote.parts import StoredSource
    from longshore.cli.remote.remote_import import RemoteImport
    from longshore.cli.remote.server import Server
    from longshore.imports import LoggedError
    from longshore.operations import FailedRow

__all__ = ["report_remote_import", "warn_of_remote_rows"]

_IDS_SHOWN_MAX = 3
_REASONS_SHOWN_MAX = 3
# Errors that are asked of the server for a digest; of more the first ones are shown.
_DIGESTED_MAX = 100_000


def report_remote_import(
    result: RemoteImport, server: Server, source: StoredSource, failed: Iterator[FailedRow]
) -> None:
    """Write counts and the first errors to standard output, and say what is still open."""
    total = result.total
    own = result.shows_outcomes
    is_one = result.parts_count == 1
    repeated = sum(part.rows_count for part in result.repeated)
    write_facts(
        [
            ("import" if is_one else "imports", _ids(result)),
            ("server", server.url),
            ("type", source.resource_type),
            ("source", source.name),
            ("same content as", _same(result) if is_one else None),
            ("status", result.status),
            ("rows", result.rows_count),
            ("created", total("created_count") if own else None),
            ("updated", total("updated_count") if own else None),
            ("unchanged", total("unchanged_count") if own else None),
            ("skipped", total("skipped_count") or None),
            ("processed", None if own else total("processed_count")),
            ("failed", total("errors_count")),
            ("imported before", repeated or None),
            ("not reached", result.rows_count - repeated - result.consumed_count or None),
            ("warnings", total("warnings_count") or None),
            ("amounts", amounts_shown(result.sent[0].first_amounts) if result.sent else None),
            ("time", Effort(result.consumed_count, result.seconds)),
            ("interrupted because", _reasons(result)),
        ]
    )
    errors = (error for row in failed for error in row.errors)
    all_in = "--errors FILE writes them all"
    if LISTED_MAX < total("errors_count") <= _DIGESTED_MAX:
        _write_digest(errors, source.resource_type, all_in=all_in)
    else:
        shown = list(islice(errors, SHOWN_MAX + 1))
        write_first_errors(shown, total("errors_count"), all_in=all_in)
    if result.unfinished:
        ids = ", ".join(each.id for each in result.unfinished)
        is_back = any(each.meta.get("stage") == "going_back" for each in result.unfinished)
        does = "takes back what it has written of" if is_back else "goes on with"
        say(f"the server {does} {ids}")
    if not result.is_sent:
        unsent = result.parts_count - len(result.sent) - len(result.repeated)
        parts = counted(unsent, "part")
        say(f"{parts} of {result.parts_count} not sent")


def _write_digest(errors: Iterator[LoggedError], resource_type: str, *, all_in: str) -> None:
    from longshore.imports import digest_errors

    suggested: dict[tuple[str, str | None], str] = {}

    def seen() -> Iterator[LoggedError]:
        for error in errors:
            if error.suggestion is not None:
                suggested[error.attribute, error.value] = error.suggestion
            yield error

    digest = digest_errors(seen(), resource_type)
    groups = [
        replace(group, suggestion=suggested.get((group.attribute, group.value)))
        for group in digest.groups
    ]
    click.echo()
    write_digest(replace(digest, groups=groups), limit=CAUSES_SHOWN_MAX, all_in=all_in)


def warn_of_remote_rows(result: RemoteImport) -> None:
    """Say the first warnings about rows."""
    found = list(islice((each for sent in result.sent for each in sent.warnings()), SHOWN_MAX + 1))
    warn_of_first(found, result.total("warnings_count"), all_in="--json shows the logs")


def _ids(result: RemoteImport) -> str:
    ids = [each.id for each in result.sent]
    if len(ids) <= _IDS_SHOWN_MAX:
        listed = ", ".join(ids)
    else:
        listed = f"{ids[0]} to {ids[-1]}"
    return listed if result.parts_count == 1 else f"{listed} (group {result.group})"


def _same(result: RemoteImport) -> str | None:
    """The import that has done the same before, as the server tells it."""
    same = next((each.same_content_as for each in result.sent), None)
    if same is None:
        return None
    id_, at, status = (printable(str(same.get(name))) for name in ("id", "created_at", "status"))
    return f"{id_}, {at} ({status})"


def _reasons(result: RemoteImport) -> str | None:
    """Why it did not come to its end, and for parts which rows that is about."""
    reasons = []
    for sent in result.sent:
        reason = sent.interruption_reason
        if reason is not None and (result.parts_count == 1 or sent.stopped_by is not None):
            reasons.append(reason)
        elif reason is not None:
            reasons.append(f"rows {sent.part.first:,} to {sent.part.last:,}: {reason}")
    more = len(reasons) - _REASONS_SHOWN_MAX
    shown = reasons[:_REASONS_SHOWN_MAX] + ([f"and {more:,} more parts"] if more > 0 else [])
    return "; ".join(shown) or None
