"""A process among those that share an installation: it says who it is, and that it is alive."""

import threading
from collections.abc import Callable

from longshore import __version__
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.jobs import (
    Heart,
    ProcessLock,
    beat_process,
    forget_process,
    forget_silent_processes,
    is_process_there,
    list_processes,
    register_process,
    this_machine,
)
from longshore.observations import Observer, ProcessStarted, ProcessStopped
from longshore.runs.claims import UNLOCKED, silent_before
from longshore.settings import Settings

# What is known of dead processes is kept for so long: whoever is woken at night may ask.
_REMEMBERED_MILLISECONDS = 24 * 3600 * 1000


class Presence:
    """This process, from `enter` to `leave`."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        name: str,
        kind: str,
        attachments: str,
        is_local: bool,
        observer: Observer,
    ) -> None:
        self._database = database
        self._settings = settings
        self._name = name
        self._kind = kind
        self._attachments = attachments  # where they are kept
        self._is_local = is_local  # in a folder, which other machines may not see
        self._observer = observer
        self._beats: list[Callable[[Transaction], None]] = []
        self._beating: Database | None = None  # from `enter` on
        self._heart = self._new_heart(self._beat, name="heartbeat")
        self._others: list[Heart] = []
        self._entering = threading.Lock()
        self._has_entered = False
        self._has_started = False  # the observer knows
        self._lock: ProcessLock | None = None  # from `be_known` on, where processes have locks

    def beat_for(self, beat: Callable[[Transaction], None]) -> None:
        """Say this, too, whenever the process says that it is alive."""
        self._beats.append(beat)

    def also(self, step: Callable[[], None], *, name: str) -> None:
        """Do this as often as the process says that it is alive, in a thread of its own: no
        heartbeat waits for it."""
        self._others.append(self._new_heart(step, name=name))

    def enter(self) -> None:
        """Say that the process is there; calling it again does nothing.

        Raises RequestRefused when other processes keep attachments in another place.
        """
        with self._entering:
            if self._has_entered:
                return
            with self._database.write() as tx:
                forget_silent_processes(tx, silent_before=tx.now() - _REMEMBERED_MILLISECONDS)
                self._check_attachments(tx)
                register_process(tx, self._name, self._kind, attachments=self._attachments)
            self._has_entered = True
            # Whoever uses all connections, or waits for one, keeps no heartbeat waiting.
            self._beating = self._database.apart()
            for heart in (self._heart, *self._others):
                heart.start()

    def begin(self) -> None:
        """Enter, and let the observer know that the process begins its work."""
        self.enter()
        if not self._has_started:
            self._has_started = True
            started = ProcessStarted(kind=self._kind, process=self._name, version=__version__)
            self._observer.observe(started)

    def enter_where_shared(self) -> None:
        """Be among the processes of a shared database: an import is going to be run here.

        An embedded database knows its processes by their locks, so there the attachments are
        checked only.
        """
        if self._database.is_embedded:
            self.check()
        else:
            self.enter()

    def be_known(self) -> None:
        """Have others know whether this process lives, from here to its end."""
        if not self._database.is_embedded:
            self.enter()
            return
        with self._entering:
            if self._lock is None:
                self._lock = ProcessLock(self._settings.data, self._name)

    def is_alive(self, tx: Transaction, name: str) -> bool:
        """Whether a process lives that has made itself known."""
        if self._database.is_embedded:
            return is_process_there(self._settings.data, name)
        heard_since = silent_before(tx, seconds=self._settings.takeover_seconds)
        return any(
            each.name == name and each.heartbeat_at >= heard_since for each in list_processes(tx)
        )

    def check(self) -> None:
        """Refuse as `enter` does, without saying that the process is there."""
        with self._database.read() as tx:
            self._check_attachments(tx)

    def leave(self) -> None:
        """Say that the process ends; without having entered it does nothing."""
        if self._has_started:
            self._has_started = False
            self._observer.observe(ProcessStopped(kind=self._kind, process=self._name))
        if self._lock is not None:
            self._lock.release()
        if not self._has_entered:
            return
        for heart in (*self._others, self._heart):
            heart.stop()
        if self._beating is not None:
            self._beating.close()
        with self._database.write(UNLOCKED) as tx:
            forget_process(tx, self._name)

    def _new_heart(self, beat: Callable[[], None], *, name: str) -> Heart:
        seconds = self._settings.heartbeat_seconds
        return Heart(beat, name=name, seconds=seconds, observer=self._observer)

    def _beat(self) -> None:
        assert self._beating is not None
        with self._beating.write(UNLOCKED) as tx:
            is_known = beat_process(tx, self._name)
            if not is_known:
                register_process(tx, self._name, self._kind, attachments=self._attachments)
        for beat in self._beats:
            with self._beating.write(UNLOCKED) as tx:
                beat(tx)

    def _check_attachments(self, tx: Transaction) -> None:
        heard_since = tx.now() - int(self._settings.takeover_seconds * 1000)
        for other in list_processes(tx):
            if other.heartbeat_at < heard_since:
                continue
            is_elsewhere = self._is_local and other.machine != this_machine()
            if self._settings.attachments_shared or not (
                is_elsewhere or other.attachments != self._attachments
            ):
                continue
            raise RequestRefused(
                f"attachments are kept in {self._attachments} here, and a {other.kind} on "
                f"{other.host} keeps them in {other.attachments}"
                + (" of its own machine" if is_elsewhere else ""),
                hint="use one LONGSHORE_ATTACHMENTS everywhere: an S3-compatible store, or a "
                "folder that all machines share, with LONGSHORE_ATTACHMENTS_SHARED=true",
            )
