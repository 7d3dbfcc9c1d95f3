"""Work for a draft that takes longer than a page may, done by a thread while pages look at it."""

from collections.abc import Callable, Hashable
from threading import Event, Lock, Semaphore, Thread
from typing import Generic, TypeVar

Made = TypeVar("Made")

_AT_ONCE = 2  # the next ones wait


class DraftWork(Generic[Made]):
    """What is being done for drafts in this process; the same is done once at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns = Semaphore(_AT_ONCE)
        self._begun: dict[Hashable, _Work[Made]] = {}

    def result(self, key: Hashable, step: Callable[[], Made], *, seconds: float) -> Made | None:
        """What a step makes, begun by whoever asks first for its key; None: it is not done after so
        many seconds. Raises what the step does, to one of those who ask."""
        with self._lock:
            work = self._begun.get(key)
            if work is None:
                work = self._begun[key] = _Work(step, self._turns)
                Thread(target=work.run, name="draft", daemon=True).start()
        if not work.is_done.wait(seconds):
            return None
        with self._lock:
            if self._begun.get(key) is work:
                del self._begun[key]
        if work.error is not None:
            raise work.error
        return work.made


class _Work(Generic[Made]):
    """One step. It may end with its process at any moment: whoever looks next begins it again."""

    def __init__(self, step: Callable[[], Made], turns: Semaphore) -> None:
        self._step = step
        self._turns = turns
        self.is_done = Event()
        self.made: Made | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with self._turns:
                self.made = self._step()
        except Exception as error:  # told to whoever asked for it
            self.error = error
        finally:
            self.is_done.set()
