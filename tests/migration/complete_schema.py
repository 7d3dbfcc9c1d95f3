"""The tables of all packages together, as the code declares them."""

from importlib import import_module

from sqlalchemy import MetaData

from longshore.database import metadata
from longshore.records import record_tables

# Packages that declare tables when they are imported.
OWNERS = (
    "longshore.access",
    "longshore.drafts",
    "longshore.imports",
    "longshore.jobs",
    "longshore.journal",
    "longshore.request_keys",
    "longshore.runs",
    "longshore.saved_mappings",
    "longshore.undos",
    "longshore.uploads",
)


def complete_metadata() -> MetaData:
    """What a migrated database must look like."""
    for owner in OWNERS:
        import_module(owner)
    record_tables()
    return metadata
