"""Processes, and what wakes them. Promises: on one machine a run has at most one process at any
time, and a dead one is known at once; between machines a job wakes a worker wherever one is.

Knows nothing of what a run is.
"""

from longshore.jobs.bell import Bell
from longshore.jobs.heart import Heart
from longshore.jobs.process_lock import ProcessLock, is_process_there
from longshore.jobs.processes import (
    Process,
    beat_process,
    forget_process,
    forget_silent_processes,
    is_pid_stopped,
    is_stopped,
    list_processes,
    process_name,
    register_process,
    this_machine,
)
from longshore.jobs.pulse import Pulse
from longshore.jobs.queue import JobQueue, queue_of, worker_application
from longshore.jobs.queue_worker import QueueWorker
from longshore.jobs.runner import (
    Runner,
    RunnerLock,
    RunTaken,
    is_running,
    runner_lock,
    runner_of,
)
from longshore.jobs.worker_process import WorkerProcess

__all__ = [
    "Bell",
    "Heart",
    "JobQueue",
    "Process",
    "ProcessLock",
    "Pulse",
    "QueueWorker",
    "RunTaken",
    "Runner",
    "RunnerLock",
    "WorkerProcess",
    "beat_process",
    "forget_process",
    "forget_silent_processes",
    "is_pid_stopped",
    "is_process_there",
    "is_running",
    "is_stopped",
    "list_processes",
    "process_name",
    "queue_of",
    "register_process",
    "runner_lock",
    "runner_of",
    "this_machine",
    "worker_application",
]
