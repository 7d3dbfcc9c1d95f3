"""JSON as programs write it: rows in a document, resource objects, values on several lines."""

import gzip
import json
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

_ROWS: list[dict[str, Any]] = [
    {"code": f"A{number}", "name": f"Mug {number}", "do_not_ship": True} for number in range(3)
]
_BAD = {"code": "B", "name": "", "do_not_ship": True}


def _pretty(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, indent=2) + "\n" for row in rows)


def _resource(row: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "skus", "attributes": row, **members}


# What a source holds, and the lines on which its rows start.
_SOURCES = {
    "document": (json.dumps({"data": [*_ROWS, _BAD]}), [1, 1, 1, 1]),
    "pretty document": (json.dumps({"data": [*_ROWS, _BAD]}, indent=1), [3, 8, 13, 18]),
    "members": (
        json.dumps({"meta": {"n": [1]}, "links": {}, "data": [*_ROWS, _BAD], "jsonapi": {}}),
        [1, 1, 1, 1],
    ),
    "several lines": (_pretty([*_ROWS, _BAD]), [1, 6, 11, 16]),
    "blank lines": ("\n\n" + "\n".join(map(_pretty, [_ROWS, [_BAD]])), [3, 8, 13, 19]),
    "mixed": (json.dumps(_ROWS[0]) + "\n" + _pretty([*_ROWS[1:], _BAD]), [1, 2, 7, 12]),
    "resources": (
        json.dumps({"data": list(map(_resource, [*_ROWS, _BAD]))}, indent=1),
        [3, 11, 19, 27],
    ),
    "resources on several lines": (_pretty(list(map(_resource, [*_ROWS, _BAD]))), [1, 9, 17, 25]),
    "documents of one": (
        "".join(json.dumps({"data": _resource(row)}) + "\n" for row in [*_ROWS, _BAD]),
        [1, 2, 3, 4],
    ),
}


@pytest.mark.parametrize("arguments", [(), ("--format", "json"), ("--dry-run",)], ids=str)
@pytest.mark.parametrize("kind", _SOURCES)
def test_rows_are_read_from_every_shape_with_their_lines(
    run, make_file, kind: str, arguments: tuple[str, ...]
) -> None:
    text, lines = _SOURCES[kind]
    ended = run("import", "skus", make_file("a.json", text), "--skip-errors", "--json", *arguments)
    assert ended.code == 1, ended.err
    assert "warning" not in ended.err
    if "--dry-run" in arguments:
        assert ended.json["meta"]["ignored_columns"] == []
        assert [error["line"] for error in ended.json["errors"]] == [lines[-1]]
        return
    assert ended.data["attributes"]["format"] == "json"
    assert ended.data["attributes"]["inputs_size"] == 4
    assert ended.data["attributes"]["errors_log"] == {"B": {"name": ["can't be blank"]}}
    echoed = [
        {name: value for name, value in row.items() if name != "type"}
        for row in ended.data["attributes"]["inputs"]
    ]
    assert echoed == [*_ROWS, _BAD]
    (error,) = run("errors", ended.data["id"], "--json").data
    assert error["line"] == lines[-1]
    codes = [each["attributes"]["code"] for each in run("records", "skus", "--json").data]
    assert codes == ["A0", "A1", "A2"]


@pytest.mark.parametrize("kind", _SOURCES)
def test_the_attachment_is_the_array_of_the_rows(run, make_file, data, kind: str) -> None:
    run("import", "skus", make_file("a.json", _SOURCES[kind][0]), "--skip-errors")
    (path,) = (data / "attachments").glob("*.gz")
    kept = json.loads(gzip.decompress(path.read_bytes()))
    assert len(kept) == 4


def test_a_list_of_records_is_a_source(run, make_file, category: str) -> None:
    source = [{**row, "shipping_category_id": category, "do_not_ship": False} for row in _ROWS]
    run("import", "skus", make_file("a.json", json.dumps(source)))
    written = run("records", "skus", "--json").out
    ended = run("import", "skus", make_file("records.json", written), "--json")
    assert ended.code == 0, ended.err
    assert ended.data["meta"]["unchanged_count"] == 3
    assert ended.data["meta"]["ignored_columns"] == []
    changed = json.loads(written)
    for each in changed["data"]:
        each["attributes"]["name"] = "Cup"
        each["relationships"] = {"shipping_category": {"data": None}}
    failed = run("import", "skus", make_file("b.json", json.dumps(changed)))
    assert failed.code == 1
    for each in changed["data"]:
        linkage = {"data": {"type": "shipping_categories", "id": category}}
        each["relationships"] = {"shipping_category": linkage}
    ended = run("import", "skus", make_file("c.json", json.dumps(changed)), "--json")
    assert ended.code == 0, ended.err
    assert ended.data["meta"]["updated_count"] == 3
    assert ended.data["meta"]["ignored_columns"] == []


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_single_resource_is_a_source(run, make_file, indent, wrapped: bool) -> None:
    resource = _resource(_ROWS[0], links={"self": "x"}, meta={"a": 1})
    document = {"data": resource, "included": []} if wrapped else resource
    ended = run("import", "skus", make_file("a.json", json.dumps(document, indent=indent)))
    assert ended.code == 0, ended.err
    assert len(run("records", "skus", "--json").data) == 1


def test_a_single_object_is_a_source(run, make_file) -> None:
    ended = run("import", "skus", make_file("a.json", _pretty(_ROWS[:1])))
    assert ended.code == 0, ended.err
    assert ended.facts["created"] == "1"


def test_a_resource_of_another_type_is_an_error_of_its_row(run, make_file) -> None:
    other = {"type": "orders", "attributes": _ROWS[1]}
    document = {"data": [_resource(_ROWS[0]), other, _resource(_ROWS[2])]}
    source = make_file("a.json", json.dumps(document))
    ended = run("import", "skus", source, "--skip-errors", "--json")
    assert ended.code == 1
    assert ended.data["attributes"]["errors_log"] == {"A1": {"type": ["must be skus"]}}
    (error,) = run("errors", ended.data["id"], "--json").data
    assert (error["row"], error["value"]) == (2, "orders")
    dry = run("import", "skus", source, "--skip-errors", "--dry-run")
    assert dry.code == 1
    assert "must be skus" in dry.out


def test_an_id_of_another_place_is_an_error_and_never_another_record(run, make_file) -> None:
    document = {"data": [_resource(_ROWS[0], id="AbCdEfGhIj")]}
    ended = run("import", "skus", make_file("a.json", json.dumps(document)), "--json")
    assert ended.code == 1
    assert list(ended.data["attributes"]["errors_log"]["A0"]) == ["id"]


def test_a_target_of_several_types_is_named_with_its_type(run, make_file) -> None:
    run("import", "skus", make_file("skus.json", json.dumps(_ROWS)))
    sku = run("records", "skus", "--json").data[0]["id"]
    resource = {
        "type": "links",
        "attributes": {
            "name": "l",
            "scope": "market:all",
            "starts_at": "2026-01-01",
            "expires_at": "2027-01-01",
            "client_id": "x",
        },
        "relationships": {"item": {"data": {"type": "skus", "id": sku}}},
    }
    ended = run("import", "links", make_file("a.json", json.dumps({"data": [resource]})), "--json")
    assert ended.code == 0, ended.err
    assert ended.data["meta"]["ignored_columns"] == []


def test_what_stands_beside_the_rows_and_is_left_out_is_told(run, make_file) -> None:
    document = {"total": 3, "data": _ROWS, "included": [{"type": "skus", "id": "x"}], "meta": {}}
    ended = run("import", "skus", make_file("a.json", json.dumps(document)), "--json")
    assert ended.code == 0, ended.err
    (notice,) = ended.data["meta"]["warnings"]
    assert notice["code"] == "members_left_out"
    assert notice["count"] == 2
    assert "'total', 'included'" in notice["message"]
    assert ended.err.count("'total', 'included'") == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"skus": _ROWS}, "an object with an array under 'skus'"),
        ({"total": 1, "items": _ROWS}, "an object with an array under 'items'"),
        ({"data": []}, "has no rows"),
        ({"errors": [{"code": "X"}]}, "an object with an array under 'errors'"),
        ({"data": None}, "none of the keys is a field of skus: data"),
        ([{"size": 1}, {"colour": 2}], "none of the keys is a field of skus: size, colour"),
        ({"size": 1}, "none of the keys is a field of skus: size"),
        ({"data": [{"size": 1}]}, "none of the keys is a field of skus: size"),
    ],
)
@pytest.mark.parametrize("arguments", [(), ("--dry-run",)], ids=str)
def test_what_holds_no_rows_of_the_type_is_refused(
    run, make_file, document, message: str, arguments: tuple[str, ...]
) -> None:
    ended = run("import", "skus", make_file("a.json", json.dumps(document)), *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "hint: " in ended.err or "no rows" in message
    assert run("imports", "--json").data == []


def test_objects_that_have_data_of_their_own_are_rows(run, make_file) -> None:
    rows = [{**row, "data": [{"x": 1}]} for row in _ROWS]
    ended = run("import", "skus", make_file("a.ndjson", "\n".join(map(json.dumps, rows))))
    assert ended.code == 0, ended.err
    mapped = run(
        "import", "tags", make_file("b.json", '{"data": "a"}\n{"data": "b"}'), "--map", "data=name"
    )
    assert mapped.code == 0, mapped.err


@pytest.mark.parametrize("name", ["failed.json", "failed.csv"])
def test_failed_rows_of_resources_can_be_mended_and_imported(
    run, make_file, tmp_path, name: str
) -> None:
    document = {"data": [_resource(_ROWS[0]), _resource(_BAD)]}
    failed = tmp_path / name
    run("import", "skus", make_file("a.json", json.dumps(document)), "--errors", failed)
    failed.write_text(failed.read_text().replace('"name": ""', '"name": "b"').replace("B,", "B,b"))
    ended = run("import", "skus", failed)
    assert ended.code == 0, ended.err
    assert "warning" not in ended.err


def test_a_killed_import_of_a_document_goes_on_where_it_was(run, make_file, monkeypatch) -> None:
    """Chunks of a few rows: each begins at a checkpoint inside the attachment."""
    monkeypatch.setenv("LONGSHORE_CHUNK_ROWS", "3")
    rows = [{"code": f"C{n}", "name": "é" * (n + 1), "do_not_ship": True} for n in range(50)]
    for text in (
        json.dumps({"meta": {"é": "é"}, "data": rows}, indent=1, ensure_ascii=False),
        _pretty(list(map(_resource, rows))),
    ):
        ended = run("import", "skus", make_file("a.json", text), "--json")
        assert ended.code == 0, ended.err
        assert ended.data["attributes"]["processed_count"] == 50
