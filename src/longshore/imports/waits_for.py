"""What an import, or what takes one back, waits for, as people are told."""

from dataclasses import dataclass

from longshore.identifiers import RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsFor:
    """An import or an undo that another one waits for, as far as is known; times are
    milliseconds."""

    kind: str  # of its run
    id: RunId
    public_id: str
    resource_type: str  # of an undo: that of the import whose changes it is about
    status: str
    inputs_size: int  # of an undo: changes that it goes through
    consumed_count: int  # rows, or changes, gone through
    has_runner: bool  # a living process runs it, or keeps it for itself
    process: str | None  # kind of that process: server, worker, command
    host: str | None
    pid: int | None
    since: int  # when it began, or was created if it has not begun
    stalled_seconds: int | None  # the process lives and has committed nothing for so long
    command: str  # to be typed, so that the other one need not wait any more
