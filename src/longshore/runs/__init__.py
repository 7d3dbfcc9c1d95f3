"""Runs: whatever is long and done in chunks, by one process at a time, on one machine or on many.

Promises: a run has one runner at most that can write; one whose runner dies, is stopped or gives
way is gone on with by another; runs that may write the same tables go one after the other, in the
order in which they were accepted. Knows nothing of what a run does: that is brought by its kind
(`RunKind`).

`life` and `order` are the run as it is stored; `claims` are who has it; `driver` takes it from a
claim to an end; the workers choose whose turn it is.
"""

from longshore.runs.claims import UNLOCKED, Claims, DistributedClaims, EmbeddedClaims
from longshore.runs.distributed_worker import DistributedWorker
from longshore.runs.driver import RunDriver
from longshore.runs.embedded_worker import EmbeddedWorker
from longshore.runs.ends import (
    CONSEQUENCES,
    Completed,
    Consequences,
    End,
    Failed,
    Interrupted,
    Lost,
    Released,
)
from longshore.runs.kind import RunKind, RunLife
from longshore.runs.life import (
    beat,
    beat_reserved,
    chunk_note,
    claim_check,
    claim_lost,
    claim_run,
    create_run,
    end_claimed,
    forget_attempts,
    give_up_reservation,
    interrupt_run,
    is_claimed,
    note_chunk,
    read_run,
    release_run,
    reserve_run,
    run_of,
)
from longshore.runs.order import blocker_ids, blockers_of_all, in_order, tables_of
from longshore.runs.presence import Presence
from longshore.runs.run import (
    ClaimLost,
    Ending,
    NewRun,
    Run,
    RunWaits,
    TooManyAttempts,
)
from longshore.runs.tables import runs
from longshore.runs.taking import take_run
from longshore.runs.waiting import open_runs, unblocked_runs, waiting_runs

__all__ = [
    "CONSEQUENCES",
    "UNLOCKED",
    "ClaimLost",
    "Claims",
    "Completed",
    "Consequences",
    "DistributedClaims",
    "DistributedWorker",
    "EmbeddedClaims",
    "EmbeddedWorker",
    "End",
    "Ending",
    "Failed",
    "Interrupted",
    "Lost",
    "NewRun",
    "Presence",
    "Released",
    "Run",
    "RunDriver",
    "RunKind",
    "RunLife",
    "RunWaits",
    "TooManyAttempts",
    "beat",
    "beat_reserved",
    "blocker_ids",
    "blockers_of_all",
    "chunk_note",
    "claim_check",
    "claim_lost",
    "claim_run",
    "create_run",
    "end_claimed",
    "forget_attempts",
    "give_up_reservation",
    "in_order",
    "interrupt_run",
    "is_claimed",
    "note_chunk",
    "open_runs",
    "read_run",
    "release_run",
    "reserve_run",
    "run_of",
    "runs",
    "tables_of",
    "take_run",
    "unblocked_runs",
    "waiting_runs",
]
