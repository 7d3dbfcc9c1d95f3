"""Plans applied: an import that does exactly what a plan has found, or nothing."""

from collections.abc import Callable
from dataclasses import replace

from longshore.access import Environment, read_environment
from longshore.clock import format_datetime
from longshore.database import Database, Transaction
from longshore.engine import notices_of_source, record_tables_of
from longshore.errors import RequestRefused
from longshore.identifiers import ImportId
from longshore.imports import (
    Import,
    NewImport,
    Status,
    get_plan,
    hold_import,
    source_digest_of,
)
from longshore.operations.asker import Asker
from longshore.operations.import_plans import ImportPlans, NoSuchPlan
from longshore.operations.plan_standing import applied_by, is_expired, is_void, what_moved
from longshore.operations.preparation import Preparation
from longshore.operations.stores import Resource
from longshore.operations.submissions import Submissions
from longshore.request_keys import keep_answer
from longshore.settings import Settings


class PlanNotApplicable(RequestRefused):
    """The plan cannot be applied, or not any more."""


class PlanApplier:
    """Applies the plans of one installation."""

    def __init__(
        self,
        database: Database,
        preparation: Preparation,
        submissions: Submissions,
        plans: ImportPlans,
        settings: Settings,
    ) -> None:
        self._settings = settings
        self._database = database
        self._plans = plans
        self._preparation = preparation
        self._submissions = submissions

    def apply(
        self,
        environment: Environment,
        plan: Import,
        *,
        application_id: int | None = None,
        to_run: bool = False,
        all_or_nothing: bool = False,
        on_created: Callable[[Transaction, Import], None] = lambda _tx, _import: None,
    ) -> Import:
        """Create the pending import that applies a plan; an application asks for it, or without one
        somebody at a terminal.

        With `all_or_nothing` it is one of that kind: it judges all rows before it writes the first,
        and is created only where nothing was written since that the plan depends on.

        With `to_run` it is this process that will run it. `on_created` is called in the transaction
        that creates the import. Raises PlanNotApplicable, and as the submission of an import does.
        """
        if to_run:
            self._submissions.enter()
        with self._database.read() as tx:
            _check_applicable(tx, plan)
            digest = source_digest_of(tx, plan.id)

        def new() -> NewImport:
            made = application_of(
                self._preparation, environment, plan, digest, application_id=application_id
            )
            return replace(made, all_or_nothing=True, skip_errors=False) if all_or_nothing else made

        def check(tx: Transaction) -> None:
            _check_still(tx, environment, plan.id)
            if all_or_nothing:
                self._check_unmoved(tx, environment, plan)

        return self._submissions.create(
            environment,
            None,  # the attachment is the plan's as well
            new,
            to_run=to_run,
            check=check,
            on_created=on_created,
        )

    def apply_and_show(
        self,
        asker: Asker,
        key: int,
        *,
        answer: Callable[[Resource], bytes],
        on_stored: Callable[[], None],
    ) -> Resource:
        """The same for an application over HTTP: the plan as it is shown then, with the id of the
        import. `answer` makes what is kept for a request that is sent again; `on_stored` is called
        as soon as the import may run.

        Raises NoSuchPlan as well.
        """
        environment = asker.environment
        with self._database.read() as tx:
            plan = get_plan(tx, environment.number, key)
        if plan is None:
            raise NoSuchPlan(self._database.public_ids.encode(key))
        created: list[Resource] = []

        def show(tx: Transaction, _import: Import) -> None:
            shown = self._plans.shown(tx, plan)
            if asker.claim is not None:
                status = asker.claim.created_status
                keep_answer(tx, asker.claim, status=status, answer=answer(shown))
            created.append(shown)

        self.apply(environment, plan, application_id=asker.application_id, on_created=show)
        on_stored()
        return created[-1]

    def _check_unmoved(self, tx: Transaction, environment: Environment, plan: Import) -> None:
        """Refuse a plan whose rows may do something else by now."""
        flags = read_environment(tx, environment.number).flags
        moved = what_moved(tx, [plan], flags, self._settings)
        if moved is not None:
            raise PlanNotApplicable(
                f"the plan cannot be applied any more: {moved}",
                hint="`longshore plan` with the same file makes another one",
            )

    def refusal(self, plan: Import) -> PlanNotApplicable | None:
        """Why a plan cannot be applied; None: it can."""
        with self._database.read() as tx:
            try:
                _check_applicable(tx, plan)
            except PlanNotApplicable as refused:
                return refused
        return None


def application_of(
    preparation: Preparation,
    environment: Environment,
    plan: Import,
    digest: str | None,
    *,
    application_id: int | None,
) -> NewImport:
    """What is stored of the import that applies a plan."""
    prepared = preparation.of_import(plan, environment.flags)
    return NewImport(
        environment=environment.number,
        resource_type=plan.resource_type,
        format=plan.format,
        tables=record_tables_of(prepared.plan),
        inputs_size=plan.inputs_size,
        attachment_name=plan.attachment_name,
        layout=plan.layout,
        application_id=application_id,
        parent_resource_id=plan.parent_resource_id,
        parent_id=plan.parent_id,
        skip_errors=plan.skip_errors,
        reference=plan.reference,
        reference_origin=plan.reference_origin,
        metadata=plan.metadata,
        source_name=plan.source_name,
        column_map=plan.column_map,
        ignored_columns=plan.ignored_columns,
        notices=notices_of_source(plan.notices),
        source_digest=digest,
        stop_rules=plan.stop_rules,
        only=plan.only,
        mapping=plan.mapping,
        mapping_reference=plan.mapping_reference,
        plan_id=plan.id,
        source_columns=plan.source_columns,
    )


def _check_still(tx: Transaction, environment: Environment, plan_id: ImportId) -> None:
    """Refuse a plan that was applied, deleted or has expired meanwhile; nobody else applies it
    until the transaction ends."""
    hold_import(tx, plan_id)
    plan = get_plan(tx, environment.number, plan_id)
    if plan is None:
        raise NoSuchPlan(tx.public_ids.encode(plan_id))
    _check_applicable(tx, plan)


def _check_applicable(tx: Transaction, plan: Import) -> None:
    public_id = tx.public_ids.encode(plan.id)
    if plan.group_id is not None:
        group_id = tx.public_ids.encode(plan.group_id)
        raise PlanNotApplicable(
            f"the plan {public_id} belongs to the group {group_id}, and says what follows when all "
            "of that is applied",
            hint=f"`longshore apply {group_id}` applies the whole group",
        )
    again = "`longshore plan` with the same file makes another one"
    if not plan.is_finished:
        raise PlanNotApplicable(
            f"the plan {public_id} is {plan.status}: {plan.consumed_count:,} of "
            f"{plan.inputs_size:,} rows are planned",
            hint=f"`longshore plan show {public_id}` tells how far it is, `longshore resume` "
            "finishes what was left open",
        )
    if is_expired(tx, plan):
        at = plan.attachment_expired_at or plan.expires_at
        when = "" if at is None else f" at {format_datetime(at)}"
        raise PlanNotApplicable(f"the plan {public_id} has expired{when}", hint=again)
    if plan.status is Status.INTERRUPTED:
        raise PlanNotApplicable(
            f"the plan {public_id} was interrupted before its last row, and cannot be applied",
            hint=f"`longshore plan show {public_id}` tells why; {again}",
        )
    applied = applied_by(tx, plan)
    if applied is not None and not is_void(applied):
        import_id = tx.public_ids.encode(applied.id)
        is_at_it = "is being applied" if not applied.is_finished else "is applied already"
        raise PlanNotApplicable(
            f"the plan {public_id} {is_at_it}, by the import {import_id}",
            hint=f"`longshore show {import_id}` tells what became of it; {again}",
        )
