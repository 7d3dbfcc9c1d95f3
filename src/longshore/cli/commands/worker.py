"""`longshore worker`: what `longshore serve` starts beside itself. Not for people."""

from __future__ import annotations

import signal
import sys

import click

from longshore.cli.commands.options import verbose_option
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["worker"]


@click.command("worker", hidden=True)
@verbose_option
@takes_place
def worker(place: Place, verbose: bool) -> None:
    """Run imports that wait, until standard input ends. Each byte on it says that there is one."""
    from longshore.jobs import Bell

    bell = Bell(sys.stdin.fileno())
    # Ctrl-C reaches every process of the terminal; the server is asked to stop, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: bell.stop())
    with open_place(place, verbose=verbose, is_service=True) as longshore:
        longshore.work(bell)
