"""Imports run to their end: claimed, gone on with after their checkpoint, and given back."""

from collections.abc import Callable, Iterator, Mapping

from longshore.access import read_environment
from longshore.assembly.cleanup import Cleanup
from longshore.assembly.parts import Parts
from longshore.engine import ImportRunner
from longshore.errors import LongshoreError, RequestRefused
from longshore.identifiers import ImportId
from longshore.imports import Import, ImportWaits, interrupt_claimed, read_import
from longshore.jobs import ImportRunning
from longshore.readers import Rows
from longshore.records import record_tables
from longshore.sources import AttachmentDamaged, AttachmentMissing


class Runs:
    """Runs the imports of an installation in this process."""

    def __init__(self, parts: Parts, cleanup: Cleanup, *, on_point: Callable[[str], None]) -> None:
        self._parts = parts
        self._cleanup = cleanup
        self._on_point = on_point  # hears the names of moments in a chunk's life

    def run(
        self,
        id: ImportId,
        *,
        on_progress: Callable[[Import], None] = lambda _import: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Import:
        """Run an import to its end, or until `should_stop`; the import as it is then.

        A finished import is returned as it is. Raises RequestRefused when another process runs it,
        or older imports come first.
        """
        encode = self._parts.public_ids.encode
        self._parts.presence.enter_where_shared()
        try:
            with self._parts.claims.claimed(id) as import_:
                return self.run_claimed(import_, on_progress=on_progress, should_stop=should_stop)
        except ImportRunning as error:
            raise RequestRefused(
                f"another process runs the import {encode(id)}",
                hint="`longshore show` tells how far it is",
            ) from error
        except ImportWaits as error:
            raise RequestRefused(
                f"the import {encode(id)} cannot begin: {error.message}",
                hint="`longshore status` tells who runs it, `longshore resume` finishes both",
            ) from error

    def run_claimed(
        self,
        import_: Import,
        *,
        on_progress: Callable[[Import], None] = lambda _import: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Import:
        """As `run`, for an import that this process has claimed."""
        if not import_.is_finished and import_.deleted_at is None:
            with self._parts.database.read() as tx:
                flags = read_environment(tx, import_.environment).flags
            import_ = self._go_on(import_, flags, on_progress, should_stop)
        if import_.is_finished:
            self._parts.claims.announce_freed(import_.environment)
            self._cleanup.after(import_)
        return import_

    def _go_on(
        self,
        import_: Import,
        flags: Mapping[str, object],
        on_progress: Callable[[Import], None],
        should_stop: Callable[[], bool],
    ) -> Import:
        record_tables()  # declared, so that their columns can be written in bulk
        database, claims = self._parts.database, self._parts.claims
        runner = ImportRunner(
            database=database,
            catalogue=self._parts.catalogue,
            settings=self._parts.settings,
            observer=self._parts.observer,
            on_progress=on_progress,
            should_stop=should_stop,
            on_release=lambda tx: claims.announce(tx, import_.id),
            on_point=self._on_point,
        )
        try:
            prepared = self._parts.preparation.of_import(import_, flags)
            return runner.run(import_, prepared, batches=self._rows_after_checkpoint(import_))
        except (AttachmentMissing, AttachmentDamaged) as error:
            with database.write() as tx:
                interrupt_claimed(tx, import_.id, import_.fence, reason=error.message)
                return read_import(tx, import_.id)
        except LongshoreError as error:
            # A full disk and the like is not the import's fault: the attempt does not count.
            claims.give_back(import_, error.message, is_counted=False)
            raise
        except Exception as error:
            claims.give_back(import_, f"{type(error).__name__}: {error}", is_counted=True)
            raise
        except BaseException:
            # Whoever stops the program in the middle of a chunk has asked for it.
            claims.let_go(import_)
            raise

    def _rows_after_checkpoint(self, import_: Import) -> Iterator[Rows]:
        last = import_.checkpoint
        attachments = self._parts.attachments
        batches = attachments.open(import_.attachment_name, import_.layout, last)
        if last is None:
            yield from batches
            return
        for rows in batches:
            done = max(last.row + 1 - rows.first, 0)
            if done < len(rows):
                yield rows.slice(done, len(rows))
