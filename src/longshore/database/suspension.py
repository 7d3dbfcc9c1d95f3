"""Ctrl-Z waits for the end of a write transaction.

A process that is stopped inside one keeps the write lock for as long as it sleeps, and every
other writer of the folder waits for it in vain.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def suspension_deferred() -> Iterator[None]:
    """Put off a terminal stop (SIGTSTP) until the block has ended.

    A handler and not a blocked signal: a signal to the process reaches any thread that does not
    block it, such as one that draws a progress bar. Only the main thread may set handlers, so
    elsewhere nothing is put off.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    previous = signal.signal(signal.SIGTSTP, remember)
    try:
        yield
    finally:
        # None: the handler was not set from Python, and Python cannot set it again.
        signal.signal(signal.SIGTSTP, signal.SIG_DFL if previous is None else previous)
        if asked:
            os.kill(os.getpid(), signal.SIGTSTP)
