"""A sign of life to whoever keeps a process: bytes on a pipe, as long as its work gets on.

A thread writes them, so that whoever has one long chunk in hand is heard meanwhile. It looks at the
main thread, of which the system counts the time that it has run: one that computes, or that looks
again and again whether it is its turn, runs a little of every second, whatever it is busy with. One
that does not run at all for very long waits for something that never comes, and is not spoken for.
"""

import os
import sys
import threading
import time
from collections.abc import Callable

# So many bytes come in the time after which a process is taken to hang.
BEATS = 5
# A disk or a store may keep the main thread waiting for a while; for so many times as long as a
# stopped process may be silent, that is no hang.
_STILL_TIMES = 8


class Pulse:
    """Writes a byte again and again, from `start` to the end of the process."""

    def __init__(self, descriptor: int, *, silence_seconds: float) -> None:
        """`silence_seconds` is the time after which the keeper takes a process to hang."""
        self._descriptor = descriptor
        self._seconds = silence_seconds / BEATS
        self._still_seconds = silence_seconds * _STILL_TIMES
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Start, once; the first byte comes at once."""
        self._thread.start()

    def _run(self) -> None:
        run_seconds = _run_seconds(threading.main_thread())
        last, ran_at = run_seconds(), time.monotonic()
        while True:
            now = time.monotonic()
            if (ran := run_seconds()) != last:
                last, ran_at = ran, now
            if now - ran_at < self._still_seconds:
                try:
                    os.write(self._descriptor, b".")
                except OSError:
                    return  # the keeper is gone, which the bell says as well
            time.sleep(self._seconds)


def _run_seconds(thread: threading.Thread) -> Callable[[], float]:
    """For how long a thread has run so far, without the time that it has waited."""
    if sys.platform == "linux" and thread.ident is not None:
        clock = time.pthread_getcpuclockid(thread.ident)
        return lambda: time.clock_gettime(clock)
    # Elsewhere there is no such clock: a process that is not stopped is taken to get on.
    return time.monotonic
