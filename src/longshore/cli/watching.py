"""What people at a terminal learn of what goes on inside an import."""

from __future__ import annotations

from longshore.cli.messages import warn
from longshore.observations import ChunkRetried, Observation

__all__ = ["WaitObserver"]


class WaitObserver:
    """Says why an import stands still, so that nobody takes it for dead."""

    def observe(self, observation: Observation) -> None:
        if isinstance(observation, ChunkRetried):
            warn(f"waiting at row {observation.first_row:,}: {observation.reason}")
