"""The stored things: tables derived from the catalogue, reading and bulk writing of records.

Promises: a record belongs to exactly one environment and nothing leads out of it. Knows neither
imports nor rows.
"""

from longshore.records.tables import RecordTables, record_tables

__all__ = ["RecordTables", "record_tables"]
