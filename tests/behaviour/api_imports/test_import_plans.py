"""Plans over HTTP."""

from typing import Any

import pytest

from tests.behaviour.api.site import Client, refusal
from tests.behaviour.api_imports.site import (
    ImportSite,
    document,
    findings,
    plan,
    planned,
    skus,
    submit,
)
from tests.behaviour.api_imports.uploading import CSV, checked

PLANS = "/api/import_plans"


@pytest.fixture
def stored(site: ImportSite, client: Client) -> list[dict[str, Any]]:
    """Three stored records, as rows."""
    rows = skus(3)
    submit(client, rows)
    site.run_all()
    return rows


@pytest.fixture
def mixed(site: ImportSite, client: Client, stored: list[dict[str, Any]]) -> dict[str, Any]:
    """A plan whose rows update, leave, create and fail."""
    one, two, _ = stored
    rows = [{**one, "name": "new"}, two, {**one, "code": "N"}, {"name": "x", "do_not_ship": True}]
    made = plan(client, rows, skip_errors=True)
    site.run_all()
    return made


def asked(client: Client, id_: str, **attributes: Any) -> Any:
    body = {"data": {"type": "import_plans", "id": id_, "attributes": attributes}}
    return client.patch(f"{PLANS}/{id_}", body)


def shown(client: Client, id_: str) -> dict[str, Any]:
    attributes = client.document(f"{PLANS}/{id_}")["data"]["attributes"]
    assert isinstance(attributes, dict)
    return attributes


def test_a_plan_is_created_as_an_import_is_and_waits(site: ImportSite, client: Client) -> None:
    made = plan(client, skus(2), reference="r", metadata={"a": 1}, stop_after=5)
    assert (made["type"], site.rings) == ("import_plans", 1)
    assert made["links"]["self"].endswith(f"{PLANS}/{made['id']}")
    told = made["attributes"]
    assert (told["status"], told["inputs_size"], told["created_count"]) == ("pending", 2, 0)
    assert (told["reference"], told["metadata"]) == ("r", {"a": 1})
    assert (told["stop_rules"], told["is_expired"]) == ({"stop_after": 5}, False)
    assert client.document("/api/imports")["data"] == []


def test_a_plan_that_was_made_has_counts_logs_and_rows(
    client: Client, mixed: dict[str, Any]
) -> None:
    told = shown(client, mixed["id"])
    counts = ("created_count", "updated_count", "unchanged_count", "errors_count")
    assert told["status"] == "completed"
    assert [told[name] for name in counts] == [1, 1, 1, 1]
    (errors,) = told["errors_log"].values()
    assert errors == {"code": ["can't be blank"]}
    found = client.document(f"{PLANS}/{mixed['id']}/rows")
    assert found["meta"]["outcomes"]["updated"] == 1
    updated, unchanged, created, failed = (each["attributes"] for each in found["data"])
    assert found["data"][0]["type"] == "import_plan_rows"
    assert updated["changes"] == {"name": ["Sku 0", "new"]}
    assert updated["record"]["type"] == "skus"
    assert (unchanged["outcome"], unchanged["changes"]) == ("unchanged", {})
    assert (created["outcome"], created["record"]) == ("created", None)
    assert [each["attribute"] for each in failed["errors"]] == ["code"]
    only = client.document(f"{PLANS}/{mixed['id']}/rows?filter[q][outcome_eq]=failed")
    assert [each["id"] for each in only["data"]] == ["4"]


def test_nothing_of_a_plan_is_told_among_imports(client: Client, mixed: dict[str, Any]) -> None:
    path = f"/api/imports/{mixed['id']}"
    assert client.document("/api/imports")["meta"]["record_count"] == 1
    for of_import in (path, f"{path}/rows", f"{path}/errors", f"{path}/errors_digest"):
        assert refusal(client.get(of_import)) == (404, "RECORD_NOT_FOUND", None)
    assert client.delete(path).status_code == 404
    events = client.document("/api/events")["data"]
    assert {each["attributes"]["name"] for each in events} <= {
        "imports.create",
        "imports.start",
        "imports.complete",
    }
    assert len(events) == 3
    names = {each["attributes"]["name"] for each in client.document("/api/skus")["data"]}
    assert names == {"Sku 0", "Sku 1", "Sku 2"}


def test_plans_are_listed_newest_first(client: Client) -> None:
    ids = [planned(client) for _ in range(3)]
    page = client.document(f"{PLANS}?page[size]=2")
    assert [each["id"] for each in page["data"]] == [ids[2], ids[1]]
    assert page["meta"] == {"record_count": 3, "page_count": 2}
    rest = client.document(page["links"]["next"])
    assert [each["id"] for each in rest["data"]] == [ids[0]]


def test_a_plan_is_made_of_an_upload(site: ImportSite, client: Client) -> None:
    upload = checked(site, client, CSV)
    body = {"resource_type": "skus", "upload_id": upload}
    made = client.post(PLANS, {"data": {"type": "import_plans", "attributes": body}})
    assert made.status_code == 201, made.text
    site.run_all()
    assert shown(client, made.json()["data"]["id"])["created_count"] == 100
    again = client.post(PLANS, {"data": {"type": "import_plans", "attributes": body}})
    assert findings(again) == {"/data/attributes/upload_id": "is invalid"}


def test_a_plan_that_waits_is_interrupted_once(site: ImportSite, client: Client) -> None:
    id_ = planned(client)
    assert asked(client, id_, _interrupt=True).json()["data"]["attributes"]["status"] == (
        "interrupted"
    )
    assert asked(client, id_, _interrupt=True).status_code == 422
    site.run_all()
    assert shown(client, id_)["processed_count"] == 0


@pytest.mark.parametrize(
    ("attributes", "status", "code"),
    [
        ({}, 422, "VALIDATION_ERROR"),
        ({"_interrupt": False}, 422, "VALIDATION_ERROR"),
        ({"_interrupt": "x"}, 422, "VALIDATION_ERROR"),
        ({"reference": "r"}, 400, "PARAM_NOT_ALLOWED"),
    ],
)
def test_a_change_of_a_plan_that_is_no_interruption_is_refused(
    client: Client, attributes: dict[str, Any], status: int, code: str
) -> None:
    id_ = planned(client)
    answer = asked(client, id_, **attributes)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert shown(client, id_)["status"] == "pending"


def test_a_deleted_plan_is_gone(site: ImportSite, client: Client, mixed: dict[str, Any]) -> None:
    path = f"{PLANS}/{mixed['id']}"
    assert client.delete(path).status_code == 204
    for of_plan in (path, f"{path}/rows"):
        assert refusal(client.get(of_plan)) == (404, "RECORD_NOT_FOUND", None)
    assert client.delete(path).status_code == 404
    assert client.document(PLANS)["data"] == []
    kept = site.attachments()
    assert site.longshore.cleanup.expire_plans() == 1
    assert set(site.attachments()) < set(kept)


def test_what_is_wrong_with_the_document_is_told_as_of_an_import(client: Client) -> None:
    body = document("code\n", resource_type="sku", stop_after=0)
    body["data"]["type"] = "import_plans"
    found = findings(client.post(PLANS, body))
    assert found.keys() == {
        "/data/attributes/resource_type",
        "/data/attributes/inputs",
        "/data/attributes/stop_after",
    }
    body["data"]["type"] = "imports"
    assert refusal(client.post(PLANS, body))[:2] == (400, "INVALID_RESOURCE")
    assert refusal(client.get(f"{PLANS}/abcdefghij"))[:2] == (404, "RECORD_NOT_FOUND")
    assert refusal(client.get(f"{PLANS}/-"))[:2] == (404, "RECORD_NOT_FOUND")


def test_a_plan_that_is_all_or_nothing_is_refused(client: Client) -> None:
    body = document(skus(1), all_or_nothing=True)
    body["data"]["type"] = "import_plans"
    refused = client.post(PLANS, body)
    assert findings(refused) == {"/data/attributes/all_or_nothing": "is invalid"}
    assert "a plan writes nothing" in refused.text
    assert client.document(PLANS)["data"] == []


def test_a_request_that_is_sent_again_makes_one_plan(client: Client) -> None:
    body = document(skus(1))
    body["data"]["type"] = "import_plans"
    headers = {"Idempotency-Key": "k"}
    first = client.post(PLANS, body, headers=headers)
    again = client.post(PLANS, body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert client.document(PLANS)["meta"]["record_count"] == 1


def test_a_plan_that_is_over_its_time_keeps_its_counts(
    site: ImportSite, client: Client, mixed: dict[str, Any]
) -> None:
    with site.database.write() as tx:
        tx.execute("UPDATE imports SET expires_at = 0 WHERE kind = 'plan'")
    assert shown(client, mixed["id"])["is_expired"] is True
    assert site.longshore.cleanup.expire_plans() == 1
    assert site.longshore.cleanup.expire_plans() == 0
    told = shown(client, mixed["id"])
    assert (told["status"], told["created_count"], told["is_expired"]) == ("completed", 1, True)
    found = client.document(f"{PLANS}/{mixed['id']}/rows")
    assert found["data"] == []
    assert found["meta"]["not_listed"] == {
        "rows": 4,
        "reason": "the rows of a plan are kept for seven days",
    }


def names(client: Client) -> set[str]:
    return {each["attributes"]["name"] for each in client.document("/api/skus")["data"]}


def test_a_plan_is_applied_by_an_import_that_its_answer_names(
    site: ImportSite, client: Client, mixed: dict[str, Any]
) -> None:
    rings = site.rings
    answer = asked(client, mixed["id"], _apply=True)
    assert answer.status_code == 200, answer.text
    id_ = answer.json()["data"]["attributes"]["import_id"]
    assert site.rings == rings + 1
    assert names(client) == {"Sku 0", "Sku 1", "Sku 2"}
    site.run_all()
    done = client.document(f"/api/imports/{id_}")["data"]
    counts = [done["meta"][name] for name in ("created_count", "updated_count", "plan_id")]
    assert counts == [1, 1, mixed["id"]]
    assert (done["attributes"]["status"], done["attributes"]["errors_count"]) == ("completed", 1)
    assert done["meta"]["moved"] is None
    assert "new" in names(client)
    refused = asked(client, mixed["id"], _apply=True)
    assert findings(refused) == {"/data/attributes/_apply": "cannot be applied"}
    assert f"is applied already, by the import {id_}" in refused.text


def test_what_has_moved_is_shown_with_the_import(
    site: ImportSite, client: Client, mixed: dict[str, Any]
) -> None:
    (changed,) = (
        each
        for each in client.document("/api/skus")["data"]
        if each["attributes"]["name"] == "Sku 0"
    )
    body = {"data": {"type": "skus", "id": changed["id"], "attributes": {"name": "by hand"}}}
    assert client.patch(f"/api/skus/{changed['id']}", body).status_code == 200
    id_ = asked(client, mixed["id"], _apply=True).json()["data"]["attributes"]["import_id"]
    site.run_all()
    done = client.document(f"/api/imports/{id_}")["data"]
    assert done["attributes"]["status"] == "interrupted"
    moved = done["meta"]["moved"]
    (row,) = (row for row in moved["rows"] if row["row"] == 1)
    assert row["record"] == {"type": "skus", "id": changed["id"]}
    assert row["what"] == "its record has changed"
    assert names(client) == {"by hand", "Sku 1", "Sku 2"}


def test_applying_that_is_sent_again_with_its_key_is_answered_as_before(
    site: ImportSite, client: Client, mixed: dict[str, Any]
) -> None:
    body = {"data": {"type": "import_plans", "id": mixed["id"], "attributes": {"_apply": True}}}
    key = {"Idempotency-Key": "k1"}
    first = client.patch(f"{PLANS}/{mixed['id']}", body, headers=key)
    again = client.patch(f"{PLANS}/{mixed['id']}", body, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    site.run_all()
    assert client.document("/api/imports")["meta"]["record_count"] == 2


@pytest.mark.parametrize(
    "attributes", [{}, {"_apply": False}, {"_apply": True, "_interrupt": True}]
)
def test_one_thing_is_asked_of_a_plan(
    client: Client, mixed: dict[str, Any], attributes: dict[str, bool]
) -> None:
    assert "is invalid" in findings(asked(client, mixed["id"], **attributes)).values()


def test_a_plan_that_is_not_finished_cannot_be_applied(client: Client) -> None:
    waiting = plan(client, skus(2))
    refused = asked(client, waiting["id"], _apply=True)
    assert findings(refused) == {"/data/attributes/_apply": "cannot be applied"}
    assert "is pending: 0 of 2 rows are planned" in refused.text
