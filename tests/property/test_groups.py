"""What a dry run of a group tells, and what plans of it say, is what importing it does.

Random members, of a few types that refer to each other or of any, are tried, planned and applied:
counts, errors, notices, stops and each row's changes are the same, though of members that stand on
each other only the last way writes what the others stand on.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples_of
from hypothesis import strategies as st

from longshore.catalogue import load_catalogue
from longshore.errors import RequestRefused
from longshore.imports import GroupForm, Import, ImportGroup, Only, Status, StopRules
from longshore.operations import GroupMember, GroupRequest, GroupSource, PlanNotApplicable, Trial
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization, by_row
from tests.behaviour.engine.test_applying import as_planned
from tests.property.seeds_of_all_types import ALL_SEEDS
from tests.property.sides import Planted, PlantedFolder, with_ids, written
from tests.property.strategies import TYPES, ImportCall, import_calls, only, stop_rules
from tests.property.strategies_of_all_types import imports_of
from tests.property.test_plans import Both, both, masked

_MEMBERS_MAX = 4
_EXAMPLES = {"a few types": 8, "any type": 4}
_PART_OF_POSTGRESQL = 3

Told = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class GroupCall:
    """One group that is imported."""

    members: tuple[ImportCall, ...]
    skip_errors: bool
    stop_rules: StopRules
    only: Only | None


def groups(calls: st.SearchStrategy[list[ImportCall]]) -> st.SearchStrategy[GroupCall]:
    return st.builds(
        GroupCall,
        st.lists(calls, min_size=2, max_size=_MEMBERS_MAX).map(
            lambda found: tuple(call for calls in found for call in calls)[:_MEMBERS_MAX]
        ),
        st.sampled_from([True, True, True, False]),
        st.one_of(st.just(StopRules()), st.just(StopRules()), stop_rules),
        st.one_of(st.none(), only),
    )


GROUPS: Mapping[str, st.SearchStrategy[GroupCall]] = {
    "a few types": groups(
        st.sampled_from(list(TYPES))
        .flatmap(lambda name: import_calls(name, rows_max=6))
        .map(lambda call: [call])
    ),
    "any type": groups(st.sampled_from(load_catalogue().importable).flatmap(imports_of)),
}


@pytest.fixture(scope="module")
def seeds() -> Sequence[ImportCall]:
    """Records of every type."""
    return ALL_SEEDS


@pytest.mark.parametrize("kind", GROUPS)
def test_dry_runs_and_plans_of_groups_tell_what_their_imports_do(
    planted: Planted, kind: str
) -> None:
    part = 1 if isinstance(planted, PlantedFolder) else _PART_OF_POSTGRESQL

    @examples_of(max_examples=_EXAMPLES[kind] // part)
    @given(GROUPS[kind], st.sampled_from([20_000, 3]))
    def check(group: GroupCall, chunk_records: int) -> None:
        with both(planted, chunk_records) as our:
            before = our.shop.records()
            known, organization = our.known, our.organization
            tried = dry_run(our, group)
            if isinstance(tried, RequestRefused):
                with pytest.raises(RequestRefused) as refused:
                    planned(our, group)
                assert refused.value.message == tried.message
                return
            plan = planned(our, group)
            assert our.shop.records() == before
            assert told(organization, plan) == tried
            done = applied(our, group, plan)
            assert told(organization, done) == tried
            assert_rows_alike(organization, plan, done, known)

    check()


def applied(our: Both, group: GroupCall, plan: ImportGroup) -> ImportGroup:
    """The group of imports, by the plan where it can be applied."""
    longshore = our.organization.longshore
    try:
        found = longshore.group_applier.apply(our.organization.environment, plan)
    except PlanNotApplicable:
        assert plan.status is Status.INTERRUPTED
        found = submitted(our, group, is_plan=False)
    return longshore.import_groups.run(found)


def planned(our: Both, group: GroupCall) -> ImportGroup:
    return our.organization.longshore.import_groups.run(submitted(our, group, is_plan=True))


def submitted(our: Both, group: GroupCall, *, is_plan: bool) -> ImportGroup:
    return our.organization.longshore.group_submissions.submit(
        our.organization.environment, source_of(our, group), request_of(group), is_plan=is_plan
    )


def dry_run(our: Both, group: GroupCall) -> list[Told] | RequestRefused:
    """What is told of the members, or why the group is refused."""
    trials = our.organization.longshore.group_trials
    try:
        with trials.trial(
            our.organization.environment, source_of(our, group), request_of(group)
        ) as found:
            return list(map(told_of_trial, found))
    except RequestRefused as refused:
        return refused


def told_of_trial(trial: Trial) -> Told:
    found = trial.result
    return (
        (found.created, found.updated, found.unchanged, found.skipped, found.failed),
        by_row(found.errors),
        found.warned,
        found.interrupted,
        found.stopped_by,
        [notice.to_dict() for notice in found.notices],
        list(found.first_amounts),
    )


def told(organization: Organization, group: ImportGroup) -> list[Told]:
    return [told_of_import(organization, each) for each in group.members]


def told_of_import(organization: Organization, import_: Import) -> Told:
    outcome = organization.told(import_)
    created, updated, unchanged, failed = outcome.counts
    return (
        (created, updated, unchanged, import_.skipped_count, failed),
        outcome.errors,
        import_.warnings_count,
        import_.status is Status.INTERRUPTED,
        import_.stopped_by,
        [notice.to_dict() for notice in import_.notices],
        list(import_.first_amounts),
    )


def assert_rows_alike(
    organization: Organization, plan: ImportGroup, done: ImportGroup, known: dict[str, str]
) -> None:
    """What would have become of each row, and what has."""
    for foreseen, import_ in zip(plan.members, done.members, strict=True):
        assert masked(as_planned(organization, foreseen, known), known) == masked(
            as_planned(organization, import_, known), known
        )


def source_of(our: Both, group: GroupCall) -> GroupSource:
    return GroupSource(
        form=GroupForm.DOCUMENT,
        name="shop.json",
        members=[member_of(our, call) for call in group.members],
    )


def member_of(our: Both, call: ImportCall) -> GroupMember:
    rows: tuple[Any, ...] = tuple(with_ids(row, our.public_id) for row in call.rows)
    source, format = written(rows, is_lines=call.is_lines)
    return GroupMember(
        resource_type=call.resource_type,
        source=Source.from_stream(io.BytesIO(source), format=format),
        column_map=call.column_map,
    )


def request_of(group: GroupCall) -> GroupRequest:
    return GroupRequest(skip_errors=group.skip_errors, stop_rules=group.stop_rules, only=group.only)
