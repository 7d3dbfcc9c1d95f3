"""However long the rows of imports are, an answer is bounded in bytes."""

import json
import tracemalloc
from contextlib import contextmanager

from longshore.database import DatabaseAway
from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import document, skus, submit

MEGABYTE = 1 << 20


def long_rows(count, size=MEGABYTE):
    return [{"code": f"A{number}", "name": "x" * size} for number in range(count)]


def echoed(client, path="/api/imports"):
    data = client.document(path)["data"]
    return [each["attributes"]["inputs"] for each in (data if isinstance(data, list) else [data])]


def test_rows_beyond_the_bytes_of_an_answer_are_not_echoed(open_site):
    client = open_site(inputs_echo_bytes=2 * MEGABYTE).client()
    short, long = skus(3), long_rows(5)
    first = submit(client, long)
    assert first["attributes"]["inputs"] is None
    second = submit(client, short)
    assert second["attributes"]["inputs"] == short
    assert echoed(client) == [None, short]
    assert echoed(client, f"/api/imports/{first['id']}") == [None]


def test_the_imports_of_a_page_share_what_is_echoed(open_site):
    client = open_site(inputs_echo_bytes=2 * MEGABYTE).client()
    rows = long_rows(1, MEGABYTE // 2)
    for _ in range(6):
        submit(client, rows)
    shown = echoed(client)
    assert shown[:3] == [rows, rows, rows]
    assert shown[3:] == [None, None, None]
    # Asked one by one, each has room.
    for each in client.document("/api/imports")["data"]:
        assert echoed(client, f"/api/imports/{each['id']}") == [rows]


def test_a_table_counts_with_the_names_that_its_objects_repeat(open_site):
    client = open_site(inputs_echo_bytes=MEGABYTE).client()
    names = ["code", *(f"column_{'x' * 200}_{number}" for number in range(100))]
    text = ",".join(names) + "\n" + "".join(f"A{number}\n" for number in range(100))
    import_ = submit(client, text, format="csv")
    assert import_["attributes"]["inputs_size"] == 100
    assert import_["attributes"]["inputs"] is None


def test_a_list_of_imports_with_very_long_rows_needs_little_memory(open_site):
    client = open_site().client()
    for _ in range(4):
        submit(client, long_rows(20))
    tracemalloc.start()
    shown = echoed(client)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert shown == [None] * 4
    assert peak < 24 * MEGABYTE


def test_a_submission_does_not_hold_what_it_streams(open_site):
    client = open_site().client()
    body = json.dumps(document(long_rows(60))).encode()

    async def pieces():
        for start in range(0, len(body), 1 << 16):
            yield body[start : start + (1 << 16)]

    tracemalloc.start()
    response = client.send("POST", "/api/imports", content=pieces())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 201
    assert peak < 24 * MEGABYTE


def test_long_messages_of_many_rows_are_bounded_too(open_site):
    site = open_site(errors_log_identifiers_max=1000)
    client = site.client()
    # Row identifiers are shown with 200 characters of them.
    rows = [{"code": f"{number:05}" + "x" * 300} for number in range(5000)]
    submit(client, rows, skip_errors=True)
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    log = listed["attributes"]["errors_log"]
    assert listed["attributes"]["errors_count"] == 5000
    assert len(log) == 1000
    assert len(json.dumps(log)) < MEGABYTE


def test_a_list_of_records_with_long_texts_is_refused_with_what_to_do(open_site):
    site = open_site(answer_bytes_max=2 * MEGABYTE)
    client = site.client()
    rows = [
        {"code": f"A{number}", "name": "A", "do_not_ship": True, "description": "x" * 500_000}
        for number in range(10)
    ]
    submit(client, rows)
    site.run_all()
    assert refusal(client.get("/api/skus")) == (400, "ANSWER_TOO_LARGE", None)
    assert client.get("/api/skus?page[size]=3").status_code == 200
    assert client.get("/api/skus?fields[skus]=code").status_code == 200


def test_what_an_include_leads_to_counts(open_site):
    site = open_site(answer_bytes_max=2 * MEGABYTE)
    client = site.client()
    submit(client, [{"name": "x", "metadata": {"text": "x" * 900_000}}], resource_type="markets")
    category = {"name": "C", "metadata": {"text": "x" * 900_000}}
    submit(client, [category], resource_type="shipping_categories")
    site.run_all()
    (found,) = client.document("/api/shipping_categories")["data"]
    rows = [{"code": f"A{n}", "name": "A", "shipping_category_id": found["id"]} for n in range(4)]
    for row in rows:
        row["metadata"] = {"text": "x" * 400_000}
    submit(client, rows)
    site.run_all()
    assert client.get("/api/skus").status_code == 200
    answer = client.get("/api/skus?include=shipping_category")
    assert refusal(answer) == (400, "ANSWER_TOO_LARGE", None)
    assert client.get("/api/skus?include=shipping_category&page[size]=2").status_code == 200


def test_what_was_stored_is_answered_though_nothing_can_be_read_after_it(site, client, monkeypatch):
    database = type(site.database)
    write, read = database.write, database.read
    is_away = False

    @contextmanager
    def write_and_go(self, *locks):
        nonlocal is_away
        with write(self, *locks) as tx:
            yield tx
        is_away = True

    @contextmanager
    def read_while_there(self, **options):
        if is_away:
            raise DatabaseAway("the database went away")
        with read(self, **options) as tx:
            yield tx

    monkeypatch.setattr(database, "write", write_and_go)
    monkeypatch.setattr(database, "read", read_while_there)

    def send(method, path, given):
        nonlocal is_away
        is_away = False
        response = client.send(method, path, content=json.dumps({"data": given}).encode())
        assert is_away, response.text
        assert response.status_code in (200, 201), response.text
        return response.json()["data"]

    made = send("POST", "/api/skus", {"type": "skus", "attributes": skus(1)[0]})
    assert made["attributes"]["code"] == "SKU0"
    named = {"type": "skus", "id": made["id"]}
    changed = send("PATCH", f"/api/skus/{made['id']}", {**named, "attributes": {"name": "Tee"}})
    assert changed["attributes"]["name"] == "Tee"
    import_ = send("POST", "/api/imports", document(skus(2))["data"])
    assert import_["attributes"]["status"] == "pending"
    assert import_["attributes"]["inputs"] == skus(2)
    named = {"type": "imports", "id": import_["id"]}
    stopped = send(
        "PATCH", f"/api/imports/{import_['id']}", {**named, "attributes": {"_interrupt": True}}
    )
    assert stopped["attributes"]["status"] == "interrupted"
    assert stopped["attributes"]["attachment_url"]
