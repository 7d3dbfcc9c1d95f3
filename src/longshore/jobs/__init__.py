"""Who runs what and when. Promises: an import has at most one runner at any time, and a worker
takes what waits, environments in turn.

Knows nothing of what running an import means.
"""

from longshore.jobs.bell import Bell
from longshore.jobs.runner import ImportRunning, RunnerLock, is_running, runner_lock
from longshore.jobs.tables import processes as processes
from longshore.jobs.worker import WaitingImport, Worker
from longshore.jobs.worker_process import WorkerProcess

__all__ = [
    "Bell",
    "ImportRunning",
    "RunnerLock",
    "WaitingImport",
    "Worker",
    "WorkerProcess",
    "is_running",
    "runner_lock",
]
