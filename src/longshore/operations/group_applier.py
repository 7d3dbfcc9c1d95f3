"""Groups of plans applied: a group of imports that does what the plans have found, or nothing.

Members name records that members before them create, under other ids than the plans have given
them, so nobody can compare row by row. It is the counters of tables that decide: a group is applied
as long as nobody has written any table that its plans have read since that. This is asked in the
transaction that creates the imports, and once more before the first of them writes.
"""

from collections.abc import Callable

from longshore.access import Environment, read_environment
from longshore.clock import format_datetime
from longshore.database import Database, Transaction
from longshore.imports import (
    ImportGroup,
    NewGroup,
    Status,
    get_group,
    group_applied_by,
    group_digest_of,
    hold_import,
    members_of,
    source_digest_of,
)
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.import_groups import NoSuchGroup
from longshore.operations.plan_applier import PlanNotApplicable, application_of
from longshore.operations.plan_standing import is_expired, what_moved
from longshore.operations.preparation import Preparation
from longshore.operations.submissions import Submissions
from longshore.settings import Settings

_AGAIN = "`longshore plan` with the same file makes another one"


class GroupApplier:
    """Applies the groups of plans of one installation."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        preparation: Preparation,
        submissions: Submissions,
        group_submissions: GroupSubmissions,
    ) -> None:
        self._database = database
        self._settings = settings
        self._preparation = preparation
        self._submissions = submissions
        self._group_submissions = group_submissions

    def apply(
        self,
        environment: Environment,
        group: ImportGroup,
        *,
        application_id: int | None = None,
        to_run: bool = False,
        on_created: Callable[[Transaction, ImportGroup], None] = lambda _tx, _group: None,
    ) -> ImportGroup:
        """Create the pending imports that apply a group of plans; an application asks for it, or
        without one somebody at a terminal.

        The parameters are those of `GroupSubmissions.submit`. Raises PlanNotApplicable, and as the
        submission of a group does.
        """
        if to_run:
            self._submissions.enter()
        with self._database.read() as tx:
            self._check(tx, group)
            digests = [source_digest_of(tx, plan.id) for plan in group.members]
            digest = group_digest_of(tx, group.id)
        return self._group_submissions.create(
            environment,
            NewGroup(
                environment=environment.number,
                form=group.form,
                dialect=group.dialect,
                source_name=group.source_name,
                source_size=group.source_size,
                attachment_name=group.attachment_name,
                layout=group.layout,
                recognised=group.recognised,
                options=group.options,
                notices=group.notices,
                examples=group.examples,
                source_digest=digest,
                application_id=application_id,
                reference=group.reference,
                reference_origin=group.reference_origin,
                metadata=group.metadata,
                plan_id=group.id,
            ),
            [
                application_of(
                    self._preparation, environment, plan, digest, application_id=application_id
                )
                for plan, digest in zip(group.members, digests, strict=True)
            ],
            kept=(),  # the attachments are those of the plans
            to_run=to_run,
            check=lambda tx: self._check_still(tx, environment, group.id),
            on_created=on_created,
        )

    def refusal(self, group: ImportGroup) -> PlanNotApplicable | None:
        """Why a group of plans cannot be applied; None: it can."""
        with self._database.read() as tx:
            try:
                self._check(tx, group)
            except PlanNotApplicable as refused:
                return refused
        return None

    def applied_by(self, group: ImportGroup) -> str | None:
        """The public id of the last group that applies one of plans, or has done so."""
        with self._database.read() as tx:
            applied = group_applied_by(tx, group.id)
        return None if applied is None else self._database.public_ids.encode(applied.id)

    def _check_still(self, tx: Transaction, environment: Environment, group_id: int) -> None:
        """Refuse plans that were applied, deleted or have expired meanwhile, or whose store has
        moved; nobody else applies them until the transaction ends."""
        for plan in members_of(tx, group_id):
            hold_import(tx, plan.id)
        group = get_group(tx, environment.number, group_id, are_plans=True)
        if group is None:
            raise NoSuchGroup(tx.public_ids.encode(group_id))
        self._check(tx, group)

    def _check(self, tx: Transaction, group: ImportGroup) -> None:
        public_id = tx.public_ids.encode(group.id)
        if not group.is_plan:
            raise PlanNotApplicable(
                f"{public_id} is a group of imports, and no plan",
                hint=f"`longshore show {public_id}` tells what became of it",
            )
        _check_is_whole(group, public_id)
        expired = next((plan for plan in group.members if is_expired(tx, plan)), None)
        if expired is not None:
            at = expired.attachment_expired_at or expired.expires_at
            when = "" if at is None else f" at {format_datetime(at)}"
            raise PlanNotApplicable(f"the plan {public_id} has expired{when}", hint=_AGAIN)
        applied = group_applied_by(tx, group.id)
        if applied is not None and not _is_void(applied):
            is_at_it = "is being applied" if not applied.is_finished else "is applied already"
            applied_id = tx.public_ids.encode(applied.id)
            raise PlanNotApplicable(
                f"the plan {public_id} {is_at_it}, by the group {applied_id}",
                hint=f"`longshore show {applied_id}` tells what became of it; {_AGAIN}",
            )
        flags = read_environment(tx, group.environment).flags
        moved = what_moved(tx, group.members, flags, self._settings)
        if moved is not None:
            raise PlanNotApplicable(
                f"the plan {public_id} cannot be applied any more: {moved}", hint=_AGAIN
            )


def _check_is_whole(group: ImportGroup, public_id: str) -> None:
    if not group.is_finished:
        done = group.total("consumed_count")
        raise PlanNotApplicable(
            f"the plan {public_id} is {group.status}: {done:,} of "
            f"{group.total('inputs_size'):,} rows are planned",
            hint=f"`longshore show {public_id}` tells how far it is, `longshore resume` finishes "
            "what was left open",
        )
    if group.status is not Status.COMPLETED:
        raise PlanNotApplicable(
            f"the plan {public_id} was interrupted before its last row, and cannot be applied",
            hint=f"`longshore show {public_id}` tells why; {_AGAIN}",
        )


def _is_void(applied: ImportGroup) -> bool:
    """Whether a group that applies plans was stopped before it changed anything."""
    has_changed = applied.total("created_count") or applied.total("updated_count")
    return applied.status is Status.INTERRUPTED and not has_changed
