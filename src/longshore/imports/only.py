"""Which rows of an import are to have an effect, where not all are."""

from enum import StrEnum


class Only(StrEnum):
    """The rows that an import is limited to; others are skipped."""

    CREATE = "create"  # those that create their record
    UPDATE = "update"  # those whose record is there, also if they leave it unchanged
