"""Rows to changes: plan, convert, load, apply, flush, checkpoint.

Promises: the result is that of saving the rows one by one in their order, whatever the chunks;
a row that fails leaves no trace and stops no other; what is committed is counted. Knows no files
and no wire documents.
"""

from longshore.engine.binding import PlanRequest
from longshore.engine.converting import RowConverter, row_converter
from longshore.engine.destroying import Destruction
from longshore.engine.dry_run import DryRun, run_dry
from longshore.engine.findings import Identify, row_identifier
from longshore.engine.inputs import FieldNames, input_names, nested_paths
from longshore.engine.locks import record_tables_of
from longshore.engine.parents import find_parent
from longshore.engine.plan import Plan
from longshore.engine.planning import make_plan
from longshore.engine.preparing import Prepared, field_test, prepare
from longshore.engine.record_writer import Moved, RecordWriter, WriteOutcome
from longshore.engine.resource_types import is_of_other_type
from longshore.engine.respelling import Meeting, Respelled, meetings, respell_keys
from longshore.engine.running import ImportRunner
from longshore.engine.secrets import SourceSecrets
from longshore.engine.source_columns import IGNORED, SourceColumns, source_columns
from longshore.engine.suggestions import Suggestions
from longshore.engine.values import ValueRefused, converter, to_boolean

__all__ = [
    "IGNORED",
    "Destruction",
    "DryRun",
    "FieldNames",
    "Identify",
    "ImportRunner",
    "Meeting",
    "Moved",
    "Plan",
    "PlanRequest",
    "Prepared",
    "RecordWriter",
    "Respelled",
    "RowConverter",
    "SourceColumns",
    "SourceSecrets",
    "Suggestions",
    "ValueRefused",
    "WriteOutcome",
    "converter",
    "field_test",
    "find_parent",
    "input_names",
    "is_of_other_type",
    "make_plan",
    "meetings",
    "nested_paths",
    "prepare",
    "record_tables_of",
    "respell_keys",
    "row_converter",
    "row_identifier",
    "run_dry",
    "source_columns",
    "to_boolean",
]
