"""Import groups by the ids that people type, among everything else that has an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.assembly import Longshore
    from longshore.imports import ImportGroup

__all__ = ["group_called"]


def group_called(
    longshore: Longshore, environment: Environment, public_id: str
) -> ImportGroup | None:
    """The group of imports, or of plans, with that id; None where it is none."""
    from longshore.operations import NoSuchGroup

    try:
        return longshore.import_groups.find(environment, public_id)
    except NoSuchGroup:
        return None
