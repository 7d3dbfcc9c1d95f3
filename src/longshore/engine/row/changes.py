"""What rows changed in records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longshore.engine.plan.table_plans import TablePlan


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What one row changed in one record: field -> (before, after)."""

    row: int
    record_id: int
    table: TablePlan
    record_type: str
    changes: Mapping[str, tuple[Any, Any]]
