"""Undos as a kind of run: what is done between a claim and an end."""

from collections.abc import Callable
from typing import Any

from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.engine import UndoRunner
from longshore.observations import Observer
from longshore.runs import End, Run
from longshore.settings import Settings
from longshore.undos import UndoLife, read_undo


class UndoKind(UndoLife):
    """Takes the steps of undos (`runs.RunKind`)."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        observer: Observer,
        *,
        on_point: Callable[[str], None],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._settings = settings
        self._observer = observer
        self._on_point = on_point  # hears the names of moments in a step's life

    def gives_way(self, run: Run) -> bool:
        """It goes on behind its last step."""
        return True

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        """Take steps from the one before the checkpoint on; `on_progress` hears the undo."""
        with self._database.read() as tx:
            undo = read_undo(tx, run.id)
        runner = UndoRunner(
            database=self._database,
            catalogue=self._catalogue,
            settings=self._settings,
            observer=self._observer,
            on_progress=on_progress,
            should_stop=should_stop,
            on_point=self._on_point,
        )
        return runner.run(undo)

    def after(self, run: Run) -> None:
        """Nothing is left of it that only it needed."""
