"""Who runs what and when. Promises: an import has at most one runner at any time.

Knows nothing of what running an import means.
"""

from longshore.jobs.runner import ImportRunning, RunnerLock, is_running, runner_lock

__all__ = ["ImportRunning", "RunnerLock", "is_running", "runner_lock"]
