"""Plans for tests, from the one detail that matters."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.catalogue import ORGANIZATION_FLAGS, load_catalogue
from longshore.engine import Plan, PlanRequest, make_plan
from longshore.identifiers import PublicIdKeys, PublicIds

CATALOGUE = load_catalogue()
PUBLIC_IDS = PublicIds(PublicIdKeys(key=bytes(32), secret=600_000_000_000_000_007))
CELL_BYTES_MAX = 1024
ELEMENTS_MAX = 20_000


def plan_of(
    resource_type: str,
    columns: Sequence[str],
    *,
    is_tabular: bool = False,
    parent: int | None = None,
    flags: Mapping[str, Any] | None = None,
    ignored: tuple[str, ...] = (),
    matches_by_key: bool = True,
) -> Plan:
    """The plan of an import into environment 1."""
    request = PlanRequest(
        resource_type=resource_type,
        columns=columns,
        is_tabular=is_tabular,
        parent=parent,
        environment=1,
        flags={**ORGANIZATION_FLAGS, **(flags or {})},
        cell_bytes_max=CELL_BYTES_MAX,
        matches_by_key=matches_by_key,
        ignored=ignored,
    )
    return make_plan(request, catalogue=CATALOGUE, public_ids=PUBLIC_IDS)


def id_in(environment: int, number: int) -> int:
    """An id as it is inside."""
    return (environment << 40) + number
