"""A run taken on by this process, for somebody who waits for it."""

from collections.abc import Callable
from typing import Any

from longshore import imports, undos
from longshore.errors import RequestRefused
from longshore.identifiers import RunId
from longshore.jobs import RunTaken
from longshore.runs import RunDriver, RunWaits

# What `longshore resume` takes to its end.
RESUMED = (imports.KIND, undos.KIND)


def run_here(
    driver: RunDriver,
    run_id: RunId,
    name: str,
    *,
    on_progress: Callable[[Any], None],
    should_stop: Callable[[], bool],
) -> None:
    """Take a run to its end, or until `should_stop`; `name` is what people are told of it.

    Raises RequestRefused when another process has it, or older ones come first.
    """
    try:
        driver.run(run_id, on_progress=on_progress, should_stop=should_stop)
    except RunTaken as error:
        raise RequestRefused(
            f"another process runs the {name}", hint="`longshore show` tells how far it is"
        ) from error
    except RunWaits as error:
        finishes = ", `longshore resume` finishes both" if error.kind in RESUMED else ""
        raise RequestRefused(
            f"the {name} cannot begin: {error.message}",
            hint=f"`longshore status` tells who runs it{finishes}",
        ) from error
