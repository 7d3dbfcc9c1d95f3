"""What the terminal says of imports that wait for older ones."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.imports import ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.conftest import Ended, Run

pytestmark = pytest.mark.usefixtures("on_every_database")


@pytest.fixture
def longshore(run: Run, data: Path) -> Iterator[Longshore]:
    """The installation of the commands, as another process has it open."""
    settings = Settings(data=data, database_url=os.environ.get("LONGSHORE_DATABASE_URL", ""))
    with open_longshore(settings) as longshore:
        yield longshore


@pytest.fixture
def file(make_file) -> Path:
    path = make_file("tags.csv", "name\none\ntwo\n")
    assert isinstance(path, Path)
    return path


def submit(
    longshore: Longshore, file: Path, resource_type: str = "tags", *, to_run: bool = False
) -> str:
    import_ = longshore.submissions.submit(
        longshore.organizations.environment("default", "test"),
        Source.from_path(file),
        ImportRequest(resource_type=resource_type),
        to_run=to_run,
    )
    return longshore.public_ids.encode(import_.id)


def standing(run: Run, public_id: str) -> dict[str, object]:
    (found,) = (each for each in run("status", "--json").json["imports"] if each["id"] == public_id)
    return dict(found)


def test_show_and_status_say_for_whom_an_import_waits(
    run: Run, longshore: Longshore, file: Path
) -> None:
    older = submit(longshore, file, to_run=True)
    newer, other = submit(longshore, file), submit(longshore, file, "customer_groups")
    shown = run("show", newer)
    assert f"the import waits for import {older} (tags, 0 of 2 rows), run by a command" in shown.err
    assert f"hint: longshore interrupt {older} stops it" in shown.err
    waits_for = run("show", newer, "--json").data["meta"]["waits_for"]
    assert (waits_for["id"], waits_for["command"]) == (older, f"longshore interrupt {older}")
    assert standing(run, older)["standing"] == "running"
    assert standing(run, newer)["standing"] == "waiting"
    assert standing(run, newer)["waits_for"] == waits_for
    assert standing(run, newer)["stuck"] is False
    assert standing(run, other)["waits_for"] is None
    assert older in run("status").out


def test_an_import_that_commits_nothing_though_its_process_lives_is_told_as_stalled(
    run: Run, longshore: Longshore, file: Path
) -> None:
    older = submit(longshore, file)
    newer = submit(longshore, file)
    inside = longshore.public_ids.decode(older)
    assert inside is not None
    with longshore.parts.claims.claimed(inside):
        with longshore.database.write() as tx:
            tx.execute("UPDATE imports SET updated_at = updated_at - 61000 WHERE id = ?", (inside,))
        found = standing(run, older)
        assert (found["standing"], found["stuck"]) == ("stalled", True)
        assert "stalled: nothing was committed for 1 min" in run("show", newer).err


def names(ended: Ended) -> set[str]:
    return {each["attributes"]["name"] for each in ended.data}


def test_what_waits_without_a_process_is_run_first(
    run: Run, longshore: Longshore, make_file, file: Path
) -> None:
    older = submit(longshore, file)
    ended = run("import", "tags", make_file("more.csv", "name\ntwo\nthree\n"))
    assert ended.code == 0
    assert f"import {older} (tags) is older and of 2 rows has not begun" in ended.err
    assert f"import {older} is completed: 2 of 2 rows, 0 failed" in ended.err
    assert (ended.facts["created"], ended.facts["unchanged"]) == ("1", "1")
    assert names(run("records", "tags", "--json")) == {"one", "two", "three"}


def test_imports_of_other_types_are_left_alone(run: Run, longshore: Longshore, file: Path) -> None:
    other = submit(longshore, file, "customer_groups")
    ended = run("import", "tags", file, "--supersede")
    assert (ended.code, ended.facts["created"]) == (0, "2")
    assert other not in ended.err
    assert standing(run, other)["standing"] == "waiting"


def test_superseding_ends_also_what_a_living_process_has_and_says_how_far_it_got(
    run: Run, longshore: Longshore, file: Path
) -> None:
    older = submit(longshore, file, to_run=True)
    ended = run("import", "tags", file, "--supersede", "--json")
    assert ended.code == 0
    assert f"import {older} (tags) is superseded and was interrupted: 0 of 2 rows" in ended.err
    newer = ended.data["id"]
    shown = run("show", older, "--json").data["attributes"]
    assert shown["status"] == "interrupted"
    reason = f"the newer import {newer} superseded it"
    assert shown["errors_log"] == {"unknown": {"base": [reason]}}


def test_superseding_makes_room_where_too_many_imports_are_open(
    run: Run, longshore: Longshore, file: Path
) -> None:
    for _ in range(10):
        submit(longshore, file)
    refused = run("import", "tags", file)
    assert refused.code == 2
    assert "10 imports are pending or in progress" in refused.err
    assert run("import", "customer_groups", file, "--supersede").code == 2
    assert len(longshore.imports.open()) == 10
    assert run("import", "tags", file, "--supersede").code == 0
    assert longshore.imports.open() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--dry-run"], "--supersede interrupts imports, and --dry-run changes nothing"),
        (["--server", "http://127.0.0.1:1"], "--supersede works in a data folder"),
    ],
)
def test_superseding_is_refused_where_it_makes_no_sense(
    run: Run, longshore: Longshore, file: Path, options: list[str], message: str
) -> None:
    older = submit(longshore, file)
    refused = run("import", "tags", file, "--supersede", *options)
    assert refused.code == 2
    assert message in refused.err
    assert standing(run, older)["standing"] == "waiting"
