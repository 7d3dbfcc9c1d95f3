"""Runs made up by tests, and imports claimed by them as by a process of an installation."""

from typing import Any

from longshore.database import Transaction
from longshore.identifiers import ImportId, RunId
from longshore.imports import KIND, PLAN, Import, ImportLife, read_import
from longshore.runs import Run, read_run, take_run

LIVES = {KIND: ImportLife(), PLAN: ImportLife()}


def waiting_run(id: int, environment: int = 1, **values: Any) -> Run:
    """A run that nobody has claimed, at the place of its id."""
    waiting: dict[str, Any] = {
        "kind": KIND,
        "place": id,
        "is_ordered": True,
        "created_at": 0,
        "started_at": None,
        "ended_at": None,
        "ending": None,
        "fence": 0,
        "attempts": 0,
        "heartbeat_at": None,
        "runner": None,
        "rests_until": None,
    }
    return Run(id=RunId(id), environment=environment, **{**waiting, **values})


def claim_import(
    tx: Transaction,
    import_id: ImportId,
    *,
    runner: str | None = None,
    attempts_max: int | None = None,
) -> Import | None:
    """The import as its new runner has it; None: it has ended."""
    run = take_run(tx, read_run(tx, import_id), LIVES, runner=runner, attempts_max=attempts_max)
    return None if run.has_ended else read_import(tx, import_id)
