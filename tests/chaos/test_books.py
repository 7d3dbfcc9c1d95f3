"""The books of an import agree at every look, whoever stops it or dies.

Random files with good and bad rows, new, known and repeated records, random stop rules and limits
are run by a real process in small chunks. That is killed with SIGKILL in the middle of some of
them, and some are interrupted. At every poll created + updated + unchanged + failed + skipped + not
yet is `inputs_size`, and the ledger says the same as the counts. In the end what became of each row
is what a naive account of the rows says, up to the row that a rule, the threshold or somebody
stopped it at.

`--books N` says how many files; `make long` takes many.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.error_codes import ErrorCode
from longshore.identifiers import ImportId
from longshore.imports import (
    Import,
    ImportFinished,
    ImportRequest,
    Only,
    RowOutcome,
    StopRules,
    count_ledger,
    ledger_rows,
    read_import,
)
from longshore.operations import Asker
from longshore.readers import Format
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.serving.servers import environment

ROWS_MAX = 120
KEYS = 40  # fewer than rows, so records are named again
PATIENCE_SECONDS = 180

# What is wrong with a row, by the code of its error.
_WRONG: Mapping[ErrorCode, Mapping[str, Any]] = {
    ErrorCode.BLANK: {"name": None},
    ErrorCode.NOT_A_NUMBER: {"weight": "heavy"},
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A row, and what is known of it beforehand."""

    code: str
    name: str
    wrong: ErrorCode | None

    def to_row(self) -> dict[str, Any]:
        row = {"code": self.code, "name": self.name, "do_not_ship": True}
        return {**row, **(_WRONG[self.wrong] if self.wrong is not None else {})}


@dataclass(frozen=True, slots=True)
class Account:
    """What ought to become of an import that nobody interrupts."""

    outcomes: list[RowOutcome]  # up to the row at which it ends
    stopped_by: str | None
    status: str


class Books:
    """An installation, who runs its imports, and what ought to be in it."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        self.chance = chance
        self.variables = {
            "LONGSHORE_DATA": str(settings.data),
            "LONGSHORE_DATABASE_URL": settings.database_url,
            "LONGSHORE_CHUNK_ROWS": "5",
            "LONGSHORE_CHUNK_ROWS_FIRST": "3",
            "LONGSHORE_TAKEOVER_SECONDS": "0.5",
            "LONGSHORE_HEARTBEAT_SECONDS": "0.1",
            # Who dies at a random place has committed nothing, perhaps, and that is no rule broken.
            "LONGSHORE_IMPORT_ATTEMPTS_MAX": "1000",
        }
        self.longshore: Longshore = open_longshore(Settings.from_environment(self.variables))
        self.environment = self.longshore.organizations.environment("default", "test")
        self.names: dict[str, str] = {}  # of the records, by code
        self.log = settings.data.with_name("runner.log")
        self.runner = self._start()
        self.polls = self.deaths = self.interruptions = 0

    def end(self) -> None:
        self.runner.kill()
        self.runner.wait()
        self.longshore.close()

    def keep(self) -> str:
        """One file, from its submission to the last look; how it ended."""
        rows, request = self._rows(), self._request()
        source = json.dumps([row.to_row() for row in rows]).encode()
        expected = account(rows, self.names, request)
        disturbed_at = self.chance.randint(0, len(rows))
        disturbance = self.chance.choice(["none", "none", "kill", "interrupt"])
        stream = Source.from_stream(BytesIO(source), format=Format.JSON)
        id = self.longshore.submissions.submit(self.environment, stream, request).id
        ends = time.monotonic() + PATIENCE_SECONDS
        import_ = self.look(id)
        while not import_.is_finished:
            if disturbance != "none" and import_.consumed_count >= disturbed_at:
                self._disturb(id, disturbance)
                disturbance = "none"
            assert time.monotonic() < ends, (import_, self.log.read_text()[-4000:])
            time.sleep(0.002)
            import_ = self.look(id)
        self._check_end(import_, rows, expected, request)
        return import_.stopped_by.rule if import_.stopped_by is not None else str(import_.status)

    def look(self, id: ImportId) -> Import:
        """The import at this moment; its books agree."""
        self.polls += 1
        with self.longshore.database.read() as tx:
            import_ = read_import(tx, id)
            ledger = count_ledger(tx, id)
        counts = {
            RowOutcome.CREATED: import_.created_count,
            RowOutcome.UPDATED: import_.updated_count,
            RowOutcome.UNCHANGED: import_.unchanged_count,
            RowOutcome.FAILED: import_.errors_count,
            RowOutcome.SKIPPED: import_.skipped_count,
        }
        assert ledger == counts
        not_yet = import_.inputs_size - import_.consumed_count
        assert not_yet >= 0
        assert sum(counts.values()) + not_yet == import_.inputs_size
        return import_

    def _check_end(
        self, import_: Import, rows: Sequence[Planned], expected: Account, request: ImportRequest
    ) -> None:
        """What became of each row is what ought to have."""
        with self.longshore.database.read() as tx:
            outcomes = [row.outcome for row in ledger_rows(tx, import_.id)]
            stored = dict(tx.fetch("SELECT code, name FROM skus"))
        assert len(outcomes) == import_.consumed_count
        assert outcomes == expected.outcomes[: len(outcomes)]
        is_cut_off = len(outcomes) < len(expected.outcomes)
        if is_cut_off:
            assert (import_.status, import_.stopped_by) == ("interrupted", None)
            assert self.interruptions
        else:
            told = import_.stopped_by
            assert (None if told is None else told.rule.value) == expected.stopped_by
            assert told is None or told.row == len(outcomes)
            assert import_.status == expected.status
        for row, outcome in zip(rows, outcomes, strict=False):
            if outcome in (RowOutcome.CREATED, RowOutcome.UPDATED):
                self.names[row.code] = row.name
        assert stored == self.names

    def _rows(self) -> list[Planned]:
        chance = self.chance
        share = chance.choice([0, 0.02, 0.1, 0.4])
        return [
            Planned(
                f"K{chance.randrange(KEYS)}" if chance.random() < 0.7 else f"N{chance.random()}",
                chance.choice("ab"),
                chance.choice(list(_WRONG)) if chance.random() < share else None,
            )
            for _ in range(chance.randint(1, ROWS_MAX))
        ]

    def _request(self) -> ImportRequest:
        chance = self.chance
        rules = StopRules(
            on=chance.choice([(), (), (), (ErrorCode.BLANK,)]),
            consecutive=chance.choice([None, None, 1, 2, 3]),
            after=chance.choice([None, None, 1, 3, 10]),
            at=chance.choice([None, None, Decimal("2.5"), Decimal(10), Decimal("33.333333")]),
        )
        return ImportRequest(
            resource_type="skus",
            skip_errors=chance.random() < 0.7,
            stop_rules=chance.choice([StopRules(), rules]),
            only=chance.choice([None, None, *Only]),
        )

    def _disturb(self, id: ImportId, disturbance: str) -> None:
        if disturbance == "interrupt":
            self.interruptions += 1
            try:
                self.longshore.imports.interrupt(Asker(environment=self.environment), id)
            except ImportFinished:
                pass
            return
        self.deaths += 1
        self.runner.kill()
        self.runner.wait()
        self.look(id)
        self.runner = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.books_runner"],
                env={**environment(), **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def account(rows: Sequence[Planned], names: Mapping[str, str], request: ImportRequest) -> Account:
    """What ought to become of the rows where records have these names."""
    names, rules = dict(names), request.stop_rules
    outcomes: list[RowOutcome] = []
    failed = series = 0
    for row in rows:
        outcomes.append(outcome_of(row, names, request.only))
        if outcomes[-1] in (RowOutcome.CREATED, RowOutcome.UPDATED):
            names[row.code] = row.name
        if row.wrong is None or outcomes[-1] is not RowOutcome.FAILED:
            series = 0
            continue
        failed, series = failed + 1, series + 1
        share = Fraction(failed * 100, len(rows))
        if row.wrong in rules.on:
            return Account(outcomes, "stop_on", "interrupted")
        if series == rules.consecutive:
            return Account(outcomes, "stop_consecutive", "interrupted")
        if failed == rules.after:
            return Account(outcomes, "stop_after", "interrupted")
        if rules.at is not None and share >= Fraction(rules.at):
            return Account(outcomes, "stop_at", "interrupted")
        if share > 10 and not request.skip_errors:
            return Account(outcomes, None, "interrupted")
    return Account(outcomes, None, "completed")


def outcome_of(row: Planned, names: Mapping[str, str], only: Only | None) -> RowOutcome:
    is_known = row.code in names
    if only is (Only.CREATE if is_known else Only.UPDATE):
        return RowOutcome.SKIPPED  # whatever is wrong with it
    if row.wrong is not None:
        return RowOutcome.FAILED
    if not is_known:
        return RowOutcome.CREATED
    return RowOutcome.UNCHANGED if names[row.code] == row.name else RowOutcome.UPDATED


@pytest.fixture
def books(settings: Settings) -> Iterator[Books]:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  shown when the test fails
    books = Books(settings, random.Random(seed))
    yield books
    books.end()


def test_the_books_agree_at_every_look(books: Books, books_count: int) -> None:
    """Half of the files on each database."""
    ends = {books.keep() for _ in range(max(books_count // 2, 1))}
    assert books.polls > books_count
    if books_count >= 100:
        assert ends >= {"completed", "interrupted", "stop_on", "stop_consecutive", "stop_after"}
        assert books.deaths
        assert books.interruptions
    with books.longshore.database.read() as tx:
        finished = tx.fetch("SELECT count(*) FROM imports WHERE status = 'in_progress'")
    assert finished == [(0,)]
