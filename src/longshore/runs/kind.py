"""What a kind of run does: all that `runs` asks of whoever brings one."""

from collections.abc import Callable
from typing import Any, Protocol

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.runs.ends import End
from longshore.runs.run import Run


class RunLife(Protocol):
    """What follows a run of one kind through its life. All methods are called in the transaction
    that changes the run, so what they write and what the run says are always the same."""

    def hold(self, tx: Transaction, run_id: RunId) -> None:
        """Lock what is run, before the run is locked: in this order chunks are committed."""

    def claimed(self, tx: Transaction, run: Run) -> None:
        """A process has claimed the run; for the first time where its fence is 1."""

    def outlives(self, tx: Transaction, run: Run, reason: str) -> bool:
        """Whether the run is to be claimed all the same, though its runners die again and again:
        to do something else from now on, for which they have not died."""
        return False

    def interrupted(self, tx: Transaction, run: Run, reason: str) -> None:
        """The run was ended, because it cannot be gone on with."""


class RunKind(RunLife, Protocol):
    """One kind of run: its life, and its work."""

    def gives_way(self, run: Run) -> bool:
        """Whether a run gives way to runs of other environments after its turn: what it has done
        by then is not done again."""

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        """Take chunks from where the run stands, until it ends or `should_stop` says so, which is
        asked after each; the run and what it did are stored with each chunk. What is raised is a
        failure."""

    def after(self, run: Run) -> None:
        """The run has ended, and it is committed: tidy what only it needed."""
