"""Signals: Ctrl-C interrupts an import, SIGTERM leaves it open, both with exact accounts."""

import json
import os
import pty
import signal
from pathlib import Path

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.cli.import_work import Work
from longshore.cli.stops import watch_for_stops
from longshore.imports import Import, ImportRequest
from longshore.jobs import runner_lock
from longshore.settings import Settings
from longshore.sources import Source

ROWS = 40
CHUNK = 10
LARGE = 20_000


@pytest.fixture
def source(make_file) -> Path:
    content = "code,name\n" + "".join(f"A{n},Thing {n}\n" for n in range(ROWS))
    path = make_file("skus.csv", content)
    assert isinstance(path, Path)
    return path


class Stopped:
    """An import in this process during which signals come in at named moments of its chunks."""

    def __init__(self, data: Path, source: Path, moments: dict[tuple[str, int], signal.Signals]):
        self.moments = moments
        self.seen: dict[str, int] = {}
        settings = Settings(
            data=data,
            database_url=os.environ.get("LONGSHORE_DATABASE_URL", ""),
            chunk_rows=CHUNK,
            chunk_rows_first=CHUNK,
        )
        with (
            open_longshore(settings, on_point=self._reach) as longshore,
            watch_for_stops() as stops,
        ):
            environment = longshore.organizations.environment("default", "test")
            work = Work(longshore, environment, stops)
            request = ImportRequest(resource_type="skus", parent="MAIN")
            import_ = work.submit(Source.from_path(source), request)
            self.ended: Import = work.run(import_)[0]
            self.records = self._count(longshore)

    def _reach(self, point: str) -> None:
        self.seen[point] = self.seen.get(point, 0) + 1
        if number := self.moments.get((point, self.seen[point])):
            signal.raise_signal(number)

    def _count(self, longshore: Longshore) -> int:
        with longshore.database.read() as tx:
            ((count,),) = tx.fetch("SELECT count(*) FROM skus")
        assert isinstance(count, int)
        return count


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize("point", ["started", "flushed", "checkpointed", "committed"])
def test_ctrl_c_interrupts_the_import_after_the_chunk_in_hand(
    category, data: Path, source: Path, point: str
) -> None:
    stopped = Stopped(data, source, {(point, 2): signal.SIGINT})
    assert stopped.ended.status == "interrupted"
    assert stopped.ended.created_count == stopped.records == 2 * CHUNK


@pytest.mark.usefixtures("on_every_database")
def test_ctrl_c_while_the_last_chunk_is_in_hand_lets_the_import_complete(
    category, data: Path, source: Path
) -> None:
    stopped = Stopped(data, source, {("flushed", ROWS // CHUNK): signal.SIGINT})
    assert stopped.ended.status == "completed"
    assert stopped.records == ROWS


@pytest.mark.usefixtures("on_every_database")
def test_sigterm_leaves_the_import_open_and_resume_finishes_it(
    run, category, data: Path, source: Path
) -> None:
    stopped = Stopped(data, source, {("flushed", 2): signal.SIGTERM})
    assert stopped.ended.status == "in_progress"
    assert stopped.ended.created_count == stopped.records == 2 * CHUNK
    shown = run("show", run("imports", "--json").data[0]["id"])
    assert "hint: longshore resume" in shown.err
    resumed = run("resume")
    assert resumed.code == 0
    assert resumed.facts["status"] == "completed"
    assert resumed.facts["created"] == str(ROWS)
    again = run("resume")
    assert (again.code, again.out) == (0, "")
    assert "no import is open" in again.err


@pytest.mark.usefixtures("on_every_database")
def test_a_second_signal_stops_at_once_and_the_chunk_in_hand_is_rolled_back(
    run, category, data: Path, source: Path
) -> None:
    stopped = Stopped(
        data, source, {("flushed", 2): signal.SIGINT, ("checkpointed", 2): signal.SIGINT}
    )
    assert stopped.ended.status == "in_progress"
    assert stopped.ended.created_count == stopped.records == CHUNK
    (resumed,) = run("resume", "--json").data
    assert resumed["attributes"]["processed_count"] == ROWS
    assert len(run("records", "skus", "--json").data) == ROWS


@pytest.mark.parametrize(
    ("number", "statuses"),
    [(signal.SIGINT, ["interrupted"]), (signal.SIGTERM, ["pending", "in_progress"])],
)
def test_a_process_that_is_stopped_tells_what_was_committed(
    run, category, start, make_file, number: signal.Signals, statuses: list[str]
) -> None:
    rows = "".join(f"A{n},Thing {n},x\n" for n in range(LARGE))
    file = make_file("skus.csv", "code,name,unknown\n" + rows)
    settings = {"LONGSHORE_CHUNK_ROWS": "50", "LONGSHORE_CHUNK_ROWS_FIRST": "50"}
    process = start("import", "skus", file, "--parent", "MAIN", "--json", settings=settings)
    # The column is named once the source is stored, just before the first row.
    while "unknown is ignored" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(number)
    process.communicate()
    assert process.returncode == 1
    attributes = run("imports", "--json").data[0]["attributes"]
    assert attributes["status"] in statuses
    assert attributes["processed_count"] == len(run("records", "skus", "--json").data) < LARGE


@pytest.mark.parametrize("command", ["interrupt", "delete"])
def test_a_running_import_is_stopped_from_another_process(
    run, category, start, make_file, command: str
) -> None:
    rows = "".join(f"A{n},Thing {n},x\n" for n in range(LARGE))
    file = make_file("skus.csv", "code,name,unknown\n" + rows)
    settings = {"LONGSHORE_CHUNK_ROWS": "50", "LONGSHORE_CHUNK_ROWS_FIRST": "50"}
    process = start("import", "skus", file, "--parent", "MAIN", "--json", settings=settings)
    while "unknown is ignored" not in process.stderr.readline():
        assert process.poll() is None
    public_id = run("imports", "--json").data[0]["id"]
    assert run(command, public_id).code == 0
    out, _ = process.communicate()
    assert process.returncode == 1
    attributes = json.loads(out)["data"]["attributes"]
    assert attributes["status"] == "interrupted"
    assert attributes["processed_count"] == len(run("records", "skus", "--json").data) < LARGE
    assert run("show", public_id).code == (0 if command == "interrupt" else 2)


def test_resume_leaves_an_import_to_the_process_that_runs_it(
    run, category, data: Path, source: Path
) -> None:
    with open_longshore(Settings(data=data)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        request = ImportRequest(resource_type="skus", parent="MAIN")
        import_ = longshore.submissions.submit(environment, Source.from_path(source), request)
        with runner_lock(data, import_.id):
            left = run("resume", "--json")
            assert (left.code, left.data) == (0, [])
            assert "is run by another process" in left.err
        (finished,) = run("resume", "--json").data
    assert finished["attributes"]["processed_count"] == ROWS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_rows_are_typed_stops_at_once_and_nothing_is_imported(
    run, category, data: Path, start, number: signal.Signals
) -> None:
    keyboard, terminal = pty.openpty()
    process = start("import", "skus", "-", stdin=terminal)
    os.close(terminal)
    assert "reading rows from the terminal" in process.stderr.readline()
    os.write(keyboard, b"code,name\nA1,One\n")
    process.send_signal(number)
    _, err = process.communicate()
    os.close(keyboard)
    assert process.returncode == 1
    assert "nothing was imported" in err
    assert len(run("imports", "--json").data) == 1  # that of the category
    assert len(list((data / "attachments").glob("*.gz*"))) == 2  # the category's, with its index
    assert not list((data / "attachments").glob(".*"))
