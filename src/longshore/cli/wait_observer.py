"""What people at a terminal learn of what goes on inside an import."""

from __future__ import annotations

from longshore.cli.messages import counted, warn
from longshore.observations import ChunkRetried, KeysRespelled, Observation

__all__ = ["WaitObserver"]


class WaitObserver:
    """Says why an import stands still, so that nobody takes it for dead, and what an upgrade has
    left to people."""

    def observe(self, observation: Observation) -> None:
        if isinstance(observation, ChunkRetried):
            warn(f"waiting at row {observation.first_row:,}: {observation.reason}")
        if isinstance(observation, KeysRespelled) and observation.left:
            warn(
                f"keys of {counted(observation.left, 'record')} stay as an older release has "
                "stored them: others have the keys that they would get",
                hint="`longshore doctor keys` lists them",
            )
