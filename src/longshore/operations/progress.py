"""How imports and undos get on, for those who look on while they run: pages, terminal, programs.

Any number of people look at any number of imports with one statement a look, and at any number of
undos with another: whoever calls `look` names everything that is watched at the moment. Why
something does not move is asked only for what does not, and less often, because it takes several
statements.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from longshore.access import Environment
from longshore.database import Database, Transaction
from longshore.identifiers import ImportId, PublicIds, RunId
from longshore.imports import (
    Glance,
    LoggedError,
    Status,
    errors_of,
    get_group,
    get_import,
    get_plan,
    glances_at,
    unfinished_counts,
)
from longshore.operations.asker import Asker
from longshore.operations.phases import phase_of
from longshore.operations.progress_seen import ProgressSeen, Watched, WatchedType
from longshore.operations.remaining_time import Sample, rows_per_second, seconds_left
from longshore.operations.status import InstallationStatus, StatusReader
from longshore.operations.waits import Wait, nobody_runs, wait_of
from longshore.settings import Settings
from longshore.undos import UndoGlance, UndoStatus, get_undo, undo_glances_at

# So many failed rows are told as they come; all of them are listed elsewhere.
FAILED_SHOWN_MAX = 10

_STATUS_SECONDS = 2.0  # between two looks at why something does not move
_SAMPLE_SECONDS = 0.5  # looks that are closer to each other tell nothing more of the speed
_SAMPLES_MAX = 240
_TRACES_MAX = 1000
_MOVING_SECONDS = 3.0  # what has committed so lately needs no explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What runs in an environment, and what waits there."""

    running: int
    waiting: int
    in_vain: Wait | None  # no worker is there for what waits


class ProgressReader:
    """Looks at what is watched, and remembers what it has seen, which tells how fast it is."""

    def __init__(
        self, database: Database, settings: Settings, status: StatusReader, *, read_seconds: float
    ) -> None:
        self._database = database
        self._settings = settings
        self._status = status
        self._read_seconds = read_seconds
        self._lock = threading.Lock()  # of what is remembered
        self._traces: dict[Watched, _Trace] = {}
        self._failed: dict[Watched, Sequence[LoggedError]] = {}
        self._installation: InstallationStatus | None = None

    def watched(self, asker: Asker, type_: WatchedType, key: int) -> Watched | None:
        """What an id of the asker's environment names; None: there is no such import, plan,
        group or undo."""
        number = asker.environment.number
        with self._database.read(seconds=self._read_seconds) as tx:
            if type_ == "import_groups":
                group = get_group(tx, number, key)
                found = None if group is None else tuple(each.id for each in group.members)
            elif type_ == "import_undos":
                found = None if get_undo(tx, number, key) is None else ()
            else:
                get = get_plan if type_ == "import_plans" else get_import
                found = None if get(tx, number, key) is None else (ImportId(key),)
        return None if found is None else Watched(type_, key, number, found)

    def look(self, watched: Collection[Watched]) -> dict[Watched, ProgressSeen]:
        """How all of them get on at this moment."""
        ids = {id_ for each in watched for id_ in each.members}
        undo_ids = {each.id for each in watched if each.type == "import_undos"}
        with self._database.read(seconds=self._read_seconds) as tx:
            glances = glances_at(tx, ids) if ids else {}
            undos = undo_glances_at(tx, undo_ids) if undo_ids else {}
            found = {
                each: self._seen_undo(tx, each, undos[RunId(each.id)])
                if each.id in undos
                else self._seen(tx, each, glances)
                for each in watched
            }
        stuck = [each for each in found.values() if self._is_stuck(each)]
        if stuck:
            installation = self._looked()
            for each in stuck:
                found[each.watched] = replace(each, wait=self._wait(installation, each))
        self._forget(found)
        return found

    def look_at(self, watched: Watched) -> ProgressSeen:
        """How one of them gets on."""
        return self.look([watched])[watched]

    def running(self, environment: Environment) -> Running:
        """How many imports of an environment run and wait."""
        with self._database.read(seconds=self._read_seconds) as tx:
            counts = unfinished_counts(tx, environment.number)
        waiting = counts.get(Status.PENDING, 0)
        in_vain = nobody_runs(self._looked(), environment.number) if counts else None
        return Running(running=counts.get(Status.IN_PROGRESS, 0), waiting=waiting, in_vain=in_vain)

    def _seen(
        self, tx: Transaction, watched: Watched, all_glances: Mapping[ImportId, Glance]
    ) -> ProgressSeen:
        glances = [all_glances[id_] for id_ in watched.members if id_ in all_glances]
        current = next((each for each in glances if not each.has_ended), None)
        done, count = (
            map(sum, zip(*(each.stage_rows for each in glances), strict=True))
            if (glances)
            else (0, 0)
        )
        started = [each.started_at for each in glances if each.started_at is not None]
        trace = self._trace(
            watched,
            now=tx.now(),
            done=done,
            stage="" if current is None else str(current.stage),
            # All that is known of the time before somebody looked.
            began=min(started)
            if started and current is not None and current.stage is None
            else None,
        )
        has_moved = current is not None and current.status is Status.IN_PROGRESS
        return ProgressSeen(
            public_id=tx.public_ids.encode(watched.id),
            watched=watched,
            status=_status(glances),
            is_deleted=not glances or all(each.is_deleted for each in glances),
            phase=_phase(glances, current),
            glances=glances,
            undo=None,
            rows_count=count,
            rows_done=done,
            rows_per_second=rows_per_second(trace) if has_moved else None,
            seconds_left=seconds_left(trace, count) if has_moved else None,
            silent_seconds=(tx.now() - current.updated_at) / 1000
            if has_moved and current is not None
            else None,
            wait=None,
            failed=self._first_failed(tx, watched, glances),
            rates=_rates(trace),
        )

    def _seen_undo(self, tx: Transaction, watched: Watched, undo: UndoGlance) -> ProgressSeen:
        done, count = undo.done_count, undo.changes_count
        trace = self._trace(watched, now=tx.now(), done=done, stage="", began=undo.started_at)
        has_moved = undo.status is UndoStatus.IN_PROGRESS
        is_pending = undo.status is UndoStatus.PENDING
        return ProgressSeen(
            public_id=tx.public_ids.encode(watched.id),
            watched=watched,
            status=Status(undo.status),
            is_deleted=False,
            phase="" if undo.has_ended else "waiting" if is_pending else "taking changes back",
            glances=(),
            undo=undo,
            rows_count=count,
            rows_done=done,
            rows_per_second=rows_per_second(trace) if has_moved else None,
            seconds_left=seconds_left(trace, count) if has_moved else None,
            silent_seconds=(tx.now() - undo.updated_at) / 1000 if has_moved else None,
            wait=None,
            failed=(),
            rates=_rates(trace),
        )

    def _trace(
        self, watched: Watched, *, now: int, done: int, stage: str, began: int | None
    ) -> Sequence[Sample]:
        sample = Sample(seconds=now / 1000, rows=done)
        with self._lock:
            trace = self._traces.get(watched)
            if trace is None or trace.stage != stage or trace.samples[-1].rows > done:
                trace = self._traces[watched] = _Trace(stage=stage, samples=[])
                if began is not None and done:
                    trace.samples.append(Sample(seconds=began / 1000, rows=0))
            trace.add(sample)
            return (
                (*trace.samples[:-1], sample)
                if trace.samples[-1] != sample
                else tuple(trace.samples)
            )

    def _first_failed(
        self, tx: Transaction, watched: Watched, glances: Sequence[Glance]
    ) -> Sequence[LoggedError]:
        """The first error of each of the first failed rows; read until there are enough."""
        failed_count = sum(each.errors_count for each in glances)
        wanted = min(failed_count, FAILED_SHOWN_MAX)
        with self._lock:
            known = self._failed.get(watched, ())
        if len(known) == wanted:
            return known
        found: dict[tuple[int, int], LoggedError] = {}
        for each in glances:
            if not each.errors_count:
                continue
            for error in errors_of(tx, each.id, limit=FAILED_SHOWN_MAX * 5):
                found.setdefault((each.id, error.row), error)
                if len(found) == wanted:
                    break
        first = tuple(islice(found.values(), wanted))
        with self._lock:
            self._failed[watched] = first
        return first

    def _is_stuck(self, progress: ProgressSeen) -> bool:
        if progress.has_ended:
            return False
        silent = progress.silent_seconds
        return silent is None or silent > _MOVING_SECONDS

    def _wait(self, installation: InstallationStatus, progress: ProgressSeen) -> Wait | None:
        unfinished = (each.id for each in progress.glances if not each.has_ended)
        run_id = progress.watched.id if progress.undo is not None else next(unfinished, None)
        if run_id is None:
            return None
        return wait_of(
            installation,
            run_id,
            silent_seconds=progress.silent_seconds or 0.0,
            takeover_seconds=None
            if self._database.is_embedded
            else self._settings.takeover_seconds,
            encode=self._public_ids.encode,
        )

    def _looked(self) -> InstallationStatus:
        """The installation, as it was a moment ago."""
        with self._database.read() as tx:
            now = tx.now()
        with self._lock:
            known = self._installation
        if known is None or not 0 <= now - known.at < _STATUS_SECONDS * 1000:
            known = self._status.read()
            with self._lock:
                self._installation = known
        return known

    def _forget(self, found: Mapping[Watched, ProgressSeen]) -> None:
        """Let go of what has ended, and where too much is remembered, of the oldest."""
        with self._lock:
            for watched, progress in found.items():
                if progress.has_ended:
                    self._traces.pop(watched, None)
                    self._failed.pop(watched, None)
            for remembered in (self._traces, self._failed):
                for watched in list(remembered)[:-_TRACES_MAX]:
                    del remembered[watched]

    @property
    def _public_ids(self) -> PublicIds:
        return self._database.public_ids


@dataclass(slots=True)
class _Trace:
    """How far something was when, from the first look on."""

    stage: str
    samples: list[Sample]

    def add(self, sample: Sample) -> None:
        if self.samples and sample.seconds - self.samples[-1].seconds < _SAMPLE_SECONDS:
            return
        self.samples.append(sample)
        if len(self.samples) > _SAMPLES_MAX:
            # The older half is known well enough by every other one.
            half = _SAMPLES_MAX // 2
            self.samples[:half] = self.samples[:half:2]


def _status(glances: Sequence[Glance]) -> Status:
    """As a group tells it: interrupted where a member is; else completed where all are."""
    statuses = {each.status for each in glances}
    if len(statuses) == 1:
        return next(iter(statuses))
    if all(status.is_finished for status in statuses):
        return Status.INTERRUPTED
    return Status.IN_PROGRESS


def _phase(glances: Sequence[Glance], current: Glance | None) -> str:
    if current is None:
        return ""
    if current.status is Status.PENDING:
        return "waiting"
    if len(glances) == 1:
        return phase_of(current)
    return f"{phase_of(current)}, {glances.index(current) + 1} of {len(glances)}"


def _rates(trace: Sequence[Sample]) -> list[tuple[float, float]]:
    last = trace[-1].seconds
    return [
        (last - after.seconds, max(after.rows - before.rows, 0) / (after.seconds - before.seconds))
        for before, after in pairwise(trace)
        if after.seconds > before.seconds
    ]
