"""A plan is applied exactly as it was shown, or not at all; all or nothing means that.

Random rows are planned on a small shop, others write a record or two, and the plan is applied:
either every row does what the plan said of it, or nothing is written, which happens only where
somebody has written something.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.assembly import Longshore
from longshore.catalogue import load_catalogue
from longshore.observations import NullObserver
from longshore.operations import PlanNotApplicable
from tests.behaviour.engine.organization import Organization
from tests.behaviour.engine.test_applying import as_planned
from tests.property.sides import Planted, PlantedFolder, with_ids
from tests.property.strategies import TYPES, ImportCall, Ref, import_calls
from tests.property.undoing.play import assert_alike
from tests.property.undoing.shop import Shop
from tests.property.undoing.steps import Creates, Destroys, Updates, single_writes

CALLS = st.sampled_from(list(TYPES)).flatmap(lambda name: import_calls(name, rows_max=8))


class Both:
    """A shop with an organization in it, on one database."""

    def __init__(self, shop: Shop, organization: Organization) -> None:
        self.shop = shop
        self.organization = organization

    @property
    def known(self) -> dict[str, str]:
        """The ids of all records, as they are written outside."""
        encode = self.organization.longshore.public_ids.encode
        return {encode(id): record["table"] for id, record in self.shop.records().items()}

    def rows(self, call: ImportCall) -> list[Any]:
        return [with_ids(row, self.public_id) for row in call.rows]

    def request(self, call: ImportCall) -> Mapping[str, Any]:
        parent = None if call.parent is None else self.public_id(call.parent)
        return {"parent": parent, "skip_errors": call.skip_errors}

    def write(self, step: Creates | Updates | Destroys) -> None:
        if isinstance(step, Creates):
            self.shop.create(step.resource_type, step.row)
            return
        record = self.shop.find(step.record)
        if record is None:
            return
        if isinstance(step, Destroys):
            self.shop.delete(step.record.resource_type, record)
        else:
            self.shop.update(step.record.resource_type, record, step.row)

    def public_id(self, reference: Any) -> str:
        found = self.shop.find(reference) if isinstance(reference, Ref) else None
        return "nowhere" if found is None else self.organization.longshore.public_ids.encode(found)


@contextmanager
def both(planted: Planted, chunk_records: int) -> Iterator[Both]:
    """A copy of the seeds, in which chunks hold so many records."""
    with planted.open({"chunk_records": chunk_records}) as (database, settings):
        longshore = Longshore(
            settings, database, observer=NullObserver(), on_point=lambda _point: None
        )
        environment = longshore.organizations.environment("default", "test")
        try:
            yield Both(Shop(database, settings), Organization(longshore, environment))
        finally:
            longshore.parts.claims.close()
            longshore.presence.leave()


def examples(planted: Planted) -> int:
    """How many examples are tried: few suffice to find what the second database does otherwise."""
    part, least = (5, 8) if isinstance(planted, PlantedFolder) else (25, 2)
    return max(settings().max_examples // part, least)


def test_a_plan_is_applied_exactly_or_nothing_is_written(planted: Planted) -> None:
    @settings(max_examples=examples(planted))
    @given(CALLS, single_writes(), st.sampled_from([20_000, 3]))
    def check(
        call: ImportCall, between: Sequence[Creates | Updates | Destroys], chunk_records: int
    ) -> None:
        with both(planted, chunk_records) as our:
            shop, organization = our.shop, our.organization
            before, known = shop.records(), our.known
            rows, request = our.rows(call), our.request(call)
            planned = organization.plan(call.resource_type, rows, **request)
            assert_alike(shop.records(), before)
            for step in between:
                our.write(step)
            others = shop.records()
            try:
                applied = organization.apply(planned)
            except PlanNotApplicable:
                assert planned.status == "interrupted"
                return
            if applied.import_.moved is not None:
                assert_alike(shop.records(), others)
                assert others != before
                assert applied.status == "interrupted"
                assert not applied.entries
                assert applied.counts == (0, 0, 0, 0)
                return
            assert applied.counts == planned.counts
            assert applied.status == planned.status
            assert applied.errors == planned.errors
            foreseen, done = (
                masked(as_planned(organization, each.import_, known), known)
                for each in (planned, applied)
            )
            assert foreseen == done

    check()


def test_all_rows_are_in_or_none_is(planted: Planted) -> None:
    @settings(max_examples=examples(planted))
    @given(CALLS, st.sampled_from([20_000, 3]))
    def check(call: ImportCall, chunk_records: int) -> None:
        with both(planted, chunk_records) as our:
            before = our.shop.records()
            rows, request = our.rows(call), our.request(call)
            tried = our.organization.dry_run(call.resource_type, rows, **request)
            whole = our.organization.load(
                call.resource_type, rows, **{**request, "all_or_nothing": True}
            )
            if tried.failed:
                assert whole.status == "interrupted"
                assert_alike(our.shop.records(), before)
                assert whole.errors
                assert not whole.entries
            else:
                assert whole.status == "completed"
                assert whole.counts == (tried.created, tried.updated, tried.unchanged, 0)

    check()


def masked(rows: Any, known: Mapping[str, str]) -> str:
    """Rows as a text in which records that a plan cannot know have no id, and no type within that
    of their table."""
    for row in rows:
        for each in row["further_records"]:
            each["type"] = load_catalogue().types[each["type"]].table
    return re.sub(
        r'"([0-9A-Za-z]{10})"',
        lambda found: found[0] if found[1] in known else '"(new)"',
        json.dumps(rows, sort_keys=True),
    )
