"""What the rows of one source go through, decided before the first of them."""

from dataclasses import dataclass

from longshore.engine.chunk.candidates import RowConverter
from longshore.engine.chunk.causes import Causes
from longshore.engine.chunk.error_places import ErrorPlaces
from longshore.engine.chunk.row_names import Identify, RowKeys
from longshore.engine.plan.nodes import Plan
from longshore.notices import Notice
from longshore.readers import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A plan, with what converts the rows of its source, names them in the logs and says where
    their errors stand."""

    plan: Plan
    layout: Layout
    convert: RowConverter
    identify: Identify
    places: ErrorPlaces
    keys: RowKeys  # by which other sources may name the records of the rows
    # What is known of rows that failed in sources before this one; None: it stands alone.
    causes: Causes | None = None
    ignored_columns: tuple[str, ...] = ()  # that have no effect, as people name them
    notices: tuple[Notice, ...] = ()  # of what the mapping does with the source
