"""What ends a chunk before its last row."""

from dataclasses import dataclass

from longshore.settings import Settings

# The share of a chunk's time that loading and applying may take; flushing takes about as long.
_APPLY_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkLimits:
    """What ends a chunk early."""

    records: int  # held in memory
    seconds: float  # of loading and applying; infinite: no limit

    @classmethod
    def of(cls, settings: Settings) -> "ChunkLimits":
        """What the settings say about a chunk's end."""
        milliseconds = settings.chunk_milliseconds
        return cls(
            records=settings.chunk_records,
            seconds=milliseconds / 1000 * _APPLY_SHARE if milliseconds else float("inf"),
        )


@dataclass(slots=True, kw_only=True)
class Tally:
    """How far the rows of an import have come, and when too many have failed."""

    inputs_size: int
    skip_errors: bool
    errors: int  # before the chunk
    amounts_wanted: int = 0  # rows whose amounts are still to be shown as money

    @property
    def is_over_threshold(self) -> bool:
        """More than 10 % of all rows have failed, and that matters."""
        return not self.skip_errors and self.errors * 10 > self.inputs_size
