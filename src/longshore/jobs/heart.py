"""A thread that does something short again and again, whatever its process is busy with."""

import threading
from collections.abc import Callable

from longshore.errors import LongshoreError

# After a beat that failed, the database being away say, the next one comes sooner.
_SECONDS_AFTER_FAILURE = 1.0


class Heart:
    """Calls `beat` every so many seconds, until `stop`."""

    def __init__(self, beat: Callable[[], None], *, seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def start(self) -> None:
        """Start beating, once; the first beat comes after the interval."""
        self._thread.start()

    def stop(self) -> None:
        """Beat no more; a beat that is under way is waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause = self._seconds
        while not self._stopping.wait(pause):
            try:
                self._beat()
            except LongshoreError:
                pause = min(self._seconds, _SECONDS_AFTER_FAILURE)
            else:
                pause = self._seconds
