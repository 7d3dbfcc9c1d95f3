"""The only place where the parts meet: from settings to something that imports.

Front ends (the command line, a server) call what stands here; each call is one thing that a
person wants. Nothing else reads the environment or knows all parts.
"""

from longshore.assembly.longshore import Longshore, open_longshore
from longshore.assembly.migration import copy_from, migrate_database
from longshore.assembly.status import (
    ImportStanding,
    InstallationStatus,
    RunStanding,
    Standing,
)

__all__ = [
    "ImportStanding",
    "InstallationStatus",
    "Longshore",
    "RunStanding",
    "Standing",
    "copy_from",
    "migrate_database",
    "open_longshore",
]
