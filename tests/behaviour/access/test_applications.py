"""Applications are made, proved, renewed and shut out."""

import re

import pytest

from longshore.access import (
    ApplicationKind,
    authenticate,
    create_application,
    delete_application,
    ensure_environment,
    find_client,
    get_application,
    list_applications,
    oldest_application,
    rotate_secret,
)
from longshore.errors import RequestRefused


@pytest.fixture
def make(database):
    """Makes an application and gives its credentials."""

    def make(kind="integration", slug="default", mode="test", **details):
        environment = ensure_environment(database, slug, mode)
        with database.write() as tx:
            return create_application(tx, environment, kind, **details)

    return make


@pytest.fixture
def prove(database):
    """The application that a client id and a secret prove."""

    def prove(client_id, secret):
        with database.read() as tx:
            return authenticate(tx, client_id, secret)

    return prove


def test_an_application_is_proved_by_its_client_id_and_secret_only(make, prove):
    one, other = make(), make()
    assert re.fullmatch("[A-Za-z0-9]{43}", one.application.client_id)
    assert re.fullmatch("[A-Za-z0-9]{43}", one.secret)
    assert prove(one.application.client_id, one.secret) == one.application
    for client_id, secret in (
        (one.application.client_id, other.secret),
        (one.application.client_id, one.secret.swapcase()),
        (one.application.client_id, ""),
        (one.application.client_id, None),
        (one.application.client_id.swapcase(), one.secret),
        ("", ""),
        ("' OR 1=1 --", one.secret),
        ("\ud800\x00", "\ud800\x00"),
    ):
        assert prove(client_id, secret) is None


def test_a_secret_is_nowhere_in_the_database(database, make):
    secret = make().secret
    with database.read() as tx:
        rows = tx.fetch("SELECT * FROM applications")
    assert rows
    assert not any(secret in str(cell) for row in rows for cell in row)


def test_a_sales_channel_is_public_and_proved_by_its_client_id(database, make, prove):
    credentials = make("sales_channel")
    assert credentials.secret is None
    assert credentials.application.is_public
    assert prove(credentials.application.client_id, None) == credentials.application
    with pytest.raises(RequestRefused, match="no secret"), database.write() as tx:
        rotate_secret(tx, credentials.application.id)


def test_a_rotated_secret_replaces_the_one_before(database, make, prove):
    before = make()
    with database.write() as tx:
        after = rotate_secret(tx, before.application.id)
    client_id = before.application.client_id
    assert after.application.client_id == client_id
    assert prove(client_id, before.secret) is None
    assert prove(client_id, after.secret).id == before.application.id


def test_a_deleted_application_is_gone_for_every_purpose(database, make, prove):
    gone, kept = make(), make()
    with database.write() as tx:
        delete_application(tx, gone.application.id)
    assert prove(gone.application.client_id, gone.secret) is None
    with database.read() as tx:
        assert get_application(tx, gone.application.id) is None
        assert find_client(tx, gone.application.client_id) is None
        assert list_applications(tx, "default") == [kept.application]
        assert oldest_application(tx, gone.application.environment, "integration") == (
            kept.application
        )
    with pytest.raises(RequestRefused), database.write() as tx:
        rotate_secret(tx, gone.application.id)


def test_applications_are_listed_by_organization_oldest_first(database, make):
    made = [
        make(kind, "acme", mode).application
        for kind, mode in (("imports", "live"), ("integration", "test"), ("webapp", "live"))
    ]
    make("integration", "other")
    with database.read() as tx:
        assert list_applications(tx, "acme") == made
        assert list_applications(tx, "nobody") == []
    assert [each.mode for each in made] == ["live", "test", "live"]


def test_the_oldest_application_of_a_kind_is_found_in_its_environment_only(database, make):
    first = make("cli").application
    make("cli")
    live = ensure_environment(database, "default", "live")
    with database.read() as tx:
        assert oldest_application(tx, first.environment, "cli") == first
        assert oldest_application(tx, first.environment, "webapp") is None
        assert oldest_application(tx, live.number, "cli") is None


@pytest.mark.parametrize("kind", list(ApplicationKind))
def test_an_application_without_a_name_is_called_as_its_kind(make, kind):
    assert make(kind).application.name == kind.replace("_", " ").capitalize()


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("dashboard", None, "no such kind of application: dashboard"),
        ("", None, "no such kind"),
        ("integration", "a\x1b[31m", "cannot be called so"),
        ("integration", "x" * 256, "cannot be called so"),
    ],
)
def test_what_no_application_can_be_is_refused(make, kind, name, message):
    with pytest.raises(RequestRefused, match=message):
        make(kind, name=name)
