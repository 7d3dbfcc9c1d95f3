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
