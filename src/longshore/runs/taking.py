"""A run taken by a process, with what it runs brought along in one transaction."""

from collections.abc import Mapping

from longshore.database import Transaction
from longshore.runs.kind import RunLife
from longshore.runs.life import claim_run, forget_attempts, interrupt_run, read_run
from longshore.runs.run import Run, TooManyAttempts


def take_run(
    tx: Transaction,
    run: Run,
    lives: Mapping[str, RunLife],
    *,
    runner: str | None = None,
    attempts_max: int | None = None,
) -> Run:
    """Claim a run, or end it where `attempts_max` runners in a row have claimed it in vain; as it
    is then. One that has ended is returned as it is.

    `run` may be older than the transaction, `runner` is the name of the process, `lives` those of
    all kinds. Raises RunWaits when it has to wait for an older one.
    """
    life = lives[run.kind]
    life.hold(tx, run.id)
    try:
        claimed = claim_run(tx, run.id, runner=runner, attempts_max=attempts_max)
    except TooManyAttempts as error:
        claimed = None
        if life.outlives(tx, run, error.message):
            forget_attempts(tx, run.id)
            claimed = claim_run(tx, run.id, runner=runner)
        elif interrupt_run(tx, run.id):
            life.interrupted(tx, run, error.message)
    if claimed is None:
        return read_run(tx, run.id)
    life.claimed(tx, claimed)
    return claimed
