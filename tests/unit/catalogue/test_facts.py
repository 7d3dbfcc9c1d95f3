"""The declarations agree with the facts about the wire contract."""

from fnmatch import fnmatchcase

import pytest

from longshore.catalogue import load_catalogue
from tests.unit.catalogue.differences import DIFFERENCES
from tests.unit.catalogue.facts import FACTS_PATH, departures, read_facts

pytestmark = pytest.mark.skipif(
    not FACTS_PATH.exists(),
    reason="the facts about resource types (../shared/spec/catalogue.json) are not here",
)


def test_every_departure_from_the_facts_is_deliberate():
    found = departures(read_facts(), load_catalogue())
    unlisted = {
        name: said
        for name, said in found.items()
        if not any(fnmatchcase(name, pattern) for pattern in DIFFERENCES)
    }
    assert unlisted == {}


def test_every_listed_difference_still_exists():
    found = departures(read_facts(), load_catalogue())
    gone = [
        pattern for pattern in DIFFERENCES if not any(fnmatchcase(name, pattern) for name in found)
    ]
    assert gone == []


def test_types_that_the_facts_call_external_are_outside():
    catalogue = load_catalogue()
    assert not set(read_facts()["external_types"]) & set(catalogue.types)
    assert list(catalogue.importable) == read_facts()["importable_types"]
    taggable = [n for n, t in catalogue.types.items() if any(r.linked for r in t.relationships)]
    outside = {"order_subscriptions", "returns", "shipments"}
    assert sorted(taggable) == sorted(set(read_facts()["taggable_types"]) - outside)
