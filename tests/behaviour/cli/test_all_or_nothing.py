"""`longshore import --all-or-nothing`, and Ctrl-C at each of its stages."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.cli.import_work import Work
from longshore.cli.stops import watch_for_stops
from longshore.engine import RecordWriter
from longshore.identifiers import RecordId
from longshore.imports import ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.served import send_in_parts

ROWS = 2500  # three ranges
BAD = "B1,,true\n"


def sheet(count: int, *further: str) -> str:
    rows = (f"A{number},x,true\n" for number in range(count))
    return "code,name,do_not_ship\n" + "".join([*rows, *further])


@pytest.fixture
def good(make_file) -> Path:
    path = make_file("good.csv", sheet(ROWS))
    assert isinstance(path, Path)
    return path


@pytest.fixture
def bad(make_file) -> Path:
    path = make_file("bad.csv", sheet(20, BAD))
    assert isinstance(path, Path)
    return path


@pytest.mark.usefixtures("on_every_database")
def test_a_row_that_fails_keeps_all_out_and_the_report_says_so(run, bad) -> None:
    tried = run("import", "skus", bad, "--all-or-nothing", "--dry-run")
    assert tried.code == 1
    assert tried.facts["interrupted because"] == "nothing would be written: 1 row failed"
    ended = run("import", "skus", bad, "--all-or-nothing")
    assert (ended.code, ended.facts["status"]) == (1, "interrupted")
    assert ended.facts["interrupted because"] == "nothing was written: 1 row failed"
    assert ended.facts["all or nothing"] == "nothing was written"
    counts = [ended.facts[name] for name in ("rows", "created", "skipped", "failed")]
    assert counts == ["21", "0", "20", "1"]
    assert "hint: mend the rows in the file and import all of it" in ended.err
    assert "longshore retry" not in ended.err
    assert run("records", "skus", "--json").data == []
    public_id = ended.facts["import"]
    assert run("show", public_id).facts["all or nothing"] == "nothing was written"
    refused = run("retry", public_id, "--replace", "name:=x")
    assert refused.code == 2
    assert "is all or nothing: without its other rows" in refused.err


@pytest.mark.usefixtures("on_every_database")
def test_what_no_row_keeps_out_is_in(run, good) -> None:
    tried = run("import", "skus", good, "--all-or-nothing", "--dry-run")
    assert (tried.code, tried.facts["created"]) == (0, "2,500")
    ended = run("import", "skus", good, "--all-or-nothing")
    assert (ended.code, ended.facts["all or nothing"]) == (0, "all is written")
    assert "writing skus: 2,500 of 2,500 rows" in ended.err
    repeated = run("import", "skus", good, "--all-or-nothing", "--once")
    assert repeated.code == 2


def test_rows_that_are_not_wanted_do_not_fail(run, make_file, good) -> None:
    run("import", "skus", make_file("first.csv", sheet(1)))
    ended = run("import", "skus", good, "--all-or-nothing", "--only", "create", "--stop-after", "1")
    assert (ended.code, ended.facts["created"]) == (0, "2,499")
    assert ended.facts["skipped"] == "1 (only create)"


def test_skipping_errors_as_well_is_misuse(run, good) -> None:
    refused = run("import", "skus", good, "--all-or-nothing", "--skip-errors")
    assert (refused.code, refused.out) == (2, "")
    assert "--all-or-nothing writes none then" in refused.err


# Signals


def _settings(data: Path) -> Settings:
    return Settings(data=data, database_url=os.environ.get("LONGSHORE_DATABASE_URL", ""))


class Stopped:
    """An import in this process during which a signal comes in at one moment."""

    def __init__(self, data: Path, source: Path, moments: dict[tuple[str, int], signal.Signals]):
        self.moments = moments
        self.seen: Counter[str] = Counter()
        with (
            open_longshore(_settings(data), on_point=self._reach) as longshore,
            watch_for_stops() as stops,
        ):
            work = Work(longshore, longshore.organizations.environment("default", "test"), stops)
            request = ImportRequest(resource_type="skus", all_or_nothing=True)
            self.ended, _ = work.run(work.submit(Source.from_path(source), request))
            with longshore.database.read() as tx:
                ((self.records,),) = tx.fetch("SELECT count(*) FROM skus")

    def _reach(self, point: str) -> None:
        self.seen[point] += 1
        if number := self.moments.get((point, self.seen[point])):
            signal.raise_signal(number)


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize(
    ("point", "passing", "stage"),
    [("judged", 1, "judging"), ("committed", 1, "going_back"), ("gone back", 1, "going_back")],
)
def test_ctrl_c_leaves_nothing_behind(
    data: Path, good: Path, point: str, passing: int, stage: str
) -> None:
    moments = {(point, passing): signal.SIGINT}
    if point == "gone back":  # Ctrl-C was what made it go back
        moments = {("committed", 1): signal.SIGINT}
    stopped = Stopped(data, good, moments)
    assert (stopped.ended.status, stopped.ended.stage) == ("interrupted", stage)
    assert stopped.records == 0


@pytest.mark.usefixtures("on_every_database")
def test_an_import_that_is_left_while_it_is_written_is_taken_back_by_whoever_resumes_it(
    run, data: Path, good: Path
) -> None:
    stopped = Stopped(data, good, {("committed", 1): signal.SIGTERM})
    assert (stopped.ended.status, stopped.ended.stage) == ("in_progress", "writing")
    assert 0 < stopped.records < ROWS
    public_id = run("imports", "--json").data[0]["id"]
    assert run("show", public_id).facts["all or nothing"] == "no row failed, and all are written"
    refused = run("delete", public_id)
    assert (refused.code, "can be deleted when it has ended" in refused.err) == (2, True)
    asked = run("interrupt", public_id)
    assert asked.facts["all or nothing"] == "what was written is taken back"
    assert "taken back before it ends" in asked.err
    assert "longshore resume finishes it" in asked.err
    assert "what was written is taken back" in run("status").out
    assert run("status", "--json").json["imports"][0]["stage"] == "going_back"
    resumed = run("resume")
    assert (resumed.code, resumed.facts["status"]) == (1, "interrupted")
    assert resumed.facts["all or nothing"] == "it has gone back"
    assert resumed.facts["interrupted because"] == (
        f"it was stopped; {stopped.records:,} rows were taken back"
    )
    assert run("records", "skus", "--json").data == []


@pytest.mark.usefixtures("on_every_database")
def test_a_newer_import_waits_until_an_older_one_has_gone_back(
    run, data: Path, good: Path, make_file
) -> None:
    Stopped(data, good, {("committed", 1): signal.SIGTERM})
    newer = run("import", "skus", make_file("newer.csv", sheet(3)), "--supersede")
    assert "is superseded: what it has written is taken back first" in newer.err
    assert (newer.code, newer.facts["created"]) == (0, "3")
    assert len(run("records", "skus", "--json").data) == 3


@pytest.mark.usefixtures("on_every_database")
def test_what_somebody_else_has_changed_meanwhile_is_listed(
    run, data: Path, good: Path, make_file
) -> None:
    run("import", "skus", make_file("stored.csv", sheet(1)))
    renamed = make_file("renamed.csv", sheet(ROWS).replace(",x,", ",y,"))
    Stopped(data, renamed, {("committed", 1): signal.SIGTERM})
    public_id = run("imports", "--json").data[0]["id"]
    record = run("records", "skus", "--json").data[0]
    with open_longshore(_settings(data)) as longshore:
        writer = RecordWriter(
            longshore.database, longshore.catalogue, longshore.settings, longshore.public_ids
        )
        id_ = longshore.public_ids.decode(record["id"])
        assert id_ is not None
        environment = longshore.organizations.environment("default", "test")
        writer.update(environment, "skus", RecordId(id_), {"name": "by hand"}, creator=1)
    run("interrupt", public_id)
    resumed = run("resume")
    assert resumed.facts["interrupted because"] == (
        "it was stopped; 999 rows were taken back; 1 field stays as somebody else has left it"
    )
    assert f"hint: longshore kept {public_id} lists what stays" in resumed.err
    (part,) = run("kept", public_id, "--json").data
    assert (part["reason"], part["fields"], part["row"]) == ("changed_since", ["name"], 1)
    meta = run("show", public_id, "--json").data["meta"]
    assert list(meta["kept_log"]) == ["changed_since"]
    assert (meta["kept_reasons"], meta["kept_log_left_out"]) == ({"changed_since": 1}, 0)


# At a server


def test_at_a_server_nothing_is_left_of_it_either(at_server, look_at_server, bad) -> None:
    ended = at_server("skus", bad, "--all-or-nothing")
    assert (ended.code, ended.facts["status"]) == (1, "interrupted")
    assert ended.facts["interrupted because"] == "nothing was written: 1 row failed"
    assert look_at_server("records", "skus", "--json").data == []


def test_parts_are_refused(at_server, make_file, monkeypatch) -> None:
    send_in_parts(monkeypatch, 5)
    refused = at_server("skus", make_file("s.csv", sheet(12)), "--all-or-nothing")
    assert refused.code == 2
    assert "cannot hold over the 3 imports" in refused.err
