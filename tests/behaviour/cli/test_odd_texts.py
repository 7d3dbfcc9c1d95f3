"""Sources and names that hold what no record can: half a character (a lone surrogate), and NUL."""

import json
import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

_ROWS = (
    r'{"code": "A", "name": "x\ud83d", "do_not_ship": true, "\ud83d": 1}',
    r'{"code": "B\u0000", "name": "b", "do_not_ship": true}',
    r'{"code": "C", "name": "c", "do_not_ship": true, "metadata": {"\udc00": ["\ud83d"]}}',
    r'{"code": "D", "name": "d", "do_not_ship": true}',
)
_SOURCES = {"odd.json": "[" + ",\n".join(_ROWS) + "]", "odd.ndjson": "\n".join(_ROWS) + "\n"}
_VALUES = [json.loads(row) for row in _ROWS]


@pytest.mark.parametrize("name", _SOURCES)
def test_an_import_of_odd_texts_ends_and_every_command_can_tell_of_it(
    run, make_file, tmp_path: Path, name: str
) -> None:
    source = make_file(name, _SOURCES[name])
    ended = run("import", "skus", source, "--skip-errors", "--json")
    assert ended.code == 1, ended.err
    attributes = ended.data["attributes"]
    assert (attributes["inputs_size"], attributes["errors_count"]) == (4, 3)
    assert attributes["inputs"] == _VALUES
    assert "is invalid" in attributes["errors_log"]["A"]["name"][0]
    (listed,) = run("imports", "--json").data
    assert listed["attributes"]["inputs"] == _VALUES
    for arguments in (("imports",), ("show", ended.data["id"]), ("errors", ended.data["id"])):
        assert run(*arguments).code == 0
        assert run(*arguments, "--json").json
    assert [each["attributes"]["code"] for each in run("records", "skus", "--json").data] == ["D"]


@pytest.mark.parametrize("name", _SOURCES)
def test_a_dry_run_of_odd_texts_says_the_same(run, make_file, name: str) -> None:
    source = make_file(name, _SOURCES[name])
    for arguments in ((), ("--json",)):
        ended = run("import", "skus", source, "--skip-errors", "--dry-run", *arguments)
        assert ended.code == 1, ended.err
    assert "is invalid" in ended.out


@pytest.mark.parametrize("name", ["failed.json", "failed.ndjson", "failed.csv"])
def test_failed_rows_of_odd_texts_can_be_written(run, make_file, tmp_path: Path, name: str) -> None:
    failed = tmp_path / name
    source = make_file("odd.json", _SOURCES["odd.json"])
    ended = run("import", "skus", source, "--skip-errors", "--errors", failed)
    assert ended.code == 1, ended.err
    text = failed.read_text()
    assert r"x\ud83d" in text
    if name == "failed.json":
        kept = [{k: v for k, v in row.items() if k[0] != "_"} for row in json.loads(text)]
        assert kept == _VALUES[:3]


def test_a_file_whose_name_is_no_utf_8_is_imported(run, tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff\n.csv")
    (tmp_path / name).write_text("code,name,do_not_ship\nA,,true\n")
    failed = tmp_path / os.fsdecode(b"failed\xff.csv")
    ended = run("import", "skus", tmp_path / name, "--errors", failed, "--json")
    assert ended.code == 1, ended.err
    assert failed.exists()
    assert len(run("imports", "--json").data) == 1
    assert run("imports").code == 0
    refused = run("import", "skus", tmp_path / os.fsdecode(b"none\xff.csv"))
    assert refused.code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--map", os.fsdecode(b"x\xff=code")),
        ("--map", os.fsdecode(b"name=co\xffde")),
        ("--parent", os.fsdecode(b"\xff")),
        ("--parent", "a\ufffd"),
    ],
    ids=ascii,
)
def test_arguments_that_are_no_utf_8_are_refused(run, make_file, arguments) -> None:
    source = make_file("skus.csv", "code,name,do_not_ship\nA,a,true\n")
    ended = run("import", "skus", source, *arguments)
    assert ended.code == 2, ended.err
    assert ended.err.startswith("error: ")
    assert run("imports", "--json").data == []


@pytest.mark.parametrize("odd", [os.fsdecode(b"\xff"), "\ufffd"], ids=ascii)
def test_names_that_are_asked_for_can_be_any_text(run, odd: str) -> None:
    for arguments in (
        ("import", odd, "x.csv"),
        ("show", odd),
        ("errors", odd),
        ("records", odd),
        ("records", "skus", "--filter", f"code_eq={odd}"),
        ("records", "skus", "--filter", f"{odd}=1"),
        ("export", odd),
        ("template", odd),
        (odd,),
    ):
        ended = run(*arguments)
        assert ended.code in (0, 2), (arguments, ended.err)
