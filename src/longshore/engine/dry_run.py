"""A dry run: rows are loaded and applied as in an import, and nothing is written.

What the rows would have made of the records is kept in a temporary database of its own, chunk
after chunk; later chunks look there before they look at the stored records. So a dry run is right
beyond its first chunk, whatever the size of the source.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from longshore.database import Database
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.causes import TriedCauses
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.log_rows import error_rows
from longshore.engine.chunk.loop import go_through
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.sizes import ChunkSizes, cut
from longshore.engine.chunk.tally import Tally
from longshore.engine.kept_errors import KeptErrors
from longshore.engine.overlay_pass import OverlayPass
from longshore.engine.picture import Picture
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import RowOutcome, SameContent, StoppedBy, StopRules, logged_error
from longshore.notices import Notice
from longshore.readers import Rows
from longshore.settings import Settings

_NO_RULES = StopRules()


@dataclass(slots=True, kw_only=True)
class DryRun:
    """What an import would do."""

    inputs_size: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    warned: int = 0  # rows with warnings
    # Too many rows fail, or a rule says so: the import would stop here.
    interrupted: bool = False
    stopped_by: StoppedBy | None = None  # that rule
    errors: KeptErrors = field(default_factory=KeptErrors)
    ignored_columns: tuple[str, ...] = ()  # that have no effect
    notices: tuple[Notice, ...] = ()  # of its source, and of the whole of its rows
    same_content_as: SameContent | None = None  # an import that has done the same
    first_amounts: tuple[Mapping[str, Any], ...] = ()  # as money

    @property
    def consumed(self) -> int:
        """Rows gone through so far."""
        return self.created + self.updated + self.unchanged + self.skipped + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunSource:
    """Rows of one type, of which it is to be told what an import would do."""

    prepared: Prepared
    batches: Iterator[Rows]
    inputs_size: int


def run_dry(
    database: Database,
    settings: Settings,
    sources: Sequence[DryRunSource],
    *,
    skip_errors: bool,
    stop_rules: StopRules = _NO_RULES,
    on_progress: Callable[[Sequence[DryRun]], None] = lambda _dry_runs: None,
    all_odd: bool = False,
) -> list[DryRun]:
    """Go through all rows, and tell what imports of the sources, one after the other, would do.

    Rows find what those of the sources before have made, and when they stop is judged over all of
    them. `on_progress` hears of all sources.
    """
    told = [
        DryRun(inputs_size=each.inputs_size, ignored_columns=each.prepared.ignored_columns)
        for each in sources
    ]
    tally = Tally(
        inputs_size=sum(each.inputs_size for each in sources),
        skip_errors=skip_errors,
        errors=0,
        rules=stop_rules,
    )
    causes = TriedCauses()
    is_stopped = False
    with Picture([each.prepared.plan for each in sources]) as picture:
        for source, dry_run in zip(sources, told, strict=True):
            if is_stopped:
                dry_run.interrupted = True
                continue
            prepared = replace(source.prepared, causes=causes)
            causes.begin(prepared.plan.root.resource_type.name)
            view = picture.view(prepared.plan)
            processor = ChunkProcessor(
                prepared.plan,
                limits=ChunkLimits.of(settings),
                sources=view.sources(),
                all_odd=all_odd,
            )
            trial = _Trial(
                database,
                prepared,
                causes,
                OverlayPass(database, prepared, view, processor, tally),
                dry_run,
                lambda: on_progress(told),
            )
            pieces = cut(source.batches, ChunkSizes.of(settings, is_embedded=database.is_embedded))
            go_through(pieces, prepared.convert, trial.step, reads_ahead=False)
            is_stopped = dry_run.interrupted
            tally = tally.behind(source.inputs_size)
    return told


class _Trial:
    """One dry run."""

    def __init__(
        self,
        database: Database,
        prepared: Prepared,
        causes: TriedCauses,
        overlay_pass: OverlayPass,
        dry_run: DryRun,
        on_progress: Callable[[], None],
    ) -> None:
        self._database = database
        self._prepared = prepared
        self._causes = causes
        self._pass = overlay_pass
        self._on_progress = on_progress
        self.dry_run = dry_run

    def step(self, rows: Rows, candidates: Candidates) -> int | None:
        """Go through a chunk, and count what it would do."""
        chunk, _ = self._pass.step(rows, candidates)
        dry_run, overview = self.dry_run, self._pass.overview
        self._count(rows, chunk.result)
        dry_run.notices = overview.notices
        dry_run.first_amounts = overview.first_amounts
        self._on_progress()
        return None if dry_run.interrupted else chunk.result.consumed

    def _count(self, rows: Rows, result: ChunkResult) -> None:
        dry_run, counts = self.dry_run, result.counts
        dry_run.created += counts[RowOutcome.CREATED]
        dry_run.updated += counts[RowOutcome.UPDATED]
        dry_run.unchanged += counts[RowOutcome.UNCHANGED]
        dry_run.skipped += counts[RowOutcome.SKIPPED]
        dry_run.failed += counts[RowOutcome.FAILED]
        dry_run.warned += len(result.warnings)
        dry_run.interrupted = result.is_stopped
        dry_run.stopped_by = result.stopped_by
        prepared = self._prepared
        resource_type = prepared.plan.root.resource_type.name
        if not result.failures:
            return
        with self._database.read() as tx:
            errors = error_rows(tx, rows, result, prepared)
        causes = self._causes
        dry_run.errors.add(
            logged_error(
                error,
                resource_type,
                prepared.layout,
                causes.told(error.cause_import_id, error.cause_row),
            )
            for error in errors
        )
        for index, _ in result.failures:
            row = rows.values[index]
            source_row, _ = prepared.places.source_row(row) or (None, None)
            causes.add(rows.first + index, prepared.keys(row), source_row)
