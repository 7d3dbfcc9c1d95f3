"""What can become of a row."""

from enum import IntEnum


class RowOutcome(IntEnum):
    """What became of a row; the numbers are stored."""

    CREATED = 0
    UPDATED = 1
    UNCHANGED = 2
    FAILED = 3
    SKIPPED = 4  # it was valid, and not to have an effect

    @property
    def word(self) -> str:
        """What it is called outside."""
        return self.name.lower()
