"""One record written by somebody who asks for just that: a chunk of one row.

The same load, apply and flush as for a row of an import, so there is one meaning of a value, one
history and one set of messages. Only the match differs: who creates means a new record, and who
updates has named the record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from longshore.access import Environment, check_environment
from longshore.catalogue import Catalogue
from longshore.database import Database, Locks, StatementRefused, Transaction
from longshore.engine.chunk.candidates import row_converter
from longshore.engine.chunk.flusher import Flusher
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.tally import Tally
from longshore.engine.destroyer import Destroyer, Destruction
from longshore.engine.plan.locks import locks_of
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.plan_request import PlanRequest
from longshore.engine.plan.planner import make_plan
from longshore.engine.row.applier import Applier
from longshore.engine.values.candidate import Finding
from longshore.engine.values.named_ids import as_written
from longshore.error_codes import ErrorCode, message
from longshore.identifiers import PublicIds
from longshore.journal import requested_by
from longshore.settings import Settings

# Told the id of the record, and what the write warns of.
OnSaved: TypeAlias = Callable[[Transaction, int, Sequence[str]], None]

_NO_LIMITS = ChunkLimits(records=1 << 30, seconds=float("inf"))


def _ignore(_tx: Transaction, _record_id: int, _warnings: Sequence[str]) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A record that shall refer to the one that is written."""

    resource_type: str
    public_id: str
    by: str  # its relationship to the record
    relationship: str  # that of the record, which findings are about


class _MoveRefused(Exception):
    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = findings


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of a write: the record's id, or why there is none."""

    record_id: int | None
    findings: Sequence[Finding] = ()  # field, message, the value as it was given
    warnings: Sequence[str] = ()


class RecordWriter:
    """Creates, updates and destroys single records, each in a transaction of its own."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        public_ids: PublicIds,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._settings = settings
        self._public_ids = public_ids
        self._destroyer = Destroyer(catalogue)

    def create(
        self,
        environment: Environment,
        resource_type: str,
        row: Mapping[str, Any],
        *,
        creator: int,
        moved: Sequence[Moved] = (),
        on_saved: OnSaved = _ignore,
    ) -> WriteOutcome:
        """Create a record; a key that somebody else has is a finding.

        `row` is what a row of JSON would be: attributes, `<relationship>_id`, tags, triggers.
        `creator` is the id of the application that asks. Records that are `moved` refer to the new
        one afterwards, or nothing is stored. `on_saved` is called with the record's id and the
        warnings in the transaction that commits it, so that whoever answers with the record needs
        no other one. Raises DatabaseBusy, StorageFull, and what `on_saved` raises; nothing is
        stored then.
        RequestRefused when the organization is deleted meanwhile.
        """
        plan = self._plan(environment, resource_type, row, matches_by_key=False)
        return self._write(environment, plan, row, creator, moved, on_saved)

    def update(
        self,
        environment: Environment,
        resource_type: str,
        record_id: int,
        row: Mapping[str, Any],
        *,
        creator: int,
        moved: Sequence[Moved] = (),
        on_saved: OnSaved = _ignore,
    ) -> WriteOutcome:
        """Change a record; what the row does not name stays as it is.

        A record that is not there is the finding `id: must exist`.
        """
        named = {**row, "id": self._public_ids.encode(record_id)}
        plan = self._plan(environment, resource_type, named)
        return self._write(environment, plan, named, creator, moved, on_saved)

    def delete(
        self, environment: Environment, resource_type: str, record_id: int, *, creator: int
    ) -> Destruction:
        """Destroy a record with the collections it holds, unless others refer to it."""
        # What refers to it, and what it holds, may be anywhere.
        with self._database.write(Locks(scope=environment.number, is_whole=True)) as tx:
            check_environment(tx, environment.number)
            return self._destroyer.destroy(
                tx,
                {resource_type: [record_id]},
                environment=environment.number,
                actor=requested_by(creator),
            )[record_id]

    def _plan(
        self,
        environment: Environment,
        resource_type: str,
        row: Mapping[str, Any],
        *,
        matches_by_key: bool = True,
    ) -> Plan:
        return make_plan(
            PlanRequest(
                resource_type=resource_type,
                columns=tuple(row),
                is_tabular=False,
                parent=None,
                environment=environment.number,
                flags=environment.flags,
                cell_bytes_max=self._settings.cell_bytes_max,
                matches_by_key=matches_by_key,
            ),
            catalogue=self._catalogue,
            public_ids=self._public_ids,
        )

    def _write(
        self,
        environment: Environment,
        plan: Plan,
        row: Mapping[str, Any],
        creator: int,
        moved: Sequence[Moved],
        on_saved: OnSaved,
    ) -> WriteOutcome:
        locks = locks_of(plan, self._catalogue)
        if moved:
            locks = Locks(scope=environment.number, is_whole=True)
        try:
            with self._database.write(locks) as tx:
                check_environment(tx, plan.environment)
                applier = self._apply(tx, plan, row, creator)
                if applier.saved is None:
                    return WriteOutcome(None, self._found(applier.findings))
                saved = applier.saved.id
                for each in moved:
                    self._move(tx, environment, each, saved, plan.root.resource_type.name, creator)
                on_saved(tx, saved, applier.warnings)
        except _MoveRefused as refused:
            return WriteOutcome(None, self._found(refused.findings))
        except StatementRefused as refused:
            said = message(ErrorCode.NOT_STORED, refused.message)
            return WriteOutcome(None, [("base", said, None)])
        return WriteOutcome(saved, (), applier.warnings)

    def _apply(self, tx: Transaction, plan: Plan, row: Mapping[str, Any], creator: int) -> Applier:
        """Write a row, if nothing is wrong with it."""
        elements_max = self._settings.nested_elements_max
        convert = row_converter(plan, tuple(row), is_tabular=False, elements_max=elements_max)
        chunk = ChunkProcessor(plan, limits=_NO_LIMITS, all_odd=True).process(
            tx,
            convert([dict(row)]),
            first_row=1,
            ids=tx.new_ids(plan.environment),
            tally=Tally(inputs_size=1, skip_errors=True, errors=0),
            on_point=lambda _point: None,
        )
        if chunk.applier.saved is not None:
            Flusher(plan, self._catalogue, actor=requested_by(creator)).flush(tx, chunk)
        return chunk.applier

    def _move(
        self,
        tx: Transaction,
        environment: Environment,
        moved: Moved,
        to: int,
        to_type: str,
        creator: int,
    ) -> None:
        """Make a record refer to another one; raises _MoveRefused for one that may not."""
        row = {
            "id": moved.public_id,
            f"{moved.by}_id": self._public_ids.encode(to),
            f"{moved.by}_type": to_type,
        }
        plan = self._plan(environment, moved.resource_type, row)
        applier = self._apply(tx, plan, row, creator)
        if applier.saved is None:
            raise _MoveRefused(
                [(moved.relationship, message, None) for _, message, _ in applier.findings]
            )

    def _found(self, findings: Sequence[Finding]) -> list[Finding]:
        encode = self._public_ids.encode
        return _each_once(
            [(name, message, as_written(value, encode)) for name, message, value in findings]
        )


def _each_once(findings: Sequence[Finding]) -> list[Finding]:
    """Without repetitions: elements of a collection may be wrong in the same way."""
    # By its text, since a value may be unhashable, and equal to one that JSON tells apart.
    once: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        name, message, value = finding
        once.setdefault((name, message, repr(value)), finding)
    return list(once.values())
