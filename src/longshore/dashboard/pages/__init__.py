"""All pages, each module with those of one subject."""

from collections.abc import Sequence

from longshore.dashboard.endpoint import Page
from longshore.dashboard.pages import (
    activity,
    check,
    check_edits,
    files,
    glance,
    groups,
    home,
    imports,
    keys,
    mappings,
    new,
    new_address,
    new_columns,
    new_file,
    new_templates,
    plans,
    progress,
    record,
    record_exports,
    records,
    retries,
    sign_in,
    system,
    undos,
)


def all_pages() -> Sequence[tuple[str, Page]]:
    """Every page with its path below the dashboard's, the first that fits counts."""
    return [
        *sign_in.PAGES,
        *check.PAGES,
        *check_edits.PAGES,
        *groups.PAGES,
        *home.PAGES,
        *plans.PAGES,
        *imports.PAGES,
        *undos.PAGES,
        *retries.PAGES,
        *files.PAGES,
        *glance.PAGES,
        *keys.PAGES,
        *record_exports.PAGES,
        *records.PAGES,
        *record.PAGES,
        *progress.PAGES,
        *new_columns.PAGES,
        *mappings.PAGES,
        *activity.PAGES,
        *system.PAGES,
        *new_file.PAGES,
        *new_templates.PAGES,
        *new_address.PAGES,
        *new.PAGES,
    ]
