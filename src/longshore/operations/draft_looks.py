"""Looks at the files of drafts that take longer than anybody waits for a page.

A file of a million rows takes a while to be read to its end. A page waits a moment for it, and says
how far it is after that; the look goes on in a thread of its own, and is there for the next page.
"""

import threading
from dataclasses import dataclass, field

from longshore.drafts import Draft
from longshore.operations.asker import Asker
from longshore.operations.draft_found import DraftFound
from longshore.operations.draft_sources import DraftSources, reading_of_draft

_AT_ONCE_MAX = 2  # files that are read; others wait


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBeingRead:
    """How far a file was read."""

    read_bytes: int
    total_bytes: int


@dataclass(slots=True, eq=False)
class _DraftLook:
    total_bytes: int
    read_bytes: int = 0
    is_done: threading.Event = field(default_factory=threading.Event)
    found: DraftFound | None = None
    error: BaseException | None = None


class DraftLooks:
    """The looks that are taken at the moment."""

    def __init__(self, sources: DraftSources) -> None:
        self._sources = sources
        self._lock = threading.Lock()
        self._places = threading.Semaphore(_AT_ONCE_MAX)
        self._looks: dict[tuple[object, ...], _DraftLook] = {}

    def look(self, asker: Asker, draft: Draft, *, seconds: float) -> DraftFound | DraftBeingRead:
        """What a file is, or how far it was read when so many seconds were over.

        Raises whatever the look has raised, once.
        """
        known = self._sources.known(draft)
        if known is not None:
            return known
        key = reading_of_draft(draft)
        with self._lock:
            look = self._looks.get(key)
            if look is None:
                # Those that nobody has come back for are made again, should somebody do so.
                self._looks = {
                    known: each for known, each in self._looks.items() if not each.is_done.is_set()
                }
                look = self._looks[key] = _DraftLook(total_bytes=draft.received_bytes)
                # It dies with the process: what it has found can be found again.
                arguments = (asker, draft, look)
                threading.Thread(target=self._take, args=arguments, daemon=True).start()
        if not look.is_done.wait(seconds):
            return DraftBeingRead(read_bytes=look.read_bytes, total_bytes=look.total_bytes)
        with self._lock:
            if self._looks.get(key) is look:
                del self._looks[key]
        if look.error is not None:
            raise look.error
        assert look.found is not None
        return look.found

    def _take(self, asker: Asker, draft: Draft, look: _DraftLook) -> None:
        def note(read_bytes: int, _total: int | None) -> None:
            look.read_bytes = read_bytes

        try:
            with self._places:
                look.found = self._sources.recognised(asker, draft, on_read=note)
        except BaseException as error:  # whoever asks next is told
            look.error = error
        finally:
            look.is_done.set()
