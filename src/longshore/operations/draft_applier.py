"""From the plan of a draft to the import that does what was shown, or to why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from longshore.access import read_environment
from longshore.database import Database, Transaction
from longshore.drafts import (
    Draft,
    DraftChangedMeanwhile,
    lock_draft,
    note_draft_import,
)
from longshore.errors import RequestRefused
from longshore.imports import (
    StopRules,
    StoreMoved,
    all_differences,
    get_group,
    get_import,
)
from longshore.operations.asker import Asker
from longshore.operations.draft_plan import DraftPlan, PlannedMeanwhile
from longshore.operations.draft_plans import DraftPlans
from longshore.operations.drafts import NoSuchDraft
from longshore.operations.group_applier import GroupApplier
from longshore.operations.plan_applier import PlanApplier, PlanNotApplicable
from longshore.operations.plan_standing import is_void, is_void_import, what_moved
from longshore.settings import Settings

# In live, what is beyond these is confirmed by typing how many records it is about.
_UPDATES_MAX = 1_000
_LOWERED_MAX = 100
_LOWERED_TO = 0.8  # of the price before

_WIRE_SHARE = 10  # per cent of rows, beyond which an import stops where nobody has said otherwise


class StopRuleReached(PlanNotApplicable):
    """So many rows have errors that the import is not to begin."""


class NotConfirmed(RequestRefused):
    """The number that is asked for was not typed, or another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What has to be confirmed by typing a number."""

    number: int
    what: str


class DraftApplier:
    """Applies the plans of the drafts of one installation."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        plan_applier: PlanApplier,
        group_applier: GroupApplier,
        plans: DraftPlans,
    ) -> None:
        self._database = database
        self._settings = settings
        self._plan_applier = plan_applier
        self._group_applier = group_applier
        self._plans = plans

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

    def confirmation(self, asker: Asker, plan: DraftPlan) -> Confirmation | None:
        """What has to be confirmed before a plan is applied; only in live."""
        if asker.environment.mode != "live":
            return None
        updated = plan.total("updated_count")
        if updated > _UPDATES_MAX:
            return Confirmation(number=updated, what=f"{updated:,} records are updated")
        lowered = 0
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            for member in plan.members:
                for each in all_differences(tx, member.id) if member.updated_count else ():
                    lowered += any(
                        _is_lowered(each.changes, name) for name in _amounts(each.changes)
                    )
        if lowered > _LOWERED_MAX:
            return Confirmation(number=lowered, what=f"{lowered:,} prices fall by over 20 %")
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
        asked = self.confirmation(asker, plan)
        if asked is not None and (typed or "").replace(",", "").strip() != str(asked.number):
            raise NotConfirmed(
                f"{asked.what}, and {asked.number} was not typed",
                hint=f"type {asked.number} to import",
            )

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


def _amounts(changes: Mapping[str, Any]) -> list[str]:
    return [name for name in changes if name.endswith("amount_cents")]


def _is_lowered(changes: Mapping[str, Any], name: str) -> bool:
    before, after = changes[name]
    if not isinstance(before, int) or not isinstance(after, int):
        return False
    return after < before * _LOWERED_TO
