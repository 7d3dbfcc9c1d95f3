"""What an import or an undo waits for, told so that whoever waits knows what to do."""

from longshore import imports, undos
from longshore.access import DEFAULT_ORGANIZATION, Mode, read_environment
from longshore.database import Transaction
from longshore.identifiers import ImportId, RunId
from longshore.imports import Import, Status, WaitsFor, read_import
from longshore.jobs import Runner
from longshore.runs import Claims, blocker_ids, read_run
from longshore.undos import Undo, UndoStatus, read_undo

# A chunk takes a second at the most, so who has committed nothing for so long is stopped, cut off,
# or kept from writing.
_STALLED_MILLISECONDS = 60_000


class Forerunners:
    """The imports and undos of an installation that others wait for."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    def oldest(self, tx: Transaction, of: Import | Undo) -> WaitsFor | None:
        """The oldest of those that an import or an undo waits for; None: it need not wait."""
        if of.is_finished or (isinstance(of, Import) and of.deleted_at is not None):
            return None
        for id_ in blocker_ids(tx, of.id):
            if (older := _named(tx, id_)) is not None:
                runner = self._claims.runners_of(tx, [older.run]).get(older.id)
                is_blocked = bool(blocker_ids(tx, older.id))
                return self.described(tx, older, runner, is_blocked=is_blocked)
        return None

    def described(
        self, tx: Transaction, older: Import | Undo, runner: Runner | None, *, is_blocked: bool
    ) -> WaitsFor:
        """An import or undo that others wait for, which `runner` has, and that may wait itself."""
        is_at_it = runner is not None and not is_blocked
        if isinstance(older, Import):
            kind, size, done = imports.KIND, older.inputs_size, older.consumed_count
        else:
            kind, size, done = undos.KIND, older.changes_count, older.done_count
        return WaitsFor(
            kind=kind,
            id=older.id,
            public_id=tx.public_ids.encode(older.id),
            resource_type=resource_type_of(tx, older),
            status=str(older.status),
            inputs_size=size,
            consumed_count=done,
            has_runner=runner is not None,
            process=None if runner is None else runner.kind,
            host=None if runner is None else runner.host,
            pid=None if runner is None else runner.pid,
            since=older.started_at or older.created_at,
            stalled_seconds=stalled_seconds(older, tx.now()) if is_at_it else None,
            command=_command(tx, older, is_run=runner is not None),
        )


def resource_type_of(tx: Transaction, of: Import | Undo) -> str:
    """The resource type of an import, or of that whose changes an undo is about."""
    while isinstance(of, Undo):
        if of.import_id is not None:
            of = read_import(tx, of.import_id)
        else:
            assert of.undo_id is not None, "it is of an import or of an undo"
            of = read_undo(tx, of.undo_id)
    return of.resource_type


def stalled_seconds(of: Import | Undo, now: int) -> int | None:
    """For how long an import or undo that a living process runs has committed nothing, where that
    is too long."""
    silent = now - of.updated_at
    is_running = of.status in (Status.IN_PROGRESS, UndoStatus.IN_PROGRESS)
    return silent // 1000 if is_running and silent >= _STALLED_MILLISECONDS else None


def _named(tx: Transaction, run_id: RunId) -> Import | Undo | None:
    """What a run runs; None: a kind of which nothing is told here."""
    match read_run(tx, run_id).kind:
        case imports.KIND:
            return read_import(tx, ImportId(run_id))
        case undos.KIND:
            return read_undo(tx, run_id)
    return None


def _command(tx: Transaction, older: Import | Undo, *, is_run: bool) -> str:
    """What ends it: goes on with it where nobody does, else stops it."""
    if not is_run:
        return "longshore resume"
    command = f"longshore interrupt {tx.public_ids.encode(older.id)}"
    environment = read_environment(tx, older.environment)
    if environment.organization != DEFAULT_ORGANIZATION:
        command += f" --organization {environment.organization}"
    if environment.mode != Mode.TEST:
        command += f" --mode {environment.mode}"
    return command
