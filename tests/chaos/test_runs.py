"""A run of any kind is gone on with, wherever in its life the process of its worker dies."""

import itertools
import signal
from collections.abc import Callable

import pytest

from longshore.identifiers import RunId
from longshore.runs import Ending, Run, read_run
from tests.chaos import kinds
from tests.chaos.fleet import Fleet
from tests.chaos.installation import Installation, sku_rows, wait_until

_ROWS = 40_000
_ROWS_OF_HEARTBEATS = 400_000  # of an import that lasts several heartbeats
_PATIENCE_SECONDS = 60


def read(installation: Installation, run_id: RunId) -> Run:
    with installation.longshore.database.read() as tx:
        return read_run(tx, run_id)


def wait_for(installation: Installation, run_id: RunId, condition: Callable[[Run], bool]) -> Run:
    return wait_until(lambda: read(installation, run_id), condition)


def submit(installation: Installation, kind: str, rows: int = _ROWS) -> RunId:
    environment = installation.longshore.organizations.environment("default", "test")
    if kind == "import":
        return installation.submit("default", sku_rows(0, rows)).id
    with installation.longshore.database.write() as tx:
        run_id = kinds.create_count(tx, environment.number)
        installation.longshore.parts.claims.announce(tx, read_run(tx, run_id))
    return run_id


def has_begun(installation: Installation, kind: str, run_id: RunId) -> Callable[[Run], bool]:
    """Whether a chunk of it is committed."""

    def look(_run: Run) -> bool:
        if kind == "import":
            return bool(installation.scalar("SELECT max(processed_count) FROM imports"))
        return bool(installation.scalar("SELECT count(*) FROM counted"))

    return look


def assert_exact(installation: Installation, kind: str, run_id: RunId, rows: int = _ROWS) -> None:
    """All of it was done once, and it ended well."""
    run = wait_for(installation, run_id, lambda current: current.has_ended)
    assert run.ending is Ending.COMPLETED
    scalar = installation.scalar
    if kind == "import":
        assert scalar("SELECT count(*) FROM skus") == rows
        assert scalar("SELECT status FROM imports") == "completed"
        assert scalar("SELECT created_count FROM imports") == rows
    else:
        assert scalar("SELECT count(*) FROM counted") == kinds.LAST
        assert scalar("SELECT began FROM counts") == 1


@pytest.mark.parametrize("kind", ["import", "count"])
@pytest.mark.parametrize(
    "point", ["claiming", "beating", "sweeping", "taking over", "chunk", "completing", "ending"]
)
def test_a_run_goes_on_whose_worker_dies_at(
    installation: Installation, fleet: Fleet, kind: str, point: str
) -> None:
    chunk = {"import": "checkpointed", "count": "counted"}
    rows = _ROWS_OF_HEARTBEATS if point == "beating" else _ROWS
    run_id = submit(installation, kind, rows)
    if point == "sweeping":  # nothing else finds it
        with installation.longshore.database.write() as tx:
            tx.execute("DELETE FROM procrastinate_jobs")
    if point == "taking over":
        first = fleet.start_of_kind(kind)
        wait_for(installation, run_id, has_begun(installation, kind, run_id))
        fleet.kill(first)
        assert not read(installation, run_id).has_ended
    if point == "completing" and kind == "import":
        point = "committed"  # an import of one chunk would end with it: the last one is far off
    dying = fleet.start_of_kind(kind, dies_at=chunk[kind] if point == "chunk" else point)
    assert dying.wait(_PATIENCE_SECONDS) == -signal.SIGKILL
    assert read(installation, run_id).has_ended == (point == "ending")
    fleet.start_of_kind(kind)
    assert_exact(installation, kind, run_id, rows)


@pytest.mark.parametrize("kind", ["import", "count"])
def test_a_worker_that_is_stopped_and_comes_back_writes_nothing(
    installation: Installation, fleet: Fleet, kind: str
) -> None:
    run_id = submit(installation, kind)
    first = fleet.start_of_kind(kind)
    wait_for(installation, run_id, has_begun(installation, kind, run_id))
    fleet.stop(first)
    before = read(installation, run_id)
    assert not before.has_ended
    fleet.start_of_kind(kind)
    wait_for(installation, run_id, lambda current: current.fence > before.fence)
    fleet.resume_stopped()
    assert_exact(installation, kind, run_id)


def test_runs_of_several_kinds_wait_for_each_other(
    installation: Installation, fleet: Fleet
) -> None:
    """A count that may write SKUs comes behind an older import of them, and before a newer one."""
    older = submit(installation, "import")
    count = submit(installation, "count")
    newer = installation.submit("default", sku_rows(0, 10)).id
    fleet.start_of_kind("count")
    importing = fleet.start_of_kind("import")
    ended = [
        wait_for(installation, run_id, lambda current: current.has_ended)
        for run_id in (older, count, newer)
    ]
    times = [(run.started_at, run.ended_at) for run in ended]
    assert importing.poll() is None
    for (_, end), (start, _) in itertools.pairwise(times):
        assert end is not None
        assert start is not None
        assert end <= start
