"""A process among those that share an installation: it says who it is, and that it is alive."""

import threading
from collections.abc import Callable

from longshore.assembly.claims import UNLOCKED
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.jobs import (
    Heart,
    beat_process,
    forget_process,
    forget_silent_processes,
    list_processes,
    register_process,
    this_machine,
)
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
    ) -> None:
        self._database = database
        self._settings = settings
        self._name = name
        self._kind = kind
        self._attachments = attachments  # where they are kept
        self._is_local = is_local  # in a folder, which other machines may not see
        self._beats: list[Callable[[], None]] = []
        self._heart = Heart(self._beat, seconds=settings.heartbeat_seconds)
        self._entering = threading.Lock()
        self._has_entered = False

    def also(self, beat: Callable[[], None]) -> None:
        """Do this, too, whenever the process says that it is alive."""
        self._beats.append(beat)

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
            self._heart.start()

    def check(self) -> None:
        """Refuse as `enter` does, without saying that the process is there."""
        with self._database.read() as tx:
            self._check_attachments(tx)

    def leave(self) -> None:
        """Say that the process ends; without having entered it does nothing."""
        if not self._has_entered:
            return
        self._heart.stop()
        with self._database.write(UNLOCKED) as tx:
            forget_process(tx, self._name)

    def _beat(self) -> None:
        with self._database.write(UNLOCKED) as tx:
            is_known = beat_process(tx, self._name)
            if not is_known:
                register_process(tx, self._name, self._kind, attachments=self._attachments)
        for beat in self._beats:
            beat()

    def _check_attachments(self, tx: Transaction) -> None:
        silent_before = tx.now() - int(self._settings.takeover_seconds * 1000)
        for other in list_processes(tx):
            if other.heartbeat_at < silent_before:
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
