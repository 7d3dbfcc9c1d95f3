"""Installations of earlier schemas are upgraded with all that they hold, and go on.

Whatever is committed below `fixtures` is tested; `make schema-fixture` adds the newest schema.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from longshore.database.migrating import revisions
from tests.migration.schema_fixture import (
    BYTES_MAX,
    Client,
    SchemaFixture,
    is_told,
    look,
    run,
    schema_fixtures,
    shown,
)
from tests.postgresql import PostgresDatabases


@pytest.fixture(params=schema_fixtures(), ids=lambda fixture: fixture.revision)
def fixture(request: pytest.FixtureRequest) -> SchemaFixture:
    assert isinstance(request.param, SchemaFixture)
    return request.param


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(
    request: pytest.FixtureRequest,
    fixture: SchemaFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SchemaFixture]:
    """The fixture whose installation, in one of the databases, the environment names."""
    monkeypatch.setenv("LONGSHORE_DATA", str(tmp_path / "data"))
    # Who ran an import when the fixture was made has been silent ever since the server is there.
    monkeypatch.setenv("LONGSHORE_HEARTBEAT_SECONDS", "0.1")
    monkeypatch.setenv("LONGSHORE_TAKEOVER_SECONDS", "0.5")
    monkeypatch.setenv("LONGSHORE_LOG_LEVEL", "error")
    if request.param == "sqlite":
        fixture.restore_embedded(tmp_path / "data")
        assert shown("migrate")["data"]["before"] == fixture.revision
        yield fixture
        return
    databases: PostgresDatabases = request.getfixturevalue("postgresql")
    name = databases.create()
    url = databases.url(name)
    fixture.restore_postgresql(tmp_path / "data", url)
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", url)
    assert shown("migrate")["data"]["before"] == fixture.revision
    yield fixture
    databases.drop(name)


def test_a_fixture_is_small_and_of_a_schema_that_is_known(fixture: SchemaFixture) -> None:
    assert fixture.revision in revisions()
    assert fixture.size < BYTES_MAX


def test_everything_is_shown_as_the_release_showed_it_that_left_it(upgraded: SchemaFixture) -> None:
    found = look()
    for name, expected in upgraded.documents.items():
        assert name in found
        assert is_told(expected, found[name]), (
            f"{name}: {json.dumps(expected)}\n{json.dumps(found[name])}"
        )


def test_what_was_unfinished_is_gone_on_with_and_more_is_imported(
    upgraded: SchemaFixture, tmp_path: Path
) -> None:
    before = upgraded.documents
    begun, behind, waiting = unfinished(before)
    done = before[f"show {begun}"]["data"]
    assert done["attributes"]["status"] == "in_progress"
    assert 0 < done["attributes"]["processed_count"] < done["attributes"]["inputs_size"]

    run("resume")
    for id_ in (begun, behind, waiting):
        ended = shown("show", id_)["data"]
        attributes, meta = ended["attributes"], ended["meta"]
        rows = attributes["inputs_size"]
        assert (attributes["status"], attributes["processed_count"]) == ("completed", rows)
        told = shown("rows", id_)["data"]
        assert [each["row"] for each in told] == [*range(1, rows + 1)]
        for outcome in ("created", "updated"):
            count = sum(each["outcome"] == outcome for each in told)
            assert count == meta[f"{outcome}_count"]
    started, ended_at = (
        [shown("show", id_)["data"]["attributes"][name] for id_ in (begun, behind)]
        for name in ("started_at", "completed_at")
    )
    assert ended_at[0] <= started[1]

    # Both have written the same records, and the one behind has the last word.
    skus = {each["id"]: each["attributes"] for each in shown("records", "skus")["data"]}
    assert len(skus) == len({each["code"] for each in skus.values()})
    rows = before[f"show {behind}"]["data"]["attributes"]["inputs"]
    named = {each["code"]: each["name"] for each in skus.values()}
    assert {row["code"]: named[row["code"]] for row in rows} == {
        row["code"]: row["name"] for row in rows
    }
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([*rows, {"code": "NEWEST", "name": "New", "do_not_ship": True}]))
    new = shown("import", "skus", file)["data"]
    assert (new["meta"]["unchanged_count"], new["meta"]["created_count"]) == (len(rows), 1)
    with Client() as client:
        submitted = client.send("POST", "/api/imports", submission(), status=201)["data"]
    run("resume")
    assert shown("show", submitted["id"])["data"]["meta"]["created_count"] == 1


def unfinished(documents: dict[str, Any]) -> list[str]:
    """The import that was begun, the one that waits for it, and one that waits for nobody."""
    left = [
        each
        for each in documents["imports"]["data"]
        if each["attributes"]["status"] in ("pending", "in_progress")
    ]
    left.sort(key=lambda each: each["attributes"]["resource_type"], reverse=True)
    left[:2] = sorted(left[:2], key=lambda each: each["attributes"]["status"])
    return [each["id"] for each in left]


def submission() -> dict[str, Any]:
    attributes = {"resource_type": "tags", "inputs": [{"name": "newest"}]}
    return {"type": "imports", "attributes": attributes}
