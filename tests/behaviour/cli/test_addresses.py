"""Files are imported from the address where they are, and no internal one is reached."""

import gzip
import io
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.behaviour.cli.conftest import Run
from tests.behaviour.outgoing.file_server import FileServer, serve_files

Start = Callable[..., "subprocess.Popen[str]"]

TYPE = "shipping_categories"
CSV = b"code,name\nA,Mug\nB,Jug\n"
ROWS = [("code", "name"), ("A", "Mug"), ("B", "Jug")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setenv("LONGSHORE_OUTGOING_ALLOW", "127.0.0.1")
    with serve_files() as server:
        yield server


def as_xlsx() -> bytes:
    file = io.BytesIO()
    workbook = openpyxl.Workbook()
    for row in ROWS:
        workbook.worksheets[0].append(row)
    workbook.save(file)
    return file.getvalue()


def as_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("skus.csv", CSV)
    return file.getvalue()


def as_json() -> bytes:
    return json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode()


FORMS = {
    "skus.csv": CSV,
    "skus.csv.gz": gzip.compress(CSV),
    "skus.tsv": CSV.replace(b",", b"\t"),
    "skus.json": as_json(),
    "skus.ndjson": b'{"code":"A","name":"Mug"}\n{"code":"B","name":"Jug"}\n',
    "skus.xlsx": as_xlsx(),
    "skus.zip": as_zip(),
    "download": as_xlsx(),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_format_is_imported_from_an_address(run: Run, server: FileServer, name: str) -> None:
    ended = run("import", TYPE, server.has(f"/{name}", FORMS[name]), "--json")
    assert ended.code == 0, ended.err
    assert ended.data["attributes"]["processed_count"] == 2
    assert len(server.requests) == 1


def test_the_answer_says_what_the_file_is_called(run: Run, server: FileServer) -> None:
    disposition = "attachment; filename*=UTF-8''skus.ndjson"
    address = server.has("/export", FORMS["skus.ndjson"], Content_Disposition=disposition)
    assert run("import", TYPE, f"{address}?id=1").code == 0


@pytest.mark.parametrize("name", ["skus.csv.gz", "skus.xlsx", "skus.zip"])
def test_a_server_may_say_that_it_packs_what_is_packed_anyway(
    run: Run, server: FileServer, name: str
) -> None:
    packed = FORMS[name] if name.endswith("gz") else gzip.compress(FORMS[name])
    ended = run("import", TYPE, server.has(f"/{name}", packed, Content_Encoding="gzip"))
    assert ended.code == 0, ended.err


def test_an_address_is_inspected_tried_and_imported_by_the_suggested_command(
    run: Run, server: FileServer
) -> None:
    address = server.has("/skus.csv", CSV)
    assert (
        run("inspect", address, "--type", TYPE, "--json").data["command"]
        == f"longshore import {TYPE} {address}"
    )
    assert run("import", TYPE, address, "--dry-run").code == 0
    assert run("import", TYPE, address).code == 0
    assert len(server.requests) == 3


@pytest.mark.parametrize("command", [("import", TYPE), ("inspect",)])
@pytest.mark.parametrize(
    "address",
    ["http://localhost/skus.csv", "http://2130706433/skus.csv", "http://a@[::ffff:127.0.0.1]:1/"],
)
def test_internal_addresses_are_refused_and_the_setting_is_named(
    run: Run, command: tuple[str, ...], address: str
) -> None:
    ended = run(*command, address)
    assert ended.code == 2
    assert "an internal address: loopback" in ended.err
    assert "hint: the setting LONGSHORE_OUTGOING_ALLOW lists internal hosts" in ended.err
    assert ended.out == ""


def test_other_addresses_are_refused(run: Run) -> None:
    ended = run("import", TYPE, "ftp://example.com/skus.csv")
    assert (ended.code, ended.out) == (2, "")
    assert "addresses of ftp: are not fetched" in ended.err
    ended = run("import", TYPE, "file:///etc/passwd")
    assert "hint: a file of this machine is named by its path" in ended.err


def test_what_is_cut_off_leaves_nothing_behind(run: Run, server: FileServer) -> None:
    address = server.has("/skus.csv", CSV, length=len(CSV) + 1, Connection="close")
    ended = run("import", TYPE, address)
    assert ended.code == 1
    assert "broke off before the end" in ended.err
    assert run("imports", "--json").data == []


def test_secrets_of_an_address_are_not_repeated(run: Run, server: FileServer) -> None:
    server.has("/skus.spreadsheet-safe.csv", b"nonsense\n1\n")
    host = server.url.removeprefix("http://")
    address = f"http://shop:hunter2@{host}/skus.spreadsheet-safe.csv"
    ended = run("import", TYPE, f"{address}?token=hunter2", "--verbose")
    assert ended.code == 2
    assert "skus.spreadsheet-safe.csv says that cells have" in ended.err
    assert "hunter2" not in ended.out + ended.err


def test_a_workbook_is_read_from_standard_input(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "anything"
    path.write_bytes(FORMS["skus.xlsx"])
    with open(path, "rb") as file:
        process = start("import", TYPE, "-", "--json", stdin=file)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert json.loads(out)["data"]["attributes"]["processed_count"] == 2
