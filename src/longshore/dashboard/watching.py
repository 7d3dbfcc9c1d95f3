"""What pages show of something that runs: `_watch.html` and its head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import document
from longshore.dashboard.formats import capitalize_first, duration
from longshore.dashboard.import_words import things, with_things
from longshore.dashboard.refusals import not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.imports import Stage
from longshore.operations import STAGES_SHOWN, ProgressSeen, WatchedType
from longshore.web import EVENT_STREAM, EventStream, TooManyStreams

_PATHS: dict[WatchedType, str] = {
    "imports": "imports",
    "import_plans": "plans",
    "import_groups": "groups",
    "import_undos": "undos",
}

# What is said of rows by their outcome.
_DONE = {
    "created": "Created",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "skipped": "Skipped",
}
_TAKEN_BACK = {"removed": "Removed", "restored": "Given back", "kept": "Kept"}
_NOUNS: Mapping[WatchedType, str] = {
    "imports": "import",
    "import_plans": "plan",
    "import_groups": "import group",
    "import_undos": "undo",
}
_PLANNED = {**_DONE, "created": "To create", "updated": "To update"}

_PLOT_WIDTH, _PLOT_HEIGHT = 600, 60
_PLOT_SECONDS_MIN = 30.0
_POLL_MILLISECONDS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class CountShown:
    """A number of rows."""

    name: str  # as progress tells it
    label: str
    count: int
    outcome: str | None = None  # by which the rows are listed; None: they are not
    when: Literal["judging", "writing"] | None = None  # it is shown; None: always


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchShown:
    """What `_watch.html` shows; `progress_of` makes it."""

    progress: ProgressSeen
    address: str  # of its page, below which progress and interruption are
    page_address: str  # what is shown when it has ended
    may_stop: bool

    @property
    def stream(self) -> str:
        """Where its events come from."""
        return f"{self.address}/progress"

    @property
    def noun(self) -> str:
        """What people call it."""
        if self.is_undo:
            return "undo"
        return "check" if self.is_plan else "import"

    @property
    def unit(self) -> str:
        """What of it is counted."""
        return "change" if self.is_undo else "row"

    @property
    def things(self) -> Mapping[str, str]:
        """The types of its rows, and what people call them; for the module, which goes on with
        it."""
        return {each.resource_type: things(each.resource_type) for each in self.progress.glances}

    @property
    def phase(self) -> str:
        """What is done at the moment: `Importing SKUs`."""
        return capitalize_first(with_things(self.progress.phase, self.things))

    @property
    def counts(self) -> Sequence[CountShown]:
        """Together those that are not hidden are all rows of the file; of an undo they are
        records."""
        if self.is_undo:
            return [
                CountShown(
                    name=f"{name}_count", label=word, count=self.progress.counts[f"{name}_count"]
                )
                for name, word in _TAKEN_BACK.items()
            ]
        total = self.progress.total
        words = _PLANNED if self.is_plan else _DONE
        found = [
            CountShown(
                name=f"{outcome}_count",
                label=word,
                count=total(f"{outcome}_count"),
                outcome=outcome,
                when="writing" if self.is_all_or_nothing else None,
            )
            for outcome, word in words.items()
            if outcome != "skipped" or total("skipped_count") or self.is_all_or_nothing
        ]
        if self.is_all_or_nothing:
            judged = CountShown(
                name="judged_count",
                label="Without errors",
                count=self.written_count,
                when="judging",
            )
            found.insert(0, judged)
        return [
            *found,
            CountShown(
                name="errors_count",
                label="With errors" if self.is_plan else "Failed",
                count=total("errors_count"),
                outcome="failed",
            ),
            CountShown(name="rows_to_go", label="Still to go", count=self.progress.rows_to_go),
        ]

    @property
    def is_judging(self) -> bool:
        """Whether nothing is written so far: what is counted are no outcomes then."""
        return self.is_all_or_nothing and self.progress.stage in (None, Stage.JUDGING)

    @property
    def stages(self) -> Mapping[str, str]:
        """What is said in each stage of what is all or nothing; none of anything else."""
        if not self.is_all_or_nothing:
            return {}
        return {str(stage or "waiting"): said for stage, said in STAGES_SHOWN.items()}

    @property
    def is_undo(self) -> bool:
        """Whether it takes back what another one has changed."""
        return self.progress.watched.type == "import_undos"

    @property
    def is_plan(self) -> bool:
        """Whether it writes nothing."""
        return any(each.is_plan for each in self.progress.glances)

    @property
    def seconds_left(self) -> str | None:
        """`12 s left`; None: nobody can say."""
        seconds = self.progress.seconds_left
        if seconds is None or self.progress.has_ended:
            return None
        return f"{duration(seconds) if seconds >= 10 else f'{max(round(seconds), 1)} s'} left"

    @property
    def spoken(self) -> str:
        """What a reader of the screen says of the bar."""
        return ", ".join(filter(None, (f"{self.progress.percent} percent", self.seconds_left)))

    @property
    def written_count(self) -> int:
        """Rows without errors: that are in, which stay so when it is stopped, or were judged; or
        changes that are taken back."""
        if self.is_undo:
            return self.progress.rows_done
        total = self.progress.total
        return total("consumed_count") - total("errors_count")

    @property
    def is_all_or_nothing(self) -> bool:
        """Whether stopping it takes back what it has written."""
        return any(each.all_or_nothing for each in self.progress.glances)

    @property
    def points(self) -> str:
        """The rate over time, as points of an SVG of `plot_size`."""
        rates = self.progress.rates
        if not rates:
            return ""
        span = max(rates[0][0], _PLOT_SECONDS_MIN)
        top = max(rate for _, rate in rates) or 1.0
        return " ".join(
            f"{_PLOT_WIDTH * (1 - ago / span):.1f},"
            f"{_PLOT_HEIGHT - 2 - (_PLOT_HEIGHT - 4) * rate / top:.1f}"
            for ago, rate in rates
        )

    @property
    def rates(self) -> str:
        """The same for the module, which goes on with it."""
        return " ".join(f"{ago:.1f}:{rate:.1f}" for ago, rate in self.progress.rates)

    @property
    def plot_size(self) -> tuple[int, int]:
        """Width and height of the plot of the rate."""
        return _PLOT_WIDTH, _PLOT_HEIGHT

    @property
    def poll_milliseconds(self) -> int:
        """How often a page asks that gets no events."""
        return _POLL_MILLISECONDS


def watch_of(
    request: PageRequest, type_: WatchedType, public_id: str, *, page_address: str | None = None
) -> WatchShown:
    """What is watched under a public id, with what is shown in its place when it has ended (None:
    its own page); raises PageRefused where there is no such thing."""
    request.require(Action.READ, "imports")
    key = request.services.public_ids.decode(public_id)
    reader = request.operations.progress
    watched = None if key is None else reader.watched(request.asker, type_, key)
    if watched is None:
        raise not_found(_NOUNS[type_])
    address = f"{DASHBOARD_PATH}/{_PATHS[type_]}/{public_id}"
    progress = reader.look_at(watched)
    return WatchShown(
        progress=progress,
        address=address,
        page_address=page_address or address,
        may_stop=_may_stop(request, progress),
    )


def progress_answer(request: PageRequest, watch: WatchShown) -> Response:
    """Its events; one document for a page that asks now and then."""
    progress = watch.progress
    if request.wants_json() and EVENT_STREAM not in request.headers.get("accept", ""):
        failed: list[Any] = progress.failed_documents()
        return document({**progress.to_dict(), "failed": failed, "has_ended": progress.has_ended})
    application = request.signed_in.application
    return EventStream(
        request.services.streams,
        progress.watched,
        progress,
        caller=request.signed_in.token if application is None else application.id,
        last_id=request.headers.get("last-event-id"),
        refused=_refused,
    )


def _may_stop(request: PageRequest, progress: ProgressSeen) -> bool:
    """Whether a form that stops it is shown; checks of several types have none."""
    if progress.watched.type == "import_groups" and any(each.is_plan for each in progress.glances):
        return False
    action = Action.CREATE if progress.watched.type == "import_plans" else Action.UPDATE
    return request.may(action, "imports")


def _refused(refused: TooManyStreams) -> Response:
    return document({"error": refused.message, "hint": refused.hint}, status=429)
