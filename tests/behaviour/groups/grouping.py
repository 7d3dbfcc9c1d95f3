"""Groups made of a few rows, submitted and run."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from longshore.imports import GroupForm, ImportGroup
from longshore.operations import GroupMember, GroupRequest, GroupSource
from longshore.readers import Format
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization

Rows = Sequence[Mapping[str, Any]]
Members = Mapping[str, Rows | str]


def member(resource_type: str, rows: Rows | str, **fields: Any) -> GroupMember:
    """A member of rows of JSON, or of the text of a CSV."""
    is_text = isinstance(rows, str)
    text = rows if isinstance(rows, str) else json.dumps(rows)
    source = Source.from_stream(
        io.BytesIO(text.encode()),
        name=f"{resource_type}.{'csv' if is_text else 'json'}",
        format=Format.CSV if is_text else Format.JSON,
    )
    return GroupMember(resource_type=resource_type, source=source, **fields)


def group_source(members: Members, **fields: Any) -> GroupSource:
    """What a file would have been made into."""
    made = [member(resource_type, rows) for resource_type, rows in members.items()]
    return GroupSource(form=GroupForm.DOCUMENT, name="shop.json", members=made, **fields)


def submit(shop: Organization, members: Members, **request: Any) -> ImportGroup:
    """A group that waits to be run."""
    return shop.longshore.group_submissions.submit(
        shop.environment, group_source(members), GroupRequest(**request)
    )


def run(shop: Organization, group: ImportGroup, **how: Any) -> ImportGroup:
    """Run a group to its end."""
    return shop.longshore.import_groups.run(group, **how)


def load(shop: Organization, members: Members, **request: Any) -> ImportGroup:
    """Submit a group and run it to its end."""
    return run(shop, submit(shop, members, **request))


def statuses(group: ImportGroup) -> list[str]:
    """Of its members, in their order."""
    return [str(each.status) for each in group.members]
