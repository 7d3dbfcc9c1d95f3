"""Undo and redo against the naive model, on real databases.

Random stories of imports, single writes, undos and undos of undos are played; after each undo the
whole store must be what the model foretells, with the same parts kept for the same reasons, and an
undo that is itself undone must leave everything as it was, ids and keys included.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.undos import KeptReason
from tests.property.sides import Planted, PlantedFolder
from tests.property.undoing.play import Play
from tests.property.undoing.shop import Shop
from tests.property.undoing.steps import Step, Undoes, stories
from tests.property.undoing.told_stories import MANY_CHUNKS, TOLD_STORIES, ToldStory

OpenPlay = Callable[[int], AbstractContextManager[Play]]
POINTS_LEAST = 5  # that an undo of several chunks has
CHUNK_ROWS = st.sampled_from([1, 2, 2000])


@pytest.fixture(scope="module")
def open_play(planted: Planted) -> OpenPlay:
    """Begins a story in which imports take chunks of so many rows."""

    @contextmanager
    def open_(chunk_rows: int) -> Iterator[Play]:
        manner = {
            "chunk_rows": chunk_rows,
            "chunk_rows_first": min(chunk_rows, 500),
            "chunk_milliseconds": 0,
        }
        with planted.open(manner) as (database, settings):
            yield Play(Shop(database, settings))

    return open_


@pytest.mark.parametrize("story", TOLD_STORIES, ids=lambda story: story.told)
def test_told_stories_end_as_the_model_foretells_for_the_reasons_that_they_are_told_for(
    open_play: OpenPlay, story: ToldStory
) -> None:
    with open_play(2) as played:
        played.go_on(story.steps)
        assert played.reasons == story.reasons
        played.undo_and_redo()


def test_the_told_stories_have_every_reason() -> None:
    assert {reason for story in TOLD_STORIES for reason in story.reasons} == {*KeptReason}


def test_an_undo_killed_at_any_point_ends_as_if_it_had_not_been(
    planted: Planted, open_play: OpenPlay
) -> None:
    """Undo and redo, both killed before the points that they have: all, or a few of them."""
    for kill in count(0, 1 if isinstance(planted, PlantedFolder) else 5):
        with open_play(2) as played:
            played.go_on([*MANY_CHUNKS, Undoes(0, (kill, kill)), Undoes(0, (kill,))])
            played.undo_and_redo()
            if not played.deaths:
                break
    assert kill > POINTS_LEAST


def test_undos_and_redos_leave_what_the_model_foretells(
    planted: Planted, open_play: OpenPlay
) -> None:
    # Few more suffice to find out what the second database does otherwise.
    part, least = (3, 10) if isinstance(planted, PlantedFolder) else (25, 3)

    @settings(max_examples=max(settings().max_examples // part, least))
    @given(stories(), CHUNK_ROWS)
    def play(story: Sequence[Step], chunk_rows: int) -> None:
        with open_play(chunk_rows) as played:
            played.go_on(story)
            played.undo_and_redo()

    play()
