"""Parquet as CSV: its rows as lines of text, in bounded memory.

Promises: values become the texts that a person would write into a CSV, exactly; no file, however
small, makes memory grow without bound. Knows nothing of what a column means. pyarrow, which reads
the format, is an extra, and is loaded when a file is opened.
"""

from longshore.parquet.table import MAGIC, ParquetRefused, ParquetTable, open_parquet

__all__ = ["MAGIC", "ParquetRefused", "ParquetTable", "open_parquet"]
