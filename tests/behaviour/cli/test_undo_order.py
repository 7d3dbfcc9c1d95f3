"""Undos among the imports of an environment: who waits for whom, what is stopped and resumed."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.cli.import_work import Work
from longshore.cli.stops import Stops
from longshore.imports import ImportRequest
from longshore.operations import Asker
from longshore.settings import Settings
from longshore.sources import Source
from longshore.undos import Undo, UndoStatus
from tests.behaviour.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("on_every_database")


@pytest.fixture
def points() -> "dict[str, Callable[[], None]]":
    """What happens at named moments."""
    return {}


@pytest.fixture
def longshore(run: Run, data: Path, points: "dict[str, Callable[[], None]]") -> Iterator[Longshore]:
    """The installation of the commands, as another process has it open; it takes two rows at a
    time."""
    settings = Settings(
        data=data,
        database_url=os.environ.get("LONGSHORE_DATABASE_URL", ""),
        chunk_rows=2,
        chunk_rows_first=2,
    )

    def on_point(point: str) -> None:
        points.get(point, lambda: None)()

    with open_longshore(settings, on_point=on_point) as longshore:
        yield longshore


@pytest.fixture
def file(make_file: Callable[..., Path]) -> Path:
    return make_file("tags.csv", "name\n" + "".join(f"tag{n}\n" for n in range(6)))


@pytest.fixture
def undo(longshore: Longshore, file: Path) -> Undo:
    """A pending undo of an import of six tags."""
    environment = longshore.organizations.environment("default", "test")
    request = ImportRequest(resource_type="tags")
    import_ = longshore.submissions.submit(
        environment, Source.from_path(file), request, to_run=True
    )
    ended = longshore.import_runs.run(import_.id)
    return longshore.undos.start(Asker(environment=environment), ended)


def tags(run: Run) -> int:
    return len(run("records", "tags", "--json").data)


def test_an_undo_that_was_left_open_is_told_and_resumed(run: Run, longshore, undo) -> None:
    public_id = longshore.public_ids.encode(undo.id)
    shown = run("show", public_id)
    assert shown.facts["status"] == "pending"
    assert "the undo has not begun and no process is at it" in shown.err
    assert "hint: longshore resume finishes it" in shown.err
    assert public_id in run("status").out
    (found,) = run("status", "--json").json["runs"]
    assert (found["id"], found["kind"], found["standing"]) == (public_id, "undo", "waiting")
    resumed = run("resume", "--json")
    assert resumed.code == 0
    assert [(each["type"], each["id"]) for each in resumed.data] == [("import_undos", public_id)]
    assert tags(run) == 0
    assert run("resume").err == "no import is open\n"


def test_an_import_finishes_an_older_undo_first(run: Run, longshore, undo, file) -> None:
    public_id = longshore.public_ids.encode(undo.id)
    ended = run("import", "tags", file, "--json")
    assert ended.code == 0
    assert f"undo {public_id} (tags) is older and of 6 changes has not begun" in ended.err
    assert f"undo {public_id} is completed: 6 of 6 changes, 0 records kept\n" in ended.err
    assert ended.data["meta"]["created_count"] == 6


def test_an_undo_finishes_an_older_import_first(run: Run, longshore, file) -> None:
    import_id = run("import", "tags", file, "--json").data["id"]
    environment = longshore.organizations.environment("default", "test")
    older = longshore.submissions.submit(
        environment, Source.from_path(file), ImportRequest(resource_type="tags")
    )
    older_id = longshore.public_ids.encode(older.id)
    ended = run("undo", import_id)
    assert ended.code == 0
    assert f"import {older_id} (tags) is older and of 6 rows has not begun" in ended.err
    assert tags(run) == 0
    assert run("show", import_id).facts["undo"].endswith("(completed)")


def test_an_import_tells_for_which_undo_it_waits(run: Run, longshore, undo, file) -> None:
    environment = longshore.organizations.environment("default", "test")
    newer = longshore.submissions.submit(
        environment, Source.from_path(file), ImportRequest(resource_type="tags")
    )
    shown = run("show", longshore.public_ids.encode(newer.id), "--json").data
    waits_for = shown["meta"]["waits_for"]
    assert (waits_for["kind"], waits_for["id"]) == (
        "undo",
        longshore.public_ids.encode(undo.id),
    )
    assert (waits_for["resource_type"], waits_for["inputs_size"]) == ("tags", 6)
    assert waits_for["command"] == "longshore resume"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_an_undo_after_the_changes_in_hand(
    run: Run, longshore, undo, points, number
) -> None:
    """Ctrl-C interrupts it, and another undo goes on; SIGTERM leaves it open."""
    stops = Stops(0)

    def stop() -> None:
        stops.asked = number

    points["noted"] = stop
    environment = longshore.organizations.environment("default", "test")
    ended, _ = Work(longshore, environment, stops).run_undo(undo)
    assert ended.done_count == 2
    assert tags(run) == 4
    public_id = longshore.public_ids.encode(undo.id)
    if number is signal.SIGINT:
        assert ended.status is UndoStatus.INTERRUPTED
        assert run("undo", longshore.public_ids.encode(ended.import_id)).code == 0
    else:
        assert ended.status is UndoStatus.IN_PROGRESS
        assert run("show", public_id).facts["not reached"] == "4"
        assert run("resume").code == 0
    assert tags(run) == 0


def test_an_import_that_is_deleted_interrupts_its_undo(run: Run, longshore, undo) -> None:
    import_id = longshore.public_ids.encode(undo.import_id)
    assert run("delete", import_id).code == 0
    facts = run("show", longshore.public_ids.encode(undo.id)).facts
    assert facts["status"] == "interrupted"
    assert facts["interrupted because"] == "the import was deleted"
    assert tags(run) == 6


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE imports SET kind = 'plan' WHERE id = ?", "is a plan, which has written nothing"),
        (
            "DELETE FROM import_ledger WHERE import_id = ?",
            "is not known: an older release has run it",
        ),
    ],
)
def test_what_has_no_rows_to_take_back_is_refused(
    run: Run, longshore, file, statement, told
) -> None:
    import_id = run("import", "tags", file, "--json").data["id"]
    with longshore.database.write() as tx:
        tx.execute(statement, (longshore.public_ids.decode(import_id),))
    ended = run("undo", import_id)
    assert ended.code == 2
    assert told in ended.err
    assert "hint: " in ended.err
