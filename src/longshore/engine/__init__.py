"""Rows to changes: plan, convert, load, apply, flush, checkpoint.

Promises: the result is that of saving the rows one by one in their order, whatever the chunks;
a row that fails leaves no trace and stops no other; what is committed is counted. Knows no files
and no wire documents.
"""

from longshore.engine.all_or_nothing_runner import AllOrNothingRunner
from longshore.engine.chunk.candidates import row_converter
from longshore.engine.chunk.causes import Cause, FailedKeys, single_keys
from longshore.engine.chunk.made_rows import cells_with_edits
from longshore.engine.chunk.overview import notices_of_source
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.row_names import row_identifier
from longshore.engine.destroyer import Destruction
from longshore.engine.dry_run import DryRun, DryRunSource, run_dry
from longshore.engine.import_runner import ImportRunner
from longshore.engine.judge import JudgementTooLarge, RangeJudged, judge
from longshore.engine.kept_errors import KeptErrors
from longshore.engine.named_records import records_named
from longshore.engine.parents import find_parent
from longshore.engine.picture import Picture
from longshore.engine.pinned_runner import PinnedRunner
from longshore.engine.pins.range_reads import MovedHow, MovedItem, PinDamaged
from longshore.engine.plan.currency_ways import CurrencyWay, currency_ways
from longshore.engine.plan.field_kinds import column_kind
from longshore.engine.plan.field_names import FieldNames, input_names, nested_paths, says_cents
from longshore.engine.plan.locks import names_by_keys, record_tables_of
from longshore.engine.plan.mapped_fields import merged_mapping
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.plan_request import PlanRequest
from longshore.engine.plan.planner import make_plan
from longshore.engine.plan.source_columns import IGNORED, SourceColumns, source_columns
from longshore.engine.plan.suggestions import Suggestions
from longshore.engine.plan_runner import PlanRunner
from longshore.engine.preparation import field_test, prepare
from longshore.engine.record_writer import Moved, RecordWriter, WriteOutcome
from longshore.engine.respeller import Meeting, Respelled, meetings, respell_keys
from longshore.engine.source_secrets import SourceSecrets
from longshore.engine.type_checker import is_of_other_type
from longshore.engine.undoing.step_back import StepBack, Undone
from longshore.engine.undoing.steps import UndoStep
from longshore.engine.undoing.taken_back import TakenBack
from longshore.engine.undoing.undo_runner import UndoRunner, UndoTrial, try_undos
from longshore.engine.undoing.undo_scope import UndoScope, undo_scope
from longshore.engine.undoing.unlisted_rows import NO_RECORD
from longshore.engine.value_mender import ValueMender
from longshore.engine.values.converters import ValueRefused, converter, to_boolean
from longshore.engine.values.money_units import (
    CENTS,
    DECIMAL,
    UNITS,
    is_of_cents,
    is_open_unit,
    is_unit,
    split_unit,
    with_mark,
)
from longshore.engine.values.nearest_keys import nearest_key, other_spellings

__all__ = [
    "CENTS",
    "DECIMAL",
    "IGNORED",
    "NO_RECORD",
    "UNITS",
    "AllOrNothingRunner",
    "Cause",
    "CurrencyWay",
    "Destruction",
    "DryRun",
    "DryRunSource",
    "FailedKeys",
    "FieldNames",
    "ImportRunner",
    "JudgementTooLarge",
    "KeptErrors",
    "Meeting",
    "Moved",
    "MovedHow",
    "MovedItem",
    "Picture",
    "PinDamaged",
    "PinnedRunner",
    "Plan",
    "PlanRequest",
    "PlanRunner",
    "Prepared",
    "RangeJudged",
    "RecordWriter",
    "Respelled",
    "SourceColumns",
    "SourceSecrets",
    "StepBack",
    "Suggestions",
    "TakenBack",
    "UndoRunner",
    "UndoScope",
    "UndoStep",
    "UndoTrial",
    "Undone",
    "ValueMender",
    "ValueRefused",
    "WriteOutcome",
    "cells_with_edits",
    "column_kind",
    "converter",
    "currency_ways",
    "field_test",
    "find_parent",
    "input_names",
    "is_of_cents",
    "is_of_other_type",
    "is_open_unit",
    "is_unit",
    "judge",
    "make_plan",
    "meetings",
    "merged_mapping",
    "names_by_keys",
    "nearest_key",
    "nested_paths",
    "notices_of_source",
    "other_spellings",
    "prepare",
    "record_tables_of",
    "records_named",
    "respell_keys",
    "row_converter",
    "row_identifier",
    "run_dry",
    "says_cents",
    "single_keys",
    "source_columns",
    "split_unit",
    "to_boolean",
    "try_undos",
    "undo_scope",
    "with_mark",
]
