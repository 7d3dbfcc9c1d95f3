"""POST /api/imports/{id}/retry: failed rows once more, with edits."""

from typing import Any

import pytest

from longshore.api.retries import EDITS_MAX
from longshore.edits import Edits
from longshore.operations import RetryConflict
from tests.behaviour.api.site import errors_of
from tests.behaviour.api_imports.site import skus, submit


def retry(client, import_id: str, query: str = "", **attributes: Any):
    body = {"data": {"type": "imports", "attributes": attributes}}
    return client.post(f"/api/imports/{import_id}/retry{query}", body)


@pytest.fixture
def failed(site, client) -> str:
    """The id of an import of four rows, of which the second and the fourth fail."""
    rows = skus(4)
    rows[1]["weight"], rows[3]["weight"], rows[3]["name"] = "heavy", "heavy", ""
    created = submit(client, rows, skip_errors=True)
    site.run_all()
    found = created["id"]
    assert isinstance(found, str)
    return found


def test_failed_rows_are_edited_by_their_numbers(site, client, failed) -> None:
    rings = site.rings
    response = retry(
        client,
        failed,
        edits=[{"row": 4, "field": "name", "value": "Four"}],
        replace=[{"field": "weight", "old": "heavy", "new": 12.5}],
        set={"description": None},
    )
    assert response.status_code == 201
    assert site.rings == rings + 1
    data = response.json()["data"]
    assert response.headers["Location"] == data["links"]["self"]
    assert data["meta"]["retry_of"] == failed
    assert (data["attributes"]["status"], data["attributes"]["inputs_size"]) == ("pending", 2)
    assert data["attributes"]["skip_errors"] is True
    assert [(each["name"], each["weight"]) for each in data["attributes"]["inputs"]] == [
        ("Sku 1", 12.5),
        ("Four", 12.5),
    ]
    site.run_all()
    shown = client.document(f"/api/imports/{data['id']}")["data"]
    assert (shown["attributes"]["status"], shown["attributes"]["errors_count"]) == ("completed", 0)
    rows = client.document(f"/api/imports/{data['id']}/rows")
    assert [(each["id"], each["attributes"]["row"]) for each in rows["data"]] == [
        ("2", 2),
        ("4", 4),
    ]
    history = client.document(f"/api/imports/{data['id']}/event_stores")["data"]
    assert history[0]["attributes"]["who"]["application"]


def test_errors_have_the_numbers_of_the_first_import(site, client, failed) -> None:
    again = retry(client, failed, set={"weight": "light"}).json()["data"]["id"]
    site.run_all()
    errors = client.document(f"/api/imports/{again}/errors?page[size]=1&page[number]=2")["data"]
    assert [each["attributes"]["row"] for each in errors] == [4]
    log = client.document(f"/api/imports/{again}")["data"]["attributes"]["errors_log"]
    assert set(log) == {"SKU1", "SKU3"}
    third = retry(client, again, set={"weight": 1}).json()["data"]
    assert third["meta"]["retry_of"] == failed


def test_edits_are_optional(client, failed) -> None:
    body = {"data": {"type": "imports"}}
    assert client.post(f"/api/imports/{failed}/retry", body).status_code == 201


@pytest.mark.parametrize(
    ("attributes", "pointer", "detail"),
    [
        ({"edits": {}}, "edits", "edits - is invalid: expected an array"),
        ({"edits": [7]}, "edits/0", "edits - is invalid: expected an object"),
        (
            {"edits": [{"row": "2", "field": "name", "value": "x"}]},
            "edits/0/row",
            "edits.row - is not the number of a row",
        ),
        (
            {"edits": [{"row": 2, "value": "x"}]},
            "edits/0/field",
            "edits.field - can't be blank",
        ),
        (
            {"edits": [{"row": 2, "field": "name"}]},
            "edits/0/value",
            "edits.value - can't be blank: null takes a value away",
        ),
        (
            {"edits": [{"row": 2, "field": "name", "value": []}]},
            "edits/0/value",
            "edits.value - is invalid: expected a text, number, boolean or null",
        ),
        (
            {"edits": [{"row": 2, "field": "name", "value": "x", "a/b": 1}]},
            "edits/0/a~1b",
            "edits.a/b - is not known here",
        ),
        (
            {"edits": [{"row": 3, "field": "name", "value": "x"}]},
            "edits/0/row",
            "edits - row 3 is not one that fails",
        ),
        (
            {"edits": [{"row": 10**30, "field": "name", "value": "x"}]},
            "edits/0/row",
            f"edits - row {10**30} is not one that fails",
        ),
        ({"set": []}, "set", "set - is invalid: expected an object"),
        (
            {"set": {"name": {}}},
            "set/name",
            "set.name - is invalid: expected a text, number, boolean or null",
        ),
        (
            {"set": {"nam": "x"}},
            "set/nam",
            "set - the source has no column 'nam', and skus have no such field"
            " (did you mean 'name'?)",
        ),
        ({"replace": "x"}, "replace", "replace - is invalid: expected an array"),
        (
            {"replace": [{"field": "name", "old": 1, "new": "x"}]},
            "replace/0/old",
            "replace.old - is invalid: expected a text",
        ),
        (
            {"replace": [{"field": "weight", "old": "light", "new": "x"}]},
            "replace/0/old",
            "replace - no row that fails has exactly 'light' in weight (rows are taken as the last "
            "retry has left them; the failed rows of the first import are as they were in its "
            "source)",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    site, client, failed, attributes, pointer, detail
) -> None:
    before = site.attachments()
    response = retry(client, failed, **attributes)
    assert response.status_code == 422
    (error,) = errors_of(response)
    assert error["source"]["pointer"] == f"/data/attributes/{pointer}"
    assert error["detail"] == detail
    assert site.attachments() == before


def test_all_that_is_wrong_with_edits_is_told_at_once(client, failed) -> None:
    response = retry(client, failed, edits=[7, 8], replace=[9])
    assert [each["source"]["pointer"] for each in errors_of(response)] == [
        "/data/attributes/edits/0",
        "/data/attributes/edits/1",
        "/data/attributes/replace/0",
    ]


def test_documents_that_are_none_are_refused(client, failed) -> None:
    response = retry(client, failed, inputs=[])
    assert (response.status_code, errors_of(response)[0]["code"]) == (400, "PARAM_NOT_ALLOWED")
    body = {"data": {"type": "imports", "attributes": 7}}
    response = client.post(f"/api/imports/{failed}/retry", body)
    assert (response.status_code, errors_of(response)[0]["code"]) == (400, "INVALID_DATA_FORMAT")
    response = client.post(f"/api/imports/{failed}/retry", {"data": {"type": "skus"}})
    assert (response.status_code, errors_of(response)[0]["code"]) == (400, "INVALID_RESOURCE")


def test_edits_are_bounded(client, failed) -> None:
    edits = [{"row": 2, "field": "name", "value": "x"}] * (EDITS_MAX + 1)
    response = retry(client, failed, edits=edits)
    assert (response.status_code, errors_of(response)[0]["meta"]["count"]) == (422, EDITS_MAX)
    assert f"maximum is {EDITS_MAX} edits" in errors_of(response)[0]["detail"]


def refused(response) -> tuple[int, str, str]:
    (error,) = errors_of(response)
    return response.status_code, error["source"]["pointer"], error["detail"]


def test_a_retry_waits_for_nothing_that_is_unfinished(site, client, failed) -> None:
    waiting = submit(client, skus(1))["id"]
    status, pointer, detail = refused(retry(client, waiting))
    assert (status, pointer) == (423, "/data")
    assert detail == (
        f"the import {waiting} has not ended (`longshore resume` finishes it, "
        f"`longshore interrupt {waiting}` ends it)"
    )
    first = retry(client, failed).json()["data"]["id"]
    for id_ in (failed, first):
        response = retry(client, id_)
        assert errors_of(response)[0]["code"] == "LOCKED"
        status, _, detail = refused(response)
        assert (status, f"the retry {first} has not ended" in detail) == (423, True)
    site.run_all()
    assert retry(client, failed, set={"weight": 1}).status_code == 201


def test_a_retry_that_had_to_wait_may_be_sent_again_with_its_key(site, client, failed) -> None:
    assert retry(client, failed).status_code == 201
    body = {"data": {"type": "imports", "attributes": {"set": {"weight": 1}}}}
    path, headers = f"/api/imports/{failed}/retry", {"Idempotency-Key": "again"}
    assert client.post(path, body, headers=headers).status_code == 423
    site.run_all()
    created = client.post(path, body, headers=headers)
    assert created.status_code == 201
    again = client.post(path, body, headers=headers)
    assert (again.status_code, again.json()["data"]["id"]) == (201, created.json()["data"]["id"])


def test_what_an_interrupted_retry_has_not_reached_is_taken_again_as_it_was_edited(
    site, client, failed
) -> None:
    first = retry(client, failed, set={"weight": 1, "name": "Edited"}).json()["data"]["id"]
    body = {"data": {"type": "imports", "id": first, "attributes": {"_interrupt": True}}}
    assert client.patch(f"/api/imports/{first}", body).status_code == 200
    second = retry(client, failed).json()["data"]["attributes"]["inputs"]
    assert [(each["name"], each["weight"]) for each in second] == [("Edited", 1), ("Edited", 1)]
    site.run_all()
    status, _, detail = refused(retry(client, failed))
    assert (status, "no row of the import" in detail) == (422, True)


def test_a_retry_that_was_deleted_has_mended_what_it_has_mended(site, client, failed) -> None:
    first = retry(client, failed, edits=[{"row": 2, "field": "weight", "value": 1}])
    site.run_all()
    assert client.delete(f"/api/imports/{first.json()['data']['id']}").status_code == 204
    second = retry(client, failed).json()["data"]["attributes"]
    assert [each["code"] for each in second["inputs"]] == ["SKU3"]


def test_an_import_without_failed_rows_or_of_nobody_is_refused(site, client, failed) -> None:
    good = submit(client, skus(1))["id"]
    site.run_all()
    status, pointer, detail = refused(retry(client, good))
    assert (status, pointer) == (422, "/data")
    assert detail == f"base - no row of the import {good} failed"
    assert retry(client, "aaaaaaaaaa").status_code == 404
    assert client.delete(f"/api/imports/{failed}").status_code == 204
    assert retry(client, failed).status_code == 404
    assert retry(site.client(slug="stranger"), failed).status_code == 404


def test_a_source_that_is_not_kept_any_more_cannot_be_taken_again(site, client, failed) -> None:
    for name in site.attachments():
        (site.settings.data / "attachments" / name).unlink()
    status, pointer, detail = refused(retry(client, failed))
    assert (status, pointer) == (422, "/data")
    assert "the rows cannot be read" in detail
    with site.database.write() as tx:
        tx.execute("UPDATE imports SET attachment_expired_at = ?", (1,))
    status, _, detail = refused(retry(client, failed))
    assert (status, f"the source of the import {failed} is not kept any more" in detail) == (
        422,
        True,
    )


def test_an_import_of_an_older_release_without_a_ledger_is_taken_again(
    site, client, failed
) -> None:
    with site.database.write() as tx:
        tx.execute("DELETE FROM import_ledger", ())
    response = retry(client, failed, set={"weight": 1, "name": "x"})
    assert response.status_code == 201
    site.run_all()
    id_ = response.json()["data"]["id"]
    assert client.document(f"/api/imports/{id_}")["data"]["attributes"]["errors_count"] == 0


def test_a_parent_that_is_gone_is_refused(site, client) -> None:
    body = {"data": {"type": "shipping_categories", "attributes": {"name": "Main"}}}
    category = client.post("/api/shipping_categories", body).json()["data"]["id"]
    rows = [{"code": "A1", "name": "One", "weight": "x"}]
    id_ = submit(client, rows, parent_resource_id=category, skip_errors=True)["id"]
    site.run_all()
    assert client.delete(f"/api/shipping_categories/{category}").status_code == 204
    status, pointer, detail = refused(retry(client, id_, set={"weight": 1}))
    assert (status, pointer) == (422, "/data")
    assert f"there is no shipping category '{category}'" in detail


def test_one_of_several_retries_at_once_is_made(site, client, failed) -> None:
    import_ = site.longshore.imports.with_attachment(failed)
    environment = site.longshore.imports.environment_of(import_)
    made: list[str] = []

    def be_overtaken(_read: int, _total: int | None) -> None:
        if not made:
            made.append(retry(client, failed).json()["data"]["id"])

    before = site.attachments()
    with pytest.raises(RetryConflict, match="another retry was created meanwhile"):
        site.longshore.retries.retry(environment, import_, Edits(), on_read=be_overtaken)
    assert made
    assert len(site.attachments()) - len(before) in (1, 2)  # that of the other, with its index
