"""The end of a server or a worker that is told to stop while its database is away.

Who stops tells the others in the database: imports are given back, and the process is there no
more. Where nobody listens, each of these attempts lasts until it fails, which is long where the
machine of the database is gone and sends no refusal. Nothing depends on them: the silence tells the
others as much, and what is not committed is gone through again.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from longshore.cli.endings import Exit
from longshore.cli.messages import say

__all__ = ["bound_farewell"]

_FAREWELL_SECONDS = 2.5  # for a process whose database does not answer
_ANSWER_SECONDS = 2.0
_LOOK_SECONDS = 0.5


def bound_farewell(wait_for_stop: Callable[[], None], is_there: Callable[[], bool]) -> None:
    """End this process soon after `wait_for_stop` returns, if its database is not there then.

    As long as the database is there, the process has the time that it needs. Returns at once; a
    thread does it.
    """
    threading.Thread(
        target=_watch, args=(wait_for_stop, is_there), name="farewell", daemon=True
    ).start()


def _watch(wait_for_stop: Callable[[], None], is_there: Callable[[], bool]) -> None:
    wait_for_stop()
    ends = time.monotonic() + _FAREWELL_SECONDS
    while _answers(is_there):
        time.sleep(_LOOK_SECONDS)
    time.sleep(max(ends - time.monotonic(), 0))
    try:
        say("stopped without a word to the others: the database is away")
    finally:
        os._exit(Exit.DONE)  # threads that wait for the database would be waited for


def _answers(is_there: Callable[[], bool]) -> bool:
    """Whether it is there, as far as can be said in time."""
    answers: list[bool] = []
    asking = threading.Thread(target=lambda: answers.append(is_there()), daemon=True)
    asking.start()
    asking.join(_ANSWER_SECONDS)
    return any(answers)
