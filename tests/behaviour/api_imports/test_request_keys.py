"""A POST with an Idempotency-Key is done once, however often it is sent."""

import zlib
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from longshore.api import keyed_requests
from longshore.api.waiting_room import WaitingRoom
from longshore.operations import Asker, Selection
from longshore.request_keys import (
    KEPT_MILLISECONDS,
    ClaimTaken,
    KeptAnswer,
    KeyClaim,
    KeyState,
    RequestKey,
)
from longshore.request_keys.tables import request_keys
from tests.behaviour.api.site import Client, errors_of, refusal
from tests.behaviour.api_imports.site import ImportSite, document, skus

KEY = "b1946ac9-2024"
CATEGORY = {"data": {"type": "shipping_categories", "attributes": {"name": "Merch"}}}
CATEGORIES = "/api/shipping_categories"

IN_USE = (409, "IDEMPOTENCY_KEY_IN_USE", None)
REUSED = (422, "IDEMPOTENCY_KEY_REUSED", None)


@pytest.fixture
def other(site: ImportSite) -> Iterator[ImportSite]:
    """Another process of the same installation."""
    other = ImportSite(site.settings.data, database_url=site.settings.database_url)
    yield other
    other.close()


def post(
    client: Client, path: str, body: Any, *, key: str | None = KEY, **options: Any
) -> httpx2.Response:
    return client.post(path, body, headers={"Idempotency-Key": key}, **options)


def count(client: Client, path: str) -> int:
    number = client.document(path)["meta"]["record_count"]
    assert isinstance(number, int)
    return number


def kept(site: ImportSite) -> list[Any]:
    """What is known of all keys."""
    with site.database.read() as tx:
        return list(tx.connection.execute(select(request_keys)))


def without_url(response: httpx2.Response) -> dict[str, Any]:
    """A document, without what is signed anew in it."""
    shown = response.json()
    url = shown["data"]["attributes"].pop("attachment_url")
    assert url.startswith("http://127.0.0.1:8000/attachments/")
    assert isinstance(shown, dict)
    return shown


def test_an_import_is_created_once_and_answered_as_it_was_created(site, client):
    body = document(skus(3), reference="spring", metadata={"a": [1]})
    first = post(client, "/api/imports", body)
    assert first.status_code == 201, first.text
    site.run_all()
    client.patch(
        f"/api/imports/{first.json()['data']['id']}",
        {
            "data": {
                "type": "imports",
                "id": first.json()["data"]["id"],
                "attributes": {"reference": "autumn"},
            }
        },
    )
    again = post(client, "/api/imports", body)
    assert again.status_code == 201
    assert again.headers["location"] == first.headers["location"]
    assert without_url(again) == without_url(first)
    assert again.json()["data"]["attributes"]["status"] == "pending"
    assert client.get(again.json()["data"]["attributes"]["attachment_url"]).status_code == 200
    assert count(client, "/api/imports") == 1
    assert site.rings == 1


def test_a_record_is_created_once_and_answered_as_it_was_created(client):
    first = post(client, CATEGORIES, CATEGORY)
    assert first.status_code == 201, first.text
    id_ = first.json()["data"]["id"]
    changed = {"data": {"type": "shipping_categories", "id": id_, "attributes": {"name": "New"}}}
    assert client.patch(f"{CATEGORIES}/{id_}", changed).status_code == 200
    again = post(client, CATEGORIES, CATEGORY)
    assert (again.status_code, again.content) == (201, first.content)
    assert client.delete(f"{CATEGORIES}/{id_}").status_code == 204
    again = post(client, CATEGORIES, CATEGORY)
    assert (again.status_code, again.content) == (201, first.content)
    assert count(client, CATEGORIES) == 0


def test_what_was_included_is_answered_as_it_was(client):
    category = client.post(CATEGORIES, CATEGORY).json()["data"]["id"]
    body = {
        "data": {
            "type": "skus",
            "attributes": {"code": "A", "name": "Tee"},
            "relationships": {
                "shipping_category": {"data": {"type": "shipping_categories", "id": category}}
            },
        }
    }
    path = "/api/skus?include=shipping_category&fields[skus]=code,shipping_category"
    first = post(client, path, body)
    assert first.status_code == 201, first.text
    assert first.json()["included"][0]["attributes"]["name"] == "Merch"
    changed = {
        "data": {"type": "shipping_categories", "id": category, "attributes": {"name": "New"}}
    }
    assert client.patch(f"{CATEGORIES}/{category}", changed).status_code == 200
    assert post(client, path, body).content == first.content


def test_events_that_were_included_are_those_of_the_creation(site, client):
    path = "/api/imports?include=events"
    first = post(client, path, document(skus(1)))
    assert first.status_code == 201, first.text
    site.run_all()
    assert without_url(post(client, path, document(skus(1)))) == without_url(first)


def test_what_is_secret_is_not_kept_and_yet_answered(site, client):
    path = "/api/external_tax_calculators"
    attributes = {"name": "Taxes", "tax_calculator_url": "https://taxes.example"}
    body = {"data": {"type": "external_tax_calculators", "attributes": attributes}}
    first = post(client, path, body)
    assert first.status_code == 201, first.text
    secret = first.json()["data"]["attributes"]["shared_secret"]
    assert secret
    (row,) = kept(site)
    assert secret.encode() not in zlib.decompress(row.answer)
    assert post(client, path, body).content == first.content


def test_without_a_key_each_request_is_one_of_its_own(site, client):
    for _ in range(2):
        assert post(client, "/api/imports", document(skus(1)), key=None).status_code == 201
    assert count(client, "/api/imports") == 2
    assert kept(site) == []


def test_a_key_is_good_for_one_body_and_one_query(client):
    assert post(client, CATEGORIES, CATEGORY).status_code == 201
    other = {"data": {"type": "shipping_categories", "attributes": {"name": "Other"}}}
    assert refusal(post(client, CATEGORIES, other)) == REUSED
    path = f"{CATEGORIES}?fields[shipping_categories]=name"
    assert refusal(post(client, path, CATEGORY)) == REUSED
    assert count(client, CATEGORIES) == 1


def test_paths_applications_and_environments_have_keys_of_their_own(site, client):
    tag = {"data": {"type": "tags", "attributes": {"name": "sale"}}}
    clients = [client, site.client(), site.client(mode="live"), site.client(slug="acme")]
    for number, each in enumerate(clients):
        body = {"data": {"type": "shipping_categories", "attributes": {"name": f"C{number}"}}}
        assert post(each, CATEGORIES, body).status_code == 201
        assert post(each, "/api/imports", document(skus(1 + number))).status_code == 201
    assert post(client, "/api/tags", tag).status_code == 201
    assert count(client, CATEGORIES) == 2
    assert len(kept(site)) == 9


def test_a_version_in_the_path_is_the_same_path(client):
    first = post(client, CATEGORIES, CATEGORY)
    again = post(client, "/api/v1/shipping_categories", CATEGORY)
    assert again.status_code == 201
    assert again.json()["data"]["id"] == first.json()["data"]["id"]


@pytest.mark.parametrize("key", ["", "a b", "a" * 256, "é", "tab\there", "\x7f"])
def test_a_key_that_is_none_is_refused(site, client, key):
    response = client.post(CATEGORIES, CATEGORY, headers={"Idempotency-Key": key.encode("latin-1")})
    assert refusal(response) == (400, "INVALID_IDEMPOTENCY_KEY", None)
    assert count(client, CATEGORIES) == 0
    assert kept(site) == []


@pytest.mark.parametrize("key", ["a", "~" * 255, '"8e03978e-40d5"', "!#,;"])
def test_visible_ascii_characters_are_a_key(client, key):
    assert post(client, CATEGORIES, CATEGORY, key=key).status_code == 201
    assert post(client, CATEGORIES, CATEGORY, key=key).status_code == 201
    assert count(client, CATEGORIES) == 1


def test_other_methods_know_no_keys(site, client):
    id_ = client.post(CATEGORIES, CATEGORY).json()["data"]["id"]
    for name in ("A", "B"):
        body = {"data": {"type": "shipping_categories", "id": id_, "attributes": {"name": name}}}
        response = client.patch(f"{CATEGORIES}/{id_}", body, headers={"Idempotency-Key": "no key"})
        assert response.json()["data"]["attributes"]["name"] == name
    assert kept(site) == []


def test_tokens_know_no_keys(site, client):
    asked = {
        "grant_type": "client_credentials",
        "client_id": client.credentials.application.client_id,
        "client_secret": client.credentials.secret,
    }
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json", "Accept": None}
    for _ in range(2):
        response = client.post("/oauth/token", asked, headers=headers)
        assert response.status_code == 200, response.text
    other = client.post("/oauth/token", {**asked, "scope": ""}, headers=headers)
    assert other.status_code == 200
    assert kept(site) == []


OF_THE_BODY: list[tuple[str, Any, tuple[int, str]]] = [
    (CATEGORIES, {"nothing": 1}, (400, "PARAM_MISSING")),
    (CATEGORIES, {"data": {"type": "skus"}}, (400, "INVALID_RESOURCE")),
    (
        CATEGORIES,
        {"data": {"type": "shipping_categories", "attributes": {"colour": 1}}},
        (400, "PARAM_NOT_ALLOWED"),
    ),
    ("/api/imports", document([]), (422, "VALIDATION_ERROR")),
    ("/api/imports", document(skus(1), resource_type="nonsense"), (422, "VALIDATION_ERROR")),
    ("/api/imports", document(skus(1), format="xml"), (422, "VALIDATION_ERROR")),
]


@pytest.mark.parametrize(("path", "body", "expected"), OF_THE_BODY)
def test_a_refusal_that_depends_on_the_body_alone_is_kept(site, client, path, body, expected):
    first = post(client, path, body)
    assert (first.status_code, errors_of(first)[0]["code"]) == expected
    (row,) = kept(site)
    assert row.status == expected[0]
    again = post(client, path, body)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert refusal(post(client, path, {**body, "meta": {}})) == REUSED


def test_a_body_that_is_no_json_is_kept_to_its_end(client):
    headers = {"Idempotency-Key": KEY}
    text = b'{"data": [}' + b" " * 200_000
    first = client.send("POST", "/api/imports", content=text, headers=headers)
    assert first.status_code == 400
    again = client.send("POST", "/api/imports", content=text, headers=headers)
    assert again.content == first.content
    longer = client.send("POST", "/api/imports", content=text + b" ", headers=headers)
    assert refusal(longer) == REUSED


def test_a_long_refusal_is_not_kept(site, client):
    attributes = {f"{'x' * 180}{number}": 1 for number in range(100)}
    body = {"data": {"type": "shipping_categories", "attributes": attributes}}
    first = post(client, CATEGORIES, body)
    assert first.status_code == 400
    assert len(first.content) > 32 * 1024
    assert kept(site) == []
    assert post(client, CATEGORIES, body).content == first.content


def test_a_refusal_of_the_store_is_mended_with_the_same_key(site, client):
    body = document(
        [{"sku_code": "A", "amount_cents": 1}],
        resource_type="prices",
        parent_resource_id="AAAAAAAAAA",
    )
    assert refusal(post(client, "/api/imports", body))[0] == 422
    assert kept(site) == []
    (row,) = skus(1)
    sku = {"data": {"type": "skus", "attributes": row}}
    assert client.post("/api/skus", sku).status_code == 201
    assert refusal(post(client, "/api/skus", sku))[:2] == (422, "VALIDATION_ERROR")  # taken
    id_ = client.document("/api/skus")["data"][0]["id"]
    client.delete(f"/api/skus/{id_}")
    assert post(client, "/api/skus", sku).status_code == 201


def test_a_full_queue_is_no_answer_for_ever(open_site):
    site = open_site(imports_unfinished_max=1)
    client = site.client()
    assert post(client, "/api/imports", document(skus(1)), key="one").status_code == 201
    assert post(client, "/api/imports", document(skus(2)), key="two").status_code == 422
    site.run_all()
    assert post(client, "/api/imports", document(skus(2)), key="two").status_code == 201
    assert count(client, "/api/imports") == 2


def test_too_many_requests_say_nothing_of_a_key(open_site):
    site = open_site(rate_limit_requests=2)
    client = site.client()
    statuses = [post(client, CATEGORIES, CATEGORY).status_code for _ in range(4)]
    assert statuses[0] == 201
    assert statuses[-1] == 429
    assert [row.status for row in kept(site)] == [201]


def test_a_body_that_is_too_long_today_may_do_tomorrow(open_site):
    site = open_site(request_bytes_max=100, import_bytes_max=100, import_inputs_max=1)
    client = site.client()
    long = {"data": {"type": "shipping_categories", "attributes": {"name": "x" * 200}}}
    assert refusal(post(client, CATEGORIES, long))[0] == 413
    assert refusal(post(client, "/api/imports", document(skus(9))))[0] == 413
    assert kept(site) == []


def test_too_many_rows_are_not_kept(open_site):
    site = open_site(import_inputs_max=1)
    assert post(site.client(), "/api/imports", document(skus(2))).status_code == 422
    assert kept(site) == []


def test_who_may_not_create_keeps_nothing(site):
    reader = site.client("sales_channel")
    assert refusal(post(reader, CATEGORIES, CATEGORY))[:2] == (401, "UNAUTHORIZED")
    reader.token = "nonsense"
    assert refusal(post(reader, CATEGORIES, CATEGORY))[:2] == (401, "INVALID_TOKEN")
    assert kept(site) == []


def test_a_fault_of_the_server_is_not_kept(site, client, monkeypatch):
    writes = site.services.operations.record_writes

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(type(writes), "create", fail)
        assert refusal(post(client, CATEGORIES, CATEGORY))[0] == 500
    assert kept(site) == []
    assert post(client, CATEGORIES, CATEGORY).status_code == 201


def test_a_handler_that_creates_without_an_answer_is_a_bug(site, client, monkeypatch):
    """Whoever adds a POST keeps its answer in the transaction that creates something."""
    monkeypatch.setattr("longshore.operations.resource_reader.keep_answer", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        post(client, CATEGORIES, CATEGORY)


def claim_of(client: Client, path: str = CATEGORIES, *, digest: str = "0") -> KeyClaim:
    key = RequestKey(
        application_id=client.credentials.application.id, method="POST", path=path, key=KEY
    )
    return KeyClaim(key=key, digest=lambda: digest, created_status=201)


def claim(site: ImportSite, client: Client, claimed: KeyClaim) -> KeptAnswer | KeyState:
    return site.services.operations.keyed_requests.claim(client.environment, claimed)


def asker_with(client: Client, claimed: KeyClaim) -> Asker:
    return Asker(
        environment=client.environment,
        application_id=client.credentials.application.id,
        base_url="http://127.0.0.1:8000",
        claim=claimed,
    )


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for another request."""
    monkeypatch.setattr(keyed_requests, "_WAIT_SECONDS", 0.0)


@pytest.mark.usefixtures("hurried")
def test_a_request_with_a_claimed_key_is_to_be_sent_again_later(client, other):
    held = claim_of(client)
    assert claim(other, client, held) is KeyState.CLAIMED
    response = post(client, CATEGORIES, CATEGORY)
    assert refusal(response) == IN_USE
    assert response.headers["retry-after"] == "1"
    other.services.operations.keyed_requests.release(held)
    assert post(client, CATEGORIES, CATEGORY).status_code == 201
    assert count(client, CATEGORIES) == 1


def test_a_request_waits_for_the_answer_of_another(site, client, other, monkeypatch):
    """The other process answers when this one has looked for the second time."""
    other_client = Client(other, client.environment, client.credentials, client.token)
    held = claim_of(client)
    assert claim(other, client, held) is KeyState.CLAIMED
    keyed = site.services.operations.keyed_requests
    looks = []
    look = keyed.look

    def looking(key: RequestKey) -> KeptAnswer | KeyState:
        looks.append(key)
        if len(looks) == 2:
            other.services.operations.keyed_requests.release(held)
            assert post(other_client, CATEGORIES, CATEGORY).status_code == 201
        return look(key)

    monkeypatch.setattr(keyed, "look", looking)
    assert post(client, CATEGORIES, CATEGORY).status_code == 201
    assert len(looks) == 2
    assert count(client, CATEGORIES) == 1


def test_only_so_many_requests_wait(site, client, other):
    """The others are told at once, before their bodies are read."""
    assert claim(other, client, claim_of(client)) is KeyState.CLAIMED
    object.__setattr__(site.services, "waiting_room", WaitingRoom(0))
    assert refusal(post(client, CATEGORIES, CATEGORY)) == IN_USE


def test_a_claim_whose_process_died_is_taken_over(client, other):
    assert claim(other, client, claim_of(client)) is KeyState.CLAIMED
    other.longshore.presence.leave()
    assert post(client, CATEGORIES, CATEGORY).status_code == 201
    assert count(client, CATEGORIES) == 1


def test_who_was_taken_over_creates_nothing(site, client, other, monkeypatch):
    """A process that is taken to be dead comes back in the middle of its work."""
    late = claim_of(client)
    assert claim(other, client, late) is KeyState.CLAIMED
    keyed = site.services.operations.keyed_requests
    monkeypatch.setattr(keyed, "_is_alive", lambda _tx, _name: False)
    first = post(client, CATEGORIES, CATEGORY)
    assert first.status_code == 201
    parsed = Selection()
    with pytest.raises(ClaimTaken):
        other.services.operations.record_writes.create(
            asker_with(client, late), "shipping_categories", {"name": "Late"}, parsed
        )
    other.services.operations.keyed_requests.release(late)
    assert count(client, CATEGORIES) == 1
    assert post(client, CATEGORIES, CATEGORY).content == first.content


def test_a_claim_that_could_not_be_released_is_free_in_its_own_process(site, client, monkeypatch):
    keyed = site.services.operations.keyed_requests
    held = claim_of(client)
    assert claim(site, client, held) is KeyState.CLAIMED
    assert claim(site, client, claim_of(client)) is KeyState.TAKEN
    with monkeypatch.context() as patched:
        patched.setattr(keyed, "release_owed", lambda: None)
        keyed.release(held)
    assert len(kept(site)) == 1
    assert post(client, CATEGORIES, CATEGORY).status_code == 201
    keyed.release_owed()  # and that of another claim by now stays
    assert [row.status for row in kept(site)] == [201]


def test_a_claim_that_is_owed_is_released_later(site, client, monkeypatch):
    keyed = site.services.operations.keyed_requests
    held = claim_of(client)
    claim(site, client, held)
    with monkeypatch.context() as patched:
        patched.setattr(keyed, "release_owed", lambda: None)
        keyed.release(held)
    keyed.release_owed()
    assert kept(site) == []


def age(site: ImportSite, milliseconds: int) -> None:
    """Let time go by for all keys."""
    with site.database.write() as tx:
        columns = request_keys.c
        tx.connection.execute(
            update(request_keys).values(
                claimed_at=columns.claimed_at - milliseconds,
                answered_at=columns.answered_at - milliseconds,
            )
        )


def test_an_answer_is_kept_for_a_day(site, client):
    assert post(client, "/api/imports", document(skus(1))).status_code == 201
    age(site, KEPT_MILLISECONDS - 60_000)
    site.longshore.cleanup.tidy()
    assert post(client, "/api/imports", document(skus(1))).status_code == 201
    assert count(client, "/api/imports") == 1
    age(site, 60_000)
    assert post(client, "/api/imports", document(skus(2))).status_code == 201
    assert count(client, "/api/imports") == 2
    age(site, KEPT_MILLISECONDS + 1)
    site.longshore.cleanup.tidy()
    assert kept(site) == []


def test_an_import_that_was_deleted_is_answered_as_it_was_but_for_its_source(site, client):
    first = post(client, "/api/imports", document(skus(1)))
    client.delete(f"/api/imports/{first.json()['data']['id']}")
    again = post(client, "/api/imports", document(skus(1)))
    assert again.status_code == 201
    shown, before = again.json()["data"], first.json()["data"]
    assert (shown["attributes"]["inputs"], shown["attributes"]["attachment_url"]) == (None, None)
    assert shown["id"] == before["id"]
    assert count(client, "/api/imports") == 0


def test_an_answer_that_is_too_long_to_be_kept_is_that_of_today(site, client, monkeypatch):
    monkeypatch.setattr("longshore.operations.packed_answers._PACKED_BYTES_MAX", 10)
    first = post(client, CATEGORIES, CATEGORY)
    id_ = first.json()["data"]["id"]
    assert post(client, CATEGORIES, CATEGORY).content == first.content
    changed = {"data": {"type": "shipping_categories", "id": id_, "attributes": {"name": "New"}}}
    client.patch(f"{CATEGORIES}/{id_}", changed)
    again = post(client, CATEGORIES, CATEGORY)
    assert again.json()["data"]["attributes"]["name"] == "New"
    client.delete(f"{CATEGORIES}/{id_}")
    assert refusal(post(client, CATEGORIES, CATEGORY))[:2] == (404, "RECORD_NOT_FOUND")
    assert count(client, CATEGORIES) == 0


def test_the_keys_of_an_organization_go_with_it(site):
    acme = site.client(slug="acme")
    assert post(acme, CATEGORIES, CATEGORY).status_code == 201
    organizations = site.longshore.organizations
    organizations.remove(organizations.belongings("acme"))
    assert kept(site) == []


def test_a_retry_is_created_once(site, client):
    rows = skus(3)
    rows[1]["weight"] = "heavy"
    failed = client.post("/api/imports", document(rows, skip_errors=True)).json()["data"]["id"]
    site.run_all()
    body = {"data": {"type": "imports", "attributes": {"set": {"weight": 1}}}}
    first = post(client, f"/api/imports/{failed}/retry", body)
    assert first.status_code == 201, first.text
    site.run_all()
    again = post(client, f"/api/imports/{failed}/retry", body)
    assert again.status_code == 201, again.text
    assert without_url(again) == without_url(first)
    assert count(client, "/api/imports") == 2
