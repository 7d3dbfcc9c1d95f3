"""Who runs what and when. Promises: an import has at most one runner at any time, and a worker
takes what waits, environments in turn.

Knows nothing of what running an import means.
"""

from longshore.jobs.bell import Bell
from longshore.jobs.heart import Heart
from longshore.jobs.processes import (
    Process,
    beat_process,
    forget_process,
    forget_silent_processes,
    list_processes,
    process_name,
    register_process,
    this_machine,
)
from longshore.jobs.pulse import Pulse
from longshore.jobs.queue import JobQueue, worker_application
from longshore.jobs.queue_worker import QueueWorker
from longshore.jobs.runner import (
    ImportRunning,
    Runner,
    RunnerLock,
    is_running,
    runner_lock,
    runner_of,
)
from longshore.jobs.worker import WaitingImport, Worker
from longshore.jobs.worker_process import WorkerProcess

__all__ = [
    "Bell",
    "Heart",
    "ImportRunning",
    "JobQueue",
    "Process",
    "Pulse",
    "QueueWorker",
    "Runner",
    "RunnerLock",
    "WaitingImport",
    "Worker",
    "WorkerProcess",
    "beat_process",
    "forget_process",
    "forget_silent_processes",
    "is_running",
    "list_processes",
    "process_name",
    "register_process",
    "runner_lock",
    "runner_of",
    "this_machine",
    "worker_application",
]
