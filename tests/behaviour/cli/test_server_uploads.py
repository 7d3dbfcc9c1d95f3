"""`longshore import --server`, where the server takes files: one file is one import, whatever
breaks on the way."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from longshore.cli.remote import parts, uploading
from tests.behaviour.cli.served import Proxy, Served, proxy_before
from tests.behaviour.outgoing.file_server import serve_files

ROWS = 40
MANY = parts.PART_ROWS_MAX + 1  # of a process that nobody has told of smaller parts
TAGS = "name\n" + "".join(f"t{n}\n" for n in range(ROWS))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are too many for one request, and a part of a file has 50 bytes."""
    monkeypatch.setattr(parts, "PART_ROWS_MAX", 10)
    monkeypatch.setattr(uploading, "PART_BYTES", 50)


@pytest.fixture
def proxy(served: Served) -> Iterator[Proxy]:
    with proxy_before(served.url) as proxy:
        yield proxy


@pytest.fixture
def tags(make_file: Callable[..., Path]) -> Path:
    return make_file("tags.csv", TAGS)


def test_a_file_of_many_rows_is_one_import(at_server, look_at_server, tags, proxy) -> None:
    ended = at_server("tags", tags, "--json", url=proxy.url)
    assert ended.code == 0, ended.err
    assert ended.data["attributes"]["inputs_size"] == ROWS
    assert ended.data["attributes"]["metadata"]["chunk_number"] == "1/1"
    sent = [each for each in proxy.seen if each.startswith("PUT")]
    assert len(sent) == -(-len(TAGS) // 50)
    again = at_server("tags", tags)
    assert (again.facts["rows"], again.facts["unchanged"]) == (str(ROWS), str(ROWS))
    assert "import" in again.facts


def test_what_breaks_while_a_file_is_sent_is_sent_again(at_server, tags, proxy) -> None:
    """An answer that is lost means bytes that are there, a 503 bytes that are not."""
    proxy.faults = [("PUT", "lost"), ("PUT", "503"), ("GET", "503"), ("PUT", "lost")]
    ended = at_server("tags", tags, url=proxy.url)
    assert ended.code == 0, ended.err
    assert ended.facts["created"] == str(ROWS)
    assert proxy.faults == []


def test_what_an_address_has_is_sent_as_a_file(at_server, monkeypatch) -> None:
    """It is fetched here, by the rules of this machine, and not by the server."""
    with serve_files() as files:
        address = files.has("/tags.csv", TAGS.encode())
        refused = at_server("tags", address)
        assert (refused.code, refused.out) == (2, "")
        assert "an internal address: loopback" in refused.err
        monkeypatch.setenv("LONGSHORE_OUTGOING_ALLOW", "127.0.0.1")
        ended = at_server("tags", address, "--json")
        assert ended.code == 0, ended.err
        assert ended.data["attributes"]["inputs_size"] == ROWS
        assert len(files.requests) == 1


def test_standard_input_is_sent_as_a_file(served, organization, start, make_file) -> None:
    file = make_file("many.csv", "name\n" + "".join(f"t{n}\n" for n in range(MANY)))
    token = {"LONGSHORE_TOKEN": served.token(organization)}
    with open(file) as typed:
        process = start("import", "tags", "-", "--server", served.url, settings=token, stdin=typed)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "import " in out
    assert "group " not in out


def test_a_workbook_goes_as_it_is_and_errors_name_its_cells(
    at_server, look_at_server, category_at_server, tmp_path
) -> None:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "Mugs"
    rows = [("code", "name", "weight"), ("A1", "One", 1), ("A2", "Two", "heavy")]
    for row in rows:
        sheet.append(row)
    workbook.save(tmp_path / "mugs.xlsx")
    ended = at_server("skus", tmp_path / "mugs.xlsx", "--parent", "MAIN", "--skip-errors", "--json")
    assert ended.code == 1
    assert ended.data["attributes"]["errors_count"] == 1
    errors = look_at_server("errors", ended.data["id"], "--json").data
    (error,) = [each for each in errors if each["attribute"] == "weight"]
    assert error["cell"] == "Mugs!C3"
    ended = at_server("skus", tmp_path / "mugs.xlsx", "--parent", "MAIN", "--skip-errors")
    assert " Mugs!C3 " in ended.out


def test_amounts_in_decimals_and_other_columns_are_mapped_at_the_server(
    at_server, look_at_server, category_at_server, make_file
) -> None:
    at_server("skus", make_file("s.csv", "code,name\nA1,One\n"), "--parent", "MAIN")
    at_server("price_lists", make_file("l.csv", "code,name,currency_code\nUSA,USA,USD\n"))
    file = make_file("p.csv", "Article;Price;Note\nA1;50,00;x\n")
    mapped = ["--map", "Price=amount_cents:decimal", "--map", "Article=sku_code"]
    ended = at_server("prices", file, "--parent", "USA", *mapped, "--ignore", "Note")
    assert (ended.code, ended.facts["created"]) == (0, "1"), ended.err
    (price,) = look_at_server("records", "prices", "--json").data
    assert price["attributes"]["amount_cents"] == 5000


def test_a_mapping_goes_with_the_import_of_a_file(
    at_server, look_at_server, category_at_server, make_file, proxy
) -> None:
    mapping = make_file(
        "m.toml",
        'version = 1\ntype = "skus"\n[fields.code]\ncolumn = "Art."\n'
        '[fields.name]\ntemplate = "{Art.} {Titel}"\n',
    )
    rows = "".join(f"A{n};Tasse\n" for n in range(ROWS))
    file = make_file("artikel.csv", f"Stand 2026\n\nArt.;Titel\n{rows}")
    ended = at_server(
        "skus", file, "--parent", "MAIN", "--mapping", mapping, "--skip-errors", url=proxy.url
    )
    assert (ended.code, ended.facts["created"]) == (0, str(ROWS)), ended.err
    assert any(each.startswith("PUT") for each in proxy.seen)
    names = {
        each["attributes"]["name"] for each in look_at_server("records", "skus", "--json").data
    }
    assert "A7 Tasse" in names


def test_a_file_that_is_refused_leaves_no_upload(
    at_server, look_at_server, tags, proxy, served, organization
) -> None:
    at_server("tags", tags)
    ended = at_server("tags", tags, "--once", url=proxy.url)
    assert ended.code == 2
    assert "imported before" in ended.err
    assert any(each.startswith("DELETE /api/uploads/") for each in proxy.seen)
