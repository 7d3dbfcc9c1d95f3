"""What rows changed in records."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from longshore.engine.plan.table_plans import TablePlan


class RecordChange(NamedTuple):
    """What one row changed in one record: field -> (before, after)."""

    row: int
    record_id: int
    table: TablePlan
    record_type: str
    changes: Mapping[str, tuple[Any, Any]]
