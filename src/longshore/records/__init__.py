"""The stored things: tables derived from the catalogue, reading and bulk writing of records.

Promises: a record belongs to exactly one environment and nothing leads out of it. Knows neither
imports nor rows.
"""

from longshore.records.export import (
    ExportColumn,
    ExportFormat,
    export_cells,
    export_columns,
    export_records,
)
from longshore.records.filters import Filter, FilterRefused
from longshore.records.loading import (
    TableReader,
    read_bearers,
    read_beginning,
    read_distinct,
    read_referred,
    read_tags,
    table_of,
)
from longshore.records.matchers import MATCHERS, Matcher
from longshore.records.odd_spellings import oddly_spelled
from longshore.records.record_reader import Ids, RecordReader, RelatedTo, SortRefused, Within
from longshore.records.scopes import parse_filter, parse_plain_filter
from longshore.records.table_changes import (
    count_table_changes,
    forget_table_changes,
    read_table_counters,
)
from longshore.records.tables import RecordTables, record_tables
from longshore.records.views import RecordView
from longshore.records.writing import SumWriter, TableWriter, erase_records, sum_writers, write_tags
from longshore.records.zones import ZoneKeeper, close_all_zones, declare_departures

__all__ = [
    "MATCHERS",
    "ExportColumn",
    "ExportFormat",
    "Filter",
    "FilterRefused",
    "Ids",
    "Matcher",
    "RecordReader",
    "RecordTables",
    "RecordView",
    "RelatedTo",
    "SortRefused",
    "SumWriter",
    "TableReader",
    "TableWriter",
    "Within",
    "ZoneKeeper",
    "close_all_zones",
    "count_table_changes",
    "declare_departures",
    "erase_records",
    "export_cells",
    "export_columns",
    "export_records",
    "forget_table_changes",
    "oddly_spelled",
    "parse_filter",
    "parse_plain_filter",
    "read_bearers",
    "read_beginning",
    "read_distinct",
    "read_referred",
    "read_table_counters",
    "read_tags",
    "record_tables",
    "sum_writers",
    "table_of",
    "write_tags",
]
