"""The only place where the parts meet: from settings to something that imports.

Front ends (the command line, a server) open an installation here, and call its operations. Nothing
else knows all parts, and nothing here decides what an operation does.
"""

from longshore.assembly.longshore import Longshore, open_longshore
from longshore.assembly.migration import copy_from, migrate_database
from longshore.assembly.workers import WorkerShare

__all__ = [
    "Longshore",
    "WorkerShare",
    "copy_from",
    "migrate_database",
    "open_longshore",
]
