"""Imports run by this process, to their ends."""

from collections.abc import Callable

from longshore.database import Database
from longshore.identifiers import ImportId, RunId
from longshore.imports import Import, read_import
from longshore.operations.run_here import run_here
from longshore.runs import Claims, RunDriver, read_run


class ImportRuns:
    """Takes the imports of an installation on, for somebody who waits for them."""

    def __init__(self, database: Database, driver: RunDriver, claims: Claims) -> None:
        self._database = database
        self._driver = driver
        self._claims = claims

    def run(
        self,
        import_id: int,
        *,
        on_progress: Callable[[Import], None] = lambda _import: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Import:
        """Run an import to its end, or until `should_stop`; the import as it is then.

        A finished import is returned as it is. Raises RequestRefused when another process runs it,
        or older imports come first.
        """
        run_here(
            self._driver,
            RunId(import_id),
            f"import {self._database.public_ids.encode(import_id)}",
            on_progress=on_progress,
            should_stop=should_stop,
        )
        with self._database.read() as tx:
            return read_import(tx, ImportId(import_id))

    def is_running(self, import_: Import) -> bool:
        """Whether a process runs the import at this moment."""
        with self._database.read() as tx:
            return import_.id in self._claims.runners_of(tx, [read_run(tx, import_.id)])
