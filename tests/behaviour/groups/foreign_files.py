"""Files of other systems, imported as they are."""

from pathlib import Path
from typing import Any

from longshore.dialects import DialectOptions
from longshore.imports import ImportGroup
from longshore.operations import GroupOptions, GroupRequest, GroupSource
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization

WAREHOUSE = {
    "code": "wh",
    "name": "Warehouse",
    "address": {
        "business": True,
        "company": "Warehouse",
        "line_1": "Street 1",
        "city": "Rome",
        "country_code": "IT",
        "zip_code": "00100",
        "state_code": "RM",
        "phone": "1",
    },
}


def import_file(
    shop: Organization,
    path: Path,
    *,
    dialect: str | None = None,
    skip_errors: bool = False,
    **options: Any,
) -> ImportGroup:
    """Import a file that shows what it is, to its end; `options` are DialectOptions."""
    longshore = shop.longshore
    asked = GroupOptions(dialect=dialect, options=DialectOptions(**options))
    with longshore.group_sources.opened(
        shop.environment, Source.from_path(path), asked, attachments=longshore.attachments
    ) as source:
        assert isinstance(source, GroupSource), source
        group = longshore.group_submissions.submit(
            shop.environment, source, GroupRequest(skip_errors=skip_errors)
        )
    return longshore.import_groups.run(group)


def counts(group: ImportGroup) -> dict[str, tuple[int, int, int, int]]:
    """Of each type: created, updated, unchanged, failed."""
    return {
        each.resource_type: (
            each.created_count,
            each.updated_count,
            each.unchanged_count,
            each.errors_count,
        )
        for each in group.members
    }
