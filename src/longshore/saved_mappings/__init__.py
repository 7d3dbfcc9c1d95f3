"""Mappings that are saved under a name, in versions, each environment its own.

Promises: what a version says never changes once it is saved; what is read of a name is one version,
whole. Bounded: so many names in an environment, and of each so many versions, the newest. Knows
nothing of imports, which keep what a mapping says and not its name alone.
"""

from longshore.saved_mappings.saved_mapping import (
    DOCUMENT_BYTES_MAX,
    NAMES_MAX,
    VERSIONS_KEPT,
    MappingReference,
    MappingSummary,
    SavedMapping,
    check_name,
    is_name,
)
from longshore.saved_mappings.store import (
    delete_mapping,
    find_mapping,
    list_mappings,
    list_versions,
    no_such_mapping,
    rename_mapping,
    save_mapping,
)

__all__ = [
    "DOCUMENT_BYTES_MAX",
    "NAMES_MAX",
    "VERSIONS_KEPT",
    "MappingReference",
    "MappingSummary",
    "SavedMapping",
    "check_name",
    "delete_mapping",
    "find_mapping",
    "is_name",
    "list_mappings",
    "list_versions",
    "no_such_mapping",
    "rename_mapping",
    "save_mapping",
]
