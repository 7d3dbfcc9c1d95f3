"""What several imports leave is what the last accepted one says, whoever dies in between.

Imports over the same records, each with values of its own, are submitted one after the other, by
request and by terminals; two workers run them, and workers and terminals are killed with SIGKILL
again and again. In the end each record must be as the last accepted import says that names it, no
import may have begun before the one before it had ended, and the journal of a record must tell of
imports in their order. `make long` does it with many imports.
"""

import random
import subprocess
import time
from collections.abc import Iterator

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.imports import ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.serving.servers import children, command, environment

KEYS = 300
OPEN_MAX = 6
SECONDS_BETWEEN_DEATHS = 1.5
PATIENCE_SECONDS = 180


class Fight:
    """An installation, two workers, terminals, and their deaths."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        self.data = settings.data
        self.chance = chance
        self.variables = {
            "LONGSHORE_DATABASE_URL": settings.database_url,
            "LONGSHORE_CHUNK_ROWS": "40",
            "LONGSHORE_CHUNK_ROWS_FIRST": "40",
            "LONGSHORE_TAKEOVER_SECONDS": "1",
            "LONGSHORE_HEARTBEAT_SECONDS": "0.2",
            # Who dies at a random place has committed nothing, perhaps, and that is no rule broken.
            "LONGSHORE_IMPORT_ATTEMPTS_MAX": "1000",
        }
        self.longshore: Longshore = open_longshore(
            Settings.from_environment({"LONGSHORE_DATA": str(self.data), **self.variables})
        )
        self.environment = self.longshore.organizations.environment("default", "test")
        self.workers = [self._start_worker() for _ in range(2)]
        self.terminals: list[subprocess.Popen[bytes]] = []
        self.said: dict[str, dict[str, str]] = {}  # source -> value by key
        self.deaths = 0
        self._next_death = time.monotonic() + SECONDS_BETWEEN_DEATHS
        self._done = 0  # rows at the last death

    def accept(self, number: int) -> None:
        """One more import, of some of the records in some order."""
        resource_type = "customer_groups" if self.chance.random() < 0.25 else "skus"
        keys = [f"K{key}" for key in range(KEYS)]
        self.chance.shuffle(keys)
        keys = keys[: self.chance.randint(KEYS // 2, KEYS)]
        source = self.data.with_name(f"{number}.csv")
        more = (",do_not_ship", ",true") if resource_type == "skus" else ("", "")
        lines = "".join(f"{key},{number}{more[1]}\n" for key in keys)
        source.write_text(f"code,name{more[0]}\n{lines}")
        self.said[source.name] = {key: str(number) for key in keys}
        if self.chance.random() < 0.4:
            self.terminals.append(self._start("import", resource_type, str(source)))
        else:
            self.longshore.submissions.submit(
                self.environment,
                Source.from_path(source),
                ImportRequest(resource_type=resource_type),
            )

    def step(self) -> int:
        """Let somebody die if it is time to; how many imports are open, or about to be."""
        for terminal in [each for each in self.terminals if each.poll() is not None]:
            self.terminals.remove(terminal)
        # A machine that is busy may need longer to start a process than the next death is away.
        if time.monotonic() > self._next_death and (done := self._rows_done()) > self._done:
            self._next_death = time.monotonic() + SECONDS_BETWEEN_DEATHS
            self._done = done
            self._kill()
        time.sleep(0.02)
        return max(len(self.longshore.imports.open()), len(self.terminals))

    def end(self) -> None:
        for process in (*self.workers, *self.terminals):
            process.terminate()
        for process in (*self.workers, *self.terminals):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.longshore.close()

    def _rows_done(self) -> int:
        with self.longshore.database.read() as tx:
            ((count,),) = tx.fetch("SELECT coalesce(sum(processed_count), 0) FROM imports")
        return int(count)

    def _kill(self) -> None:
        self.deaths += 1
        if self.terminals and self.chance.random() < 0.4:
            terminal = self.chance.choice(self.terminals)
            terminal.kill()
            terminal.wait()
            return
        index = self.chance.randrange(len(self.workers))
        worker = self.workers[index]
        # A server keeps its worker as a child, and starts another one.
        for child in children(worker.pid):
            subprocess.run(["kill", "-KILL", str(child)], check=False)
        worker.kill()
        worker.wait()
        self.workers[index] = self._start_worker()

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        if self.variables["LONGSHORE_DATABASE_URL"]:
            return self._start("worker")
        return self._start("serve", "--port", "0")

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with open(self.data.with_name("processes.log"), "ab") as log:
            return subprocess.Popen(
                command(self.data, *arguments),
                env={**environment(), **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )


@pytest.fixture
def fight(settings: Settings) -> Iterator[Fight]:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  shown when the test fails
    fight = Fight(settings, random.Random(seed))
    yield fight
    fight.end()


def test_the_last_accepted_import_has_the_last_word_whoever_dies(
    fight: Fight, order_imports: int
) -> None:
    for number in range(order_imports):
        fight.accept(number)
        ends = time.monotonic() + PATIENCE_SECONDS
        while fight.step() >= OPEN_MAX:
            assert time.monotonic() < ends, fight.longshore.status.read()
    ends = time.monotonic() + PATIENCE_SECONDS
    while fight.step():
        assert time.monotonic() < ends, fight.longshore.status.read()
    assert fight.deaths
    accepted = assert_one_after_the_other(fight.longshore)
    # A terminal that is killed before its import is created leaves none.
    for resource_type, sources in accepted.items():
        expected: dict[str, str] = {}
        for source in sources:
            expected |= fight.said[source]
        assert stored(fight.longshore, resource_type) == expected
        assert_journal_in_order(fight.longshore, resource_type)


def assert_one_after_the_other(longshore: Longshore) -> dict[str, list[str]]:
    """The sources of each type in the order in which they were accepted and gone through."""
    with longshore.database.read() as tx:
        rows = tx.fetch(
            "SELECT resource_type, source_name, status, inputs_size, processed_count, started_at,"
            " completed_at FROM imports ORDER BY place"
        )
    found: dict[str, list[str]] = {}
    ended: dict[str, int] = {}
    for resource_type, source, status, size, processed, started_at, completed_at in rows:
        assert (status, processed) == ("completed", size), source
        assert ended.get(resource_type, 0) <= started_at, source
        ended[resource_type] = completed_at
        found.setdefault(resource_type, []).append(source)
    return found


def stored(longshore: Longshore, resource_type: str) -> dict[str, str]:
    with longshore.database.read() as tx:
        return dict(tx.fetch(f"SELECT code, name FROM {resource_type}"))


def assert_journal_in_order(longshore: Longshore, resource_type: str) -> None:
    """The entries of a record name its imports in the order of their places."""
    with longshore.database.read() as tx:
        rows = tx.fetch(
            "SELECT record_id, place FROM entries JOIN imports ON imports.id = import_id"
            " WHERE table_name = ? ORDER BY entries.id",
            (resource_type,),
        )
    last: dict[int, int] = {}
    for record, place in rows:
        assert last.get(record, 0) < place
        last[record] = place
