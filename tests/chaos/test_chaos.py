"""Workers die at random while many imports run; every account stays exact.

Four workers, twelve imports of thousands of rows over three organizations, some over the same keys
in opposite orders with other values, some with rows that fail. Those of one organization run in the
order in which they were submitted, and the last one has the last word on every record. Again and
again a random worker is killed by SIGKILL or stopped by SIGSTOP and replaced; stopped ones come
back later, as a machine does that was cut off. The database is restarted once. `make chaos` goes
on for 200 deaths and measures nothing less.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from longshore.imports import Import
from tests.chaos.conftest import make_organizations
from tests.chaos.fleet import Fleet
from tests.chaos.installation import Installation, sku_rows
from tests.postgresql import PostgresServer

WORKERS = 4
ROWS = 10_000  # of an import, when it goes on for many deaths
ROWS_FEW = 3_000
BAD_EVERY = 97
SECONDS_BETWEEN_DEATHS = 2.0
ORGANIZATIONS = ("default", "second", "third")
STOPPED_MAX = 2  # at the same time; the oldest one comes back first

Batch = Sequence[tuple[str, Import]]  # organization, import


def submit_batch(installation: Installation, number: int, rows_count: int) -> Batch:
    """Twelve imports: in each organization two that bring records of their own, and two over the
    same keys in opposite orders, of which each gives them other names."""
    batch = []
    for organization in ORGANIZATIONS:
        for rows in (
            sku_rows(0, rows_count, prefix=f"A{number}-", bad_every=BAD_EVERY),
            sku_rows(0, rows_count, prefix=f"B{number}-"),
            sku_rows(0, rows_count, prefix=f"S{number}-", name="Older"),
            sku_rows(0, rows_count, prefix=f"S{number}-", name="Newer")[::-1],
        ):
            batch.append((organization, installation.submit(organization, rows)))
    return batch


def assert_batch_exact(
    installation: Installation, batch: Batch, number: int, rows_count: int
) -> None:
    """Each row was gone through once, each record is there once, each creation has its creator,
    and no record is as an import left it that was submitted before another one."""
    bad = len(range(0, rows_count, BAD_EVERY))
    by_organization: dict[str, list[Import]] = {}
    for organization, import_ in batch:
        ended = installation.read(import_)
        assert ended.status == "completed", ended
        assert ended.processed_count + ended.errors_count == rows_count
        by_organization.setdefault(organization, []).append(ended)
    for organization, (first, second, older, newer) in by_organization.items():
        assert (first.created_count, first.errors_count) == (rows_count - bad, bad), organization
        assert (second.created_count, second.errors_count) == (rows_count, 0)
        assert (older.created_count, newer.updated_count) == (rows_count, rows_count)
        for import_ in (first, second, older, newer):
            created = installation.scalar(
                "SELECT count(*) FROM skus WHERE creator_id = ?", import_.id
            )
            assert created == import_.created_count
            logged = installation.scalar(
                "SELECT count(DISTINCT row_number) FROM import_errors WHERE import_id = ?",
                import_.id,
            )
            assert logged == import_.errors_count
    last = installation.scalar(
        "SELECT count(*) FROM skus WHERE split_part(code, '-', 1) = ? AND name LIKE 'Newer %'",
        f"S{number}",
    )
    assert last == len(ORGANIZATIONS) * rows_count
    stored = installation.scalar(
        "SELECT count(DISTINCT (id >> 40, code)) FROM skus WHERE split_part(code, '-', 1)"
        " IN (?, ?, ?)",
        f"A{number}",
        f"B{number}",
        f"S{number}",
    )
    assert stored == len(ORGANIZATIONS) * (3 * rows_count - bad)


class Death:
    """Kills or stops a random worker every now and then, and replaces it."""

    def __init__(self, fleet: Fleet, chance: random.Random) -> None:
        self._fleet = fleet
        self._chance = chance
        self._next = time.monotonic() + SECONDS_BETWEEN_DEATHS
        self._progress: object = None
        self.count: Counter[str] = Counter()

    def come(self, progress: object) -> None:
        """If it is time to, and something was done since it came last.

        On a loaded machine a worker may need longer to start than workers live.
        """
        if time.monotonic() < self._next or progress == self._progress:
            return
        self._progress = progress
        self._next = time.monotonic() + SECONDS_BETWEEN_DEATHS
        victim = self._chance.choice(self._fleet.workers)
        if self._chance.random() < 0.5:
            self._fleet.kill(victim)
            self.count["SIGKILL"] += 1
        else:
            self._fleet.stop(victim)
            self.count["SIGSTOP"] += 1
            if len(self._fleet.stopped) > STOPPED_MAX:
                self._fleet.resume(self._fleet.stopped[0])
                self._fleet.kill(self._chance.choice(self._fleet.workers))
        self._fleet.start()


def run_to_the_end(
    installation: Installation,
    batch: Batch,
    step: Callable[[object], None],
    *,
    seconds: float = 280,
) -> None:
    """`step` is told, again and again, how far the imports are."""
    ends = time.monotonic() + seconds
    left = [import_ for _, import_ in batch]
    while left:
        step([each.consumed_count for each in left])
        left = [each for each in map(installation.read, left) if not each.is_finished]
        assert time.monotonic() < ends, left
        time.sleep(0.05)


def test_every_account_is_exact_whatever_dies(
    server: PostgresServer, tmp_path: Path, chaos_kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    rows_count = ROWS if chaos_kills else ROWS_FEW
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    installation = Installation(server.url(), tmp_path / "data")
    fleet = Fleet(installation.url, installation.data)
    make_organizations(installation, *ORGANIZATIONS[1:])
    # Workers at random places of their start die without a chunk, too, and that is no rule broken.
    fleet.variables["LONGSHORE_IMPORT_ATTEMPTS_MAX"] = "1000"
    try:
        for _ in range(WORKERS):
            fleet.start()
        death = Death(fleet, chance)
        batches: list[Batch] = []
        while not batches or death.count.total() < chaos_kills:
            batch = submit_batch(installation, len(batches), rows_count)
            restarts_at = None if batches else time.monotonic() + 3

            def step(progress: object) -> None:
                nonlocal restarts_at
                death.come(progress)
                if restarts_at is not None and time.monotonic() > restarts_at:
                    restarts_at = None
                    server.stop("immediate")
                    server.start()

            run_to_the_end(installation, batch, step)
            assert_batch_exact(installation, batch, len(batches), rows_count)
            batches.append(batch)
        # Those that were stopped come back to a world that went on without them.
        fleet.resume_stopped()
        fleet.end()
        for each, batch in enumerate(batches):
            assert_batch_exact(installation, batch, each, rows_count)
        assert installation.scalar("SELECT count(*) FROM imports WHERE status <> 'completed'") == 0
        with capsys.disabled():
            if chaos_kills:
                told = ", ".join(f"{count} {name}" for name, count in death.count.items())
                print(f"\nseed {seed}: {len(batches) * 12} imports, {told}, 1 restart")  # noqa: T201
    finally:
        fleet.kill_all()
        installation.close()
