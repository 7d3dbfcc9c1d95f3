"""The engine does what the naive model does, whatever the size of its chunks.

Random imports go into the model and into a real database; then everything that can be told is
compared: counts, errors, warnings, journal and the contents of every table. Before each import a
dry run tells what it would do, and must leave no trace.

The profile of hypothesis says how long this takes; for a long search:
`pytest tests/property --hypothesis-profile=long`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.imports import Only
from tests.property.sides import (
    EngineSide,
    ModelSide,
    Planted,
    PlantedFolder,
    engine_side,
)
from tests.property.strategies import (
    CSV_COLUMNS,
    KEYED_TYPES,
    TYPES,
    ImportCall,
    Ref,
    csv_calls,
    exchanges,
    import_calls,
    keyed_calls,
    limited_calls,
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the engine is made to work; nothing of it may show."""

    chunk_rows: int
    chunk_records: int
    stops: bool  # the runner is stopped after each chunk


MANNERS = st.builds(
    Manner,
    chunk_rows=st.sampled_from([1, 2, 7, 2000]),
    chunk_records=st.sampled_from([20_000, 20_000, 3]),
    stops=st.sampled_from([False, False, True]),
)

OpenEngine = Callable[[Manner], AbstractContextManager[EngineSide]]
Search = Callable[[st.SearchStrategy[Any], Callable[[Any, Manner], None]], None]


@pytest.fixture(scope="module")
def open_engine(planted: Planted) -> OpenEngine:
    """Opens longshore on a copy of the seeds."""

    def open_(manner: Manner) -> AbstractContextManager[EngineSide]:
        return engine_side(
            planted,
            stops=manner.stops,
            chunk_rows=manner.chunk_rows,
            chunk_rows_first=min(manner.chunk_rows, 500),
            chunk_records=manner.chunk_records,
            chunk_milliseconds=0,
        )

    return open_


@pytest.fixture(scope="module")
def search(planted: Planted) -> Search:
    """Checks random examples, a quarter of what the profile asks for: each is a whole import.

    Where a database shares the semantics with the first one, few more suffice to find out what it
    does otherwise.
    """
    part, least = (4, 10) if isinstance(planted, PlantedFolder) else (25, 3)

    def search(strategy: st.SearchStrategy[Any], check: Callable[[Any, Manner], None]) -> None:
        @settings(max_examples=max(settings().max_examples // part, least))
        @given(strategy, MANNERS)
        def run(drawn: Any, manner: Manner) -> None:
            check(drawn, manner)

        run()

    return search


def compare(open_engine: OpenEngine, calls: Sequence[ImportCall], manner: Manner) -> None:
    """One import after another, compared in what it tells and in what it leaves."""
    model = ModelSide()
    with open_engine(manner) as engine:
        for call in calls:
            expected = model.run(call)
            assert engine.run_dry(call) == expected.dry
            assert engine.run(call) == expected
            assert engine.contents() == model.contents()


def test_both_sides_begin_alike(open_engine: OpenEngine) -> None:
    with open_engine(Manner(chunk_rows=1, chunk_records=1, stops=False)) as engine:
        assert engine.contents() == ModelSide().contents()


@pytest.mark.parametrize("resource_type", TYPES)
def test_random_rows_become_what_the_model_says(
    open_engine: OpenEngine, search: Search, resource_type: str
) -> None:
    calls = st.lists(import_calls(resource_type), min_size=1, max_size=2)
    calls = calls.flatmap(lambda drawn: st.sampled_from([drawn, [*drawn, drawn[0]]]))
    search(calls, lambda drawn, manner: compare(open_engine, drawn, manner))


@pytest.mark.parametrize("resource_type", CSV_COLUMNS)
def test_random_cells_become_what_the_model_says(
    open_engine: OpenEngine, search: Search, resource_type: str
) -> None:
    call = csv_calls(resource_type)
    search(call, lambda drawn, manner: compare(open_engine, [drawn, drawn], manner))


def test_unique_values_change_hands_as_the_model_says(
    open_engine: OpenEngine, search: Search
) -> None:
    search(exchanges(), lambda drawn, manner: compare(open_engine, [drawn], manner))


def test_imports_of_several_types_build_on_each_other(
    open_engine: OpenEngine, search: Search
) -> None:
    calls = st.lists(
        st.sampled_from(list(TYPES)).flatmap(lambda name: import_calls(name, rows_max=5)),
        min_size=2,
        max_size=5,
    )
    search(calls, lambda drawn, manner: compare(open_engine, drawn, manner))


@pytest.mark.parametrize("resource_type", KEYED_TYPES)
def test_importing_rows_with_distinct_keys_again_changes_nothing(
    open_engine: OpenEngine, search: Search, resource_type: str
) -> None:
    def check(call: ImportCall, manner: Manner) -> None:
        with open_engine(manner) as engine:
            first = engine.run(call)
            assert not first.errors
            contents = engine.contents()
            again = engine.run(call)
            assert again.counts == {
                "created": 0,
                "updated": 0,
                "unchanged": len(call.rows),
                "skipped": 0,
                "failed": 0,
            }
            assert not again.entries
            assert engine.contents() == contents

    search(keyed_calls(resource_type), check)


@pytest.mark.parametrize("resource_type", TYPES)
def test_rules_stop_and_rows_are_skipped_where_the_model_says(
    open_engine: OpenEngine, search: Search, resource_type: str
) -> None:
    calls = st.lists(limited_calls(resource_type), min_size=1, max_size=2)
    search(calls, lambda drawn, manner: compare(open_engine, drawn, manner))


@pytest.mark.parametrize("parent", [Ref("customers", 0), None], ids=["parent", "no-parent"])
@pytest.mark.parametrize("only", [None, *Only])
def test_rows_that_cannot_say_which_record_they_mean_fail_as_the_model_says(
    open_engine: OpenEngine, only: Only | None, parent: Ref | None
) -> None:
    emails: list[object] = ["no", None, 5, {}]
    ids: list[object] = [5, {}, "nowhere", ""]
    unclear: list[dict[str, object]] = [
        {},
        *[{"customer_email": email} for email in emails],
        *[{"customer_id": id_} for id_ in ids],
        *[dict[str, object](customer_id=id_, customer_email="no") for id_ in ("nowhere", "")],
        {"customer_id": Ref("customers", 0), "customer_email": "no"},
    ]
    rows = [{"reference": ref, **each} for each in unclear for ref in ("r1", "r2")]
    calls = [
        ImportCall("customer_subscriptions", ({"reference": "r1"}, *chosen), parent, only=only)
        for chosen in (rows, rows[:2])  # the last one without any column that names a customer
    ]
    for chunk_rows in (1, 2000):
        compare(open_engine, calls, Manner(chunk_rows, chunk_records=20_000, stops=False))


def test_a_dry_run_writes_nothing(open_engine: OpenEngine, search: Search) -> None:
    def check(call: ImportCall, manner: Manner) -> None:
        with open_engine(manner) as engine:
            before = engine.stored_bytes()
            engine.run_dry(call)
            assert engine.stored_bytes() == before

    search(import_calls("orders"), check)
