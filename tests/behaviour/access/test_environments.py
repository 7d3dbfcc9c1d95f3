"""Environments are made on first use and keep their numbers."""

import pytest

from longshore.access import Mode, ensure_environment, find_environment, read_environment
from longshore.catalogue import ORGANIZATION_FLAGS
from longshore.errors import RequestRefused


def test_an_environment_is_made_on_first_use_and_found_from_then_on(database):
    with database.read() as tx:
        assert find_environment(tx, "default", "test") is None
    made = ensure_environment(database)
    assert (made.organization, made.mode) == ("default", Mode.TEST)
    assert ensure_environment(database) == made
    with database.read() as tx:
        assert find_environment(tx, "default", "test") == made
        assert read_environment(tx, made.number) == made


def test_both_modes_of_an_organization_are_environments_of_their_own(database):
    test = ensure_environment(database, "acme", "test")
    live = ensure_environment(database, "acme", "live")
    other = ensure_environment(database, "other", "live")
    assert len({test.number, live.number, other.number}) == 3
    assert min(test.number, live.number, other.number) >= 1
    assert test.organization_id == live.organization_id != other.organization_id


def test_an_organization_has_the_flags_of_the_catalogue_save_its_own(database):
    environment = ensure_environment(database, "acme")
    assert environment.flags == dict(ORGANIZATION_FLAGS)
    with database.write() as tx:
        tx.execute("UPDATE organizations SET flags = ?", ('{"addresses_phone_required": false}',))
    flags = ensure_environment(database, "acme").flags
    assert flags == {**ORGANIZATION_FLAGS, "addresses_phone_required": False}


@pytest.mark.parametrize("slug", ["a", "acme-2", "0", "a" * 63])
def test_a_slug_is_made_of_small_letters_digits_and_hyphens(database, slug):
    assert ensure_environment(database, slug).organization == slug


@pytest.mark.parametrize("slug", ["", "-a", "Acme", "a b", "a_b", "ä", "a\n", "a" * 64, "a/b"])
def test_another_slug_is_refused_and_makes_nothing(database, slug):
    with pytest.raises(RequestRefused, match="no organization can be called"):
        ensure_environment(database, slug)
    with database.read() as tx:
        assert tx.fetch("SELECT count(*) FROM organizations") == [(0,)]


@pytest.mark.parametrize("mode", ["", "Test", "production"])
def test_another_mode_is_refused(database, mode):
    with pytest.raises(RequestRefused, match="no such mode"):
        ensure_environment(database, "acme", mode)
