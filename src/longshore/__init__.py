"""Longshore loads records in bulk and tells exactly what became of every row.

The packages below follow a row: `readers` (bytes to rows), `engine` (rows to changes), `records`
(changes to tables), `journal` (what changed), with `catalogue` saying what may be imported.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
