"""How far a command is, on standard error: a bar on a terminal, now and then a line elsewhere.

Nothing here runs beside the work: a thread that draws would take the interpreter from the writer
(one busy thread beside `executemany` costs it nearly all its speed), so the bar is drawn when a
step reports, at most ten times a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from longshore.cli.messages import is_terminal, say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["Progress", "TheirPace", "duration", "show_progress"]

_DRAW_SECONDS = 0.1
_LINE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirPace:
    """How fast something is, as somebody else has found."""

    per_second: float | None
    seconds_left: float | None


class Progress:
    """One step of work at a time, counted in bytes or in things that have a name."""

    def __init__(self, bar: Bar | None) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._title = ""
        self._began = self._shown = time.monotonic()
        self._first = 0  # where this step began: a resumed import does not start at 0

    def begin(self, title: str, *, before: int = 0) -> None:
        """Start a step; `before` of its things were done earlier and do not count for the rate."""
        self._title = title
        self._began = self._shown = time.monotonic()
        self._first = before
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(title, total=None, rate="", counts="", left="")
            self._bar.refresh()

    def bytes(self, done: int, total: int | None) -> None:
        """How many bytes are read, of how many (None: nobody knows)."""
        if self._is_due():
            of = f" of {_size(total)}" if total else ""
            self._show(done, total, f"{_size(done)}{of}", f"{_size(self._rate(done))}/s")

    def count(self, done: int, total: int | None, unit: str, pace: TheirPace | None = None) -> None:
        """How many things are done, of how many (None: nobody knows); `pace` is what somebody else
        has found who sees more of it."""
        if self._is_due():
            of = f" of {total:,}" if total is not None else ""
            per_second = self._rate(done)
            if pace is not None and pace.per_second is not None:
                per_second = round(pace.per_second)
            self._show(done, total, f"{done:,}{of} {unit}", f"{per_second:,} {unit}/s", pace)

    def finish(self, done: int, total: int, unit: str) -> None:
        """Say where the step ended, where no bar has shown it."""
        if self._bar is None:
            rate = f"{self._rate(done):,} {unit}/s"
            say(f"{self._title}: {done:,} of {total:,} {unit}, {rate}")

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now - self._shown < (_DRAW_SECONDS if self._bar else _LINE_SECONDS):
            return False
        self._shown = now
        return True

    def _rate(self, done: int) -> int:
        """Units per second since the step began."""
        return int((done - self._first) / max(time.monotonic() - self._began, 1e-6))

    def _show(
        self, done: int, total: int | None, counts: str, rate: str, pace: TheirPace | None = None
    ) -> None:
        seconds_left = None
        if pace is not None:
            seconds_left = pace.seconds_left
        elif total and done < total and (per_second := self._rate(done)):
            seconds_left = (total - done) / per_second
        left = "" if seconds_left is None else f"{duration(seconds_left)} left"
        if self._bar is not None and self._task is not None:
            self._bar.update(
                self._task, completed=done, total=total, counts=counts, rate=rate, left=left
            )
            self._bar.refresh()
        else:
            say(", ".join(filter(None, (f"{self._title}: {counts}", rate, left))))


@contextmanager
def show_progress(*, quiet: bool = False, hidden: bool = False) -> Iterator[Progress]:
    """Progress as long as the block lasts; nothing of a bar stays.

    `quiet` shows it on a terminal only, `hidden` nowhere.
    """
    if hidden:
        yield _Silent()
        return
    if not is_terminal(error=True):
        yield _Silent() if quiet else Progress(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[counts]}", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TextColumn("{task.fields[left]}", markup=False),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        expand=True,
    )
    with bar:
        yield Progress(bar)


class _Silent(Progress):
    def __init__(self) -> None:
        super().__init__(None)

    def _is_due(self) -> bool:
        return False

    def finish(self, done: int, total: int, unit: str) -> None:
        pass


def duration(seconds: float) -> str:
    """`0.04 s`, `1.5 s`, `12 s`, `3 min 20 s`, `2 h 05 min`."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def _size(count: int) -> str:
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"
