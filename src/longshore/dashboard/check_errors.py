"""The errors of a check: by cause with what would mend them, and as a grid of the failed rows."""

from collections.abc import Collection, Sequence
from typing import Any

from longshore.dashboard.check_place import (
    COLUMNS_SHOWN,
    PAGE_ROWS,
    type_of,
)
from longshore.dashboard.request import PageRequest
from longshore.drafts import Draft
from longshore.imports import Digest, Import
from longshore.operations import (
    UNCUT_HINT,
    DraftPlan,
    Fix,
    PlannedRow,
    message_of,
    read_edits,
)
from longshore.readers import Format, Layout

_GROUPING_SECONDS = 0.2  # until a page says that errors are being grouped
_GROUPS_SHOWN = 100


def errors_shown(
    request: PageRequest, draft: Draft, plan: DraftPlan, member: Import, numbers: Sequence[int]
) -> dict[str, Any]:
    """Errors by cause, with what would mend them, and the grid of some failed rows."""
    findings = request.operations.draft_findings
    found = findings.digest(member, seconds=_GROUPING_SECONDS, may_read=request.may_read)
    digest = found or Digest(groups=[], groups_count=0, errors_count=0)
    cause = request.asked_number("cause") or 0  # counted from 1
    only = digest.groups[cause - 1] if 0 < cause <= len(digest.groups) else None
    last = None
    if only is not None:
        after = request.asked_number("after") or 0
        numbers = findings.rows_of_cause(member, only, after=after, limit=PAGE_ROWS + 1)
        last = numbers[PAGE_ROWS - 1] if len(numbers) > PAGE_ROWS else None
        numbers = numbers[:PAGE_ROWS]
    fixes = findings.fixes(member, digest, limit=_GROUPS_SHOWN, may_read=request.may_read)
    of = type_of(member.resource_type, plan)
    layout = plan.layout_of(member)
    if plan.is_of_dialect and plan.group is not None:
        rows = findings.file_rows(draft, plan.group, member, numbers)
    elif plan.is_current:
        rows = findings.rows(member, numbers, may_read=request.may_read)
    else:
        rows = findings.check_rows(draft, plan, member, of, numbers)
    groups = [
        {
            "group": group,
            "fix": fix,
            "is_mended": _is_mended(draft, plan, of, fix),
            "is_left": _is_left(draft, plan, of, fix),
        }
        for group, fix in zip(digest.groups[:_GROUPS_SHOWN], fixes, strict=True)
    ]
    columns = list(layout.keys or layout.columns)
    grid_columns = _grid_columns(columns, rows)
    return {
        "is_grouped": found is not None,
        "groups": groups,
        "cause": cause if only is not None else None,
        "only": only,
        "next": last,
        "groups_left": digest.groups_count - len(groups),
        "rows": [grid_row(layout, row, {name for _, name in grid_columns}) for row in rows],
        "grid_columns": grid_columns,
        "columns_left": len(columns) - len(grid_columns),
        "same": {
            (group.column, group.value): group.count
            for group in digest.groups
            if group.column is not None and group.value
        },
        "is_of_dialect": plan.is_of_dialect,
    }


def _grid_columns(columns: Sequence[str], rows: Sequence[PlannedRow]) -> list[tuple[int, str]]:
    """The columns that the grid shows, with their places in the file; of so many that no page can
    show them all, those with errors come first."""
    found = list(enumerate(columns))
    if len(found) > COLUMNS_SHOWN:
        bad = {error.column for row in rows for error in row.errors}
        found.sort(key=lambda each: each[1] not in bad)
    return found[:COLUMNS_SHOWN]


def grid_row(
    layout: Layout, row: PlannedRow, shown: Collection[str] | None = None
) -> dict[str, Any]:
    """A row of the grid; errors in columns that are not shown are told beside its number."""
    by_column: dict[str, list[str]] = {}
    others: list[str] = []
    for error in row.errors:
        text = message_of(error)
        column = error.column
        if column is not None and shown is not None and column in row.cells and column not in shown:
            others.append(f"{column} {text}")
        elif column is not None and column in row.cells:
            by_column.setdefault(column, []).append(text)
        else:
            others.append(f"{error.attribute} {text}")
    return {
        "number": row.number,
        "line": row.line,
        "cells": row.cells,
        "errors": by_column,
        "others": others,
        "is_judged": row.is_judged,
        "hint": UNCUT_HINT if not row.cells and layout.format is Format.CSV else None,
        "places": {
            column: place
            for column in by_column
            if (place := layout.cell(column, row.line)) is not None
        },
    }


def _is_mended(draft: Draft, plan: DraftPlan, of: str | None, fix: Fix | None) -> bool:
    """Whether a change since the plan is about the group."""
    if fix is None:
        return False
    planned = set(plan.made_with)
    return any(
        each.id not in planned
        and each.of == of
        and (each.column or each.field) == fix.name
        and (each.kind not in ("replace", "convert") or each.old == fix.old)
        and each.kind != "cell"
        for each in read_edits(draft.choices.edits)
    )


def _is_left(draft: Draft, plan: DraftPlan, of: str | None, fix: Fix | None) -> bool:
    """Whether the plan was made with a conversion of the group's value, which has left its rows as
    they are."""
    if fix is None or not fix.is_unit:
        return False
    return any(
        each.id in plan.made_with
        and (each.kind, each.of, each.column, each.old) == ("convert", of, fix.name, fix.old)
        for each in read_edits(draft.choices.edits)
    )
