"""Uploads: bytes that are sent in parts, checked, and imported."""

from typing import Any

import pytest

from tests.behaviour.api.site import errors_of, refusal
from tests.behaviour.api_imports.site import findings
from tests.behaviour.api_imports.uploading import (
    CSV,
    begin,
    begun,
    check_all,
    checked,
    complete,
    import_of,
    put,
    shown,
)


@pytest.fixture(params=["folder", "bucket"])
def site(request, open_site):
    if request.param == "folder":
        return open_site()
    s3 = request.getfixturevalue("s3")
    return open_site(attachments=s3.new_place(), s3_endpoint=s3.endpoint)


@pytest.fixture
def client(site):
    return site.client()


def test_an_upload_in_parts_is_imported_as_it_was_sent(site, client):
    id_ = begun(client, size=len(CSV))
    for start in range(0, len(CSV), 1000):
        piece = CSV[start : start + 1000]
        answer = put(client, id_, start, piece, digest_of=piece)
        assert answer.status_code == 200, answer.text
        assert answer.headers["upload-offset"] == str(start + len(piece))
    assert shown(client, id_)["state"] == "receiving"
    assert complete(client, id_).json()["data"]["attributes"]["state"] == "checking"
    check_all(site)
    attributes = shown(client, id_)
    assert (attributes["state"], attributes["refusal"]) == ("ready", None)
    assert attributes["found"]["rows_count"] == 100
    assert attributes["found"]["columns"] == ["code", "name", "do_not_ship"]
    assert attributes["read_bytes"] == attributes["received_bytes"] == len(CSV)
    created = import_of(client, id_, reference="mine")
    assert created.status_code == 201, created.text
    assert created.json()["data"]["attributes"]["inputs_size"] == 100
    assert created.json()["data"]["attributes"]["reference"] == "mine"
    site.run_all()
    (import_,) = client.document("/api/imports")["data"]
    assert import_["attributes"]["status"] == "completed"
    assert client.document("/api/skus")["meta"]["record_count"] == 100
    assert shown(client, id_)["import_id"] == import_["id"]


def test_only_the_attachment_is_kept_of_what_was_checked(open_site):
    site = open_site()
    checked(site, site.client(), CSV)
    kept = site.attachments()
    assert len(kept) == 2
    assert all(name.startswith("upload-") for name in kept)
    assert kept[0] + ".index" == kept[1]


def test_a_part_that_does_not_follow_is_told_where_the_next_one_belongs(client):
    id_ = begun(client)
    put(client, id_, 0, CSV[:100])
    for offset in (50, 101, 10**15):
        answer = put(client, id_, offset, CSV[offset : offset + 10])
        assert refusal(answer) == (409, "UPLOAD_OFFSET_CONFLICT", "offset")
        assert errors_of(answer)[0]["meta"] == {"offset": 100}
        assert answer.headers["upload-offset"] == "100"
    assert refusal(put(client, id_, 0, b"x" * 100))[:2] == (409, "UPLOAD_OFFSET_CONFLICT")


def test_a_part_that_is_sent_again_is_there_already(open_site):
    site = open_site()
    client = site.client()
    id_ = begun(client)
    for _ in range(2):
        assert put(client, id_, 0, CSV[:100]).status_code == 200
        assert len(site.attachments()) == 1
    put(client, id_, 100, CSV[100:200])
    answer = put(client, id_, 0, CSV[:100])
    assert (answer.status_code, answer.headers["upload-offset"]) == (200, "200")


def test_a_part_with_another_digest_is_not_stored(open_site):
    site = open_site()
    client = site.client()
    id_ = begun(client)
    answer = put(client, id_, 0, CSV[:100], digest_of=CSV[:99])
    assert refusal(answer)[:2] == (400, "DIGEST_MISMATCH")
    assert site.attachments() == []
    assert shown(client, id_)["received_bytes"] == 0
    headers = {"Content-Digest": "sha-256=:AAAA:"}
    path = f"/api/uploads/{id_}/parts?offset=0"
    assert client.send("PUT", path, content=CSV, headers=headers).status_code == 400


@pytest.mark.parametrize("query", ["", "?offset=", "?offset=-1", "?offset=x", "?offset=0&offset=0"])
def test_a_part_without_an_offset_is_refused(client, query):
    id_ = begun(client)
    answer = client.send("PUT", f"/api/uploads/{id_}/parts{query}", content=CSV)
    assert refusal(answer) == (400, "BAD_REQUEST", "offset")


def test_parts_are_not_empty_and_not_encoded(client):
    id_ = begun(client)
    assert refusal(put(client, id_, 0, b""))[:2] == (400, "BAD_REQUEST")
    path = f"/api/uploads/{id_}/parts?offset=0"
    answer = client.send("PUT", path, content=CSV, headers={"Content-Encoding": "gzip"})
    assert refusal(answer)[:2] == (415, "UNSUPPORTED_CONTENT_ENCODING")


def test_uploads_are_no_longer_than_they_may_be(open_site):
    site = open_site(upload_bytes_max=1024, uploads_open_bytes_max=1500, uploads_open_max=3)
    client = site.client()
    assert refusal(begin(client, size=1025))[:2] == (413, "UPLOAD_TOO_LARGE")
    first, announced = begun(client), begun(client, size=10)
    assert put(client, first, 0, b"x" * 1000).status_code == 200
    assert refusal(put(client, first, 1000, b"x" * 25))[:2] == (413, "UPLOAD_TOO_LARGE")
    assert refusal(put(client, announced, 0, b"x" * 11))[:2] == (413, "UPLOAD_TOO_LARGE")
    second = begun(client)
    assert findings(put(client, second, 0, b"x" * 501)) == {
        "/data": "all open uploads may have 1500 bytes, and would have 1501"
    }
    assert len(site.attachments()) == 1
    assert findings(begin(client)) == {"/data": "3 uploads are open, at most 3 may be"}
    assert client.delete(f"/api/uploads/{first}").status_code == 204
    assert site.attachments() == []
    assert put(client, second, 0, b"x" * 501).status_code == 200


def test_an_upload_is_complete_when_all_its_bytes_are_there(client):
    empty, short = begun(client), begun(client, size=len(CSV))
    put(client, short, 0, CSV[:-1])
    for id_ in (empty, short):
        assert list(findings(complete(client, id_))) == ["/data/attributes/complete"]
    put(client, short, len(CSV) - 1, CSV[-1:])
    assert complete(client, short).status_code == 200
    assert complete(client, short).status_code == 200
    assert refusal(put(client, short, len(CSV), b"x"))[:2] == (409, "UPLOAD_NOT_RECEIVING")


def test_a_source_that_cannot_be_read_is_refused_with_its_place(site, client):
    id_ = checked(site, client, b"code,name\nA,B\nC,\xff\xfe\xfd\n\xc3\xa4\xc3\xb6,\xc3\xbc\n")
    attributes = shown(client, id_)
    assert (attributes["state"], attributes["found"]) == ("refused", None)
    assert (attributes["refusal"]["line"], attributes["refusal"]["column"]) == (3, 3)
    assert "is not UTF-8" in attributes["refusal"]["message"]
    answer = import_of(client, id_)
    assert findings(answer) == {"/data/attributes/upload_id": "is invalid"}
    (error,) = errors_of(answer)
    assert error["meta"]["state"] == "refused"
    assert "line 3" in error["meta"]["reason"]


@pytest.mark.parametrize("is_complete", [False, True])
def test_an_upload_that_is_not_ready_cannot_be_imported(client, is_complete):
    id_ = begun(client)
    put(client, id_, 0, CSV)
    if is_complete:
        complete(client, id_)
    (error,) = errors_of(import_of(client, id_))
    assert error["meta"]["state"] == ("checking" if is_complete else "receiving")
    assert error["source"]["pointer"] == "/data/attributes/upload_id"


def test_an_upload_is_used_by_one_import(site, client):
    id_ = checked(site, client, CSV)
    assert import_of(client, id_).status_code == 201
    (error,) = errors_of(import_of(client, id_))
    assert "an import was made of it already" in error["detail"]
    assert client.delete(f"/api/uploads/{id_}").status_code == 204
    site.run_all()
    assert client.document("/api/skus")["meta"]["record_count"] == 100


def test_what_is_refused_of_an_import_leaves_its_upload_ready(site, client):
    id_ = checked(site, client, CSV)
    wrongs: list[dict[str, Any]] = [
        {"resource_type": "prices"},
        {"parent_resource_id": "0000000000"},
        {"column_map": {"code": "no_such_field"}},
        {"column_map": []},
        {"inputs": [{"code": "A"}]},
        {"format": "csv"},
    ]
    for wrong in wrongs:
        assert import_of(client, id_, **wrong).status_code == 422, wrong
    assert shown(client, id_)["state"] == "ready"
    assert import_of(client, id_).status_code == 201


@pytest.mark.parametrize("upload_id", [None, "", 7, "0000000000", "nonsense"])
def test_an_upload_that_does_not_exist_cannot_be_imported(client, upload_id):
    found = findings(import_of(client, upload_id))
    assert list(found) == ["/data/attributes/upload_id"]


def test_columns_are_mapped_where_the_upload_or_the_import_says_so(site, client):
    source = CSV.replace(b"code,", b"sku number,")
    named = checked(site, client, source, column_map={"sku number": "code"})
    assert import_of(client, named).status_code == 201
    plain = checked(site, client, source)
    assert import_of(client, plain, column_map={"sku number": "code"}).status_code == 201
    site.run_all()
    assert client.document("/api/skus")["meta"]["record_count"] == 100


def test_an_upload_is_unknown_in_other_environments(site, client):
    id_ = checked(site, client, CSV)
    other = site.client(mode="live")
    assert refusal(other.get(f"/api/uploads/{id_}"))[:2] == (404, "RECORD_NOT_FOUND")
    assert put(other, id_, 0, CSV).status_code == 404
    assert complete(other, id_).status_code == 404
    assert other.delete(f"/api/uploads/{id_}").status_code == 404
    assert findings(import_of(other, id_)) == {"/data/attributes/upload_id": "must exist"}
    assert other.document("/api/uploads")["data"] == []
    assert shown(client, id_)["state"] == "ready"


def test_only_who_may_create_imports_may_upload(site):
    reader = site.client("sales_channel")
    assert refusal(begin(reader))[:2] == (401, "UNAUTHORIZED")
    assert reader.get("/api/uploads").status_code == 401


def test_uploads_are_listed_newest_first(client):
    ids = [begun(client, name=f"{n}.csv") for n in range(3)]
    listed = client.document("/api/uploads?page[size]=2")
    assert [each["id"] for each in listed["data"]] == [ids[2], ids[1]]
    assert listed["meta"] == {"record_count": 3, "page_count": 2}


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"name": None}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"resource_type": None}, "resource_type"),
        ({"resource_type": "sku"}, "resource_type"),
        ({"size": 0}, "size"),
        ({"size": "7"}, "size"),
        ({"format": "xml"}, "format"),
        ({"encoding": "klingon"}, "encoding"),
        ({"delimiter": ""}, "delimiter"),
        ({"header_row": 0}, "header_row"),
        ({"header_row": "x"}, "header_row"),
        ({"sheet": 1}, "sheet"),
        ({"spreadsheet_safe": "yes"}, "spreadsheet_safe"),
        ({"column_map": {"a": 1}}, "column_map"),
    ],
)
def test_what_is_wrong_with_a_new_upload_is_told_with_its_place(client, attributes, name):
    assert list(findings(begin(client, **attributes))) == [f"/data/attributes/{name}"]


def test_attributes_that_an_upload_does_not_have_are_refused(client):
    assert refusal(begin(client, colour="red")) == (
        400,
        "PARAM_NOT_ALLOWED",
        "/data/attributes/colour",
    )


def test_a_new_upload_with_a_key_is_one_upload(client):
    document = {
        "data": {"type": "uploads", "attributes": {"name": "a.csv", "resource_type": "skus"}}
    }
    answers = [
        client.post("/api/uploads", document, headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["data"]["id"] for each in answers}) == 1
    assert client.document("/api/uploads")["meta"]["record_count"] == 1


def test_how_columns_are_spelled_is_decided_by_the_check(site, client):
    rows = b"".join(b"SKU%d;Sku;%d,5;gr;ja\n" % (n, n) for n in range(20))
    source = b"code;name;weight;unit_of_weight;do_not_ship\n" + rows
    id_ = checked(site, client, source)
    created = import_of(client, id_)
    assert created.status_code == 201, created.text
    site.run_all()
    (import_,) = client.document("/api/imports")["data"]
    assert import_["attributes"]["errors_count"] == 0
    weights = {each["attributes"]["weight"] for each in client.document("/api/skus")["data"]}
    assert weights >= {0.5, 1.5, 2.5}
