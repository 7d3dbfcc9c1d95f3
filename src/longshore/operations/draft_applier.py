"""From the plan of a draft to the import that does what was shown, or to why there is none."""

from collections.abc import Callable
from dataclasses import replace

from longshore.access import read_environment
from longshore.database import Database, Transaction
from longshore.drafts import (
    Draft,
    DraftChangedMeanwhile,
    lock_draft,
    note_draft_import,
)
from longshore.imports import (
    StopRules,
    StoreMoved,
    get_group,
    get_import,
)
from longshore.operations.asker import Asker
from longshore.operations.draft_plan import DraftPlan, PlannedMeanwhile
from longshore.operations.draft_plans import DraftPlans
from longshore.operations.drafts import NoSuchDraft
from longshore.operations.group_applier import GroupApplier
from longshore.operations.live_confirmations import LiveConfirmations
from longshore.operations.plan_applier import PlanApplier, PlanNotApplicable
from longshore.operations.plan_standing import is_void, is_void_import, what_moved
from longshore.settings import Settings

_WIRE_SHARE = 10  # per cent of rows, beyond which an import stops where nobody has said otherwise


class StopRuleReached(PlanNotApplicable):
    """So many rows have errors that the import is not to begin."""


class DraftApplier:
    """Applies the plans of the drafts of one installation."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        plan_applier: PlanApplier,
        group_applier: GroupApplier,
        plans: DraftPlans,
        confirmations: LiveConfirmations,
    ) -> None:
        self._database = database
        self._settings = settings
        self._plan_applier = plan_applier
        self._group_applier = group_applier
        self._plans = plans
        self._confirmations = confirmations

    def stop_reason(self, draft: Draft, plan: DraftPlan) -> str | None:
        """Why what a plan has found is not to be imported, by the rules of the draft."""
        choices = draft.choices
        failed, size = plan.total("errors_count"), plan.total("inputs_size")
        told = f"{failed:,} of {size:,} rows have errors"
        if not failed or choices.skip_errors:
            return None
        if choices.all_or_nothing:
            return f"{told}, and it is to be all rows or none"
        rules = StopRules.from_dict(choices.stop_rules)
        if rules.after is not None and failed >= rules.after:
            limit = "the first" if rules.after == 1 else f"{rules.after:,}"
            return f"{told}, and it is to stop at {limit}"
        if rules.at is not None:
            at = rules.at_count(size)
            if at is not None and failed >= at:
                return f"{told}, and it is to stop at {rules.at} %"
        elif rules.after is None and failed * 100 > size * _WIRE_SHARE:
            return f"{told}, which is more than {_WIRE_SHARE} %"
        return None

    def moved(self, asker: Asker, plan: DraftPlan) -> str | None:
        """What was written since the plan was made that its rows depend on; None: nothing."""
        with self._database.read() as tx:
            flags = read_environment(tx, asker.environment.number).flags
            return what_moved(tx, plan.members, flags, self._settings)

    def store_moved(self, asker: Asker, draft: Draft) -> StoreMoved | None:
        """Where the import of a draft has written nothing because the store has moved: what has
        moved; None: there is no import, or nothing of the kind has stopped it."""
        if draft.import_id is None:
            return None
        number = asker.environment.number
        with self._database.read() as tx:
            import_ = get_import(tx, number, draft.import_id)
            if import_ is not None:
                return import_.moved if is_void(import_) else None
            group = get_group(tx, number, draft.import_id)
            if group is None or not is_void_import(tx, number, draft.import_id):
                return None
            return next((each.moved for each in group.members if each.moved is not None), None)

    def is_of_group(self, asker: Asker, draft: Draft) -> bool:
        """Whether what was made of a draft is an import group, and no single import."""
        with self._database.read() as tx:
            found = get_group(tx, asker.environment.number, draft.import_id or 0)
        return found is not None

    def apply(
        self,
        asker: Asker,
        draft: Draft,
        *,
        version: int,
        typed: str | None,
        wake: Callable[[], None],
    ) -> Draft:
        """Create the import that does exactly what the last plan has found; the draft with it. One
        of which an import was made already stays as it is.

        `typed` is what somebody has typed to confirm it. Raises DraftChangedMeanwhile,
        PlanNotApplicable, StopRuleReached, NotConfirmed, and as the submission of an import does.
        """
        if draft.import_id is not None:
            return draft
        if draft.version != version:
            raise DraftChangedMeanwhile
        plan = self._plans.found(asker, draft)
        if plan is None or not plan.is_current:
            raise PlanNotApplicable(
                "the rows were not checked with all changes", hint="check all rows again"
            )
        if (reason := self.stop_reason(draft, plan)) is not None:
            raise StopRuleReached(
                reason, hint="mend the rows, or say in the options that it goes on whatever fails"
            )
        self._confirmations.check(asker, plan.members, typed)

        def note(tx: Transaction, import_id: int) -> None:
            now = lock_draft(tx, asker.environment.number, draft.id)
            if now is None:
                raise NoSuchDraft
            if now.version != version or now.plan_id != draft.plan_id:
                raise DraftChangedMeanwhile
            if now.import_id is not None:
                raise PlannedMeanwhile
            note_draft_import(tx, draft.id, import_id)
            created.append(import_id)

        created: list[int] = []
        try:
            if plan.group is not None:
                self._group_applier.apply(
                    asker.environment,
                    plan.group,
                    application_id=asker.application_id,
                    on_created=lambda tx, group: note(tx, group.id),
                )
            else:
                self._plan_applier.apply(
                    asker.environment,
                    plan.members[0],
                    application_id=asker.application_id,
                    all_or_nothing=draft.choices.all_or_nothing,
                    on_created=lambda tx, import_: note(tx, import_.id),
                )
            wake()
            # Not read again: another window may have discarded the draft, and the import is there.
            return replace(draft, import_id=created[-1])
        except PlannedMeanwhile:
            pass
        except PlanNotApplicable:
            # Another window was faster, or it cannot be applied.
            now = self._plans.read(asker, draft.id)
            if now.import_id is None:
                raise
            return now
        return self._plans.read(asker, draft.id)
