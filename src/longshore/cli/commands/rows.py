"""`longshore rows`: what became of each row of an import, or would become of it by a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import import_argument, json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import counted, say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import TableColumn, write_table
from longshore.error_codes import LEAVES_OPEN

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.imports import Import, LedgerRow

__all__ = ["rows"]

OUTCOMES = ("created", "updated", "unchanged", "failed", "skipped")
_SHOWN = 25
_COLUMNS = (
    TableColumn(title="row", right=True),
    TableColumn(title="line", right=True),
    TableColumn(title="outcome"),
    TableColumn(title="record"),
    TableColumn(title="what", folds=True),
)


@click.command("rows", short_help="List what became of each row of an import or plan.")
@import_argument
@click.option(
    "--outcome",
    "words",
    multiple=True,
    type=click.Choice(OUTCOMES),
    help="Only rows with this outcome; may be given again.",
)
@click.option(
    "--from",
    "first_row",
    type=click.IntRange(min=1),
    default=1,
    metavar="ROW",
    help="From this row on.  [default: the first]",
)
@click.option(
    "--largest",
    is_flag=True,
    help="Of a plan: the rows that change a record, the largest changes first: by how many per "
    "cent an amount of money changes, then by how many fields do.",
)
@click.option(
    "--price-changes",
    "only_large",
    is_flag=True,
    help="Of a plan: the same, of rows that change an amount of money by over 20 % alone.",
)
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json]")
@json_option
@takes_place
def rows(
    place: Place,
    public_id: str,
    words: tuple[str, ...],
    first_row: int,
    largest: bool,
    only_large: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List what became of each row of an import: its outcome, the record that it created or found,
    what it changed and what was wrong with it. Rows count from 1 without the header, lines are
    those of the file. Of a plan, what an import would do to the row.

    Rows that were not reached yet are not listed.
    """
    from longshore.imports import RowOutcome

    outcomes = {RowOutcome[word.upper()] for word in words} or set(RowOutcome)
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        import_ = longshore.imports.find(environment, public_id, may_be_plan=True)
        if largest or only_large:
            if not import_.is_plan:
                raise click.UsageError("--largest and --price-changes are for plans")
            if words or first_row > 1:
                raise click.UsageError(
                    "--largest and --price-changes have an order of their own: they go with "
                    "neither --outcome nor --from"
                )
            _write_largest(longshore, import_, only_large=only_large, limit=limit, as_json=as_json)
            return
        with longshore.imports.rows(import_, outcomes=outcomes, first_row=first_row) as found:
            if as_json:
                write_list(found.shown(islice(found.rows, limit)))
            else:
                limit = limit or _SHOWN
                shown = list(islice(found.rows, limit + 1))
                write_table(_COLUMNS, map(_cells, found.shown(shown[:limit])))
                _say_more(found.import_, public_id, shown, limit, words, first_row)
                if shown:
                    say(_sum(found.counts))
    not_listed = found.counts.get("not_listed")
    if not_listed and import_.is_plan:
        warn(f"the rows of the plan {public_id} are not kept any more", hint="plan the file again")
    elif not_listed:
        warn(
            f"{counted(not_listed['rows'], 'row')} of import {public_id} cannot be listed: "
            f"{not_listed['reason']}",
            hint=f"longshore show {public_id} has their counts",
        )


def _write_largest(
    longshore: Longshore, plan: Import, *, only_large: bool, limit: int | None, as_json: bool
) -> None:
    """Write what the rows of a plan change, the largest changes first."""
    found = longshore.planned_changes.all(plan, only_large=only_large)
    if as_json:
        write_list(islice(found, limit))
        return
    limit = limit or _SHOWN
    shown = list(islice(found, limit + 1))
    write_table(_COLUMNS, map(_cells, shown[:limit]))
    if len(shown) > limit:
        say("there are more: --limit N shows more")
    elif not shown:
        what = "an amount by over 20 %" if only_large else "a record"
        say(f"no row of the plan changes {what}")


def _cells(row: Mapping[str, Any]) -> tuple[str | None, ...]:
    record = row["record"]
    return (
        f"{row['row']}",
        f"{row['line']}",
        row["outcome"],
        record and (record["id"] or "(new)"),
        "; ".join(_what(row)),
    )


def _what(row: Mapping[str, Any]) -> Iterator[str]:
    """What there is to say of a row in one cell."""
    for error in row["errors"]:
        says_expected = error["expected"] is not None and error["code"] in LEAVES_OPEN
        expected = f", expected {error['expected']}" if says_expected else ""
        found = "" if error["value"] is None else f": {error['value']}"
        yield f"{error['attribute']} {error['message']}{expected}{found}"
    yield from _changes(row)
    for other in row["further_changes"]:
        yield f"{other['type']} {other['id'] or '(new)'}: {', '.join(_changes(other))}"
    created: dict[str, list[str]] = {}
    for further in row["further_records"]:
        created.setdefault(further["type"], []).append(further["id"] or "(new)")
    for type_, ids in created.items():
        yield f"also created {type_} {', '.join(ids)}"
    yield from row["warnings"]


def _changes(changed: Mapping[str, Any]) -> Iterator[str]:
    from longshore.json_text import encode_json

    for field, pair in changed["changes"].items():
        before, after = (encode_json(each).decode() for each in pair)
        if field in changed["amounts"]:
            before, after = (each or "null" for each in changed["amounts"][field])
        yield f"{field} {before} -> {after}"


def _say_more(
    import_: Import,
    public_id: str,
    shown: Sequence[LedgerRow],
    limit: int,
    words: Sequence[str],
    first_row: int,
) -> None:
    """Say that there are further rows, or why there are none at all."""
    if len(shown) > limit:
        say(f"there are more: --from {shown[limit].number} goes on")
    elif not import_.consumed_count:
        rows = counted(import_.inputs_size, "row")
        say(f"{import_.noun} {public_id} has not come to any of its {rows} yet")
    elif not shown:
        wanted = f" is {' or '.join(words)}" if words else " is listed"
        behind = f" from row {first_row:,} on" if first_row > 1 else ""
        say(f"no row of {import_.noun} {public_id}{wanted}{behind}")


def _sum(counts: Mapping[str, Any]) -> str:
    """`3 created, 1 failed, 6 not yet, of 10 rows`"""
    named = [
        f"{count:,} {word.replace('_', ' ')}" for word, count in counts["outcomes"].items() if count
    ]
    return f"{', '.join(named)}, of {counted(counts['inputs_size'], 'row')}"
