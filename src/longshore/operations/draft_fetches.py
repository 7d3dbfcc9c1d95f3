"""Files of drafts that the server fetches from an address.

A file may take as long as an upload. A thread of its own fetches it, part by part, each of which is
as safe as one that somebody sends; pages wait a moment, and look at the draft after that. The
address is not kept with what it may hold of secrets, so a fetch that ends with its process is not
gone on with: the draft says then that nobody fetches it any more.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum

from longshore.access import check_environment
from longshore.database import Database
from longshore.drafts import (
    Draft,
    DraftChoices,
    FetchRefusal,
    NewDraft,
    create_draft,
    lock_draft,
    note_draft_answer,
    note_draft_fetch,
    note_draft_not_fetched,
)
from longshore.errors import LongshoreError, RequestRefused
from longshore.operations.asker import Asker
from longshore.operations.drafts import Drafts, NoSuchDraft, draft_limits, draft_locks
from longshore.outgoing import Download, DownloadLimits, OutgoingUrl, open_download
from longshore.settings import Settings

_AT_ONCE_MAX = 8  # in this process
_BLOCK_BYTES = 1 << 18
_PART_BYTES = 8 * 1024 * 1024
# After which a part ends, however short it is: pages tell what is safe.
_PART_SECONDS = 3.0
_TIMED_PARTS_MAX = 5_000  # half of those that a file may have
_HEARD_OF_SECONDS = 2.0  # how often the draft is told that somebody fetches it
_SILENCE_MILLISECONDS = 30_000  # after which nobody does, more than a part takes to be stored
_ADDRESSES_TRIED = 4  # of a host, one after the other


class TooManyFetches(RequestRefused):
    """The process fetches as many files as it may at once."""


class FetchState(StrEnum):
    """What becomes of a file that is fetched, and not there yet."""

    RUNNING = "running"
    REFUSED = "refused"
    STOPPED = "stopped"  # with the process that fetched it


class DraftFetches:
    """The files that this process fetches, and what became of those that any other did."""

    def __init__(self, database: Database, drafts: Drafts, settings: Settings) -> None:
        self._database = database
        self._drafts = drafts
        self._draft_limits = draft_limits(settings)
        limits = DownloadLimits.of(settings)
        bytes_max = min(limits.bytes_max, settings.upload_bytes_max)
        self._limits = replace(limits, bytes_max=bytes_max)
        self._part_seconds = max(_PART_SECONDS, limits.seconds_max / _TIMED_PARTS_MAX)
        self._places = threading.Semaphore(_AT_ONCE_MAX)
        self._lock = threading.Lock()
        self._running: dict[int, threading.Event] = {}  # by the id of the draft

    def begin(self, asker: Asker, address: str, choices: DraftChoices | None = None) -> Draft:
        """Begin a draft whose file is fetched from now on.

        Raises OutgoingRefused for what is no address, TooManyFetches and TooManyDrafts.
        """
        url = OutgoingUrl.read(address)
        if not self._places.acquire(blocking=False):
            raise TooManyFetches(
                f"{_AT_ONCE_MAX} files are being fetched, at most {_AT_ONCE_MAX} may be at once",
                hint="try it again when one of them is there",
            )
        try:
            draft = self._created(asker, url, choices or DraftChoices())
            with self._lock:
                done = self._running[draft.id] = threading.Event()
            arguments = (asker, draft, url, done)
            threading.Thread(target=self._run, args=arguments, name="fetch", daemon=True).start()
        except BaseException:
            self._places.release()
            raise
        return draft

    def again(self, asker: Asker, draft: Draft, address: str) -> Draft:
        """The draft that takes the place of one whose file was not fetched, with its choices; what
        still fetches the other one ends. Raises as `begin` does."""
        begun = self.begin(asker, address, draft.choices)
        with suppress(NoSuchDraft):
            self._drafts.discard(asker, draft.id)
        return begun

    def wait(self, draft: Draft, *, seconds: float) -> bool:
        """Until this process does not fetch the file of a draft any more, at most so long; whether
        that is so."""
        with self._lock:
            done = self._running.get(draft.id)
        return done is None or done.wait(seconds)

    def state(self, draft: Draft) -> FetchState:
        """What becomes of the file of a draft that is fetched, and not there yet."""
        assert draft.fetch is not None, "somebody sends the file"
        if draft.fetch.refusal is not None:
            return FetchState.REFUSED
        with self._database.read() as tx:
            is_heard_of = draft.fetch.until > tx.now()
        return FetchState.RUNNING if is_heard_of else FetchState.STOPPED

    def _created(self, asker: Asker, url: OutgoingUrl, choices: DraftChoices) -> Draft:
        new = NewDraft(
            environment=asker.environment.number,
            application_id=asker.application_id,
            source_name=url.file_name,
            choices=choices,
            fetched_from=url.shown,
        )
        # Nothing is heard of whoever waits for a connection.
        connecting = round(self._limits.connect_seconds * _ADDRESSES_TRIED * 1000)
        with self._database.write(draft_locks(asker)) as tx:
            check_environment(tx, asker.environment.number)
            draft = create_draft(tx, new, self._draft_limits)
            note_draft_fetch(tx, draft.id, milliseconds=_SILENCE_MILLISECONDS + connecting)
        return draft

    def _run(self, asker: Asker, draft: Draft, url: OutgoingUrl, done: threading.Event) -> None:
        try:
            self._fetch(asker, draft, url)
        except NoSuchDraft:
            pass  # somebody has cancelled it
        except LongshoreError as error:
            # Where the database is away it cannot be noted: the draft says that nobody fetches it.
            with suppress(LongshoreError):
                self._refuse(asker, draft, error)
        finally:
            with self._lock:
                del self._running[draft.id]
            self._places.release()
            done.set()

    def _fetch(self, asker: Asker, draft: Draft, url: OutgoingUrl) -> None:
        """Raises what `open_download` and `Drafts.add_part` do, and NoSuchDraft of one that was
        discarded meanwhile."""
        heard_of_at = time.monotonic()

        def tell() -> None:
            nonlocal heard_of_at
            if time.monotonic() - heard_of_at >= _HEARD_OF_SECONDS:
                with self._database.write(draft_locks(asker)) as tx:
                    if lock_draft(tx, draft.environment, draft.id) is None:
                        raise NoSuchDraft
                    note_draft_fetch(tx, draft.id, milliseconds=_SILENCE_MILLISECONDS)
                heard_of_at = time.monotonic()

        with open_download(url, self._limits, on_wait=tell) as download:
            with self._database.write(draft_locks(asker)) as tx:
                if lock_draft(tx, draft.environment, draft.id) is None:
                    raise NoSuchDraft
                note_draft_answer(
                    tx, draft, name=download.name, size=download.size, limits=self._draft_limits
                )
                note_draft_fetch(tx, draft.id, milliseconds=_SILENCE_MILLISECONDS)
            offset = 0
            while block := download.read(_BLOCK_BYTES):
                part = self._part(block, download, tell)
                offset = self._drafts.add_part(asker, draft.id, offset, part).received_bytes
        self._drafts.finish(asker, draft.id)

    def _refuse(self, asker: Asker, draft: Draft, error: LongshoreError) -> None:
        with self._database.write(draft_locks(asker)) as tx:
            if lock_draft(tx, draft.environment, draft.id) is not None:
                refusal = FetchRefusal(message=error.message, hint=error.hint)
                note_draft_not_fetched(tx, draft.id, refusal)

    def _part(self, first: bytes, download: Download, tell: Callable[[], None]) -> Iterator[bytes]:
        """The next bytes of a file, so many as are stored at once."""
        began, size, block = time.monotonic(), 0, first
        while block:
            size += len(block)
            yield block
            tell()
            if size >= _PART_BYTES or time.monotonic() - began >= self._part_seconds:
                return
            block = download.read(_BLOCK_BYTES)
