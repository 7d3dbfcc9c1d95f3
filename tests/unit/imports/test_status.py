"""The life of an import as a table."""

import itertools

from longshore.imports import TRANSITIONS, Status
from longshore.imports.status import UNFINISHED, statuses_before


def test_an_import_goes_nowhere_but_along_the_table():
    for before, after in itertools.product(Status, Status):
        assert (before in statuses_before(after)) == ((before, after) in TRANSITIONS)


def test_nothing_follows_a_finished_import():
    for before, _ in TRANSITIONS:
        assert not before.is_finished
    assert {status for status in Status if not status.is_finished} == set(UNFINISHED)


def test_every_status_but_the_first_is_reached():
    for status in Status:
        assert bool(statuses_before(status)) == (status is not Status.PENDING)


def test_every_transition_says_when_it_happens():
    assert all(reason for reason in TRANSITIONS.values())
