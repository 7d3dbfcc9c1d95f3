"""Tokens prove who asks, and nothing else passes for them."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import update

from longshore import clock
from longshore.access import (
    InvalidToken,
    Tokens,
    create_application,
    delete_application,
    ensure_environment,
    forget_retired_keys,
    get_application,
    issue_refresh_token,
    revoke_tokens,
    rotate_secret,
    rotate_signing_key,
    take_refresh_token,
)
from longshore.access.signing_keys import SigningKeys
from longshore.access.tables import signing_keys

FOREIGN_KEY = generate_private_key(public_exponent=65537, key_size=2048)


class Clock:
    """Stands still until the test turns it."""

    def __init__(self) -> None:
        self.milliseconds = clock.now()

    def __call__(self) -> int:
        return self.milliseconds


@pytest.fixture
def turned() -> Clock:
    return Clock()


@pytest.fixture
def tokens(database, turned) -> Tokens:
    return Tokens(database, domain="example.com", now=turned)


@pytest.fixture
def make(database):
    def make(kind="integration", slug="default", mode="test"):
        environment = ensure_environment(database, slug, mode)
        with database.write() as tx:
            return create_application(tx, environment, kind).application

    return make


@pytest.fixture
def forge(database, tokens, make):
    """Signs claims as the installation would, some of them changed; None leaves one out."""

    def forge(changes=None, key=None, headers=None, algorithm="RS512"):
        token = tokens.sign(make()).token
        claims = claims_of(token)
        for name, value in (changes or {}).items():
            group, _, member = name.partition(".")
            within = claims[group] if member else claims
            if value is None:
                within.pop(member or group)
            else:
                within[member or group] = value
        ours = SigningKeys(database).newest()
        return jwt.encode(
            claims,
            key or ours.private_key,
            algorithm=algorithm,
            headers={"kid": ours.kid, **(headers or {})},
        )

    return forge


def part(token: str, number: int) -> dict:
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def claims_of(token: str) -> dict:
    return part(token, 1)


def encoded(value: object) -> str:
    text = json.dumps(value).encode() if not isinstance(value, bytes) else value
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def test_a_token_holds_the_claims_that_the_official_clients_read(database, tokens, turned, make):
    application = make("integration", "acme", "live")
    given = tokens.sign(application)
    header, claims = part(given.token, 0), claims_of(given.token)
    assert (header["alg"], header["typ"]) == ("RS512", "JWT")
    assert header["kid"]
    environment = ensure_environment(database, "acme", "live")
    assert claims.pop("organization") == {
        "id": environment.organization_id,
        "slug": "acme",
        "enterprise": True,
        "region": "local",
    }
    assert claims.pop("application") == {
        "id": database.public_ids.encode(application.id),
        "kind": "integration",
        "public": False,
        "client_id": application.client_id,
        "confidential": True,
    }
    issued_at = turned.milliseconds // 1000
    assert 0 <= claims.pop("rand") < 1
    assert claims == {
        "test": False,
        "iat": issued_at,
        "exp": issued_at + 7200,
        "iss": "https://auth.example.com",
        "scope": "market:all",
    }
    assert (given.expires_in, given.created_at, given.scope) == (7200, issued_at, "market:all")


def test_the_sdk_can_decode_the_payload_of_every_token(tokens, make):
    for kind in ("integration", "sales_channel"):
        application = make(kind)
        for _ in range(20):
            payload = tokens.sign(application).token.split(".")[1]
            assert set(payload).isdisjoint("-_")


def test_a_token_of_a_sales_channel_lasts_longer_and_says_that_it_is_public(tokens, make):
    given = tokens.sign(make("sales_channel"), "market:id:AbCdEfGhIj")
    claims = claims_of(given.token)
    assert given.expires_in == 14_400 == claims["exp"] - claims["iat"]
    assert claims["application"]["public"] is True
    assert claims["application"]["confidential"] is False
    assert claims["scope"] == given.scope == "market:id:AbCdEfGhIj"


def test_a_token_proves_application_environment_and_scope(database, tokens, turned, make):
    application = make("imports", "acme", "live")
    proven = tokens.verify(tokens.sign(application, "store:all").token)
    assert proven.application == application
    assert proven.environment == ensure_environment(database, "acme", "live")
    assert proven.scope == "store:all"
    assert proven.issued_at == turned.milliseconds // 1000
    assert proven.expires_at == proven.issued_at + 7200


def test_every_process_of_an_installation_verifies_what_another_has_signed(database, make):
    one, other = (Tokens(database, domain="example.com") for _ in range(2))
    application = make()
    assert other.verify(one.sign(application).token).application == application
    assert one.verify(other.sign(application).token).application == application
    assert one.public_keys() == other.public_keys()
    assert len(one.public_keys()) == 1


def test_the_public_keys_verify_a_token_and_hold_no_private_half(tokens, make):
    token = tokens.sign(make()).token
    (key,) = tokens.public_keys()
    assert set(key) == {"kid", "kty", "use", "alg", "n", "e"}
    assert key["kid"] == part(token, 0)["kid"]
    decoded = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS512"])
    assert decoded == claims_of(token)


def test_a_token_is_invalid_from_the_second_on_in_which_it_expires(tokens, turned, make):
    given = tokens.sign(make())
    turned.milliseconds = (given.created_at + given.expires_in) * 1000 - 1
    tokens.verify(given.token)
    turned.milliseconds += 1
    with pytest.raises(InvalidToken, match="expired"):
        tokens.verify(given.token)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_token_in_which_a_part_was_changed_is_invalid(tokens, make, index):
    parts = tokens.sign(make()).token.split(".")
    middle = len(parts[index]) // 2
    other = "A" if parts[index][middle] != "A" else "B"
    parts[index] = parts[index][:middle] + other + parts[index][middle + 1 :]
    with pytest.raises(InvalidToken):
        tokens.verify(".".join(parts))


def test_a_token_without_a_signature_is_invalid_whatever_its_header_says(tokens, make):
    header, payload, signature = tokens.sign(make()).token.split(".")
    for alg in ("none", "None", "NONE", ""):
        unsigned = encoded({**part(f"{header}..", 0), "alg": alg})
        for forged in ("", signature):
            with pytest.raises(InvalidToken):
                tokens.verify(f"{unsigned}.{payload}.{forged}")


def test_the_public_key_does_not_pass_for_the_secret_of_another_algorithm(database, tokens, make):
    """The known confusion of RS512 and HS512: everybody has the public key."""
    token = tokens.sign(make()).token
    public_key = SigningKeys(database).newest().public_key
    header = encoded({**part(token, 0), "alg": "HS512"})
    signed = f"{header}.{token.split('.')[1]}"
    for public_format in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1):
        secret = public_key.public_bytes(Encoding.PEM, public_format)
        signature = hmac.new(secret, signed.encode(), hashlib.sha512).digest()
        with pytest.raises(InvalidToken):
            tokens.verify(f"{signed}.{encoded(signature)}")


def test_only_our_key_and_our_algorithm_sign(forge, tokens):
    assert tokens.verify(forge())
    for forged in (
        forge(key=FOREIGN_KEY),
        forge(key=FOREIGN_KEY, headers={"kid": "unknown"}),
        forge(headers={"kid": "unknown"}),
        forge(algorithm="RS256"),
        forge(algorithm="PS512"),
    ):
        with pytest.raises(InvalidToken):
            tokens.verify(forged)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 9e99},
        {"iat": None},
        {"iss": None},
        {"iss": "https://auth.example.org"},
        {"iss": "https://auth.example.com/"},
        {"test": None},
        {"test": False},
        {"test": 1},
        {"organization": None},
        {"organization": "default"},
        {"organization.slug": "acme"},
        {"organization.id": "AbCdEfGhIj"},
        {"application": None},
        {"application": []},
        {"application.id": None},
        {"application.id": 7},
        {"application.id": "AbCdEfGhIj"},
        {"application.client_id": "another"},
    ],
)
def test_a_token_of_ours_with_claims_that_do_not_agree_is_invalid(forge, tokens, changes):
    with pytest.raises(InvalidToken):
        tokens.verify(forge(changes))


def test_a_token_under_another_domain_is_invalid(database, tokens, make):
    token = Tokens(database, domain="example.org").sign(make()).token
    with pytest.raises(InvalidToken, match="issuer"):
        tokens.verify(token)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "a.b",
        "a.b.c.d",
        "Bearer a.b.c",
        "é.b.c",
        "\ud800.b.c",
        "x" * 100_000,
        f"{encoded({'alg': 'RS512'})}.{encoded({})}.aaaa",
        f"{encoded({'alg': 'RS512', 'kid': 1})}.{encoded({})}.aaaa",
        f"{encoded({'alg': 'RS512', 'kid': []})}.{encoded({})}.aaaa",
        f"{encoded(b'[' * 5000)}.{encoded({})}.aaaa",
        f"{encoded(b'[]')}.{encoded({})}.aaaa",
    ],
)
def test_what_is_no_token_is_invalid(tokens, text):
    with pytest.raises(InvalidToken):
        tokens.verify(text)


def test_a_payload_that_is_no_object_is_invalid_even_if_we_signed_it(database, tokens):
    key = SigningKeys(database).newest()
    for payload in (b"[]", b"1", b"null", b"\xff", b"", b"[" * 3000):
        token = jwt.PyJWS().encode(
            payload, key.private_key, algorithm="RS512", headers={"kid": key.kid}
        )
        with pytest.raises(InvalidToken):
            tokens.verify(token)


def test_a_revoked_token_is_invalid_however_its_signature_is_spelled(tokens, make):
    application = make()
    revoked, other = (tokens.sign(application).token for _ in range(2))
    tokens.revoke(revoked)
    # The last character of a signature holds four bits that mean nothing.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number = alphabet.index(revoked[-1])
    spellings = {revoked[:-1] + alphabet[number ^ bits] for bits in range(16)}
    for spelling in spellings:
        with pytest.raises(InvalidToken):
            tokens.verify(spelling)
    with pytest.raises(InvalidToken, match="revoked"):
        tokens.verify(revoked)
    assert tokens.verify(other).application == application


def test_a_revocation_is_forgotten_when_its_token_is_expired(database, tokens, turned, make):
    application = make()
    tokens.revoke(tokens.sign(application).token)
    turned.milliseconds += 7_202_000
    tokens.revoke(tokens.sign(application).token)
    with database.read() as tx:
        assert tx.fetch("SELECT count(*) FROM revoked_tokens") == [(1,)]


def test_what_is_no_token_of_ours_cannot_be_revoked(tokens, forge):
    with pytest.raises(InvalidToken):
        tokens.revoke(forge(key=FOREIGN_KEY))


def test_a_deleted_application_is_shut_out_at_once_a_rotated_one_is_not(database, tokens, make):
    deleted, rotated = make(), make()
    of_deleted, of_rotated = tokens.sign(deleted).token, tokens.sign(rotated).token
    with database.write() as tx:
        rotate_secret(tx, rotated.id)
        delete_application(tx, deleted.id)
    assert tokens.verify(of_rotated).application.id == rotated.id
    with pytest.raises(InvalidToken, match="does not exist"):
        tokens.verify(of_deleted)


def test_all_tokens_of_an_application_are_revoked_at_once_and_it_may_have_others(
    database, tokens, make
):
    application, other = make(), make()
    given = [tokens.sign(application).token for _ in range(2)]
    of_other = tokens.sign(other).token
    for _ in range(2):
        with database.write() as tx:
            revoke_tokens(tx, application.id)
            current = get_application(tx, application.id)
        for token in given:
            with pytest.raises(InvalidToken, match="revoked"):
                tokens.verify(token)
        given.append(tokens.sign(current).token)  # within the same second, and good
        assert tokens.verify(given[-1]).application == current
    assert tokens.verify(of_other).application == other


def test_refresh_tokens_are_revoked_with_all_others(database, make):
    application = make("webapp")
    with database.write() as tx:
        token = issue_refresh_token(tx, application, "market:all")
        assert token is not None
        revoke_tokens(tx, application.id)
        assert take_refresh_token(tx, application, token) is None


def test_tokens_of_a_replaced_key_are_good_until_it_retires(database, tokens, turned, make):
    application = make()
    elsewhere = Tokens(database, domain="example.com", now=turned)  # in another process, as it were
    before = tokens.sign(application).token
    elsewhere.verify(before)
    rotation = rotate_signing_key(database, valid_seconds=3600)
    (retiring,) = rotation.retiring
    assert retiring.kid == part(before, 0)["kid"]
    after = elsewhere.sign(application).token
    assert part(after, 0)["kid"] == rotation.kid != retiring.kid
    for each in (tokens, elsewhere):
        assert {key["kid"] for key in each.public_keys()} == {rotation.kid, retiring.kid}
        assert each.verify(before)
        assert each.verify(after)
    turned.milliseconds = retiring.retires_at - 1
    assert tokens.verify(before)
    turned.milliseconds += 1
    for each in (tokens, elsewhere):
        with pytest.raises(InvalidToken, match="replaced"):
            each.verify(before)
        assert each.verify(after)
        assert [key["kid"] for key in each.public_keys()] == [rotation.kid]


def test_a_key_that_is_ended_at_once_verifies_nothing_in_any_process(database, tokens, make):
    application = make()
    elsewhere = Tokens(database, domain="example.com")
    before = tokens.sign(application).token
    elsewhere.verify(before)
    rotate_signing_key(database, valid_seconds=3600)
    between = elsewhere.sign(application).token
    assert tokens.verify(between)
    rotation = rotate_signing_key(database, valid_seconds=0)
    assert rotation.retiring == []
    for each in (tokens, elsewhere):
        for token in (before, between):
            with pytest.raises(InvalidToken):
                each.verify(token)
        assert each.verify(tokens.sign(application).token)
        assert [key["kid"] for key in each.public_keys()] == [rotation.kid]


def test_a_key_that_retires_already_is_given_no_more_time(database, tokens, make):
    tokens.sign(make())
    (first,) = rotate_signing_key(database, valid_seconds=60).retiring
    later = rotate_signing_key(database, valid_seconds=3600).retiring
    assert [each.retires_at for each in later if each.kid == first.kid] == [first.retires_at]
    sooner = rotate_signing_key(database, valid_seconds=30).retiring
    assert len(sooner) == 3
    assert len({each.retires_at for each in sooner}) == 1
    assert sooner[0].retires_at < first.retires_at


def test_the_private_half_of_a_retired_key_is_forgotten(database, tokens, make):
    tokens.sign(make())
    rotate_signing_key(database, valid_seconds=3600)
    for is_over, left in ((False, 2), (True, 1)):
        with database.write() as tx:
            if is_over:
                tx.connection.execute(
                    update(signing_keys)
                    .where(signing_keys.c.retires_at.is_not(None))
                    .values(retires_at=tx.now())
                )
            forget_retired_keys(tx)
            assert tx.fetch("SELECT count(*) FROM signing_keys") == [(left,)]
