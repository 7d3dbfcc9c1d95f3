"""A thread that does something short again and again, whatever its process is busy with."""

import threading
import traceback
from collections.abc import Callable

from longshore.errors import LongshoreError
from longshore.observations import AttemptCrashed, BeatFailed, Observer

# After a beat that failed, the database being away say, the next one comes sooner.
_SECONDS_AFTER_FAILURE = 1.0


class Heart:
    """Calls `beat` every so many seconds, until `stop`.

    Nothing that a beat raises ends it: the next one may do better, and a process without a heart
    would be taken to be dead while it works.
    """

    def __init__(
        self, beat: Callable[[], None], *, name: str, seconds: float, observer: Observer
    ) -> None:
        self._beat = beat
        self._name = name  # what the beat does, for people
        self._seconds = seconds
        self._observer = observer
        self._failure: str | None = None  # why the last beat failed, if it did
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

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
            except Exception as error:
                pause = min(self._seconds, _SECONDS_AFTER_FAILURE)
                self._tell(error, pause)
            else:
                pause = self._seconds
                self._failure = None

    def _tell(self, error: Exception, seconds: float) -> None:
        """Say why a beat failed, once for as long as the reason is the same."""
        reason = error.message if isinstance(error, LongshoreError) else repr(error)
        if reason == self._failure:
            return
        self._failure = reason
        if not isinstance(error, LongshoreError):
            trace = "".join(traceback.format_exception(error))
            self._observer.observe(AttemptCrashed(error=reason, traceback=trace))
        self._observer.observe(BeatFailed(beat=self._name, reason=reason, seconds=seconds))
