"""Which tables are copied, and in which order: those that others refer to first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from sqlalchemy import Column, Table

from longshore.database import metadata
from longshore.records import record_tables

# Packages that declare tables when they are imported.
_OWNERS = (
    "longshore.access",
    "longshore.drafts",
    "longshore.imports",
    "longshore.jobs",
    "longshore.journal",
    "longshore.request_keys",
    "longshore.saved_mappings",
    "longshore.undos",
    "longshore.uploads",
)

# Of the installation itself and its processes, and what follows from the rest. The first two are
# seen to apart; who runs beside the source does not run beside the target; zones are closed anew.
KEPT_OUT = frozenset({"installation", "sequences", "processes", "record_zones"})


@dataclass(frozen=True, slots=True)
class TableOrder:
    """One table that is copied."""

    table: Table
    # Columns that lead to tables further on, as two tables may refer to each other. They are
    # filled in when all tables are there.
    later: Sequence["Column[object]"]

    @property
    def name(self) -> str:
        return self.table.name


@cache
def tables_in_order() -> Sequence[TableOrder]:
    """All tables with contents of an installation."""
    for owner in _OWNERS:
        import_module(owner)
    record_tables()
    ordered = [table for table in metadata.sorted_tables if table.name not in KEPT_OUT]
    found = []
    done: set[str] = set()
    for table in ordered:
        done.add(table.name)
        later = [
            column
            for constraint in table.foreign_key_constraints
            if constraint.referred_table.name not in done
            for column in constraint.columns
        ]
        assert all(column.nullable for column in later)
        found.append(TableOrder(table, later))
    return found
