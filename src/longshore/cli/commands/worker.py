"""`longshore worker`: run imports that wait, on this machine or beside others."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import verbose_option
from longshore.cli.farewell import bound_farewell
from longshore.cli.messages import counted, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.stops import stop_signals

if TYPE_CHECKING:
    from longshore.assembly import Longshore

__all__ = ["worker", "worker_command"]


@click.command("worker", short_help="Run imports that wait, beside any number of other workers.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Imports that run at the same time, each in a process of its own.",
)
@click.option(
    "--bell",
    is_flag=True,
    hidden=True,
    help="Standard input rings, its end says stop; standard output shows that it lives.",
)
@click.option(
    "--runs",
    "share",
    type=click.Choice(["writing", "reading"]),
    hidden=True,
    help="Which runs of an embedded database it takes; all without.",
)
@verbose_option
@takes_place
def worker(place: Place, concurrency: int, bell: bool, share: str | None, verbose: bool) -> None:
    """Run imports that wait, of all organizations in turn, until it is told to stop.

    With LONGSHORE_DATABASE_URL any number of workers on any machines share the work; what a dead
    one had is taken over within seconds. SIGTERM, SIGHUP and Ctrl-C end a worker after the chunk in
    hand; its import goes on elsewhere, or later.
    """
    if bell:
        _show_life(place)
    with open_place(place, verbose=verbose, kind="worker") as longshore:
        if concurrency > 1:
            _keep_several(longshore, concurrency, verbose=verbose)
        else:
            _work(longshore, has_ringer=bell, share=share)


def worker_command(longshore: Longshore, *, verbose: bool) -> list[str]:
    """What starts a worker that its starter rings, listens to and stops."""
    command = [sys.executable, "-m", "longshore", "worker", "--bell"]
    command += ["--data", str(longshore.settings.data.absolute())]
    return [*command, "--verbose"] if verbose else command


def _show_life(place: Place) -> None:
    from longshore.jobs import Pulse

    silence_seconds = place.settings().worker_silence_seconds
    Pulse(sys.stdout.fileno(), silence_seconds=silence_seconds).start()


def _work(longshore: Longshore, *, has_ringer: bool, share: str | None) -> None:
    from longshore.assembly import WorkerShare
    from longshore.jobs import Bell

    bell = Bell(sys.stdin.fileno()) if has_ringer else Bell.without_ringer()
    for number in stop_signals():
        signal.signal(number, lambda _number, _frame: bell.stop())
    bound_farewell(bell.wait_for_stop, longshore.database.is_there)
    if has_ringer:
        # Ctrl-C and the end of a terminal reach every process of it; the starter is asked to
        # stop, and ends this one.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    longshore.presence.enter()
    if not has_ringer:
        say("waiting for imports")
    longshore.work(bell, None if share is None else WorkerShare(share))


def _keep_several(longshore: Longshore, count: int, *, verbose: bool) -> None:
    from longshore.jobs import Bell

    longshore.presence.check()  # or each of them would be refused, again and again
    bell = Bell.without_ringer()
    for number in stop_signals():
        signal.signal(number, lambda _number, _frame: bell.stop())
    bound_farewell(bell.wait_for_stop, longshore.database.is_there)
    command = worker_command(longshore, verbose=verbose)
    workers = [longshore.worker_process(command) for _ in range(count)]
    for each in workers:
        each.start()
    say(f"waiting for imports with {counted(count, 'worker')}")
    bell.wait_for_stop()
    stops = [threading.Thread(target=each.stop) for each in workers]
    for stop in stops:
        stop.start()
    for stop in stops:
        stop.join()
