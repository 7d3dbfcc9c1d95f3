"""What a plan is made for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from longshore.imports import Only


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """A resource type, the columns of a source, and what holds for all of its rows."""

    resource_type: str
    columns: Sequence[str]  # of the source, after renaming; dotted for what rows hold inside
    is_tabular: bool  # cells of text (CSV) rather than JSON values
    parent: int | None  # id that fills the type's parent relationship
    environment: int
    flags: Mapping[str, object]
    cell_bytes_max: int
    matches_by_key: bool = True  # False: a row without an id means a new record, whatever its key
    ignored: tuple[str, ...] = ()  # columns that are known to mean nothing
    # The source's own names of fields that it calls otherwise.
    column_names: Mapping[str, str] = field(default_factory=dict)
    # Of fields of cents that the source gives otherwise: see `money_columns`.
    units: Mapping[str, str] = field(default_factory=dict)
    only: Only | None = None  # which rows are to have an effect; None: all

    def ignores(self, name: str) -> bool:
        """Whether a column is known to mean nothing."""
        return not name or name in self.ignored
