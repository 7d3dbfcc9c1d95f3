"""Organizations and their flags."""

import pytest

from longshore.access import (
    create_organization,
    ensure_environment,
    find_environment,
    find_organization,
    has_organizations,
    list_organizations,
    open_environment,
    set_organization,
)
from longshore.catalogue import ORGANIZATION_FLAGS
from longshore.errors import RequestRefused


def created(database, slug="acme", values=None):
    with database.write() as tx:
        return create_organization(tx, slug, values)


def test_an_organization_is_made_with_what_is_said_about_it(database):
    with database.read() as tx:
        assert not has_organizations(tx)
    values = {"name": " Acme Ltd ", "addresses_phone_required": "FALSE"}
    acme = created(database, values=values)
    assert (acme.slug, acme.name, acme.modes) == ("acme", "Acme Ltd", [])
    assert acme.changed_flags == {"addresses_phone_required": False}
    with database.read() as tx:
        assert has_organizations(tx)
        assert find_organization(tx, "acme") == acme
        assert find_organization(tx, "ACME") is None
        assert list_organizations(tx) == [acme]


def test_an_organization_is_made_once(database):
    created(database)
    with pytest.raises(RequestRefused, match="there is an organization 'acme' already"):
        created(database)


@pytest.mark.parametrize("slug", ["", "Acme", "auth", "a.b"])
def test_a_slug_that_no_host_could_have_is_refused(database, slug):
    with pytest.raises(RequestRefused, match="no organization can be called"):
        created(database, slug)


def test_flags_steer_the_environment_and_an_empty_text_sets_the_default(database):
    created(database)
    values = {"tags_max_allowed_number": " 20 ", "orders_min_refresh_lapse": "1.5"}
    with database.write() as tx:
        set_organization(tx, "acme", values)
    flags = ensure_environment(database, "acme").flags
    assert flags == {
        **ORGANIZATION_FLAGS,
        "tags_max_allowed_number": 20,
        "orders_min_refresh_lapse": 1.5,
    }
    with database.write() as tx:
        back = set_organization(
            tx, "acme", {"tags_max_allowed_number": "", "orders_min_refresh_lapse": "0"}
        )
    assert back.changed_flags == {}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("addresses_phone_required", "yes", "expected true or false, found 'yes'"),
        ("tags_max_allowed_number", "many", "expected a whole number, found 'many'"),
        ("tags_max_allowed_number", "1.5", "expected a whole number, found '1.5'"),
        ("tags_max_allowed_number", "-1", "expected 0 to"),
        ("tags_max_allowed_number", "99999999999", "expected 0 to"),
        ("orders_min_refresh_lapse", "nan", "expected 0 to"),
        ("orders_min_refresh_lapse", "inf", "expected 0 to"),
        ("name", " ", "expected 1 to 255 characters"),
        ("name", "a\nb", "expected 1 to 255 characters"),
        ("slug", "other", "slug: no such flag"),
        ("address_phone_required", "true", "no such flag"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_set(database, key, value, message):
    before = created(database)
    with pytest.raises(RequestRefused) as refused, database.write() as tx:
        set_organization(tx, "acme", {"imports_skip_errors": "true", key: value})
    assert message in refused.value.message
    with database.read() as tx:
        assert find_organization(tx, "acme") == before


def test_all_that_does_not_fit_is_named_at_once_with_the_nearest_name(database):
    created(database)
    with pytest.raises(RequestRefused) as refused, database.write() as tx:
        set_organization(tx, "acme", {"tags_max_name_lenght": "1", "imports_skip_errors": "2"})
    assert "tags_max_name_lenght" in refused.value.message
    assert "imports_skip_errors" in refused.value.message
    assert refused.value.hint == "did you mean tags_max_name_length?"


def test_an_unknown_organization_is_refused_with_how_to_make_it(database):
    with pytest.raises(RequestRefused, match="no organization 'acme'") as refused:
        open_environment(database, "acme", "test")
    assert "longshore organizations create acme" in (refused.value.hint or "")
    with (
        pytest.raises(RequestRefused, match="no organization 'acme'"),
        database.write() as tx,
    ):
        set_organization(tx, "acme", {"name": "x"})
    with database.read() as tx:
        assert not has_organizations(tx)


def test_an_environment_of_a_known_organization_and_the_default_one_open_on_first_use(database):
    created(database)
    live = open_environment(database, "acme", "live")
    assert (live.organization, live.mode) == ("acme", "live")
    default = open_environment(database, "default", "test")
    with database.read() as tx:
        assert find_environment(tx, "default", "test") == default
        assert [each.slug for each in list_organizations(tx)] == ["acme", "default"]
        assert [each.modes for each in list_organizations(tx)] == [["live"], ["test"]]
