"""What every page shows of what runs in the environment."""

from longshore.dashboard.request import PageRequest
from longshore.errors import LongshoreError
from longshore.operations import Running


def running_of(request: PageRequest) -> Running | None:
    """What runs in the environment of the session; None: nothing, nobody may know, or the database
    is away, which keeps no page from saying so."""
    if request.session is None or not request.may_read("imports"):
        return None
    try:
        running = request.operations.progress.running(request.asker.environment)
    except LongshoreError:
        return None
    return running if running.running or running.waiting or running.in_vain else None
