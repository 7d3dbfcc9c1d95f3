"""Organizations, applications and tokens from the terminal."""

import json
import os
import re
import subprocess

import jwt
import pytest

from longshore import clock
from longshore.access import (
    LIFETIME_SECONDS_MAX,
    ApplicationKind,
    InvalidToken,
    TokenClaims,
    Tokens,
    authenticate,
)
from longshore.cli.commands.applications import KINDS
from longshore.database import Database
from longshore.settings import Settings

pytestmark = pytest.mark.usefixtures("on_every_database")


@pytest.fixture
def opened(data):
    """The installation, looked at from outside the program."""
    with Database.open(data, Settings.from_environment(os.environ)) as database:
        yield database


@pytest.fixture
def verify(opened):
    def verify(token: str) -> TokenClaims:
        return Tokens(opened, domain="localhost").verify(token)

    return verify


def test_an_organization_is_made_with_an_application_whose_secret_is_shown_once(run, opened):
    made = run("organizations", "create", "acme", "name=Acme Ltd", "imports_skip_errors=true")
    assert made.code == 0
    facts = made.facts
    assert (facts["organization"], facts["name"]) == ("acme", "Integration")
    assert (facts["kind"], facts["mode"]) == ("integration", "test")
    with opened.read() as tx:
        proven = authenticate(tx, facts["client id"], facts["client secret"])
    assert proven is not None
    assert opened.public_ids.encode(proven.id) == facts["application"]
    assert "only now" in made.err
    for look in (
        ("organizations", "list"),
        ("organizations", "list", "--json"),
        ("organizations", "set", "acme"),
        ("applications", "list", "--organization", "acme"),
        ("applications", "list", "--organization", "acme", "--json"),
    ):
        looked = run(*look)
        assert looked.code == 0
        assert facts["client secret"] not in looked.out + looked.err


def test_json_holds_the_organization_its_flags_and_its_application(run, opened):
    made = run(
        "organizations", "create", "acme", "tags_max_allowed_number=3", "--json", "--mode", "live"
    ).data
    assert (made["slug"], made["name"], made["modes"]) == ("acme", "acme", ["live"])
    assert made["flags"]["tags_max_allowed_number"] == 3
    assert made["flags"]["addresses_phone_required"] is True
    application = made["application"]
    assert (application["kind"], application["mode"]) == ("integration", "live")
    with opened.read() as tx:
        assert authenticate(tx, application["client_id"], application["client_secret"])


def test_what_is_refused_makes_nothing(run):
    run("organizations", "create", "acme")
    for arguments, message in (
        (["create", "acme"], "already"),
        (["create", "Acme"], "no organization can be called"),
        (["create", "other", "flag"], "expected KEY=VALUE, found 'flag'"),
        (["create", "other", "=1"], "expected KEY=VALUE"),
        (["create", "other", "name=a", "name=b"], "name is set twice"),
        (["create", "other", "tags_max=1"], "tags_max: no such flag"),
        (["create", "other", "imports_skip_errors=2"], "expected true or false"),
        (["set", "nobody"], "there is no organization 'nobody'"),
        (["set", "nobody", "name=x"], "there is no organization 'nobody'"),
        (["set", "acme", "addresses_phone_requird=true"], "no such flag"),
    ):
        refused = run("organizations", *arguments)
        assert refused.code == 2
        assert refused.out == ""
        assert message in refused.err
    assert [each["slug"] for each in run("organizations", "list", "--json").data] == ["acme"]


def test_a_flag_that_is_set_steers_the_next_import(run, make_file):
    run("organizations", "create", "acme")
    file = make_file(
        "addresses.json",
        json.dumps(
            [
                {
                    "first_name": "Ada",
                    "last_name": "L",
                    "line_1": "Via 1",
                    "city": "Prato",
                    "state_code": "PO",
                    "zip_code": "59100",
                    "country_code": "IT",
                }
            ]
        ),
    )
    place = ("--organization", "acme")
    assert run("import", "addresses", file, *place).code == 1
    shown = run("organizations", "set", "acme", "addresses_phone_required=false")
    assert shown.facts["addresses_phone_required"] == "false"
    assert run("import", "addresses", file, *place).code == 0


def test_no_organizations_yet_is_said(run):
    listed = run("organizations", "list")
    assert (listed.code, listed.out) == (0, "")
    assert "longshore organizations create SLUG" in listed.err


@pytest.mark.parametrize("kind", KINDS)
def test_an_application_of_every_kind_is_made_and_only_public_ones_have_no_secret(run, kind):
    made = run("applications", "create", "--kind", kind, "--name", "Night job", "--json").data
    assert (made["kind"], made["name"], made["mode"]) == (kind, "Night job", "test")
    assert made["public"] is (kind == "sales_channel")
    assert (made["client_secret"] is None) is made["public"]


def test_the_kinds_that_can_be_typed_are_those_that_exist():
    assert tuple(ApplicationKind) == KINDS


def test_no_token_outlives_the_time_that_a_replaced_key_has(run):
    run("token")
    before = clock.now()
    (retiring,) = run("applications", "rotate-signing-key", "--json").data["retiring"]
    until = clock.parse_datetime(retiring["valid_until"])
    assert until is not None
    assert until - before >= LIFETIME_SECONDS_MAX * 1000


def test_applications_are_listed_for_the_organization_and_the_mode(run):
    run("organizations", "create", "acme")
    run("applications", "create", "--organization", "acme", "--mode", "live", "--kind", "cli")
    run("applications", "create", "--kind", "webapp")

    def listed(*options):
        found = run("applications", "list", *options, "--json").data
        return [(each["kind"], each["mode"]) for each in found]

    acme = ("--organization", "acme")
    assert listed(*acme) == [("integration", "test"), ("cli", "live")]
    assert listed(*acme, "--mode", "live") == [("cli", "live")]
    assert listed(*acme, "--kind", "integration") == [("integration", "test")]
    assert listed() == [("webapp", "test")]


@pytest.mark.parametrize("name_it", ["id", "client_id"])
def test_a_rotated_secret_replaces_the_one_before(run, opened, name_it):
    made = run("applications", "create", "--json").data
    rotated = run("applications", "rotate", made[name_it], "--json").data
    assert rotated["client_id"] == made["client_id"]
    with opened.read() as tx:
        assert authenticate(tx, made["client_id"], made["client_secret"]) is None
        assert authenticate(tx, made["client_id"], rotated["client_secret"]) is not None


def test_a_deleted_application_is_gone(run, opened):
    made = run("applications", "create", "--json").data
    assert run("applications", "delete", made["id"]).code == 0
    assert run("applications", "list", "--json").data == []
    with opened.read() as tx:
        assert authenticate(tx, made["client_id"], made["client_secret"]) is None


def test_revoked_tokens_are_those_of_one_application_whose_secret_stays(run, opened, verify):
    made, other = (
        run("applications", "create", "--kind", kind, "--json").data for kind in KINDS[:2]
    )
    token, of_other = (run("token", "--kind", kind).out.strip() for kind in KINDS[:2])
    revoked = run("applications", "revoke-tokens", made["id"])
    assert (revoked.code, revoked.out) == (0, "")
    assert made["id"] in revoked.err
    with pytest.raises(InvalidToken, match="revoked"):
        verify(token)
    assert verify(of_other).application.client_id == other["client_id"]
    again = run("applications", "revoke-tokens", "--kind", KINDS[0], "--json").data
    assert again["id"] == made["id"]
    with opened.read() as tx:
        assert authenticate(tx, made["client_id"], made["client_secret"]) is not None
    assert verify(run("token").out.strip()).application.client_id == made["client_id"]
    assert run("applications", "revoke-tokens", made["id"], "--mode", "live").code == 2


def test_the_signing_key_is_rotated_for_all_and_the_one_before_ends_when_it_is_said(run, verify):
    run("organizations", "create", "acme")
    tokens = [run("token", "--organization", slug).out.strip() for slug in ("default", "acme")]
    rotated = run("applications", "rotate-signing-key", "--json").data
    (retiring,) = rotated["retiring"]
    assert jwt.get_unverified_header(tokens[0])["kid"] == retiring["kid"] != rotated["kid"]
    assert all(map(verify, tokens))
    tokens.append(run("token").out.strip())
    assert jwt.get_unverified_header(tokens[-1])["kid"] == rotated["kid"]
    said = run("applications", "rotate-signing-key", "--valid-for", 60)
    assert (said.code, said.out) == (0, "")
    assert said.err.count("are good until") == 2
    assert all(map(verify, tokens))
    at_once = run("applications", "rotate-signing-key", "--now")
    assert (at_once.code, at_once.out) == (0, "")
    assert "tokens that were given before are worth nothing" in at_once.err
    for token in tokens:
        with pytest.raises(InvalidToken):
            verify(token)
    assert verify(run("token").out.strip())


def test_a_key_cannot_end_at_once_and_later(run):
    for arguments in (["--now", "--valid-for", 60], ["--valid-for", -1], ["--valid-for", "soon"]):
        assert run("applications", "rotate-signing-key", *arguments).code == 2


def test_an_application_can_be_meant_by_kind_and_name_where_they_name_one(run):
    one = run("applications", "create", "--name", "One", "--json").data
    run("applications", "create", "--name", "Other")
    run("applications", "create", "--kind", "sales_channel", "--name", "One")
    for arguments, message in (
        ([], "say which application is meant"),
        (["nosuchid00"], "there is no such application 'nosuchid00'"),
        (["--name", "None"], "there is no such application"),
        (["--name", "One"], "2 applications are meant"),
        (["--kind", "integration"], "2 applications are meant"),
        ([one["id"], "--mode", "live"], "there is no such application"),
        (["--kind", "nonsense"], "nonsense"),
    ):
        refused = run("applications", "delete", *arguments)
        assert (refused.code, refused.out) == (2, "")
        assert message in refused.err
    assert run("applications", "delete", "--kind", "integration", "--name", "One").code == 0
    assert len(run("applications", "list", "--json").data) == 2


def test_nobody_sees_or_touches_an_application_of_another_organization(run):
    run("organizations", "create", "acme")
    made = run("applications", "create", "--json").data
    for command in ("rotate", "delete"):
        refused = run("applications", command, made["id"], "--organization", "acme")
        assert refused.code == 2
    unknown = run("applications", "list", "--organization", "nobody")
    assert unknown.code == 2
    assert "longshore organizations create nobody" in unknown.err


def test_a_public_application_has_no_secret_to_rotate(run):
    made = run("applications", "create", "--kind", "sales_channel", "--json").data
    assert run("applications", "rotate", made["id"]).code == 2


def test_token_writes_a_token_and_nothing_else(run, verify):
    run("organizations", "create", "acme")
    given = run("token", "--organization", "acme")
    assert given.code == 0
    assert given.err == ""
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", given.out)
    proven = verify(given.out.strip())
    assert (proven.environment.organization, proven.environment.mode) == ("acme", "test")
    assert proven.application.kind == "integration"


def test_token_signs_for_the_oldest_application_and_makes_one_where_there_is_none(run, verify):
    oldest = run("applications", "create", "--json").data
    run("applications", "create", "--json")
    assert verify(run("token").out.strip()).application.client_id == oldest["client_id"]
    for kind in ("cli", "sales_channel"):
        first, second = (
            verify(run("token", "--kind", kind, "--mode", "live").out.strip()) for _ in range(2)
        )
        assert first.application == second.application
        assert (first.application.kind, first.environment.mode) == (kind, "live")
    assert len(run("applications", "list", "--json").data) == 4


def test_token_is_refused_for_an_organization_that_does_not_exist(run):
    refused = run("token", "--organization", "nobody")
    assert (refused.code, refused.out) == (2, "")
    assert "longshore organizations create nobody" in refused.err
    assert run("organizations", "list", "--json").data == []


def test_token_is_signed_under_the_domain_that_is_set(start):
    process: subprocess.Popen[str] = start("token", settings={"LONGSHORE_DOMAIN": "Example.com"})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    claims = jwt.decode(out.strip(), options={"verify_signature": False})
    assert claims["iss"] == "https://auth.example.com"


@pytest.mark.parametrize("group", ["organizations", "applications"])
def test_a_group_of_commands_alone_shows_its_help(run, group):
    shown = run(group)
    assert shown.code == 0
    assert "create" in shown.out
    refused = run(group, "creat")
    assert refused.code == 2
    assert "did you mean" in refused.err
