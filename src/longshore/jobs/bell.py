"""How a worker is woken and told to stop: bytes on a pipe, and its end."""

import os
import select


class Bell:
    """The worker's end of a pipe that whoever started it holds.

    Each byte says that there is work. The end of the pipe says to stop: it comes when the other
    process closes it, and also when that process dies, however it dies.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._is_stopping = False
        self._other_end: int | None = None
        # A signal's handler runs between two steps of the interpreter and cannot end a `select`
        # (PEP 475); a byte that it writes can.
        self._stop_read, self._stop_write = os.pipe()

    @classmethod
    def without_ringer(cls) -> "Bell":
        """A bell that nobody rings; `stop` is all that comes."""
        descriptor, other_end = os.pipe()
        bell = cls(descriptor)
        bell._other_end = other_end  # held open, because its end would say to stop
        return bell

    def stop(self) -> None:
        """Ask the worker to stop; may be called by a signal's handler."""
        self._is_stopping = True
        os.write(self._stop_write, b".")

    @property
    def stop_is_asked(self) -> bool:
        """Whether a stop was asked for so far; listens to nothing, so any thread may look."""
        return self._is_stopping

    @property
    def is_stopping(self) -> bool:
        """Whether the worker is to stop as soon as nothing is half done."""
        self.wait(0)
        return self._is_stopping

    def wait(self, seconds: float) -> None:
        """Return when it rings, when the worker is to stop, or after so many seconds."""
        if self._is_stopping:
            return
        ready, _, _ = select.select([self._descriptor, self._stop_read], [], [], seconds)
        # Many rings are one: whoever is woken looks for all there is to do.
        if self._descriptor in ready and not os.read(self._descriptor, 4096):
            self.stop()

    def wait_for_stop(self) -> None:
        """Return when a stop is asked for; for a thread beside the one that listens."""
        select.select([self._stop_read], [], [])

    def close(self) -> None:
        """Give its own descriptors back."""
        os.close(self._stop_read)
        os.close(self._stop_write)
