"""What an import waits for, told so that whoever waits knows what to do."""

from longshore.access import DEFAULT_ORGANIZATION, Mode, read_environment
from longshore.database import Transaction
from longshore.imports import Import, Status, WaitsFor, blockers
from longshore.jobs import Runner
from longshore.runs import Claims, blocker_ids

# A chunk takes a second at the most, so who has committed nothing for so long is stopped, cut off,
# or kept from writing.
_STALLED_MILLISECONDS = 60_000


class Forerunners:
    """The imports of an installation that others wait for."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    def oldest(self, tx: Transaction, import_: Import) -> WaitsFor | None:
        """The oldest of those that an import waits for; None: it need not wait."""
        if import_.is_finished or import_.deleted_at is not None:
            return None
        older = blockers(tx, import_.id)
        if not older:
            return None
        runner = self._claims.runners_of(tx, [older[0].run]).get(older[0].id)
        return self.described(tx, older[0], runner, is_blocked=bool(blocker_ids(tx, older[0].id)))

    def described(
        self, tx: Transaction, import_: Import, runner: Runner | None, *, is_blocked: bool
    ) -> WaitsFor:
        """An import that others wait for, which `runner` has, and that may wait itself."""
        is_at_it = runner is not None and not is_blocked
        return WaitsFor(
            id=import_.id,
            public_id=tx.public_ids.encode(import_.id),
            resource_type=import_.resource_type,
            status=str(import_.status),
            inputs_size=import_.inputs_size,
            consumed_count=import_.consumed_count,
            has_runner=runner is not None,
            process=None if runner is None else runner.kind,
            host=None if runner is None else runner.host,
            pid=None if runner is None else runner.pid,
            since=import_.started_at or import_.created_at,
            stalled_seconds=stalled_seconds(import_, tx.now()) if is_at_it else None,
            command=_command(tx, import_, is_run=runner is not None),
        )


def stalled_seconds(import_: Import, now: int) -> int | None:
    """For how long an import that a living process runs has committed nothing, where that is too
    long."""
    silent = now - import_.updated_at
    is_stalled = import_.status is Status.IN_PROGRESS and silent >= _STALLED_MILLISECONDS
    return silent // 1000 if is_stalled else None


def _command(tx: Transaction, import_: Import, *, is_run: bool) -> str:
    """What ends the import: goes on with it where nobody does, else stops it."""
    if not is_run:
        return "longshore resume"
    command = f"longshore interrupt {tx.public_ids.encode(import_.id)}"
    environment = read_environment(tx, import_.environment)
    if environment.organization != DEFAULT_ORGANIZATION:
        command += f" --organization {environment.organization}"
    if environment.mode != Mode.TEST:
        command += f" --mode {environment.mode}"
    return command
