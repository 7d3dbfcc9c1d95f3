"""Files that are not to be imported again."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.behaviour.cli.served import send_in_parts

CATEGORIES = "name,code\nMain,MAIN\nRest,REST\n"


@pytest.fixture
def file(make_file):
    return make_file("categories.csv", CATEGORIES)


def test_a_file_that_was_imported_before_is_refused_and_nothing_is_done(run, file):
    first = run("import", "shipping_categories", file, "--once", "--json").data
    again = run("import", "shipping_categories", file, "--once")
    assert (again.code, again.out) == (2, "")
    assert (
        "error: the same source was imported before in the same way, by the import "
        f"{first['id']} of {first['attributes']['created_at']} (completed)\n"
        "hint: without --once it is imported again\n"
    ) in again.err
    assert len(run("imports", "--json").data) == 1


def test_it_is_told_without_once(run, file):
    first = run("import", "shipping_categories", file, "--json").data
    assert first["meta"]["same_content_as"] is None
    again = run("import", "shipping_categories", file)
    assert again.code == 0
    assert again.facts["same content as"].startswith(f"{first['id']}, 2")
    assert again.facts["same content as"].endswith(" UTC (completed)")
    id_ = again.facts["import"]
    assert run("show", id_).facts["same content as"] == again.facts["same content as"]
    assert run("show", id_, "--json").data["meta"]["same_content_as"]["id"] == first["id"]
    assert "same content as" not in run("show", first["id"]).facts


def test_compressed_or_not_it_is_the_same(run, file, make_file):
    run("import", "shipping_categories", file)
    packed = make_file("other-name.csv.gz", gzip.compress(CATEGORIES.encode()))
    assert run("import", "shipping_categories", packed, "--once").code == 2


@pytest.mark.parametrize(
    "options",
    [
        ("--map", "code=reference"),
        ("--ignore", "code"),
        ("--encoding", "cp1252"),
        ("--delimiter", ",", "--header-row", "2", "--map", "Main=name"),
    ],
    ids=str,
)
def test_read_or_mapped_otherwise_it_is_another(run, file, options):
    run("import", "shipping_categories", file)
    assert run("import", "shipping_categories", file, "--once", *options).code != 2


def test_of_another_type_it_is_another(run, file):
    run("import", "shipping_categories", file)
    assert run("import", "tax_categories", file, "--once").code == 1


def test_a_feed_whose_last_import_was_interrupted_is_imported(run, make_file):
    file = make_file("broken.csv", "name,code\n,MAIN\n")
    first = run("import", "shipping_categories", file, "--once")
    assert (first.code, first.facts["status"]) == (1, "interrupted")
    again = run("import", "shipping_categories", file, "--once")
    assert (again.code, again.facts["status"]) == (1, "interrupted")
    assert again.facts["same content as"].endswith("(interrupted)")


def test_a_dry_run_tells_it_and_refuses_it_as_the_import_would(run, file):
    assert "same content as" not in run("import", "shipping_categories", file, "--dry-run").facts
    first = run("import", "shipping_categories", file, "--json").data
    told = run("import", "shipping_categories", file, "--dry-run")
    assert told.facts["same content as"].startswith(first["id"])
    meta = run("import", "shipping_categories", file, "--dry-run", "--json").json["meta"]
    assert meta["same_content_as"]["id"] == first["id"]
    refused = run("import", "shipping_categories", file, "--dry-run", "--once")
    assert (refused.code, refused.out) == (2, "")


def test_at_a_server_it_is_refused_and_told(at_server, file):
    first = at_server("shipping_categories", file, "--once", "--json").data
    again = at_server("shipping_categories", file, "--once")
    assert (again.code, again.out) == (2, "")
    assert f"by the import {first['id']} of" in again.err
    assert "hint: nothing was imported; without --once it is imported again" in again.err
    told = at_server("shipping_categories", file)
    assert told.facts["same content as"].startswith(first["id"])


def test_several_parts_are_refused_as_one(at_server, look_at_server, make_file, monkeypatch):
    send_in_parts(monkeypatch, 2)
    rows = [["name", "code"], *([f"Name {n}", f"C{n}"] for n in range(5))]
    file = make_file("five.csv", rows)
    assert at_server("shipping_categories", file, "--once").code == 0
    again = at_server("shipping_categories", file, "--once")
    assert (again.code, again.out) == (2, "")
    assert len(look_at_server("imports", "--json").data) == 3


def test_a_source_that_grew_is_sent_whole(at_server, look_at_server, make_file, monkeypatch):
    send_in_parts(monkeypatch, 2)
    rows = [["name", "code"], *([f"Name {n}", f"C{n}"] for n in range(5))]
    assert at_server("shipping_categories", make_file("f.csv", rows[:-1]), "--once").code == 0
    grown = at_server("shipping_categories", make_file("f.csv", rows), "--once")
    assert grown.code == 0
    assert (grown.facts["created"], grown.facts["unchanged"]) == ("1", "4")
    assert len(look_at_server("imports", "--json").data) == 5


def test_what_of_a_source_did_not_get_in_is_sent_again(
    at_server, look_at_server, make_file, monkeypatch
):
    send_in_parts(monkeypatch, 2)
    names = ["One", "Two", "", "Four", "Five"]
    rows = [["name", "code"], *([name, f"C{n}"] for n, name in enumerate(names))]
    file = make_file("five.csv", rows)
    first = at_server("shipping_categories", file, "--once")
    assert (first.code, first.facts["status"]) == (1, "interrupted")
    again = at_server("shipping_categories", file, "--once")
    assert again.code == 1
    assert (again.facts["imported before"], again.facts["failed"]) == ("3", "1")
    assert len(look_at_server("imports", "--json").data) == 4


class _Other(BaseHTTPRequestHandler):
    """A server that takes the wire contract to the letter, or takes anything."""

    takes_anything = False
    interrupted: tuple[str, ...] = ()  # paths

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.takes_anything:
            self._answer(201, {"data": _IMPORT})
            return
        attributes = sent["data"]["attributes"]
        name = next((each for each in ("once", "mapping") if each in attributes), "size")
        source = {"pointer": f"/data/attributes/{name}"}
        error = {
            "title": "Param not allowed",
            "detail": f"{name} is not allowed.",
            "source": source,
        }
        self._answer(400, {"errors": [{**error, "code": "PARAM_NOT_ALLOWED", "status": "400"}]})

    def do_GET(self) -> None:
        self._answer(200, {"data": _IMPORT})

    def do_PATCH(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert sent["data"]["attributes"] == {"_interrupt": True}
        type(self).interrupted = (*self.interrupted, self.path)
        self._answer(200, {"data": _IMPORT})

    def _answer(self, status: int, document: Any) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        pass


_IMPORT = {
    "id": "abc",
    "type": "imports",
    "attributes": {"status": "completed", "processed_count": 2, "inputs_size": 2},
}


@pytest.fixture
def other():
    server = HTTPServer(("127.0.0.1", 0), type("Other", (_Other,), {}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_that_does_not_know_once_is_not_sent_anything(at_server, other, file: Path):
    refused = at_server(
        "shipping_categories", file, "--once", url=f"http://127.0.0.1:{other.server_port}"
    )
    assert (refused.code, refused.out) == (2, "")
    assert "error: the server does not know of --once\n" in refused.err
    assert "hint: leave it out to import the file\n" in refused.err


def test_a_server_that_passes_over_once_is_told_of(at_server, other, file: Path):
    other.RequestHandlerClass.takes_anything = True
    done = at_server(
        "shipping_categories", file, "--once", url=f"http://127.0.0.1:{other.server_port}"
    )
    assert done.code == 0
    assert "warning: the server does not say whether the file was imported before" in done.err


def test_a_server_that_does_not_know_mappings_is_not_sent_anything(at_server, other, file: Path):
    refused = at_server(
        *("shipping_categories", file, "--set", "reference=x"),
        url=f"http://127.0.0.1:{other.server_port}",
    )
    assert (refused.code, refused.out) == (2, "")
    assert "error: the server does not know of mappings\n" in refused.err


def test_what_a_server_has_begun_without_its_mapping_is_interrupted(at_server, other, file: Path):
    other.RequestHandlerClass.takes_anything = True
    refused = at_server(
        *("shipping_categories", file, "--set", "reference=x"),
        url=f"http://127.0.0.1:{other.server_port}",
    )
    assert (refused.code, refused.out) == (2, "")
    assert "the server does not know of mappings; its import abc was interrupted" in refused.err
    assert other.RequestHandlerClass.interrupted == ("/api/imports/abc",)
